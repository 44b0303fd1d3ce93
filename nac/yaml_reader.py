"""YAML text → Node: positions of every key and value, YAML 1.2 core values, and every limit against bombs.

Both parsers give the same stream of events; PyYAML's libyaml reads 10,000 lines about ten times faster than
ruamel.yaml's own parser, which takes over where libyaml was not built in. Nothing is constructed by tags, and
aliases share their anchor's node, so a "billion laughs" costs nothing and is counted, not expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nac.diagnostics import (
    DUPLICATE_KEY,
    EMPTY_FILE,
    INVALID_YAML,
    TOO_LARGE,
    UNSUPPORTED_YAML,
    Diagnostic,
    Label,
    Rule,
    describe,
)
from nac.source import Node, SourceFile, Span

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 100_000

# YAML 1.2.2 §10.3.2, the core schema.
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_MAX_DIGITS = 400


class _Stop(Exception):  # noqa: N818 - control flow: the rest of this file cannot be read
    pass


def read_yaml(
    source: SourceFile, *, max_nodes: int = MAX_NODES, allow_list: bool = False
) -> tuple[Node | None, list[Diagnostic]]:
    """The document in `source`, with every mistake that can be seen before its meaning is known.

    None when there is no document to go on with. The root is a mapping (or a list, with `allow_list`).
    """
    reader = _Reader(source, max_nodes)
    try:
        root = reader.document()
    except _Stop:
        return None, reader.found
    if root is None:
        return None, reader.found
    if not isinstance(root.value, (dict, list) if allow_list else dict):
        if root.value is None:
            reader.add(EMPTY_FILE, "this file holds nothing", Span(1, 1, 1, 1), help="delete it, or fill it")
        else:
            reader.add(UNSUPPORTED_YAML, f"expected keys and values, found {describe(root.value)}", root.span)
        return None, reader.found
    return root, reader.found


def _events(text: str) -> Iterator[Any]:
    import yaml

    if yaml.__with_libyaml__:
        parser = yaml.CSafeLoader(text)  # only its parser is used: no constructor ever runs
        while (event := parser.get_event()) is not None:
            yield event
    else:
        from ruamel.yaml import YAML

        yield from YAML(typ="safe", pure=True).parse(text)


class _Reader:
    def __init__(self, source: SourceFile, max_nodes: int) -> None:
        self.source = source
        self.max_nodes = max_nodes
        self.found: list[Diagnostic] = []
        self.anchors: dict[str, Node] = {}

    def add(
        self, rule: Rule, message: str, span: Span, help: str | None = None, related: tuple[Label, ...] = ()
    ) -> None:
        self.found.append(Diagnostic(rule, message, Label(self.source.path, span), related, help))

    def stop(self, rule: Rule, message: str, span: Span, help: str | None = None) -> _Stop:
        self.add(rule, message, span, help)
        return _Stop()

    def document(self) -> Node | None:
        try:
            return self._document()
        except _Stop:
            raise
        except Exception as error:
            # Both libraries' errors are told apart by their marks, not by class: either parser may be at work.
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            if mark is not None:
                raise self._invalid(error, mark) from None
            if hasattr(error, "position"):
                raise self._unreadable_character() from None
            raise

    def _invalid(self, error: Any, mark: Any) -> _Stop:
        problem = str(getattr(error, "problem", None) or error)
        span = Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
        help: str | None
        if _text_at(self.source, span) == "\t":
            problem, help = "a tab stands where YAML wants spaces", "indent with spaces"
        else:
            help = next((advice for sign, advice in _ADVICE if sign in problem), None)
        context, start = getattr(error, "context", None), getattr(error, "context_mark", None)
        related: tuple[Label, ...] = ()
        if context and start is not None and (start.line, start.column) != (mark.line, mark.column):
            opened = Span(start.line + 1, start.column + 1, start.line + 1, start.column + 2)
            related = (Label(self.source.path, opened, context),)
        self.add(INVALID_YAML, problem, span, help, related)
        return _Stop()

    def _unreadable_character(self) -> _Stop:
        # YAML 1.2 §5.1: C0 controls but tab and line breaks, surrogates, U+FFFE and U+FFFF may not stand in a file.
        pattern = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
        for number, line in enumerate(self.source.lines, 1):
            if found := re.search(pattern, line):
                column = found.start() + 1
                name = f"U+{ord(found[0]):04X}"
                span = Span(number, column, number, column + 1)
                return self.stop(INVALID_YAML, f"the character {name} cannot stand in YAML", span,
                                 "write it as an escape in a double-quoted text, or remove it")  # fmt: skip
        return self.stop(INVALID_YAML, "a character here cannot stand in YAML", Span(1, 1, 1, 1))

    def _document(self) -> Node | None:
        stack: list[_Open] = []
        root: Node | None = None
        count = 0
        for event in _events(self.source.text):
            kind = type(event).__name__
            if kind in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                continue
            span = _span(event)
            if kind == "DocumentStartEvent":
                if root is not None:
                    raise self.stop(UNSUPPORTED_YAML, "a second document starts here", span,
                                    "one file holds one document: move it to a file of its own")  # fmt: skip
                continue
            if kind == "MappingStartEvent" or kind == "SequenceStartEvent":
                self._no_tag(event, span)
                if len(stack) >= MAX_DEPTH:
                    raise self.stop(TOO_LARGE, f"more than {MAX_DEPTH} levels of nesting", span)
                stack.append(_Open(span, event.anchor, kind == "MappingStartEvent"))
                continue
            if kind == "MappingEndEvent" or kind == "SequenceEndEvent":
                done = stack.pop()
                node = self._close(done)
                anchor = done.anchor
            elif kind == "ScalarEvent":
                self._no_tag(event, span)
                wants_key = bool(stack) and stack[-1].mapping and stack[-1].key is None
                plain = event.implicit[0] and event.style in (None, "")
                value = self._scalar(event.value, span) if plain and not wants_key else event.value
                node, anchor = Node(value, span), event.anchor
            else:
                node, anchor = self._alias(event.anchor, span), None
            count += node.size if node.children is None or kind == "AliasEvent" else 1
            if count > self.max_nodes or node.size > self.max_nodes:
                raise self.stop(TOO_LARGE, f"more than {self.max_nodes} values, aliases written out", span)
            if anchor is not None:
                self.anchors[anchor] = node
            if stack:
                self._put(stack[-1], node)
            else:
                root = node
        if root is None:
            self.add(EMPTY_FILE, "this file holds nothing", Span(1, 1, 1, 1), help="delete it, or fill it")
        return root

    def _no_tag(self, event: Any, span: Span) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.add(UNSUPPORTED_YAML, f"the tag `{str(tag)[:60]}` is not supported", span,
                     help="remove the tag: write the value itself")  # fmt: skip

    def _alias(self, name: str, span: Span) -> Node:
        anchor = self.anchors.get(name)
        if anchor is None:
            raise self.stop(UNSUPPORTED_YAML, f"`*{name[:60]}` stands inside its own anchor, or before it", span)
        return Node(anchor.value, span, anchor.children, anchor.keys, anchor.size)

    def _scalar(self, text: str, span: Span) -> Any:
        if text in _WORDS:
            return _WORDS[text]
        if _INT.match(text):
            if len(text) > _MAX_DIGITS:
                self.add(
                    TOO_LARGE,
                    f"a number of more than {_MAX_DIGITS} digits",
                    span,
                    help="quote it to make it text",
                )
                return 0
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.match(text):
            number = float(text)
            if number not in (float("inf"), float("-inf")):
                return number
        elif not _NOT_FINITE.match(text):
            return text
        self.add(
            UNSUPPORTED_YAML,
            f"`{text[:40]}` is not a number that JSON can hold",
            span,
            help="quote it to make it text",
        )
        return 0

    def _put(self, parent: _Open, node: Node) -> None:
        if not parent.mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            key, parent.key = parent.key, None
            if key.children is not None or not isinstance(key.value, str):
                self.add(UNSUPPORTED_YAML, "a key must be text", key.span)
            elif key.value == "<<" and _text_at(self.source, key.span) == "<<":
                parent.merges.append(node)
            elif key.value in parent.keys:
                first = Label(self.source.path, parent.keys[key.value], "first written here")
                self.add(DUPLICATE_KEY, f"the key `{key.value[:80]}` is written twice", key.span,
                         help="keep one of them", related=(first,))  # fmt: skip
            else:
                parent.keys[key.value] = key.span
                parent.pairs[key.value] = node

    def _close(self, done: _Open) -> Node:
        if not done.mapping:
            size = 1 + sum(one.size for one in done.items)
            end = done.items[-1].span if done.items else done.span
            return Node([one.value for one in done.items], _join(done.span, end), done.items, None, size)
        for merged in done.merges:
            self._merge(done, merged)
        pairs = done.pairs
        size = 1 + sum(one.size for one in pairs.values())
        end = max((one.span for one in pairs.values()), key=lambda at: at[2:], default=done.span)
        value = {key: one.value for key, one in pairs.items()}
        return Node(value, _join(done.span, end), pairs, done.keys, size)

    def _merge(self, into: _Open, merged: Node) -> None:
        """YAML 1.1's `<<`: keys of the mapping itself win, then those of the earlier source."""
        sources = merged.children if isinstance(merged.children, list) else [merged]
        for one in sources:
            if not isinstance(one.children, dict):
                self.add(UNSUPPORTED_YAML, f"`<<` merges mappings, not {describe(one.value)}", one.span)
                continue
            for key, node in one.children.items():
                if key not in into.pairs:
                    into.pairs[key] = node
                    into.keys[key] = (one.keys or {}).get(key, node.span)


class _Open:
    """A list or mapping whose end has not been read yet."""

    __slots__ = ("anchor", "items", "key", "keys", "mapping", "merges", "pairs", "span")

    def __init__(self, span: Span, anchor: str | None, mapping: bool) -> None:
        self.span, self.anchor, self.mapping = span, anchor, mapping
        self.items: list[Node] = []
        self.key: Node | None = None
        self.keys: dict[str, Span] = {}
        self.pairs: dict[str, Node] = {}
        self.merges: list[Node] = []


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _join(start: Span, end: Span) -> Span:
    return Span(start.line, start.column, max(start.line, end.end_line), end.end_column)


def _text_at(source: SourceFile, span: Span) -> str:
    return source.line(span.line)[span.column - 1 : span.end_column - 1]


_ADVICE = (
    ("cannot start any token", "quote the text: this character has a meaning in YAML"),
    ("mapping values are not allowed", "quote the text if the `:` belongs to it, or check the indentation"),
    ("could not find expected ':'", "a key needs a `:` after it; check the indentation of the line above too"),
    ("did not find expected key", "check the indentation, and that quotes and brackets are closed"),
    ("did not find expected '-'", "every item of a list starts with `- ` at the same column"),
    ("found unexpected end of stream", "a quote or bracket is never closed"),
    ("did not find expected ',' or", "close the bracket, or put a comma; quote a text that starts with `{` or `[`"),
    ("undefined alias", "an alias needs its anchor (`&name`) earlier in the same file"),
)  # fmt: skip
