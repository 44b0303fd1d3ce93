"""Diagnostics as text: what, where, the line itself, a caret, why, and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator

from nac.diagnostics import Diagnostic, Label
from nac.report.terminal import PLAIN, Style, safe

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
    yield f"{style.red(f'error[{one.rule.code} {one.rule.name}]')}: {style.bold(safe(one.message))}"
    yield from _place(one.label, line, style, style.red)
    for related in one.related:
        yield from _place(related, line, style, style.blue)
    if one.help:
        yield f"  {style.cyan('help')}: {safe(one.help)}"


def _place(label: Label, line: Lines, style: Style, paint: Callable[[str], str]) -> Iterator[str]:
    if label.span is None:
        yield f"  {style.blue('-->')} {safe(label.path)}"
        return
    number, column = label.span.line, label.span.column
    yield f"  {style.blue('-->')} {safe(label.path)}:{number}:{column}"
    text = line(label.path, number)
    if text is None or not text.strip():
        return
    end = label.span.end_column if label.span.end_line == number else len(text) + 1
    start = max(0, column - 1 - MAX_WIDTH // 2) if len(text) > MAX_WIDTH else 0
    shown = text[start : start + MAX_WIDTH]
    before = safe(shown[: column - 1 - start])
    marked = safe(shown[column - 1 - start : max(end, column + 1) - 1 - start].rstrip()) or " "
    rest = safe(shown[max(end, column + 1) - 1 - start :])
    bar = style.blue(f"{number:>4} |")
    yield f"{bar} {before}{marked}{rest}".rstrip().replace("\t", " ")
    caret = paint("^" * max(1, _width(marked)))
    note = f" {safe(label.message)}" if label.message else ""
    yield f"{style.blue('     |')} {' ' * _width(before)}{caret}{note}"


def _width(text: str) -> int:
    """Terminal cells: wide characters take two, combining ones none."""
    cells = 0
    for character in text:
        if not unicodedata.combining(character):
            cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return cells
