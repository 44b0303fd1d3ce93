"""NAC327: one property of people is text in one trigger and something else in others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Written
    from nac.rules.known.worlds import Given
    from nac.rules.view import View

RULE = Rule("NAC327", "property-of-two-kinds", "warning")


@dataclass(frozen=True)
class _Place:
    """Where a property is mapped, and the kind of its value."""

    at: Written
    kind: str


def find(view: View) -> Iterator[Diagnostic]:
    if not view.is_whole:
        return  # a profile has one property of a name, whichever trigger writes it: that takes all of them
    for name, places in view.once(_places).items():
        counts = Counter(one.kind for one in places.values())
        if len(counts) < 2:
            continue
        (usual, most), (_, next_most), *_ = counts.most_common(2)
        if most == next_most or most < 2:
            continue
        others = [one for one in places.values() if one.kind == usual]
        for one in places.values():
            if one.kind != usual:
                label = others[0].at.label(key=True)
                yield Diagnostic(
                    RULE,
                    f"`{name[:80]}` is {one.kind} here, and {usual} in {most} other places, of the same profiles",
                    one.at.label(key=True),
                    (Label(label.path, label.span, f"{usual} here"),),
                )


def _places(view: View) -> dict[str, dict[tuple[str, Any], _Place]]:
    from nac.rules.known.flow import flow_of

    found: dict[str, dict[tuple[str, Any], _Place]] = {}
    for name in sorted(view.project.triggers):
        give = view.once(flow_of).given(view.project.triggers[name])
        for at, key, kind in properties(give):
            place = at.label(key=True)
            found.setdefault(key, {}).setdefault((place.path, place.span), _Place(at, kind))
    return found


def properties(give: Given) -> Iterator[tuple[Written, str, str]]:
    """The properties of people that a trigger maps: where, its name, and the kind of its values in the samples."""
    actor: Any = getattr(give.trigger.model, "actor", None)
    if isinstance(actor, dict):
        for key in actor:
            values = [world.actor.get(key) for world in give.worlds if isinstance(world.actor, dict)]
            yield from _of(give.trigger.at("actor", key), key, values)
    for selector in give.selectors:
        if selector.properties is None or "object_type" in selector.properties:
            continue
        people = [
            one.recipient
            for world in give.worlds
            for one in world.people
            if one.selector == selector.index and isinstance(one.recipient, dict)
        ]
        for key in selector.properties:
            yield from _of(selector.at.below(key), key, [one.get(key) for one in people])


def _of(at: Written, key: str, values: list[Any]) -> Iterator[tuple[Written, str, str]]:
    from nac.rules.known.values import kind_of

    kinds = {kind_of(one) for one in values if one is not None}
    if len(kinds) == 1 and not key.startswith("$") and key not in ("distinct_id", "is_transient"):
        yield at, key, kinds.pop()


CHECK = Check(RULE, find)
