"""Findings with fixes → the files as they should be. Pure: nothing is written here.

A fix is a few edits of text at their places, not a change of parsed YAML that is then written out: an edit leaves every
other byte as it is (comments, quotes, line ends, a byte order mark), works in Handlebars and JSON as it does in YAML,
and can be shown as a small difference. A YAML writer that keeps comments still rewraps, requotes and reindents.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nac.diagnostics import Diagnostic, Fix
from nac.source import Span

_BREAK = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff".encode()


@dataclass(frozen=True)
class Fixed:
    """One file: its bytes before and after."""

    path: str
    before: bytes
    after: bytes

    def difference(self) -> Iterator[str]:
        """The lines of a unified diff, without line ends."""
        old, new = (_lines(one) for one in (self.before, self.after))
        yield from difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}", lineterm="")


@dataclass
class Plan:
    """What `--fix` does: `files` that change, the fixes that were `made`, how many were `left` for another run."""

    files: list[Fixed] = field(default_factory=list)
    made: list[Diagnostic] = field(default_factory=list)
    left: int = 0


def plan(found: Iterable[Diagnostic], read: Callable[[str], bytes | None]) -> Plan:
    """All the fixes that do not touch each other, each whole or not at all; the first of two that do is made.

    `read` gives a file's bytes, None for one that cannot be read.
    """
    files: dict[str, _File | None] = {}
    result = Plan()
    for one in found:
        if one.fix is None:
            continue
        for edit in one.fix.edits:
            if edit.path not in files:
                files[edit.path] = _opened(read(edit.path))
        if _take(one.fix, files):
            result.made.append(one)
        else:
            result.left += 1
    for path in sorted(files):
        file = files[path]
        if file is not None and file.edits:
            result.files.append(Fixed(path, file.data, file.after()))
    return result


class _File:
    """A file's text, and the edits of it that were taken: they are apart from each other, and sorted."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bom = data.startswith(_BOM)
        self.text = data[len(_BOM) * self.bom :].decode("utf-8")
        self.starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]
        ends = [found[0] for found in _BREAK.finditer(self.text)]
        self.line_end = max(("\n", "\r\n", "\r"), key=ends.count)
        self.edits: list[tuple[int, int, str]] = []

    def offsets(self, span: Span) -> tuple[int, int] | None:
        """The stretch of text that a span is; None where the file has no such place."""
        if not 1 <= span.line <= span.end_line <= len(self.starts):
            return None
        start = self.starts[span.line - 1] + span.column - 1
        end = self.starts[span.end_line - 1] + span.end_column - 1
        return (start, end) if start <= end <= len(self.text) else None

    def is_free(self, start: int, end: int) -> bool:
        index = bisect(self.edits, (start, end, ""))
        before, after = self.edits[index - 1 : index], self.edits[index : index + 1]
        return all(one[1] <= start and one[:2] != (start, end) for one in before) and all(
            end <= one[0] and one[:2] != (start, end) for one in after
        )

    def after(self) -> bytes:
        parts, position = [], 0
        for start, end, replacement in self.edits:
            parts += [self.text[position:start], replacement.replace("\n", self.line_end)]
            position = end
        text = "".join([*parts, self.text[position:]])
        return _BOM * self.bom + text.encode("utf-8")


def _opened(data: bytes | None) -> _File | None:
    try:
        return None if data is None else _File(data)
    except UnicodeDecodeError:
        return None


def _take(fix: Fix, files: dict[str, _File | None]) -> bool:
    """Add a fix's edits to those of its files, if every one of them can be made."""
    taken: list[tuple[_File, tuple[int, int, str]]] = []
    for edit in fix.edits:
        file = files[edit.path]
        place = file.offsets(edit.span) if file else None
        if file is None or place is None or not file.is_free(*place):
            for other, one in taken:
                other.edits.remove(one)
            return False
        one = (*place, edit.replacement)
        insort(file.edits, one)
        taken.append((file, one))
    return True


def _lines(data: bytes) -> list[str]:
    return _BREAK.split(data.decode("utf-8-sig", "replace"))
