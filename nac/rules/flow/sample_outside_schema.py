"""NAC332: a sample's event is not one that its declared schema takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Written
    from nac.rules.view import View

RULE = Rule("NAC332", "sample-outside-schema")
MAX_PROBLEMS = 20


def find(view: View) -> Iterator[Diagnostic]:
    from itertools import islice

    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    for trigger in view.triggers:
        if trigger.model.event_schema is None or (schema := flow.given(trigger).schema) is None or schema.at is None:
            continue
        for index, sample in enumerate(trigger.model.samples):
            events = [trigger.at("samples", index, "event")]
            events += [trigger.at("samples", index, "batch", number) for number in range(len(sample.batch))]
            for at in events:
                yield from islice(_held(at, schema.form), MAX_PROBLEMS)


def _held(at: Written, form: Any) -> Iterator[Diagnostic]:
    """What is wrong with a value, by its form."""
    from nac.rules.known.values import KINDS, Typed, kind_of

    value: Any = at.value
    if not isinstance(form, Typed):
        return
    kind = kind_of(value)
    if form.kinds is not None and kind not in form.kinds:
        name = str(at.path[-1])
        wanted = " or ".join(one for one in sorted(form.kinds & KINDS))
        message = f"`{name[:60]}` is {wanted} in the schema of this event, not {kind}"
        yield Diagnostic(RULE, message, at.label())
        return
    if isinstance(value, dict):
        for name in sorted((form.required or frozenset()) - set(value)):
            label = at.label(key=True)
            near = nearest(name, set(value) - set(form.fields))
            help = f"did you mean it by `{near}`?" if near else "the schema requires it"
            message = f"this sample has no `{name[:60]}`, which every event has"
            yield Diagnostic(RULE, message, Label(label.path, label.span), help=help)
        for name in value:
            if name in form.fields:
                yield from _held(at.below(name), form.fields[name])
            elif form.closed:
                near = nearest(name, form.fields)
                help = f"did you mean `{near}`?" if near else "add it to the schema, or take it out"
                message = f"the schema of this event has no `{str(name)[:60]}`"
                yield Diagnostic(RULE, message, at.below(name).label(key=True), help=help, level="warning")
    elif isinstance(value, list):
        for number in range(len(value)):
            yield from _held(at.below(number), form.items)


CHECK = Check(RULE, find)
