"""Diagnostics as text: what, where, the line itself, a caret, why, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from nac.diagnostics import SEVERITIES, Diagnostic, Label, Severity
from nac.report.terminal import PLAIN, Style, safe, width
from nac.source import Span

# A line of the source file by its 1-based number; None when the file cannot be shown.
Lines = Callable[[str, int], str | None]
MAX_WIDTH = 160


def findings_text(diagnostics: Iterable[Diagnostic], line: Lines, style: Style = PLAIN) -> str:
    """Every diagnostic as a block, an empty line between, and a count at the end."""
    found = list(diagnostics)
    if not found:
        return ""
    line = masked(found, line)
    blocks = ["\n".join(_block(one, line, style)) for one in found]
    worst = min((one.severity for one in found), key=SEVERITIES.index)
    return "\n\n".join([*blocks, _paint(style, worst)(count_of(found))]) + "\n"


def count_of(found: Collection[Diagnostic]) -> str:
    """`2 findings`, or `3 findings: 1 error, 2 warnings` where not all of them are errors."""
    text = f"{len(found)} finding{'s' if len(found) != 1 else ''}"
    counts = Counter(one.severity for one in found)
    if counts.keys() <= {"error"}:
        return text
    parts = [
        f"{counts[one]} {one}{'s' if counts[one] > 1 and one != 'info' else ''}" for one in SEVERITIES if counts[one]
    ]
    return f"{text}: {', '.join(parts)}"


def masked(found: Iterable[Diagnostic], line: Lines) -> Lines:
    """The same lines with asterisks over every place that is secret."""
    hidden: dict[str, list[Span]] = {}
    for one in found:
        for label in (one.label, *one.related):
            if label.secret and label.span is not None:
                hidden.setdefault(label.path, []).append(label.span)
    if not hidden:
        return line

    def shown(path: str, number: int) -> str | None:
        text = line(path, number)
        if text is None:
            return None
        for span in hidden.get(path, ()):
            if span.line <= number <= span.end_line:
                start = span.column - 1 if number == span.line else 0
                end = span.end_column - 1 if number == span.end_line else len(text)
                text = text[:start] + "*" * len(text[start:end]) + text[end:]
        return text

    return shown


def _paint(style: Style, severity: Severity) -> Callable[[str], str]:
    return {"error": style.red, "warning": style.yellow, "info": style.cyan}[severity]


def _block(one: Diagnostic, line: Lines, style: Style) -> Iterator[str]:
    paint = _paint(style, one.severity)
    yield f"{paint(f'{one.severity}[{one.rule}]')}: {style.bold(one_line(one.message))}"
    yield from place_lines(one.label, line, style, paint)
    for related in one.related:
        yield from place_lines(related, line, style, style.blue)
    if one.events:
        yield f"  {style.cyan('with')}: {one_line(', '.join(one.events))}"
    if one.help:
        yield f"  {style.cyan('help')}: {one_line(one.help)}"
    if one.fix:
        yield f"  {style.cyan('fix')}: --fix can {one_line(one.fix.description)}"


def one_line(text: str) -> str:
    """Text that stays on its line: what an author wrote, quoted in a message, may hold line feeds."""
    return safe(text).replace("\n", "\\n").replace("\t", " ")


def place_lines(label: Label, line: Lines, style: Style, paint: Callable[[str], str]) -> Iterator[str]:
    if label.span is None:
        note = f": {one_line(label.message)}" if label.message else ""
        yield f"  {style.blue('-->')} {one_line(label.path)}{note}"
        return
    number, column = label.span.line, label.span.column
    yield f"  {style.blue('-->')} {one_line(label.path)}:{number}:{column}"
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
    note = f" {one_line(label.message)}" if label.message else ""
    yield f"{style.blue('     |')} {' ' * width(before)}{caret}{note}"
