"""Text with places: a source file, a span in it, and a YAML value that knows where each part was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Path = Sequence[str | int]


class Span(NamedTuple):
    """1-based line and column in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A project file. `path` is POSIX, relative to the project. `mark`: a byte order mark stands before the text."""

    path: str
    text: str
    mark: bool = False

    def line(self, number: int) -> str:
        lines = self.lines
        return lines[number - 1] if 0 < number <= len(lines) else ""

    @property
    def lines(self) -> list[str]:
        # YAML's line breaks only: str.splitlines would also break at U+2028 and the like, and shift every number.
        return re.split(r"\r\n|\r|\n", self.text)

    def span(self, start: int, end: int) -> Span:
        """The place of `text[start:end]`, offsets in code points from 0."""
        return Span(*self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = 1
        begins = 0
        for found in re.finditer(r"\r\n|\r|\n", self.text[:offset]):
            line, begins = line + 1, found.end()
        return line, offset - begins + 1

    def find(self, needle: str, within: Span) -> Span | None:
        """The first place of `needle`, whole words only, inside `within`; None when it is not on one line."""
        before = r"(?<![\w.])" if re.match(r"\w", needle) else ""
        after = r"(?!\w)" if re.search(r"\w\Z", needle) else ""
        pattern = re.compile(before + re.escape(needle) + after)
        lines = self.lines
        for number in range(within.line, min(within.end_line, len(lines)) + 1):
            start = within.column - 1 if number == within.line else 0
            end = within.end_column - 1 if number == within.end_line else len(lines[number - 1])
            if found := pattern.search(lines[number - 1], start, end):
                return Span(number, found.start() + 1, number, found.end() + 1)
        return None


@dataclass(slots=True)
class Node:
    """A YAML value and its place.

    `value` is plain Python (None, bool, int, float, str, list, dict with text keys). `children` mirrors it for a
    list or mapping, `keys` holds the place of each key of a mapping. `size` counts the nodes when aliases
    are written out. `extent` is the last place that belongs to it.
    """

    value: Any
    span: Span
    children: dict[str, Node] | list[Node] | None = None
    keys: dict[str, Span] | None = None
    size: int = 1

    def child(self, step: str | int) -> Node | None:
        if isinstance(self.children, dict):
            return self.children.get(step) if isinstance(step, str) else None
        if isinstance(self.children, list) and isinstance(step, int) and 0 <= step < len(self.children):
            return self.children[step]
        return None

    def at(self, path: Path) -> Node:
        """The node at `path`, or the deepest one on the way there that exists."""
        node = self
        for step in path:
            below = node.child(step)
            if below is None:
                break
            node = below
        return node

    def key_span(self, path: Path) -> Span:
        """The place of the key that `path` ends in; the node's own place when it was not written as a key."""
        parent, last = self.at(path[:-1]), path[-1] if path else None
        if parent.keys and isinstance(last, str) and last in parent.keys:
            return parent.keys[last]
        return self.at(path).span
