"""NAC324: a template reads a property of the recipient or the actor that the trigger does not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule, Severity, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.flow import Flow
    from nac.rules.known.uses import Reading
    from nac.rules.known.worlds import Given, Selector
    from nac.rules.view import View
    from nac.templates.template import Template

RULE = Rule("NAC324", "missing-property")

# What SuprSend itself knows of everybody, given or not.
_ALWAYS = frozenset({"distinct_id", "id", "object_type", "$channels", "$locale", "$preferred_language", "$timezone"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    for template in view.templates:
        every = flow.all_given(template)
        read = frozenset(
            str(one.steps[1])
            for one in flow.uses(template).readings
            if one.steps[:1] == ("$recipient",) and one.steps[1:]
        )
        for reading in flow.uses(template).readings if every else ():
            steps = reading.steps
            if not reading.rendered or len(steps) < 2 or not isinstance(steps[1], str) or steps[1] in _ALWAYS:
                continue
            if reading.guarded and reading.condition is None:
                if steps[0] == "$recipient":
                    yield from _misspelt(reading, every, read)
                continue
            if steps[0] == "$actor":
                found = _of_actor(reading, every)
            elif steps[0] == "$recipient":
                found = _of_recipients(reading, every, flow, template)
            else:
                continue
            if found and not flow.is_told(found.label, template, around=True):
                yield found


def _of_actor(reading: Reading, every: list[Given]) -> Diagnostic | None:
    if reading.condition is not None:
        return None
    name = str(reading.steps[1])
    lacking = [one for one in every if _actor_lacks(one, name)]
    if not lacking:
        return None
    give = lacking[0]
    actor = getattr(give.trigger.model, "actor", None)
    known = list(actor) if isinstance(actor, dict) else []
    label = give.trigger.at("actor").label(key=True) if actor is not None else Label(give.trigger.written.source.path)
    where = "the actor has no such property" if actor is not None else "this trigger has no `actor`"
    level: Severity | None = None if len(lacking) == len(every) else "warning"
    message = f"`{reading.name[:80]}` is not given by `{give.trigger.name}`: {where}"
    near = nearest(name, known)
    help = f"did you mean `$actor.{near}`?" if near else f"give the actor a `{name[:60]}`"
    return Diagnostic(RULE, message, reading.label, (Label(label.path, label.span, where),), help, level=level)


def _actor_lacks(give: Given, name: str) -> bool:
    """Whether it is sure that the actor has no such property; of a mere id, SuprSend may know more."""
    actor: Any = getattr(give.trigger.model, "actor", None)
    if actor is None:
        return True
    if isinstance(actor, dict):
        return name not in actor
    seen = [world.actor for world in give.worlds]
    known = [one for one in seen if isinstance(one, dict) and set(one) > {"distinct_id"}]
    return bool(known) and len(known) == len(seen) and all(name not in one for one in known)


def _of_recipients(reading: Reading, every: list[Given], flow: Flow, template: Template) -> Diagnostic | None:
    name = str(reading.steps[1])
    lacking: list[tuple[Given, Selector, bool]] = []
    maps = unknown = False
    for give in every:
        readers = _readers(reading, give, flow, template)
        for selector in give.selectors:
            if selector.properties is not None and name in selector.properties:
                maps = True
            elif selector.is_known:
                if readers is None or selector.index in readers:
                    lacking.append((give, selector, selector.transient))
            elif selector.properties is None and (dynamic := _dynamic(give, selector, name)) is not None:
                maps = maps or dynamic
                if not dynamic:
                    lacking.append((give, selector, False))
            else:
                unknown = True
    # A condition tells people apart: it need not be about all of them.
    if not lacking or (reading.condition is not None and (maps or unknown)):
        return None
    give, selector, _ = lacking[0]
    known = list(selector.properties or ())
    label = selector.at.label(key=True)
    near = nearest(name, known)
    surely = any(transient for _, _, transient in lacking) or not (maps or unknown)
    level: Severity | None = None if surely and reading.condition is None else "warning"
    places = ", ".join(dict.fromkeys(f"`{one.trigger.name}`" for one, _, _ in lacking[:3]))
    message = f"`{reading.name[:80]}` is not given for everybody: a selector of {places} does not map `{name[:60]}`"
    if reading.condition is not None:
        message = f"this condition never holds: no selector maps `{name[:60]}`"
    help = (
        f"did you mean `$recipient.{near}`?"
        if near
        else f"map `{name[:60]}` there, or write what stands here without it"
    )
    related = tuple(_at(one) for _, one, _ in lacking[:3]) or (label,)
    return Diagnostic(RULE, message, reading.label, related, help, level=level)


def _misspelt(reading: Reading, every: list[Given], read: frozenset[str]) -> Iterator[Diagnostic]:
    """A guarded read that a selector gives nothing, but for a property of nearly that name that nothing reads."""
    name = str(reading.steps[1])
    for give in every:
        for selector in give.selectors:
            if selector.properties is None or name in selector.properties:
                continue
            own = [one for one in selector.properties if one[:1] != "$" and one not in _ALWAYS and one not in read]
            if near := nearest(name, own):
                label = reading.label
                related = (Label(label.path, label.span, "it is read here"),)
                message = f"the template reads `{name[:60]}` of its recipients, and nothing reads `{near[:60]}`"
                at = selector.at.below(near).label(key=True)
                yield Diagnostic(RULE, message, at, related, f"did you mean `{name[:60]}`?", level="warning")


def _at(selector: Selector) -> Label:
    label = selector.at.label(key=True)
    return Label(label.path, label.span, "not mapped here")


def _readers(reading: Reading, give: Given, flow: Flow, template: Template) -> set[int] | None:
    """The selectors whose people read this variant in some sample; None where that is not known."""
    if reading.condition is not None or not give.worlds:
        return None
    reached = flow.reached(give, reading.variant, template)
    seen = {one.selector for world in give.worlds for one in world.people}
    found = {one.selector for _, people in reached for one in people}
    # Those of whom no sample has anybody may read it too.
    return found | {one.index for one in give.selectors if one.index not in seen} if found else None


def _dynamic(give: Given, selector: Selector, name: str) -> bool | None:
    """Whether the people whom an expression made have the property; None where nothing is known of anybody."""
    people = [
        one.recipient for world in give.worlds for one in world.people
        if one.selector == selector.index and isinstance(one.recipient, dict)
    ]  # fmt: skip
    known = [one for one in people if any(key[:1] != "$" and key not in _ALWAYS for key in one)]
    if not known:
        return None
    return all(name in one for one in known)


CHECK = Check(RULE, find)
