"""Events → nodes with their places, and every mistake that shows before a document has a meaning.

Nothing is constructed by tags, and aliases share their anchor's node, so a "billion laughs" costs nothing and is
counted, not expanded.
"""

from __future__ import annotations

import re
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
    nearest,
)
from nac.source import Node, SourceFile, Span
from nac.yaml_reader.events import events
from nac.yaml_reader.scalars import MAX_DIGITS, NumberError, core_value
from nac.yaml_reader.wording import CONTEXTS, PROBLEMS

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 100_000


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
            message = f"expected keys with values (`key: value`), found {describe(root.value)}"
            reader.add(UNSUPPORTED_YAML, message, root.span)
        return None, reader.found
    return root, reader.found


class _Reader:
    def __init__(self, source: SourceFile, max_nodes: int) -> None:
        self.source = source
        self.max_nodes = max_nodes
        self.found: list[Diagnostic] = []
        self.anchors: dict[str, Node] = {}
        self.quoted: Span | None = None  # the last text in quotes, where it has several lines
        self.bare: Span | None = None  # the last expression without quotes

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
        context, start = str(getattr(error, "context", None) or ""), getattr(error, "context_mark", None)
        span = self._character(mark)
        if self.bare is not None and self.bare.line in (span.line, span.line - 1):
            return _Stop()  # what follows from an expression without quotes, which has been told
        opened = self._character(start) if start is not None else span
        if self.quoted is not None and self.quoted[2:] == span[:2]:
            end = Span(span.line, span.column - 1, span.line, span.column)
            self.add(INVALID_YAML, "this quote is not closed on its line", self._first(self.quoted), None,
                     (Label(self.source.path, end, "so the text goes on up to here"),))  # fmt: skip
            return _Stop()
        related: tuple[Label, ...] = ()
        at_end = not "".join(self.source.lines[span.line - 1 :])[span.column - 1 :].strip()
        if at_end and "',' or" in problem:
            span, problem = opened, "never closed"
        if "unexpected end of stream" in problem or "expected ':'" in problem:
            span = opened  # where the author forgot something, not where the parser noticed it
        elif opened != span:
            note = next((words for sign, words in CONTEXTS if sign in context), context)
            related = (Label(self.source.path, opened, note),)
        help: str | None
        if _text_at(self.source, span) == "\t":
            problem, help = "a tab stands where YAML wants spaces", "indent with spaces"
        else:
            words = next(((say, advice) for sign, say, advice in PROBLEMS if sign in problem), None)
            problem, help = words or (problem, None)
        self.add(INVALID_YAML, problem, span, help, related)
        return _Stop()

    def _character(self, mark: Any) -> Span:
        """The character at a parser's mark; nothing, where that is the end of a line."""
        return self._first(Span(mark.line + 1, mark.column + 1, 0, 0))

    def _first(self, span: Span) -> Span:
        line, column = span.line, span.column
        return Span(line, column, line, min(column + 1, len(self.source.line(line)) + 1))

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
        for event in events(self.source.text):
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
                stack.append(_Open(span, event.anchor, kind == "MappingStartEvent", bool(event.flow_style)))
                continue
            if kind == "MappingEndEvent" or kind == "SequenceEndEvent":
                done = stack.pop()
                node = self._close(done, span)
                anchor = done.anchor
            elif kind == "ScalarEvent":
                self._no_tag(event, span)
                wants_key = bool(stack) and stack[-1].mapping and stack[-1].key is None
                if event.value == "" and span[:2] == span[2:]:
                    span = self._nothing(span, stack)
                plain = event.implicit[0] and event.style in (None, "")
                self.quoted = span if event.style in ("'", '"') and span.line < span.end_line else None
                value = self._scalar(event.value, span) if plain and not wants_key else event.value
                node, anchor = Node(value, span), event.anchor
            else:
                node, anchor = self._alias(event.anchor, span, stack), None
            count += node.size if node.children is None or kind == "AliasEvent" else 1
            if count > self.max_nodes or node.size > self.max_nodes:
                raise self.stop(TOO_LARGE, f"more than {self.max_nodes:,} values, aliases written out", span)
            if anchor is not None:
                self.anchors[anchor] = node
            if stack:
                self._put(stack[-1], node)
            else:
                root = node
        if root is None:
            self.add(EMPTY_FILE, "this file holds nothing", Span(1, 1, 1, 1), help="delete it, or fill it")
        return root

    def _nothing(self, span: Span, stack: list[_Open]) -> Span:
        """Behind its key, where a value that was left out is looked for: ruamel.yaml puts it at the next key."""
        key = stack[-1].key if stack else None
        if key is None or key.span.end_line == span.line:
            return span
        line = key.span.end_line
        column = min(key.span.end_column + 1, len(self.source.line(line)) + 1)
        return Span(line, column, line, column)

    def _no_tag(self, event: Any, span: Span) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            shown = str(tag).replace("tag:yaml.org,2002:", "!!")[:60]
            self.add(UNSUPPORTED_YAML, f"the tag `{shown}` is not supported", span,
                     help="remove the tag: write the value itself")  # fmt: skip

    def _alias(self, name: str, span: Span, stack: list[_Open]) -> Node:
        if any(one.anchor == name for one in stack):
            raise self.stop(UNSUPPORTED_YAML, f"`*{name[:60]}` stands inside what it names, and would never end", span)
        anchor = self.anchors.get(name)
        if anchor is None:
            near = nearest(name, self.anchors)
            help = f"did you mean `*{near}`?" if near else f"write `&{name[:60]}` before the value that it names"
            raise self.stop(UNSUPPORTED_YAML, f"there is no `&{name[:60]}` above", span, help)
        return Node(anchor.value, span, anchor.children, anchor.keys, anchor.size)

    def _scalar(self, text: str, span: Span) -> Any:
        try:
            return core_value(text)
        except NumberError as error:
            rule = TOO_LARGE if len(text) > MAX_DIGITS else UNSUPPORTED_YAML
            self.add(rule, str(error), span, help="quote it to make it text")
            return 0

    def _put(self, parent: _Open, node: Node) -> None:
        if not parent.mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            key, parent.key = parent.key, None
            if isinstance(key.children, dict) and self._is_bare(parent, key):
                parent.bare = True
            elif key.children is not None or not isinstance(key.value, str):
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

    def _is_bare(self, parent: _Open, key: Node) -> bool:
        """Whether a key that is a mapping is what YAML makes of an expression without quotes."""
        start = parent.span
        if not parent.flow or (key.span.line, key.span.column) != (start.line, start.column + 1):
            return False
        end = Span(key.span.end_line, key.span.end_column, key.span.end_line, key.span.end_column + 1)
        column = end.end_column if _text_at(self.source, end) == "}" else end.column
        self.bare = Span(start.line, start.column, end.line, column)
        self.add(UNSUPPORTED_YAML, "an expression needs quotes around it", self.bare,
                 help='write `"{{ … }}"`: without quotes, YAML reads the braces as a mapping')  # fmt: skip
        return True

    def _close(self, done: _Open, last: Span) -> Node:
        if done.bare:  # go on with what was meant
            return Node("{{ event }}", done.span)
        if not done.mapping:
            size = 1 + sum(one.size for one in done.items)
            end = last if done.flow else done.items[-1].span if done.items else done.span
            return Node([one.value for one in done.items], _join(done.span, end), done.items, None, size)
        for merged in done.merges:
            self._merge(done, merged)
        pairs = done.pairs
        size = 1 + sum(one.size for one in pairs.values())
        end = last if done.flow else max((one.span for one in pairs.values()), key=lambda at: at[2:], default=done.span)
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

    __slots__ = ("anchor", "bare", "flow", "items", "key", "keys", "mapping", "merges", "pairs", "span")

    def __init__(self, span: Span, anchor: str | None, mapping: bool, flow: bool) -> None:
        self.span, self.anchor, self.mapping, self.flow = span, anchor, mapping, flow
        self.bare = False
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
