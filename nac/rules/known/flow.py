"""Uses in worlds: which readers see a variant, and what a path leads to for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Label, nearest
from nac.handlebars.usage import EACH, Guard, Marker, Root, Section
from nac.handlebars.values import is_truthy
from nac.project import Trigger
from nac.recipients import Person
from nac.rules.known.uses import Reading, Uses, of_batch, uses_of
from nac.rules.known.values import ANY, MAX_ITEMS, SOME_NUMBER, SOME_TEXT, Seen, Typed, is_mapping, look_up, names_in
from nac.rules.known.worlds import Given, World, given
from nac.source import Span
from nac.templates.template import Template, Variant

if TYPE_CHECKING:
    from nac.rules.view import View

MAX_PEOPLE = 20
"""Recipients of one sample that a variant is chosen for."""

NOBODY = Person({}, "", -1)

# What SuprSend puts beside the data.
OWN: dict[str, Any] = {
    "$recipient": ANY, "$actor": ANY, "$brand": ANY, "$organization": ANY, "$tenant": ANY, "$workflow": ANY,
    "$batched_events": [ANY], "$batched_events_count": SOME_NUMBER,
    "$hosted_preference_url": SOME_TEXT, "$embedded_preference_url": SOME_TEXT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one trigger gives for a path: `given`: something does; `lacks`: the samples that do not, `gap` one of the
    places where it ends; `certain`: that can be seen without any sample; `optional`: the event schema says so.
    `elsewhere`: no sample that reads the variant says anything, and what the others give has no such name for sure."""

    given: bool
    lacks: tuple[str, ...] = ()
    gap: Seen | None = None
    certain: bool = False
    optional: bool = False
    elsewhere: Seen | None = None


class Flow:
    """The facts of one view, each worked out once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._uses: dict[str, Uses] = {}
        self._given: dict[str, Given] = {}
        self._told: dict[str, tuple[Label, ...]] = {}
        self._reached: dict[tuple[str, int, bool], tuple[tuple[World, tuple[Person, ...]], ...]] = {}

    def uses(self, template: Template) -> Uses:
        if template.slug not in self._uses:
            self._uses[template.slug] = uses_of(self.view, template)
        return self._uses[template.slug]

    def given(self, trigger: Trigger) -> Given:
        if trigger.name not in self._given:
            self._given[trigger.name] = given(self.view, trigger)
        return self._given[trigger.name]

    def all_given(self, template: Template) -> list[Given]:
        """What every trigger that uses the template gives."""
        return [self.given(one) for one in self.view.triggers_of(template.slug)]

    def is_told(self, label: Label, template: Template, *, around: bool = False) -> bool:
        """Whether a sample's message is known not to print because of this place; `around`: or of one around it."""
        for trigger in self.view.triggers_of(template.slug):
            for one in self._dropped(trigger):
                if one.path != label.path or one.span is None or label.span is None:
                    continue
                if one.span == label.span or (around and _overlap(one.span, label.span)):
                    return True
        return False

    def _dropped(self, trigger: Trigger) -> tuple[Label, ...]:
        if trigger.name not in self._told:
            self._told[trigger.name] = tuple(
                one.label
                for sampled in self.view.samples(trigger)
                for one in sampled.diagnostics
                if one.rule in (MESSAGE_DROPPED, INVALID_TEMPLATE)
            )
        return self._told[trigger.name]

    def reached(
        self, give: Given, variant: Variant, template: Template, *, asked: bool = False
    ) -> tuple[tuple[World, tuple[Person, ...]], ...]:
        """The samples in which somebody reads this variant, each with who; a broadcast's readers are not known.
        `asked`: those in which its conditions may be asked, whether or not they hold."""
        key = give.trigger.name, id(variant), asked
        if key not in self._reached:
            self._reached[key] = tuple(self._reach(give, variant, template, asked))
        return self._reached[key]

    def _reach(
        self, give: Given, variant: Variant, template: Template, asked: bool
    ) -> Iterator[tuple[World, tuple[Person, ...]]]:
        if template.enabled is not None and variant.channel not in template.enabled:
            return
        chosen = not asked and any(one.conditions or one.tenant for one in template.of(variant.channel))
        broadcast = give.trigger.model.kind == "broadcast"
        for world in give.worlds:
            people = [one for one in world.people[: MAX_PEOPLE * 2] if _gets(one, variant.channel)][:MAX_PEOPLE]
            if broadcast:
                people = [NOBODY]
            if chosen:
                people = [one for one in people if self._chooses(world, one, variant, template)]
            if people:
                yield world, tuple(people)

    def _chooses(self, world: World, person: Person, variant: Variant, template: Template) -> bool:
        from nac.preview.scene import Scene, names_of
        from nac.templates import Context
        from nac.templates.choice import choose

        data = world.data if isinstance(world.data, dict) else {}
        scene = Scene(data, world.actor, world.event.now, tenants=self.view.project.tenants)
        names = Context(names_of(scene, person.recipient, world.tenant), now=world.event.now)
        choice = choose(template, variant.channel, names, tenant=world.tenant, locale=variant.locale)
        return choice.variant is variant

    def verdict(self, reading: Reading, give: Given, template: Template) -> Verdict:
        """What a trigger gives for a path into its data."""
        steps = reading.steps
        lacks: list[str] = []
        gap: Seen | None = None
        found = False
        for world, _ in self.reached(give, reading.variant, template, asked=reading.condition is not None):
            if is_off(reading, world.data):
                continue
            seen = _entered(reading, look_up(_with_own(world.data), steps))
            gaps = [one for one in seen if one.gap is not None]
            found = found or len(gaps) < len(seen)
            if gaps:
                gap = gap or gaps[0]
                lacks.append(world.name)
        if not found:
            found = any(_leads(world.data, steps) for world in give.worlds)
        static = _entered(reading, look_up(_with_own(give.static), steps))
        certain = bool(static) and static[0].gap is not None
        optional = any(one.optional for one in static) and give.schema is not None
        says_nothing = all(one.value is ANY for one in static)
        elsewhere = _sure_gap(reading, give) if says_nothing and not found and gap is None else None
        if not give.worlds or (give.schema is not None and not certain):
            found = found or not certain
        if certain and gap is None and not found:
            gap = static[0]
        return Verdict(found and elsewhere is None, tuple(lacks), gap, certain, optional, elsewhere)


def flow_of(view: View) -> Flow:
    """`view.once(flow_of)`: the flow that all rules share."""
    return Flow(view)


def _with_own(data: Any) -> Any:
    return {**OWN, **data} if isinstance(data, dict) else data


def _leads(data: Any, steps: Sequence[Any]) -> bool:
    return any(one.gap is None for one in look_up(_with_own(data), steps))


def _sure_gap(reading: Reading, give: Given) -> Seen | None:
    """Where a path ends in samples that do not read its variant: at a text, or beside a name much like it."""
    gaps = [
        one
        for world in give.worlds
        if not is_off(reading, world.data)
        for one in _entered(reading, look_up(_with_own(world.data), reading.steps))
        if one.gap is not None
    ]
    for one in gaps:
        if holder_is_wrong(one) or nearest(str(reading.steps[one.gap or 0]), names_in(one.holder)):
            return one
    return None


def is_off(reading: Reading, data: Any) -> bool:
    """Whether the conditions around a read keep it from being reached, or might, with this data."""
    for guard in reading.guards:
        place = guard.place
        if _is_loop_around(guard, reading) or _is_batch(guard):
            continue
        steps = of_batch(place.steps)
        if place.root is not Root.DATA:
            return True
        if not guard.direct or any(step is EACH or isinstance(step, Section) for step in steps):
            return True
        if steps[:1] and isinstance(steps[0], str) and steps[0].startswith("$"):
            return True
        for one in look_up(data, steps):
            known = not isinstance(one.value, Typed) and one.value is not ANY
            if one.gap is None and not known:
                return True
            there = one.gap is None and is_truthy(one.value) and one.value != []
            if there != guard.holds:
                return True
    return False


def _is_loop_around(guard: Guard, reading: Reading) -> bool:
    """Whether a guard is a loop that the path itself goes through: for no item of it there is nothing to look up."""
    steps = of_batch(guard.place.steps)
    return (
        guard.direct
        and guard.holds
        and guard.place.root is Root.DATA
        and reading.steps[: len(steps)] == steps
        and isinstance(next(iter(reading.steps[len(steps) :]), None), Marker)
    )


def _is_batch(guard: Guard) -> bool:
    """Whether it is the loop through what is batched, which is never empty."""
    return guard.holds and guard.place.root is Root.DATA and guard.place.steps == ("$batched_events",)


def _entered(reading: Reading, seen: list[Seen]) -> list[Seen]:
    """Without the paths that end before a loop around the read is entered: that is told of what the loop reads."""
    loops = [len(of_batch(one.place.steps)) for one in reading.guards if _is_loop_around(one, reading)]
    return [one for one in seen if one.gap is None or one.gap >= max(loops)] if loops else seen


def _gets(person: Person, channel: str) -> bool:
    known = person.recipient if isinstance(person.recipient, dict) else {}
    wanted = known.get("$channels")
    if isinstance(wanted, list) and channel not in wanted:
        return False
    if known.get("is_transient") is True:
        return bool(known.get(f"${channel}") or (channel == "inbox" and known.get("distinct_id")))
    return True


def _overlap(one: Span, other: Span) -> bool:
    return (one.line, one.column) <= (other.end_line, other.end_column) and (other.line, other.column) <= (
        one.end_line,
        one.end_column,
    )


def values_of(reading: Reading, give: Given, flow: Flow, template: Template) -> list[tuple[str, Any]]:
    """Every value that a trigger gives for a path, with the sample that it is from ("" for none).

    Where no sample could be filled in: what the files tell. A read that its guards may keep from being reached counts
    all the same: the guards are there for when there is nothing.
    """
    found: list[tuple[str, Any]] = []
    for world, people in flow.reached(give, reading.variant, template, asked=reading.condition is not None):
        for root in _roots(reading, world, people):
            found += [(world.name, one.value) for one in look_up(root, reading.steps) if one.gap is None]
    if not give.worlds:
        found += [("", one.value) for one in look_up(_with_own(give.static), reading.steps) if one.gap is None]
    return found[: MAX_ITEMS * 4]


def _roots(reading: Reading, world: World, people: Sequence[Person]) -> Iterator[Any]:
    data = world.data if isinstance(world.data, dict) else {}
    if reading.steps[:1] == ("$recipient",):
        for person in people:
            if isinstance(person.recipient, dict):
                yield {**OWN, "$recipient": person.recipient, **data}
    else:
        actor = world.actor if isinstance(world.actor, dict) else ANY
        yield {**OWN, "$actor": actor, **data}


def holder_is_wrong(gap: Seen) -> bool:
    """Whether a path ends at a value that has no names in it: a text, a number."""
    return not is_mapping(gap.holder)
