"""NAC329: an expression reads what the declared schema of the event does not have, or lets be left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.known.event_schema import EventSchema
    from nac.rules.known.values import Seen
    from nac.rules.view import View

RULE = Rule("NAC329", "unknown-event-field")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.values import names_in

    for trigger, written, steps, _, name, schema in event_reads(view):
        seen = look_up_event(schema, steps)
        if seen is None or seen.gap is None:
            continue
        step = str(steps[seen.gap])
        near = nearest(step, names_in(seen.holder))
        above = ".".join(["event", *steps[: seen.gap]]).replace(".[]", "[]")
        label = written.label(name)
        yield Diagnostic(
            RULE,
            f"`{above[:80]}` has no `{step[:60]}` in the schema of this event",
            label,
            (_declared(schema, trigger),),
            f"did you mean `{near}`?" if near else "add it to the schema, if the application does send it",
        )


def event_reads(
    view: View,
) -> Iterator[tuple[Trigger, Written, tuple[str, ...], bool, str, EventSchema]]:
    """Every path into the event that an expression of a trigger with a schema reads, with its place and its words."""
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    for trigger in view.triggers:
        if trigger.model.event_schema is None:
            continue
        schema = flow.given(trigger).schema
        if schema is None or schema.at is None:
            continue
        for key in trigger.written.node.value:
            if key not in ("samples", "event_schema", "recipients", "description", "kind"):
                yield from _below(trigger, trigger.at(key), {}, schema)
        for index, selector in enumerate(getattr(trigger.model, "recipients", ())):
            at = trigger.at("recipients", index)
            names: dict[str, tuple[str, ...]] = {}
            if (each := getattr(selector, "each", None)) is not None:
                from nac.rules.known.expressions import EACH_ITEM, lone_path

                path = lone_path(each)
                if path and path[0] == "event":
                    names[selector.as_] = (*path[1:], EACH_ITEM)
            yield from _below(trigger, at, names, schema)


def _below(
    trigger: Trigger, at: Written, names: dict[str, tuple[str, ...]], schema: EventSchema
) -> Iterator[tuple[Trigger, Written, tuple[str, ...], bool, str, EventSchema]]:
    from nac.expressions import templates
    from nac.rules.known.expressions import reads

    for path, text in templates(at.value):
        told: set[tuple[str, ...]] = set()
        for one in reads(text):
            root, *rest = one.steps
            above = () if root == "event" else names.get(root)
            if above is None or not (steps := (*above, *rest)) or steps in told:
                continue
            told.add(steps)
            yield trigger, at.below(*path), steps, one.handled, one.written, schema


def look_up_event(schema: EventSchema, steps: tuple[str, ...]) -> Seen | None:
    """What the schema says of a path; None where it says nothing."""
    from nac.handlebars.usage import EACH
    from nac.rules.known.expressions import EACH_ITEM
    from nac.rules.known.values import is_mapping, look_up

    path: list[Any] = [EACH if one == EACH_ITEM else one for one in steps]
    found = look_up(schema.form, path)
    if not found or (found[0].gap is not None and not is_mapping(found[0].holder)):
        return None
    return found[0]


def _declared(schema: EventSchema, trigger: Trigger) -> Label:
    label = trigger.at("event_schema").label(key=True)
    if schema.at is not None and schema.at.source.path != label.path:
        label = schema.at.below("properties").label(key=True)
    return Label(label.path, label.span, "the schema")


CHECK = Check(RULE, find)
