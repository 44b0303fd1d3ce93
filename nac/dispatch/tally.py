"""What a plan holds, counted while it is made: by trigger, tenant, and domain of e-mail addresses. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nac.limits import Kind
from nac.payload import Payload
from nac.plan import Record
from nac.plans.manifest import TriggerCount

MANY = 1_000  # tenants or domains that are counted by name
REST = "…"  # the name that all others are counted by


class Tally:
    """Counts payloads and the records they become."""

    def __init__(self) -> None:
        self.tenants: Counter[str] = Counter()
        self.domains: Counter[str] = Counter()
        self._kinds: dict[str, Kind] = {}
        self._counts: dict[str, list[int]] = {}

    def add(self, payload: Payload, record: Record) -> None:
        counts = self._counts.setdefault(payload.trigger, [0, 0, 0, 0])
        self._kinds[payload.trigger] = payload.kind
        counts[0] += 1
        counts[1] += record.recipients
        counts[2] += len(record.body)
        counts[3] += record.made_key
        fields = payload.envelope.fields
        _count(self.tenants, str(fields.get("tenant_id") or fields.get("brand_id") or ""))
        for domain in _domains(payload):
            _count(self.domains, domain)

    @property
    def triggers(self) -> dict[str, TriggerCount]:
        return {
            name: TriggerCount(kind=self._kinds[name], records=counts[0], recipients=counts[1], bytes=counts[2],
                               keyless=counts[3])
            for name, counts in self._counts.items()
        }  # fmt: skip


def _count(counter: Counter[str], name: str) -> None:
    if name in counter or len(counter) < MANY:
        counter[name] += 1
    else:
        counter[REST] += 1


def _domains(payload: Payload) -> Iterator[str]:
    for person in payload.people:
        if isinstance(person, dict) and (addresses := person.get("$email")):
            for one in addresses if isinstance(addresses, list) else (addresses,):
                text = one if isinstance(one, str) else one.get("value", "") if isinstance(one, dict) else ""
                if "@" in text:
                    yield text.rpartition("@")[2].lower()
