"""Diagnostics as text: what, where, the line itself, a caret, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nac.diagnostics import Diagnostic, Label
from nac.report.terminal import PLAIN, Style, safe, width

# A line of the source file by its 1-based number; None when the file cannot be shown.
Lines = Callable[[str, int], str | None]
MAX_WIDTH = 160


def findings_text(diagnostics: Iterable[Diagnostic], line: Lines, style: Style = PLAIN) -> str:
    """Every diagnostic as a block, an empty line between, and a count at the end."""
    blocks = ["\n".join(_block(one, line, style)) for one in diagnostics]
    if not blocks:
        return ""
    count = f"{len(blocks)} finding{'s' if len(blocks) > 1 else ''}"
    return "\n\n".join([*blocks, style.red(count)]) + "\n"


def _block(one: Diagnostic, line: Lines, style: Style) -> Iterator[str]:
    yield f"{style.red(f'error[{one.rule.code} {one.rule.name}]')}: {style.bold(_line(one.message))}"
    yield from _place(one.label, line, style, style.red)
    for related in one.related:
        yield from _place(related, line, style, style.blue)
    if one.events:
        yield f"  {style.cyan('with')}: {_line(', '.join(one.events))}"
    if one.help:
        yield f"  {style.cyan('help')}: {_line(one.help)}"


def _line(text: str) -> str:
    """Text that stays on its line: what an author wrote, quoted in a message, may hold line feeds."""
    return safe(text).replace("\n", "\\n").replace("\t", " ")


def _place(label: Label, line: Lines, style: Style, paint: Callable[[str], str]) -> Iterator[str]:
    if label.span is None:
        note = f": {_line(label.message)}" if label.message else ""
        yield f"  {style.blue('-->')} {_line(label.path)}{note}"
        return
    number, column = label.span.line, label.span.column
    yield f"  {style.blue('-->')} {_line(label.path)}:{number}:{column}"
    text = line(label.path, number)
    if text is None or not text.strip():
        return
    end = label.span.end_column if label.span.end_line == number else len(text) + 1
    start = max(0, column - 1 - MAX_WIDTH // 2) if len(text) > MAX_WIDTH else 0
    shown = text[start : start + MAX_WIDTH]
    before = safe(shown[: column - 1 - start])
    marked = safe(shown[column - 1 - start : max(end, column + 1) - 1 - start])
    rest = safe(shown[max(end, column + 1) - 1 - start :])
    bar = style.blue(f"{number:>4} |")
    yield f"{bar} {before}{marked}{rest}".rstrip().replace("\t", " ")
    caret = paint("^" * max(1, width(marked.rstrip())))
    note = f" {_line(label.message)}" if label.message else ""
    yield f"{style.blue('     |')} {' ' * width(before)}{caret}{note}"
