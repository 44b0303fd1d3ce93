"""JSON text → Node: the place of every key and value, every mistake with its place, and limits.

RFC 8259 and nothing beside it: no comments, no NaN, no half of a surrogate pair. A byte order mark is the caller's to
leave out (`nac.text_file` does). Of a key that stands twice the last value counts, as it does for SuprSend.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from nac.diagnostics import DUPLICATE_KEY, EMPTY_FILE, INVALID_JSON, TOO_LARGE, Diagnostic, Label, Rule
from nac.source import Node, SourceFile, Span

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_DIGITS = 400
MAX_FINDINGS = 100
"""Mistakes told of one file; a file that is not JSON at all has as many as it has characters."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"')
_CONTROL = re.compile(r"[\x00-\x1f]")
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL
)
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r'[^\s,:\[\]{}"]+')
_CONSTANTS = {"true": True, "false": False, "null": None}
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity", "+Infinity", "-NaN"})
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Places(Sequence[int]):
    """The offset in a file of each character of a text, and of its end, as runs of characters that follow each other.

    `starts[i]` is the index in the text at which run i starts, `offsets[i]` its offset; the last run is the end.
    """

    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def __len__(self) -> int:
        return self.starts[-1] + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        run = bisect_right(self.starts, index) - 1
        return self.offsets[run] + index - self.starts[run]


@dataclass(slots=True)
class TextNode(Node):
    """A text in a JSON file; `start` and `end` are the offsets of its quotes, the end exclusive."""

    start: int = 0
    end: int = 0


def places(source: SourceFile, node: Node) -> Sequence[int] | None:
    """Where each character of a text in JSON was written, and its end; None for what is no text of a JSON file."""
    if not isinstance(node, TextNode):
        return None
    starts, offsets = [0], [node.start + 1]
    for found in _ESCAPE.finditer(source.text, node.start + 1, node.end - 1):
        index = starts[-1] + found.start() - offsets[-1]
        for at, offset in ((index, found.start()), (index + 1, found.end())):
            if at == starts[-1]:
                offsets[-1] = offset
            else:
                starts.append(at)
                offsets.append(offset)
    last = starts[-1] + node.end - 1 - offsets[-1]
    if len(starts) == 1:
        return range(node.start + 1, node.end)
    if last != starts[-1]:
        starts.append(last)
        offsets.append(node.end - 1)
    return Places(tuple(starts), tuple(offsets))


def read_json(source: SourceFile, *, max_nodes: int = MAX_NODES) -> tuple[Node | None, list[Diagnostic]]:
    """The value in a file, and every mistake; None where there is nothing to go on with.

    What can be read past a mistake (a duplicate key, a comma too many, NaN) is read, and found all the same.
    """
    reader = _Reader(source, max_nodes)
    try:
        return reader.document(), reader.found
    except _Stop:
        return None, reader.found


class _Stop(Exception):  # noqa: N818 - control flow: the rest of this file cannot be read
    pass


class _Open:
    """A list or object whose end has not been read yet."""

    __slots__ = ("closing", "comma", "items", "key", "key_span", "keys", "pairs", "start")

    def __init__(self, start: int, closing: str) -> None:
        self.start, self.closing = start, closing
        self.items: list[Node] = []
        self.pairs: dict[str, Node] = {}
        self.keys: dict[str, Span] = {}
        self.key: str | None = None
        self.key_span: Span | None = None
        self.comma: int | None = None  # where the last one stands that nothing has followed yet


class _Reader:
    def __init__(self, source: SourceFile, max_nodes: int) -> None:
        self.source, self.text, self.max_nodes = source, source.text, max_nodes
        self.found: list[Diagnostic] = []
        self.starts = [0, *(one.end() for one in _LINE_END.finditer(source.text))]
        self.at = 0
        self.count = 0

    def span(self, start: int, end: int) -> Span:
        line, last = bisect_right(self.starts, start), bisect_right(self.starts, end)
        return Span(line, start - self.starts[line - 1] + 1, last, end - self.starts[last - 1] + 1)

    def add(
        self, rule: Rule, message: str, start: int, end: int, help: str | None = None, related: tuple[Label, ...] = ()
    ) -> None:
        if len(self.found) >= MAX_FINDINGS:
            raise _Stop
        self.found.append(Diagnostic(rule, message, Label(self.source.path, self.span(start, end)), related, help))

    def stop(self, message: str, start: int, end: int | None = None, help: str | None = None) -> _Stop:
        stays = end is None and (start >= len(self.text) or self.text[start] in "\r\n")
        self.add(INVALID_JSON, f"this is not JSON: {message}", start, start + (not stays) if end is None else end, help)
        return _Stop()

    def skip(self) -> str:
        """The next character that is no space; empty at the end."""
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def document(self) -> Node | None:
        if not self.skip():
            self.add(EMPTY_FILE, "this file holds nothing", 0, 0, "delete it, or fill it")
            return None
        stack: list[_Open] = []
        while True:
            node = self._value(stack)
            while node is not None:
                if not stack:
                    if self.skip():
                        raise self.stop("something follows behind its end", self.at)
                    return node
                node = self._put(stack, node)

    def _value(self, stack: list[_Open]) -> Node | None:
        """The value that starts here; None when a list or object has been opened and wants more."""
        sign, start = self.skip(), self.at
        self.count += 1
        if self.count > self.max_nodes:
            self.add(TOO_LARGE, f"more than {self.max_nodes:,} values", start, start)
            raise _Stop
        if sign in ("{", "["):
            if len(stack) >= MAX_DEPTH:
                self.add(TOO_LARGE, f"this JSON nests more than {MAX_DEPTH} levels deep", start, start + 1)
                raise _Stop
            self.at += 1
            one = _Open(start, "}" if sign == "{" else "]")
            if self.skip() == one.closing:
                return self._close(one)
            stack.append(one)
            if sign == "{":
                self._key(one)
            return None
        if sign == '"':
            value = self._string()
            return TextNode(value, self.span(start, self.at), start=start, end=self.at)
        if word := _WORD.match(self.text, start):
            self.at = word.end()
            return Node(self._scalar(word[0], start), self.span(start, self.at))
        raise self._no_value(stack, sign, start)

    def _no_value(self, stack: list[_Open], sign: str, start: int) -> _Stop:
        if not sign:
            return self._never_closed(stack, start)
        return self.stop("a value is missing here", start)

    def _never_closed(self, stack: list[_Open], start: int) -> _Stop:
        if not stack:
            return self.stop("it ends too early", start)
        return self.stop("this bracket is never closed", stack[-1].start, help=f"close it with `{stack[-1].closing}`")

    def _put(self, stack: list[_Open], node: Node) -> Node | None:
        """A value into what is open; what that is, where this closes it."""
        into = stack[-1]
        if into.closing == "]":
            into.items.append(node)
        else:
            assert into.key is not None
            assert into.key_span is not None
            into.pairs[into.key] = node
            into.keys[into.key] = into.key_span
        sign = self.skip()
        if sign == ",":
            comma = self.at
            self.at += 1
            sign = self.skip()
            if sign == into.closing:
                self.add(INVALID_JSON, "this is not JSON: a comma behind the last value", comma, comma + 1, "remove it")
            elif into.closing == "}":
                self._key(into)
                return None
            else:
                return None
        if sign == into.closing:
            return self._close(stack.pop())
        if not sign:
            raise self._never_closed(stack, self.at)
        raise self.stop(f"a comma or `{into.closing}` is missing before this", self.at)

    def _close(self, done: _Open) -> Node:
        self.at += 1
        span = self.span(done.start, self.at)
        if done.closing == "]":
            return Node([one.value for one in done.items], span, done.items, None, 1 + sum(x.size for x in done.items))
        size = 1 + sum(one.size for one in done.pairs.values())
        return Node({key: one.value for key, one in done.pairs.items()}, span, done.pairs, done.keys, size)

    def _key(self, into: _Open) -> None:
        sign, start = self.skip(), self.at
        if not sign:
            raise self._never_closed([into], start)
        if sign != '"':
            word = _WORD.match(self.text, start)
            raise self.stop("a key stands in double quotes", start, word.end() if word else None)
        into.key = self._string()
        span = self.span(start, self.at)
        if into.key in into.keys:
            first = Label(self.source.path, into.keys[into.key], "first written here")
            message = f"the key `{into.key[:80]}` stands twice in one mapping"
            self.add(DUPLICATE_KEY, message, start, self.at, "keep one of them", (first,))
        into.key_span = span
        if self.skip() != ":":
            raise self.stop("a `:` is missing behind the key", self.at)
        self.at += 1

    def _string(self) -> str:
        start = self.at
        found = _STRING.match(self.text, start)
        if found is None:
            raise self.stop(
                "this text is not closed on its line", start, help='close it with `"`; a line break is `\\n`'
            )
        self.at = found.end()
        for one in _CONTROL.finditer(self.text, start, self.at):
            name = "a tab" if one[0] == "\t" else f"the character U+{ord(one[0]):04X}"
            help = "write it as `\\t`" if one[0] == "\t" else f"write it as `\\u{ord(one[0]):04x}`"
            self.add(INVALID_JSON, f"this is not JSON: {name} stands in a text", one.start(), one.end(), help)
        body = found[0][1:-1]
        return _ESCAPE.sub(lambda one: self._escape(one, start + 1), body) if "\\" in body else body

    def _escape(self, one: re.Match[str], base: int) -> str:
        high, low, unit, short = one.groups()
        if high:
            return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
        start, end = base + one.start(), base + one.end()
        if unit:
            code = int(unit, 16)
            if not 0xD800 <= code < 0xE000:
                return chr(code)
            self.add(INVALID_JSON, f"`{one[0]}` is half a character: it belongs to a pair", start, end,
                     "write the character itself")  # fmt: skip
            return "\ufffd"
        if short in _SHORT:
            return _SHORT[short]
        self.add(INVALID_JSON, "this is not JSON: the escape is not known", start, end,
                 "write `\\\\` for a backslash" if short != "u" else "`\\u` takes four hexadecimal digits")  # fmt: skip
        return short

    def _scalar(self, word: str, start: int) -> Any:
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        end = start + len(word)
        number = _NUMBER.fullmatch(word)
        if number is None:
            if word in _NO_NUMBERS:
                self.add(INVALID_JSON, f"`{word}` is not a number that JSON can hold", start, end)
                return 0
            if word[:2] in ("//", "/*") or word[0] == "#":
                raise self.stop("it has no comments", start, end, "remove it")
            looks = word[0].isdigit() or word[0] in "-+."
            raise self.stop(f"`{word[:40]}` is no {'number' if looks else 'value'}", start, end,
                            None if looks else "a text stands in double quotes")  # fmt: skip
        if len(word) > MAX_DIGITS:
            self.add(TOO_LARGE, f"a number of more than {MAX_DIGITS} digits", start, end)
            return 0
        if number[1] is None and number[2] is None:
            return int(word)
        value = float(word)
        if math.isinf(value):
            self.add(INVALID_JSON, f"`{word[:40]}` is not a number that JSON can hold", start, end)
            return 0
        return value
