"""A Diff for a terminal: grouped by trigger, the words that changed in colour, or between `[- -]` and `{+ +}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nac.diff.changes import Change, Class, Diff, MessageChanged, Text
from nac.report.diff.excerpts import excerpt
from nac.report.diff.wording import by_trigger, causes, compared, details, named, places, summary, text_of, title
from nac.report.terminal import PLAIN, Style, safe

_INDENT = " " * 12
MAX_LINE = 400


def diff_lines(found: Diff, style: Style = PLAIN) -> Iterator[str]:
    """The report, line by line; one line, and what could not be compared, where nothing changed."""
    yield _one_line(summary(found)) if not found.changes else style.bold(_one_line(summary(found)))
    if found.changes:
        yield style.dim(compared(found))
    for note in found.notes:
        yield style.yellow(f"note: {_one_line(note)}")
    yield from change_lines(found.changes, style)


def change_lines(changes: Iterable[Change], style: Style = PLAIN) -> Iterator[str]:
    """The changes without what they are changes of."""
    for name, each in by_trigger(changes):
        yield ""
        yield style.bold(_one_line(name))
        for one in each:
            yield from _change(one, style)


def _change(change: Change, style: Style) -> Iterator[str]:
    yield f"  {_painted(change.cls, style)}{_one_line(title(change))}"
    if where := places(change.where):
        yield style.dim(f"{_INDENT}{_one_line(where)}")
    for label, text in details(change):
        line = f"{label} {_one_line(text)}"
        paint = style.red if label.startswith("-") else style.green if label.startswith("+") else str
        yield _INDENT + paint(line)
    if isinstance(change, MessageChanged):
        for one in (*change.texts, *change.markup):
            yield from _words(one, style)
    if (whole := text_of(change)) is not None:
        yield from (f"{_INDENT}{style.green('+ ' + safe(line[:MAX_LINE]))}" for line in whole.split("\n")[:20])
    yield style.dim(f"{_INDENT}{_one_line(change.reason)}")
    if files := causes(change):
        yield style.dim(f"{_INDENT}because of {_one_line(named(files))}")


def _words(text: Text, style: Style) -> Iterator[str]:
    parts = []
    for part in excerpt(text.words):
        lines = safe(part.text).split("\n")
        if part.kind == "same":
            parts.append("\n".join(lines))
        elif style.colour:
            paint = style.red if part.kind == "removed" else style.green
            parts.append("\n".join(paint(line) for line in lines))
        else:
            left, right = ("[-", "-]") if part.kind == "removed" else ("{+", "+}")
            parts.append(left + "\n".join(lines) + right)
    lines = [line for line in "".join(parts).split("\n") if line.strip()]
    yield f"{_INDENT}{style.cyan(safe(text.name))}: {lines[0] if len(lines) == 1 else ''}".rstrip()
    if len(lines) > 1:
        yield from (f"{_INDENT}  {line}" for line in lines)


def _painted(cls: Class, style: Style) -> str:
    paint = {"breaking": style.red, "audience": style.yellow, "content": style.blue}.get(cls, style.dim)
    return paint(cls) + " " * (10 - len(cls))


def _one_line(text: str) -> str:
    shown = safe(text.replace("\n", "⏎"))
    return shown if len(shown) <= MAX_LINE else shown[: MAX_LINE - 1] + "…"
