"""NAC330: an expression needs what the declared schema lets an event leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check
from nac.rules.flow.unknown_event_field import event_reads, look_up_event

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC330", "optional-event-field", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    for _, written, steps, handled, name, schema in event_reads(view):
        seen = look_up_event(schema, steps)
        if handled or seen is None or seen.gap is not None or not seen.optional:
            continue
        text = written.value
        if isinstance(text, str) and (" if " in text or "{%" in text):
            continue  # whether it is needed then takes an event to know
        shown = ".".join(["event", *steps]).replace(".[]", "[]")
        yield Diagnostic(
            RULE,
            f"the schema lets an event leave out `{shown[:80]}`: such an event could not be sent",
            written.label(name),
            help="write `| default(…)`, or name it under `required` in the schema",
        )


CHECK = Check(RULE, find)
