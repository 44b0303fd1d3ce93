"""NAC514: more people than one should trigger a workflow for one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule, met_with
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View

RULE = Rule("NAC514", "many-recipients", "warning")
MOST = 1_000  # Source: the vendor's documentation, which sends larger lists by broadcast
_HELP = f"for more than {MOST:,} keep them in a list on SuprSend, and write `kind: broadcast`"


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        yield from _limits(trigger)
        for sampled in view.samples(trigger):
            count = len(sampled.people) + sampled.more
            if count > MOST:
                message = f"this finds {count:,} people, and one request is sent for each {_unit(trigger)}"
                found = Diagnostic(RULE, message, _selector(trigger).label(key=True), help=_HELP)
                yield from met_with(sampled.event.name, [found])


def _limits(trigger: Trigger) -> Iterator[Diagnostic]:
    """The selectors that say themselves that they mean so many."""
    for index, one in enumerate(getattr(trigger.model, "recipients", ())):
        limit = getattr(one, "limit", None)
        if isinstance(limit, int) and limit > MOST:
            label = trigger.at("recipients", index, "limit").label()
            message = f"this may find {limit:,} people, and one request is sent for each {_unit(trigger)}"
            yield Diagnostic(RULE, message, label, help=_HELP, level="info")


def _unit(trigger: Trigger) -> str:
    return "hundred of them" if getattr(trigger.model, "fan_out", "person") == "batch" else "of them"


def _selector(trigger: Trigger) -> Written:
    """The one selector that finds people; where there are several, all of them."""
    found = [
        trigger.at("recipients", index, "from" if hasattr(one, "from_") else "each")
        for index, one in enumerate(getattr(trigger.model, "recipients", ()))
        if hasattr(one, "from_") or hasattr(one, "each")
    ]
    return found[0] if len(found) == 1 else trigger.at("recipients")


CHECK = Check(RULE, find)
