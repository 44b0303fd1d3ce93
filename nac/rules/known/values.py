"""Values that may be known in part, and what a path leads to in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nac.handlebars.usage import EACH, KEY, Marker, Section, Step

MAX_ITEMS = 50
"""Items of one list, and values of one path, that are looked at."""

TEXT, NUMBER, BOOL, NULL, LIST, MAPPING = "text", "a number", "true or false", "null", "a list", "a mapping"
KINDS = frozenset({TEXT, NUMBER, BOOL, NULL, LIST, MAPPING})


class _Any:
    """Nothing is known."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = _Any()


@dataclass(frozen=True)
class Typed:
    """A value of which only the form is known. `kinds` None: any. `fields` are those of a mapping, `required` those of
    them that are always there; `closed`: it has no others. `items` is what a list holds."""

    kinds: frozenset[str] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] | None = None
    closed: bool = False
    items: Any = ANY


SOME_TEXT: Final = Typed(frozenset({TEXT}))
SOME_NUMBER: Final = Typed(frozenset({NUMBER}))


@dataclass(frozen=True, slots=True)
class Seen:
    """One value that a path leads to; `gap` is the index of the step that leads nowhere, `holder` where it was looked
    up. `optional`: its schema lets it be left out."""

    value: Any = ANY
    gap: int | None = None
    holder: Any = None
    optional: bool = False


def kinds_of(value: Any) -> frozenset[str] | None:
    """What a value may be; None where that is not known."""
    if isinstance(value, Typed):
        return value.kinds
    if value is ANY:
        return None
    return frozenset({kind_of(value)})


def kind_of(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, str):
        return TEXT
    return LIST if isinstance(value, list | tuple) else MAPPING


def look_up(root: Any, steps: Sequence[Step]) -> list[Seen]:
    """Everything that a path of a template leads to: one value, or one for each turn of the loops on the way.

    None at all: a loop or section on the way is not entered.
    """
    found = [Seen(root)]
    for index, step in enumerate(steps):
        following: list[Seen] = []
        for one in found:
            if one.gap is not None:
                following.append(one)
            else:
                following.extend(_step(root, one, step, index))
        found = following[:MAX_ITEMS]
    return found


def _step(root: Any, at: Seen, step: Step, index: int) -> Iterator[Seen]:
    value = at.value
    if isinstance(step, str):
        yield _property(at, step, index)
    elif step is EACH:
        for one in _items(value):
            yield Seen(one, optional=at.optional)
    elif isinstance(step, Section):
        if value is True:
            yield from look_up(root, step.around.steps)
        elif isinstance(value, list):
            yield from (Seen(one) for one in value[:MAX_ITEMS])
        elif value is not None and value is not False:
            yield Seen(_items_or_self(value))
    elif isinstance(step, Marker):
        yield Seen(ANY if step is KEY else SOME_NUMBER if step is Marker.INDEX else True)


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value[:MAX_ITEMS]
    elif isinstance(value, dict):
        yield from list(value.values())[:MAX_ITEMS]
    elif isinstance(value, Typed):
        if value.kinds is None or LIST in value.kinds:
            yield value.items
        elif MAPPING in value.kinds:
            yield from value.fields.values()
    elif value is ANY:
        yield ANY


def _items_or_self(value: Any) -> Any:
    return ANY if isinstance(value, Typed) else value


def _property(at: Seen, name: str, index: int) -> Seen:
    value = at.value
    if value is ANY:
        return at
    if isinstance(value, dict) and name in value:
        return Seen(value[name], optional=at.optional)
    if isinstance(value, list):
        if name.isdigit() and int(name) < len(value):
            return Seen(value[int(name)], optional=at.optional)
        if name.isdigit():
            return Seen(ANY, optional=True)
    if isinstance(value, list | str) and name == "length":
        return Seen(SOME_NUMBER)
    if isinstance(value, Typed):
        return _typed_property(at, value, name, index)
    return Seen(gap=index, holder=value)


def _typed_property(at: Seen, value: Typed, name: str, index: int) -> Seen:
    kinds = KINDS if value.kinds is None else value.kinds
    if name in value.fields:
        optional = value.required is not None and name not in value.required
        return Seen(value.fields[name], optional=at.optional or optional)
    if MAPPING in kinds and not (value.closed and kinds <= {MAPPING, NULL}):
        return Seen(ANY, optional=at.optional)
    if LIST in kinds and name.isdigit():
        return Seen(value.items, optional=True)
    if kinds & {LIST, TEXT} and name == "length":
        return Seen(SOME_NUMBER)
    return Seen(gap=index, holder=value)


def names_in(holder: Any) -> list[str]:
    """The names that a mapping has."""
    if isinstance(holder, dict):
        return list(holder)
    return list(holder.fields) if isinstance(holder, Typed) else []


def is_mapping(holder: Any) -> bool:
    """Whether a name could be in it."""
    if holder is None:
        return True  # a mapping that is not there this time
    kinds = kinds_of(holder)
    return kinds is None or bool(kinds & {MAPPING, NULL})
