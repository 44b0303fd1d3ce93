"""Words that went and came, as HTML; long stretches that are the same are folded."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from nac.diff.changes import Text
from nac.diff.words import Part, Words
from nac.report.page.markup import Child, h, shown
from nac.report.terminal import safe

MAX_PART = 20_000
MAX_PARTS = 2_000
_TAGS = {"removed": "del", "added": "ins"}


def texts(found: tuple[Text, ...], title: str, *, code: bool = False) -> Markup | None:
    """One block for each part of a message that differs. None where none does."""
    if not found:
        return None
    around = 400 if code else 240
    rows = (
        h(
            "div",
            h("dt", shown(one.name.replace("_", " "))),
            h("dd", h("div", drawn(one.words, around), dir=None if code else "auto", tabindex=0, role="group",
                      aria_label=f"{title}: {shown(one.name)}")),
            class_="word-row",
        )
        for one in found
    )  # fmt: skip
    return h("dl", rows, class_="words is-code" if code else "words")


def drawn(words: Words, around: int = 240) -> Iterator[Child]:
    parts = words[:MAX_PARTS]
    for index, part in enumerate(parts):
        if part.kind == "same":
            yield from _same(part.text, index > 0, index < len(words) - 1, around)
        else:
            yield h(_TAGS[part.kind], _mark(part), safe(_cut(part.text)))
    if len(words) > MAX_PARTS:
        yield h("span", f"{len(words) - MAX_PARTS:,} more parts", class_="fold")


def _mark(part: Part) -> Markup:
    """For who does not see colours: what stands in front is said, and copied with the text."""
    return h("span", "removed: " if part.kind == "removed" else "added: ", class_="hidden")


def _same(text: str, after: bool, before: bool, around: int) -> Iterator[Child]:
    """`after`, `before`: whether a change stands in front of it, and behind it."""
    room = around * (after + before) or around * 2
    if len(text) <= room + 60:
        yield safe(text)
        return
    start, end = (text[:around] if after or not before else ""), (text[-around:] if before else "")
    yield safe(start)
    yield h("span", f"{len(text) - len(start) - len(end):,} characters are the same", class_="fold")
    yield safe(end)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_PART else f"{text[:MAX_PART]}…"
