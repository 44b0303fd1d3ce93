"""What a workspace's limits say of a plan, before its first byte is sent. Pure.

Each limit has a name, and `--force-<name>` sends all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from nac.dispatch.tally import REST
from nac.model import QuietHours
from nac.plans.manifest import Manifest

LIMITS = ("max-recipients-per-trigger", "max-recipients", "max-change", "tenants", "domains", "quiet-hours")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit that a plan is over, and how."""

    limit: str
    message: str


def refusals(manifest: Manifest, last: int | None, now: datetime) -> list[Refusal]:
    """The limits that a plan is over. `last` counts the recipients of the last run of the same triggers."""
    return list(_refusals(manifest, last, now))


def _refusals(manifest: Manifest, last: int | None, now: datetime) -> Iterator[Refusal]:
    limits = manifest.limits
    if (most := limits.max_recipients_per_trigger) is not None:
        for name, one in manifest.triggers.items():
            if one.recipients > most:
                message = f"{name} has {one.recipients:,} recipients, and one trigger may have {most:,}"
                yield Refusal("max-recipients-per-trigger", message)
    if (most := limits.max_recipients) is not None and manifest.recipients > most:
        yield Refusal("max-recipients", f"there are {manifest.recipients:,} recipients, and a run may have {most:,}")
    if limits.max_change is not None and last:
        change = abs(manifest.recipients - last) / last
        if change > limits.max_change:
            message = (f"there are {manifest.recipients:,} recipients, and the last run had {last:,}: "
                       f"that is {change:.0%} apart, and {limits.max_change:.0%} is allowed")  # fmt: skip
            yield Refusal("max-change", message)
    if limits.tenants is not None:
        others = [name for name in manifest.tenants if name not in limits.tenants]
        if others:
            yield Refusal("tenants", f"not among the tenants allowed: {_names(others, 'no tenant at all')}")
    if limits.domains is not None:
        allowed = {one.lower() for one in limits.domains}
        others = [name for name in manifest.domains if name not in allowed]
        if others:
            yield Refusal("domains", f"not among the e-mail domains allowed: {_names(others, '')}")
    if limits.quiet_hours is not None and (why := quiet(limits.quiet_hours, now)):
        yield Refusal("quiet-hours", why)


def quiet(hours: QuietHours, now: datetime) -> str | None:
    """Why nothing is to be sent at that time; None where it may be. Hours that end before they begin end on the next
    day; those that end when they begin are none."""
    local = now.astimezone(ZoneInfo(hours.timezone)).time()
    begin, end = time.fromisoformat(hours.from_), time.fromisoformat(hours.to)
    inside = begin <= local < end if begin <= end else local >= begin or local < end
    return f"it is {local:%H:%M} in {hours.timezone}: quiet from {hours.from_} to {hours.to}" if inside else None


def _names(names: list[str], empty: str) -> str:
    shown = [f"`{name}`" if name and name != REST else "others" if name else empty for name in sorted(names)[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
