"""What a plan holds, counted while it is made: by trigger, tenant, and domain of e-mail addresses. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from nac.dispatch.copies import Copies
from nac.dispatch.domains import allowing, domains_of, is_known_by_id_only
from nac.limits import Kind
from nac.model import Workspace
from nac.payload import Envelope, Payload
from nac.plan import Record
from nac.plans.manifest import OTHERS, OTHERS_ALLOWED, TriggerCount

MANY = 1_000  # tenants or domains that are counted by name


@dataclass(slots=True)
class _Count:
    kind: Kind
    records: int = 0
    recipients: int = 0
    bytes: int = 0
    keyless: int = 0
    by_id: int = 0
    copies: Copies = field(default_factory=Copies)


class Tally:
    """Counts payloads and the records they become. `limits`: where there are more than MANY names, what these allow is
    still told from the rest."""

    def __init__(self, limits: Workspace) -> None:
        self._tenants, self._domains = Counter[str](), Counter[str]()
        self._allows_tenant = allows_tenant(limits.tenants)
        self._allows_domain = allowing(limits.domains or ())
        self._counts: dict[str, _Count] = {}
        self._envelope: Envelope | None = None
        self._names: set[str] = set()  # the tenants of that envelope

    def add(self, payload: Payload, record: Record) -> None:
        count = self._counts.get(payload.trigger)
        if count is None:
            count = self._counts[payload.trigger] = _Count(payload.kind)
        count.records += 1
        count.recipients += record.recipients
        count.bytes += len(record.body)
        count.keyless += record.made_key
        fields = payload.envelope.fields
        if payload.envelope is not self._envelope:
            self._envelope, fields = payload.envelope, payload.envelope.fields
            tenant, brand = fields.get("tenant_id"), fields.get("brand_id")
            self._names = {str(tenant or brand or ""), str(brand or tenant or "")}
        for name in self._names:
            _add(self._tenants, name, self._allows_tenant)
        for person in payload.people:
            if is_known_by_id_only(person):
                count.by_id += 1
            for domain in domains_of(person):
                _add(self._domains, domain, self._allows_domain)

    def add_copies(self, trigger: str, copies: Copies) -> None:
        """What each of a trigger's e-mails is copied to."""
        if trigger in self._counts:
            self._counts[trigger].copies = copies
            for domain in copies.domains:
                _add(self._domains, domain, self._allows_domain, self._counts[trigger].records)

    @property
    def triggers(self) -> dict[str, TriggerCount]:
        return {
            name: TriggerCount(kind=one.kind, records=one.records, recipients=one.recipients, bytes=one.bytes,
                               keyless=one.keyless, by_id=one.by_id, copies=list(one.copies.fields),
                               computed_copies=one.copies.computed)
            for name, one in self._counts.items()
        }  # fmt: skip

    @property
    def tenants(self) -> dict[str, int]:
        return dict(sorted(self._tenants.items()))

    @property
    def domains(self) -> dict[str, int]:
        return dict(sorted(self._domains.items()))


def allows_tenant(allowed: list[str] | None) -> Callable[[str], bool]:
    """Whether a tenant's id is among the allowed; a request without one is for SuprSend's `default` tenant."""
    names = frozenset(allowed or ())
    return lambda tenant: (tenant or "default") in names


def _add(counter: Counter[str], name: str, allows: Callable[[str], bool], count: int = 1) -> None:
    if len(counter) >= MANY and name not in counter:
        name = OTHERS_ALLOWED if allows(name) else OTHERS
    counter[name] += count
