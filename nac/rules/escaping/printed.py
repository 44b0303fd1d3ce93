"""What the expressions of a text print: every `{{ … }}` with the values that samples give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nac.diagnostics import Edit, Label
from nac.handlebars.usage import EACH, Argument, Call, Constant, Marker, Place, Read, Root, Section, Use
from nac.rules.escaping.contexts import Named, contexts_of
from nac.rules.templated import Templated
from nac.rules.view import View

# Values of one place that are looked at: a list may be long, and a handful shows what it holds.
MAX_VALUES = 200

_OPEN = re.compile(r"\{\{(?P<raw>~?\{|~?&)?~?[ \t\r\n]*\Z")
_CLOSE = re.compile(r"[ \t\r\n]*~?\}\}\}?")
_BEFORE = 40  # characters that are looked through for the braces before an expression

# Helpers that print what they are given, or a part of it: which of their arguments.
_PASSING = {
    "uppercase": 1, "lowercase": 1, "capitalize": 1, "join": 2, "itemAt": 1, "unique": 1, "default": 2, "lookup": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """`{{ … }}` or `{{{ … }}}` (not `escaped`) at `text.value[start:end]`, and what it prints."""

    templated: Templated
    start: int
    end: int
    escaped: bool
    value: Read | Call
    contexts: tuple[Named, ...]

    @property
    def label(self) -> Label:
        text = self.templated.text
        return Label(text.source.path, text.span(self.start, self.end))

    @property
    def written(self) -> str:
        """What stands between the braces."""
        return self.templated.text.value[self.value.span.start : self.value.span.end]

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """The reads whose values are printed, as they are or with other letters."""
        return tuple(_passed(self.value))

    @cached_property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The values of these reads that samples give, each with the sample's name."""
        found: list[tuple[str, Any]] = []
        for named in self.contexts:
            for read in self.reads:
                found += [(named.event, value) for value in values(read.place, named.names)]
            if len(found) > MAX_VALUES:
                break
        return tuple(found[:MAX_VALUES])

    def three_braces(self) -> tuple[Edit, ...]:
        """The edits that make it print what it reads as it is."""
        text = self.templated.text
        opening = "{{~" if text.value.startswith("{{~", self.start) else "{{"
        closing = "~}}" if text.value.endswith("~}}", self.start, self.end) else "}}"
        path = text.source.path
        return (
            Edit(path, text.span(self.start, self.start + len(opening)), opening + "{"),
            Edit(path, text.span(self.end - len(closing), self.end), "}" + closing),
        )


def printed(view: View, templated: Templated) -> Iterator[Printed]:
    """Every expression that prints something, in the order of the text."""
    if "{{" not in templated.text.value or (usage := templated.usage) is None:
        return
    contexts = view.once(contexts_of).of(templated.template)
    text = templated.text.value
    found: list[Read | Call] = [one for one in usage.reads if one.use is Use.PRINT]
    found += [one for one in usage.calls if not one.block]
    told: set[int] = set()
    for one in sorted(found, key=lambda value: value.span.start):
        opened = _OPEN.search(text, max(0, one.span.start - _BEFORE), one.span.start)
        closed = _CLOSE.match(text, one.span.end)
        if opened is None or closed is None or opened.start() in told:
            continue
        told.add(opened.start())
        yield Printed(templated, opened.start(), closed.end(), opened["raw"] is None, one, contexts)


def values(place: Place, names: Mapping[str, Any]) -> list[Any]:
    """The values at a place: several behind an `each`, none where it is not known."""
    if place.root is not Root.DATA:
        return []
    found: list[Any] = [names]
    for step in place.steps:
        found = list(_stepped(found, step))[:MAX_VALUES]
    return [one for value in found for one in (value if isinstance(value, list) else [value])][:MAX_VALUES]


def _stepped(found: Iterable[Any], step: object) -> Iterator[Any]:
    for one in found:
        if step is EACH:
            yield from one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        elif isinstance(step, Section):
            yield from one if isinstance(one, list) else (one,)
        elif isinstance(step, Marker):
            continue  # a number, or true or false
        elif isinstance(one, Mapping) and step in one:
            yield one[step]
        elif isinstance(one, list) and isinstance(step, str) and step.isdecimal() and len(step) < 9:
            yield from one[int(step) : int(step) + 1]


def _passed(value: Argument) -> Iterator[Read]:
    match value:
        case Read():
            yield value
        case Call() if value.name == "t":
            for _, argument in value.named:
                yield from _passed(argument)
        case Call():
            for argument in value.arguments[: _PASSING.get(value.name, 0)]:
                yield from _passed(argument)
        case Constant():
            pass
