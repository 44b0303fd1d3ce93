"""Records → calls: as many records in one call as the service takes. Pure.

```
payloads → records (each with its idempotency key) → batches within the limits
```
A record without an idempotency key gets one here: only what has a key can be sent again after a connection that broke.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring

from nac.limits import MAX_BYTES, MAX_RECORDS, RECORD_OVERHEAD, Kind
from nac.payload import Payload

_BETWEEN = 2  # bytes of ", " between two records; the first pays for the brackets
_OPEN = 16  # calls that are filled side by side: 13 MB at most
ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Record:
    """One request as it is sent. `body` is its exact UTF-8 JSON, which holds its idempotency key; `recipients` counts
    the people in it (0 for a broadcast, whose list the service alone knows); `made_key`: the key is nac's own."""

    kind: Kind
    trigger: str
    body: bytes
    recipients: int = 0
    made_key: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one trigger that stand together in a batch."""

    trigger: str
    records: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One call: up to 100 records of one kind, up to 800 KB. A broadcast goes alone. `number` counts from 1."""

    number: int
    kind: Kind
    records: tuple[bytes, ...]
    parts: tuple[Part, ...] = ()

    @property
    def recipients(self) -> int:
        return sum(part.recipients for part in self.parts)


def record(payload: Payload, seed: str, index: int) -> Record:
    """A payload as a record. Where it has no idempotency key, it gets one that follows from `seed`, which names the
    plan's sources, from its place among the plan's records and from its own bytes: the same plan made again has the
    same keys, and two records never share one."""
    body, made = payload.encoded, False
    if payload.key is None:
        key = f"nac-{sha256(f'{seed} {index} '.encode() + body).hexdigest()[:32]}"
        body, made = b'%s, "$idempotency_key": %s}' % (body[:-1], encode_basestring(key).encode()), True
    return Record(payload.kind, payload.trigger, body, len(payload.people), made)


def record_id(body: bytes) -> str:
    """The name of a record in reports and journals: a digest of its idempotency key (without one, of the record). It
    is the same in every plan and says nothing of who is in it."""
    parsed = json.loads(body)
    key = parsed.get("$idempotency_key")
    text = key.strip(" ").encode("utf-8", "surrogatepass") if isinstance(key, str) else body
    return sha256(text).hexdigest()[:ID_DIGITS]


def plan(records: Iterable[Record]) -> Iterator[Batch]:
    """The calls that take these records, each filled as far as the limits allow, kinds never mixed.

    A record goes into the fullest of a few calls that it fits into, so that large ones leave little room unused; small
    ones keep their order. The same records give the same calls.
    """
    number = 0
    making: list[_Making] = []
    for one in records:
        needed = len(one.body) + RECORD_OVERHEAD + _BETWEEN
        if making and making[0].kind != one.kind:
            for each in making:
                yield each.batch(number := number + 1)
            making = []
        fits = [each for each in making if each.size + needed <= MAX_BYTES]
        if fits:
            chosen = max(fits, key=lambda each: each.size) if len(fits) > 1 else fits[0]
        else:
            if len(making) == _OPEN:
                fullest = max(making, key=lambda each: each.size)
                making.remove(fullest)
                yield fullest.batch(number := number + 1)
            chosen = _Making(one.kind)
            making.append(chosen)
        chosen.add(one, needed)
        if len(chosen.bodies) == (1 if one.kind == "broadcast" else MAX_RECORDS):
            making.remove(chosen)
            yield chosen.batch(number := number + 1)
    for each in making:
        yield each.batch(number := number + 1)


@dataclass(slots=True)
class _Making:
    kind: Kind
    bodies: list[bytes] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    trigger: str = ""
    size: int = 0
    records: int = 0  # of the part that is being filled
    recipients: int = 0

    def add(self, one: Record, needed: int) -> None:
        if one.trigger != self.trigger:
            self._close()
            self.trigger = one.trigger
        self.bodies.append(one.body)
        self.size += needed
        self.records += 1
        self.recipients += one.recipients

    def batch(self, number: int) -> Batch:
        self._close()
        return Batch(number, self.kind, tuple(self.bodies), tuple(self.parts))

    def _close(self) -> None:
        if self.records:
            self.parts.append(Part(self.trigger, self.records, self.recipients))
        self.records = self.recipients = 0
