"""Where things stand in a template: offsets, and the lines and columns they fall on."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_LINE_END = re.compile(r"\r\n?|\n")


class Source:
    """A template's text and the name that errors call it by."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both counted from 1; a column counts code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self._starts[number - 1]
        end = _LINE_END.search(self.text, start)
        return self.text[start : end.start() if end else None]


@dataclass(slots=True, unsafe_hash=True)
class Span:
    """A stretch of a template, `start` to `end` (exclusive) in code points from 0.

    `line`, `column`, `end_line` and `end_column` count from 1; they are worked out when asked for, because
    a template has hundreds of spans and shows one of them at most.
    """

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end)[1]

    def to(self, last: Span) -> Span:
        """From the start of this span to the end of the last one."""
        return Span(self.source, self.start, last.end)
