"""A template → every path that its variants read, and every call of `t`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Label
from nac.handlebars.source import Span as Place
from nac.handlebars.usage import Argument, Call, Constant, Guard, PartialCall, Read, Root, Section, Step, Use
from nac.rules.known.jsonnet import read_jsonnet
from nac.rules.templated import Templated
from nac.source import Span
from nac.templates.conditions import NEGATED
from nac.templates.template import Condition, Template, Variant

if TYPE_CHECKING:
    from nac.rules.view import View

# What is asked for, rather than printed: with nothing in it these do as they should.
_ASKS = frozenset({"and", "or", "if", "unless"})
_NOT_WHOLE = frozenset({Use.TEST, Use.LOOP, Use.ENTER, Use.SECTION, Use.LOOKUP})


@dataclass(frozen=True)
class Reading:
    """A path that a variant reads. `steps` are from the data on (`$recipient`, `$actor` … are names in it).

    `call` is the helper that is given the value, `position` as which argument. `condition`: it is one of the variant's.
    `whole`: all of the value is used, not a name in it alone. `rendered`: the text is one that its channel prints.
    """

    variant: Variant
    steps: tuple[Step, ...]
    written: str
    guarded: bool
    whole: bool
    use: Use | None = None
    guards: tuple[Guard, ...] = ()
    call: Call | None = None
    position: int = 0
    condition: Condition | None = None
    rendered: bool = True
    text: Templated | None = None
    place: Place | tuple[int, int] | None = None

    @property
    def label(self) -> Label:
        if self.condition is not None:
            return condition_label(self.variant, self.condition)
        assert self.text is not None
        if isinstance(self.place, tuple):
            return Label(self.text.text.source.path, self.text.text.span(*self.place))
        return self.text.label(self.place)

    @property
    def name(self) -> str:
        return self.written if self.written not in ("", ".") else "this"


@dataclass(frozen=True)
class Asking:
    """A call of `t`: its key (None: not known), whether that is how keys begin, and the names it gives values for
    (None: not known)."""

    variant: Variant
    key: str | None
    prefix: bool
    given: frozenset[str] | None
    text: Templated
    place: Place | tuple[int, int]
    count: Argument | None = None
    rendered: bool = True

    @property
    def label(self) -> Label:
        if isinstance(self.place, tuple):
            return Label(self.text.text.source.path, self.text.text.span(*self.place))
        return self.text.label(self.place)


@dataclass(frozen=True)
class Uses:
    """What a template uses. `opaque`: a part of it could not be read, so that it may use anything."""

    template: Template
    readings: tuple[Reading, ...]
    asked: tuple[Asking, ...]
    opaque: bool


@dataclass
class _Found:
    readings: list[Reading] = field(default_factory=list)
    asked: list[Asking] = field(default_factory=list)
    opaque: bool = False


def uses_of(view: View, template: Template) -> Uses:
    from nac.preview import templated

    found = _Found()
    printed = {id(one): frozenset(path for path, _ in templated(one)) for one in template.variants}
    for text in view.texts(template):
        variant = text.variant
        rendered = text.path in printed[id(variant)] and (
            template.enabled is None or variant.channel in template.enabled
        )
        if text.text.source.path.endswith((".jsonnet", ".libsonnet")):
            _jsonnet(text, rendered, found)
        elif "{{" in text.text.value:
            _handlebars(text, rendered, found)
    for variant in template.variants:
        found.readings.extend(_conditions(variant))
    return Uses(template, tuple(found.readings), tuple(found.asked), found.opaque)


def _handlebars(text: Templated, rendered: bool, found: _Found) -> None:
    usage = text.usage
    if usage is None:
        found.opaque = found.opaque or rendered
        return
    owners: dict[int, tuple[Call, int]] = {}
    for call in usage.calls:
        for position, argument in enumerate(call.arguments):
            if isinstance(argument, Read):
                owners[id(argument)] = call, position
        if call.name == "t":
            found.asked.append(_asking(text, call, rendered))
    for partial in usage.partials:
        found.opaque = found.opaque or not (partial.found or partial.block)
    looked_up = {id(call.arguments[0]) for call in usage.calls if _is_lookup(call)}
    for read in usage.reads:
        steps = _steps(read)
        if steps is None:
            continue
        owner = owners.get(id(read))
        helper, position = owner if owner else (None, 0)
        asks = helper is not None and helper.name in _ASKS
        whole = read.use not in _NOT_WHOLE and id(read) not in looked_up and not asks
        found.readings.append(
            Reading(
                text.variant, steps, read.written, read.guarded or asks, whole, read.use, read.guards, helper, position,
                rendered=rendered, text=text, place=read.span,
            )
        )  # fmt: skip
    for one in usage.partials:
        _context(text, one, rendered, found)


def _context(text: Templated, partial: PartialCall, rendered: bool, found: _Found) -> None:
    """A partial that was not found sees all of its context."""
    if partial.context.root is Root.DATA and not partial.found:
        steps = tuple(partial.context.steps)
        found.readings.append(
            Reading(text.variant, steps, "", True, True, rendered=rendered, text=text, place=partial.span)
        )


def _is_lookup(call: Call) -> bool:
    return (
        call.name == "lookup"
        and len(call.arguments) == 2
        and isinstance(call.arguments[1], Constant)
        and isinstance(call.arguments[1].value, str | float)
    )


def _steps(read: Read) -> tuple[Step, ...] | None:
    """The steps from the data on; None for what no trigger gives."""
    return of_batch(read.place.steps) if read.place.root is Root.DATA else None


def of_batch(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps from the data on, for a path through `$batched_events` too: those are the data of events like this."""
    if len(steps) >= 2 and steps[0] == "$batched_events" and not isinstance(steps[1], Section):
        steps = steps[2:] if not isinstance(steps[1], str) or steps[1].isdigit() else steps
    return steps


def _asking(text: Templated, call: Call, rendered: bool) -> Asking:
    first = call.arguments[0] if call.arguments else None
    key = first.value if isinstance(first, Constant) and isinstance(first.value, str) else None
    place = first.span if isinstance(first, Constant) else call.span
    count = dict(call.named).get("count")
    return Asking(text.variant, key, False, frozenset(name for name, _ in call.named), text, place, count, rendered)


def _jsonnet(text: Templated, rendered: bool, found: _Found) -> None:
    read = read_jsonnet(text.text.value)
    for one in read.reads:
        found.readings.append(
            Reading(
                text.variant, one.steps, ".".join(("data", *one.steps)), read.asks_first or not one.steps, True,
                rendered=rendered, text=text, place=(one.start, one.end),
            )
        )  # fmt: skip
    for asked in read.asked:
        found.asked.append(
            Asking(text.variant, asked.key, asked.prefix, None, text, (asked.start, asked.end), rendered=rendered)
        )


def _conditions(variant: Variant) -> Iterator[Reading]:
    for one in variant.conditions:
        steps = (
            *([one.namespace] if one.namespace else []),
            *one.variable.replace("[", ".").replace("]", "").split("."),
        )
        positive = NEGATED.get(one.operator, one.operator)
        guarded = positive == "EMPTY" or one.operator in NEGATED
        yield Reading(variant, steps, str(one).split(" ")[0], guarded, True, condition=one)


def condition_label(variant: Variant, condition: Condition) -> Label:
    """Where the variable of a condition is written."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [(("conditions",), variant.written.below("conditions").value)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            if value.get("variable") == condition.variable and (value.get("variable_ns") or "") == condition.namespace:
                return variant.written.below(*path, "variable").label()
            stack += [((*path, key), one) for key, one in value.items()]
        elif isinstance(value, list):
            stack += [((*path, index), one) for index, one in enumerate(value)]
    label = variant.written.below("conditions").label(key=True)
    return Label(label.path, label.span or Span(1, 1, 1, 1))
