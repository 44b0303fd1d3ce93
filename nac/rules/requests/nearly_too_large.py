"""NAC513: a request that is close to the size that SuprSend takes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, met_with
from nac.limits import MAX_BYTES
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.payload import Payload
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC513", "nearly-too-large", "warning")
_SHARE = 0.8
_PARTS = 3


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        for sampled in view.samples(trigger):
            largest = max(sampled.payloads, key=lambda one: one.size, default=None)
            if largest is not None and largest.size > _SHARE * MAX_BYTES:
                yield from met_with(sampled.event.name, [_finding(trigger, largest)])


def _finding(trigger: Trigger, payload: Payload) -> Diagnostic:
    from nac.payload import largest_parts

    parts = list(islice(largest_parts(payload.body), _PARTS))
    held = ", ".join(f"`{name[:80]}` {size:,}" for name, size in parts)
    message = f"a request holds {payload.size:,} bytes of the {MAX_BYTES:,} that SuprSend takes"
    return Diagnostic(RULE, message, _label(trigger, payload, parts[0][0]), help=f"the largest parts, in bytes: {held}")


def _label(trigger: Trigger, payload: Payload, name: str) -> Label:
    from nac.payload import PEOPLE

    step = name.split(".")[0].split(" ")[0]
    people = PEOPLE.get(payload.kind, "")
    path = {"attachment": ("attachments",), people: ("recipients",)}.get(step) or tuple(name.split(".")[:2])
    return trigger.at(*path).label(key=True)


CHECK = Check(RULE, find)
