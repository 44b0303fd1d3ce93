"""Equal changes of many places → one change with the list of its places; and the order that changes are told in."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from nac.diff.changes import (
    CLASSES,
    KINDS,
    Change,
    FieldChanged,
    MessageChange,
    MessageChanged,
    Picture,
    Place,
    RecipientAdded,
    worst,
)
from nac.diff.met import Met
from nac.diff.pictures import alike

_TOLD = ("channel", "path", "code", "message", "via", "sample", "before", "after")
# What may differ between changes that are one.
_VALUES = {"where", "text", "texts", "markup", "also", "channels", "shown"}


def grouped(met: Iterable[Met]) -> list[Change]:
    """One change for all places in which the same is different, in the order they were first met."""
    groups: dict[Hashable, list[Met]] = {}
    for one in met:
        groups.setdefault(_same(one), []).append(one)
    return [_one(group) for group in groups.values()]


def _same(one: Met) -> Hashable:
    """What two changes have in common that are one."""
    change = one.change
    base: tuple[Any, ...] = (type(change), change.trigger, change.cls, change.causes)
    if isinstance(change, MessageChange) and one.same is not None:
        return (*base, change.channel, one.same)
    if isinstance(change, FieldChanged) and one.same is not None:
        return (*base, change.path, one.same)
    return (*base, *(getattr(change, item.name) for item in fields(change) if item.name not in _VALUES))


def _one(group: list[Met]) -> Change:
    first = min(group, key=lambda one: place_key(one.change.where[0]) if one.change.where else ())
    change = first.change
    where = tuple(sorted({place for one in group for place in one.change.where}, key=place_key))
    made = replace(change, where=where)
    if isinstance(made, RecipientAdded):
        added = [one.change for one in group if isinstance(one.change, RecipientAdded)]
        found = {channel for one in added for channel in one.channels}
        made = replace(made, channels=tuple(sorted(found)))
    if isinstance(made, MessageChanged):
        made = replace(made, also=tuple(replace(one, where=()) for one in made.also))
    return replace(made, shown=alike(_pictures(group)))


def _pictures(group: list[Met]) -> Iterator[Picture]:
    """The messages of all of them, in the order of their places."""
    for one in sorted(group, key=lambda one: place_key(one.change.where[0]) if one.change.where else ()):
        for each in one.pictures() if one.pictures else ():
            if isinstance(one.change, MessageChanged):
                yield replace(each, texts=one.change.texts, markup=one.change.markup)
            else:
                yield each


def settled(changes: Iterable[Change], rendered: bool) -> list[Change]:
    """Where messages are rendered, and none of them reads differently, a value that is another is shown nowhere."""
    found = list(changes)
    read = worst(one.cls for one in found if isinstance(one, MessageChange) and one.causes != ("sample",))
    if not rendered or CLASSES.index(read) >= CLASSES.index("content"):
        return found
    reason = "another value is sent, and no message reads differently"
    return [replace(one, cls="cosmetic", reason=reason) if _is_shown(one) else one for one in found]


def _is_shown(change: Change) -> bool:
    """Whether it is a value that only matters as far as a message shows it."""
    if not isinstance(change, FieldChanged) or change.cls != "content" or change.path.startswith("data.$"):
        return False
    return change.path.split(".")[0] in ("data", "actor", "recipient")


def place_key(place: Place) -> tuple[str, ...]:
    return tuple(one or "" for one in place)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The most severe first; then by trigger, by kind, by place."""
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[Any, ...]:
    first = place_key(change.where[0]) if change.where else ()
    texts = tuple(str(getattr(change, name, "")) for name in _TOLD)
    return -CLASSES.index(change.cls), change.trigger, KINDS.index(type(change)), first, texts, change.reason
