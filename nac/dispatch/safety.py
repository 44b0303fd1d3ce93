"""What a workspace's limits say of a plan, before its first byte is sent. Pure.

Each limit has a name, and `--force-<name>` sends all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from nac.dispatch.domains import allowing
from nac.dispatch.tally import allows_tenant
from nac.model import QuietHours, Workspace
from nac.plans.manifest import OTHERS, OTHERS_ALLOWED, Manifest

LIMITS: Mapping[str, str] = {
    "max-recipients-per-trigger": "a trigger has more recipients than allowed",
    "max-recipients": "there are more recipients than allowed",
    "max-change": "the recipients differ too much from the last run's",
    "tenants": "it is for tenants that are not allowed",
    "domains": "it goes to e-mail domains that are not allowed",
    "unchecked": "SuprSend alone knows what a limit is about",
    "copies": "copies of e-mails cannot be redirected",
    "quiet-hours": "it is a quiet hour",
}
"""The limits that can be set aside by `--force-<name>`: each with what is then put up with."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit that a plan is over, and how."""

    limit: str
    message: str


def refusals(manifest: Manifest, limits: Workspace, last: Mapping[str, int], now: datetime) -> list[Refusal]:
    """The limits that a plan is over. `last` has the recipients of each trigger's last run, where there was one."""
    found = [*_numbers(manifest, limits), *_changes(manifest, limits, last), *_names_of(manifest, limits)]
    found += [
        Refusal("unchecked", f"{one} (`unchecked: allow` lets that pass)")
        for one in unchecked(manifest, limits)
        if limits.unchecked == "refuse"
    ]
    if manifest.redirected:
        for name, one in manifest.triggers.items():
            if one.copies:
                what = " and ".join(f"`{each}`" for each in one.copies)
                message = (f"{name} is redirected, but the template it runs copies its e-mails to others ({what}), and "
                           "those SuprSend sends by itself: take them out of that workspace's template")  # fmt: skip
                found.append(Refusal("copies", message))
    if limits.quiet_hours is not None and (why := quiet(limits.quiet_hours, now)):
        found.append(Refusal("quiet-hours", why))
    return found


def unchecked(manifest: Manifest, limits: Workspace) -> list[str]:
    """What the limits cannot be held against, because SuprSend alone knows it; nothing of a redirected plan."""
    found = []
    counted = [name for name in ("max_recipients_per_trigger", "max_recipients", "max_change")
               if getattr(limits, name) is not None]  # fmt: skip
    for name, one in manifest.triggers.items():
        if one.kind == "broadcast" and (counted or limits.domains is not None):
            held = ", ".join(counted + (["domains"] if limits.domains is not None else []))
            found.append(f"{name} goes to a list, and SuprSend alone knows who is on it: not checked against {held}")
    if limits.domains is not None and not manifest.redirected:
        if by_id := manifest.by_id:
            who = "recipient is" if by_id == 1 else "recipients are"
            found.append(f"{by_id:,} {who} known to SuprSend only by id: the domain of their e-mail is not checked")
        computed = [name for name, one in manifest.triggers.items() if one.computed_copies]
        found += [f"{name}'s template computes whom it copies e-mails to: that domain is not checked"
                  for name in computed]  # fmt: skip
    return found


def _numbers(manifest: Manifest, limits: Workspace) -> Iterator[Refusal]:
    if (most := limits.max_recipients_per_trigger) is not None:
        for name, one in manifest.triggers.items():
            if one.recipients > most:
                message = f"{name} has {one.recipients:,} recipients, and one trigger may have {most:,}"
                yield Refusal("max-recipients-per-trigger", message)
    if (most := limits.max_recipients) is not None and manifest.recipients > most:
        yield Refusal("max-recipients", f"there are {manifest.recipients:,} recipients, and a run may have {most:,}")


def _changes(manifest: Manifest, limits: Workspace, last: Mapping[str, int]) -> Iterator[Refusal]:
    if limits.max_change is None:
        return
    for name, one in manifest.triggers.items():
        if one.kind == "broadcast" or name not in last:
            continue
        count, before = one.recipients, last[name]
        change = abs(count - before) / before if before else float(count > 0)
        if change > limits.max_change:
            message = (f"{name} has {count:,} recipients, and its last run had {before:,}: that is {change:.0%} apart, "
                       f"and {limits.max_change:.0%} is allowed")  # fmt: skip
            yield Refusal("max-change", message)


def _names_of(manifest: Manifest, limits: Workspace) -> Iterator[Refusal]:
    if limits.tenants is not None:
        allows = allows_tenant(limits.tenants)
        others = [name for name in manifest.tenants if name != OTHERS_ALLOWED and not allows(name)]
        if others:
            shown = _names(others, "no tenant at all, which is SuprSend's `default`")
            yield Refusal("tenants", f"not among the tenants allowed: {shown}")
    if limits.domains is not None:
        allows = allowing(limits.domains)
        others = [name for name in manifest.domains if name != OTHERS_ALLOWED and not allows(name)]
        if others:
            yield Refusal("domains", f"not among the e-mail domains allowed: {_names(others, '')}")


def quiet(hours: QuietHours, now: datetime) -> str | None:
    """Why nothing is to be sent at that time; None where it may be. Hours that end before they begin end on the next
    day; `24:00` is the end of the day."""
    local = now.astimezone(ZoneInfo(hours.timezone)).time()
    begin = time.fromisoformat(hours.from_)
    end = time.max if hours.to == "24:00" else time.fromisoformat(hours.to)
    inside = begin <= local <= end if end is time.max else begin <= local < end
    if end <= begin:
        inside = local >= begin or local < end
    if not inside:
        return None
    return f"it is {local:%H:%M} in {hours.timezone}, and nothing is sent from {hours.from_} to {hours.to}"


def _names(names: list[str], empty: str) -> str:
    shown = [f"`{name}`" if name and name != OTHERS else "others" if name else empty for name in sorted(names)[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
