"""NAC420: two triggers that run the same workflow under the same name, or send the same request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC420", "same-trigger-twice", "warning")
_OWN = frozenset({"description", "samples", "event_schema"})
_RUNS = {"workflow": "workflow", "dynamic": "name", "broadcast": "list_id"}


def find(view: View) -> Iterator[Diagnostic]:
    wanted = {one.name for one in view.triggers}
    for name, (first, same) in view.once(twins).items():
        if name not in wanted and first.name not in wanted:
            continue
        trigger = view.project.triggers[name]
        other = first.at(_RUNS[first.model.kind]).label()
        yield Diagnostic(
            RULE,
            f"another trigger runs `{trigger.runs[:80]}` {same}",
            trigger.at(_RUNS[trigger.model.kind]).label(),
            (Label(other.path, other.span, "the first is here"),),
            "delete one of them, or tell them apart",
        )


def twins(view: View) -> Mapping[str, tuple[Trigger, str]]:
    """By its name, a trigger that is there already: the first of them, and what the two have in common."""
    seen: dict[tuple[object, ...], Trigger] = {}
    found: dict[str, tuple[Trigger, str]] = {}
    for name in sorted(view.project.triggers):
        trigger = view.project.triggers[name]
        for sign, words in signs(trigger):
            first = seen.setdefault(sign, trigger)
            if first is not trigger:
                found.setdefault(name, (first, words))
    return found


def signs(trigger: Trigger) -> Iterator[tuple[tuple[str, ...], str]]:
    """What no two triggers should share, each with the words for it."""
    runs, name = (trigger.model.kind, trigger.runs), trigger.name.rsplit("/", 1)[-1]
    request = {key: value for key, value in trigger.written.node.value.items() if key not in _OWN}
    yield (*runs, "name", name), f"and is called `{name[:80]}`"
    yield (*runs, "request", repr(request)), "with the very same request"
    if description := (trigger.model.description or "").strip():
        yield (*runs, "description", description), "with the same description"


CHECK = Check(RULE, find)
