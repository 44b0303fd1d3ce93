"""Blocks and cards as JSON: as they are written, with places, and as samples render them.

A text in Handlebars is no JSON; it becomes some when each expression is filled in by characters that stand for
"unknown". Where that works, what is wrong is found at its place, without any sample.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from nac.diagnostics import Diagnostic, Label, Rule, Severity
from nac.json_reader import read_json
from nac.rules.content.literal import FILL, literal
from nac.rules.content.shown import Shown, field_label, messages_of
from nac.rules.templated import Templated
from nac.rules.view import View
from nac.source import Node, SourceFile, Span
from nac.templates.template import Path, Text

_STRING = re.compile(r'"(?:[^"\\\r\n]|\\.)*"')
_LONGEST_TYPE = 60
_TYPE = re.compile(rf"\btype['\"]?\s*:\s*(?P<quoted>['\"](?P<type>[^'\"]{{0,{_LONGEST_TYPE}}})['\"])")
_RUN = re.compile(f"{FILL}+")
_TRAILING = re.compile(r",(?=\s*[\]}])")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value: `path` leads to it, or to what lacks something. `kind`: "shape" or "alt"."""

    path: Path
    message: str
    help: str | None = None
    kind: str = "shape"
    level: Severity | None = None


@dataclass(frozen=True)
class Placed:
    """A problem with its place."""

    templated: Templated
    message: str
    label: Label
    help: str | None
    kind: str
    level: Severity | None
    events: tuple[str, ...] = ()

    def finding(self, rule: Rule) -> Diagnostic:
        return Diagnostic(rule, self.message, self.label, help=self.help, events=self.events, level=self.level)


Validator = Callable[[Any], Iterator[Problem]]


def is_known(value: object) -> bool:
    """Whether the template itself says what it is."""
    return not (isinstance(value, str) and FILL in value)


def placed(view: View, field: str, validate: Validator, rendered: Callable[[Shown], Any]) -> list[Placed]:
    """Every problem of the blocks or cards in `field`; `rendered` is the JSON of a message."""
    found: list[Placed] = []
    for template in view.templates:
        for templated in view.texts(template):
            if templated.path != (field,) or templated.variant.content.get("body_type", "text") == "text":
                continue
            shown = view.once(messages_of).of(template, templated.variant)
            found += _problems(templated, validate, [(one, rendered(one)) for one in shown])
    return found


def _problems(templated: Templated, validate: Validator, messages: Sequence[tuple[Shown, Any]]) -> Iterator[Placed]:
    written = [] if templated.is_jsonnet else list(_written(templated))
    told: dict[tuple[str, Label], None] = {}
    for one in written:
        for problem in validate(one.node.value):
            label = one.label(_span(one.node, problem))
            if (problem.message, label) not in told:
                told[problem.message, label] = None
                yield Placed(templated, problem.message, label, problem.help, problem.kind, problem.level)
    said = {message for message, _ in told}
    later: dict[tuple[str, Label], tuple[Problem, dict[str, None]]] = {}
    for shown, value in messages:
        for problem in validate(value) if value is not None else ():
            if problem.message not in said:
                label = _near(templated, written, problem, value)
                later.setdefault((problem.message, label), (problem, {}))[1].update(dict.fromkeys(shown.events))
    for (message, label), (problem, events) in later.items():
        yield Placed(templated, message, label, problem.help, problem.kind, problem.level, tuple(events))


@dataclass(frozen=True)
class _Written:
    """The JSON of a template as it is written; `starts` are the offsets of its lines."""

    node: Node
    text: Text
    starts: Sequence[int]

    def label(self, span: Span) -> Label:
        size = len(self.text.value)
        first = self.starts[span.line - 1] + span.column - 1
        last = self.starts[span.end_line - 1] + span.end_column - 1
        return Label(self.text.source.path, self.text.span(min(first, size), min(last, size)))


def _near(templated: Templated, written: Sequence[_Written], problem: Problem, value: Any) -> Label:
    """The place of what was rendered: exact where it is written, else that of its only mention, or of the only one of
    the type that it is of or lies in, else the text's first line."""
    for one in written:
        if (below := _at(one.node, problem.path)) is not None and below.children is None:
            return one.label(below.span)
    text = templated.text
    named = (_only(text.value, word) for word in re.findall(r"`([^`]+)`", problem.message))
    typed = (_told_types(text.value).get(kind) for kind in _types(value, problem.path))
    for quoted in chain(named, typed):
        if quoted is not None:
            return Label(text.source.path, text.span(*quoted))
    return field_label(templated.variant, templated.path)


def _only(text: str, word: str) -> tuple[int, int] | None:
    """Where a word stands in quotes, if it does so once."""
    # Not by an expression: a long text may have thousands of problems, each with a word of its own.
    places = [start for each in (f"'{word}'", f'"{word}"') for start in (text.find(each), text.rfind(each))]
    found = {start for start in places if start >= 0}
    return (start := found.pop(), start + len(word) + 2) if len(found) == 1 else None


@lru_cache(maxsize=4)
def _told_types(text: str) -> Mapping[str, tuple[int, int] | None]:
    """Where each `type` is given in a text; None for one that is given more than once."""
    found: dict[str, tuple[int, int] | None] = {}
    for one in _TYPE.finditer(text):
        found[one["type"]] = None if one["type"] in found else one.span("quoted")
    return found


def _types(value: Any, path: Path) -> list[str]:
    """The types of the blocks or elements that a path leads through, the innermost first."""
    found: list[str] = []
    for step in (*path, None):
        if isinstance(value, Mapping) and isinstance(kind := value.get("type"), str) and len(kind) < _LONGEST_TYPE:
            found.insert(0, kind)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    return found


def _at(node: Node, path: Path) -> Node | None:
    found: Node | None = node
    for step in path:
        found = found.child(step) if found else None
    return found


def _span(node: Node, problem: Problem) -> Span:
    """The value's place; that of a key which names a list or mapping, so that a caret fits one line."""
    found = node.at(problem.path)
    if found.children is None:
        return found.span
    if isinstance(found.children, dict) and found.keys:
        # What a block is, is best seen at its type.
        kind = found.children.get("type")
        return kind.span if kind is not None else next(iter(found.keys.values()))
    return node.key_span(problem.path) if problem.path and isinstance(problem.path[-1], str) else found.span


def _written(templated: Templated) -> Iterator[_Written]:
    """The JSON as it is written, unknown values filled in; nothing where it is not JSON even so.

    Where the branches of its conditions are not JSON together, once with those that are there when all of them hold,
    and once with the others.
    """
    text = templated.text
    starts = [0, *(one.end() for one in re.finditer(r"\r\n|\r|\n", text.value))]
    for condition in (None, True, False):
        found = literal(text.value, condition)
        if found is None:
            return
        node, problems = read_json(SourceFile(text.source.path, _filled(found)))
        if node is not None and not problems:
            yield _Written(node, text, starts)
            if condition is None:
                return


def _filled(text: str) -> str:
    """Strings keep their unknown parts; an unknown value by itself becomes a string of as many characters."""
    parts: list[str] = []
    end = 0
    for found in _STRING.finditer(text):
        parts += [_RUN.sub(_quoted, text[end : found.start()]), found[0]]
        end = found.end()
    parts.append(_RUN.sub(_quoted, text[end:]))
    return _TRAILING.sub(" ", "".join(parts))


def _quoted(run: re.Match[str]) -> str:
    length = len(run[0])
    return f'"{FILL * (length - 2)}"' if length > 2 else " " * length
