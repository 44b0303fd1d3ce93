"""Two texts → the words that differ, with as much around them as it takes to find the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nac.diff.words import Part, words
from nac.report.terminal import PLAIN, Style, safe

AROUND = 2
"""Lines that are shown before and after one that differs."""
MAX_LINES = 100
MAX_STRETCH = 160
"""Characters of a stretch that both texts have; of a longer one, its ends."""
MAX_CHANGE = 2000

_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}")}


def difference(before: str, after: str, style: Style = PLAIN) -> list[str]:
    """Lines in which `[-…-]` stands in the first text alone and `{+…+}` in the second; they are safe to print."""
    parts = words(before, after)
    if all(one.kind == "same" for one in parts):
        # White space counts for nothing between words, and yet the texts are not equal.
        return ["only white space differs:", f"[-{_shown(before)}-]", f"{{+{_shown(after)}+}}"]
    return list(_near(_lines(parts), style))


def _shown(text: str) -> str:
    shown = "".join(_SPACES.get(one, one) for one in text)
    return safe(shown if len(shown) <= MAX_CHANGE else shown[:MAX_CHANGE] + "…")


_SPACES = {" ": "·", "\n": "⏎", "\t": "→", "\u00a0": "\\u00a0"}


def _lines(parts: Iterable[Part]) -> list[list[Part]]:
    lines: list[list[Part]] = [[]]
    for kind, text in parts:
        first, *rest = text.split("\n")
        lines[-1].append(Part(kind, first))
        for one in rest:
            if kind != "same" and not lines[-1][-1].text:
                lines[-1][-1] = Part(kind, "⏎")  # a line that comes or goes empty
            lines.append([Part(kind, one)])
    return lines


def _near(lines: list[list[Part]], style: Style) -> Iterator[str]:
    differing = [number for number, line in enumerate(lines) if any(one.kind != "same" and one.text for one in line)]
    wanted = sorted({near for one in differing for near in range(one - AROUND, one + AROUND + 1)})
    wanted = [one for one in wanted if 0 <= one < len(lines)]
    before = -1
    for number in wanted[:MAX_LINES]:
        if number > before + 1:
            yield "…"
        yield "".join(_painted(one, style) for one in lines[number])
        before = number
    if before < len(lines) - 1:
        yield "…"


def _painted(part: Part, style: Style) -> str:
    text = part.text
    if part.kind == "same":
        half = MAX_STRETCH // 2
        return safe(text if len(text) <= MAX_STRETCH else f"{text[:half]} … {text[-half:]}")
    if not text:
        return ""
    text = safe(text if len(text) <= MAX_CHANGE else f"{text[:MAX_CHANGE]}…")
    opening, closing = _MARKS[part.kind]
    marked = f"{opening}{text}{closing}"
    return style.red(marked) if part.kind == "removed" else style.green(marked)
