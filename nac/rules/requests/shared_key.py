"""NAC511: different events with one idempotency key: SuprSend skips all but the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.same_trigger import twins
from nac.rules.requests.event_ids import event_ids
from nac.rules.requests.keys import read_paths

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.sampled import Sampled
    from nac.rules.view import View

RULE = Rule("NAC511", "shared-idempotency-key", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    wanted = {one.name for one in view.triggers}
    told = set()
    for trigger in view.triggers:
        if found := _in_samples(view, trigger):
            told.add(trigger.name)
            yield found
    for name, (first, sample) in view.once(_collisions).items():
        if name in told or not wanted & {name, first.name}:
            continue
        trigger = view.project.triggers[name]
        other = first.at("idempotency_key").label()
        which = f", such as with the sample `{sample[:60]}`" if sample else ""
        yield Diagnostic(
            RULE,
            f"`{first.name[:80]}` makes the same keys{which}: of the two, SuprSend sends only the first",
            trigger.at("idempotency_key").label(),
            (Label(other.path, other.span, "the other key"),),
            f"begin it with what it is about: `{trigger.name.rsplit('/', 1)[-1][:60]}-…`",
        )


def _in_samples(view: View, trigger: Trigger) -> Diagnostic | None:
    key = trigger.model.idempotency_key
    if key is None or not is_template(key) or ("now",) in read_paths(key):
        return None  # one that never differs is NAC602; one of a day says that one message a day is enough
    seen: dict[str, list[tuple[int, Sampled]]] = {}
    for index, sampled in enumerate(view.samples(trigger)):
        if sampled.key is None:
            continue
        for before, other in seen.get(sampled.key, []):
            if why := _difference(other, sampled):
                related = tuple(_sample(trigger, one) for one in (before, index))
                return Diagnostic(
                    RULE,
                    f"two events have this key though their {why} differs: SuprSend would send only the first",
                    trigger.at("idempotency_key").label(),
                    related,
                    "add to it what tells the events apart",
                )
        seen.setdefault(sampled.key, []).append((index, sampled))
    return None


def _difference(one: Sampled, other: Sampled) -> str | None:
    """What says that two events are not the same."""
    first, second = event_ids(one.event.data), event_ids(other.event.data)
    for path in sorted(first.keys() & second.keys(), key=lambda path: (len(path), path)):
        if first[path] != second[path]:
            return f"`event.{'.'.join(path)[:80]}`"
    tenants = [(each.fields or {}).get("tenant_id") for each in (one, other)]
    return "`tenant_id`" if None not in tenants and tenants[0] != tenants[1] else None


def _sample(trigger: Trigger, index: int) -> Label:
    label = trigger.at("samples", index, "name").label()
    return Label(label.path, label.span, "with this sample")


def _collisions(view: View) -> dict[str, tuple[Trigger, str]]:
    """By its name, a trigger whose keys are those of an earlier one; with the sample that shows it, if it takes one."""
    same = view.once(twins)
    written: dict[str, Trigger] = {}
    compiled: dict[str, Trigger] = {}
    found: dict[str, tuple[Trigger, str]] = {}
    for name in sorted(view.project.triggers):
        trigger = view.project.triggers[name]
        key = trigger.model.idempotency_key
        if key is None or not is_template(key) or name in same:
            continue
        first = written.setdefault(bare(key), trigger)
        if first is not trigger:
            found[name] = (first, "")
        for sampled in view.samples(trigger):
            other = compiled.setdefault(sampled.key, trigger) if sampled.key else trigger
            if other is not trigger:
                found.setdefault(name, (other, sampled.event.name))
    return found


def bare(key: str) -> str:
    """A key as it is written, without white space: two of the same make the same keys."""
    return re.sub(r"\s+", "", key)


CHECK = Check(RULE, find)
