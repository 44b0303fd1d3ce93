"""What the sandbox received, within bounds; which idempotency keys it saw; who would have been notified."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Literal

from nac.dispatch.outcomes import Accepted, Rejected
from nac.limits import Kind

IDEMPOTENT_FOR = timedelta(hours=24)
KEYS = 2_000_000  # idempotency keys remembered, the newest
BYTES = 64 * 1024 * 1024  # of bodies kept, the newest


@dataclass(frozen=True, slots=True)
class Received:
    """One record as the sandbox received it, or one call that it refused before looking at its records."""

    id: int  # 1, 2, 3, …
    call: int  # the records of one bulk call share it
    time: datetime
    path: str
    kind: Kind | None  # None: no such address
    auth: Literal["bearer", "hmac"] | None  # None: nobody it knows
    outcome: Accepted | Rejected
    duplicate: bool  # accepted, but its idempotency key had been: not delivered again
    duplicate_of: int | None  # the id of the record that was accepted under the key first
    _text: bytes  # the body of its call; empty where that was refused
    _place: int  # in its call, from 0

    @property
    def parsed(self) -> object:
        """The record, not to be changed; None where the call was refused."""
        return _parsed(self._text)[self._place] if self._text else None

    @property
    def json(self) -> str:
        """The record as compact ASCII JSON; `null` where the call was refused."""
        return json.dumps(self.parsed, separators=(",", ":"))

    @property
    def body(self) -> object:
        """The record, made anew each time."""
        body: object = json.loads(self.json)
        return body

    def as_dict(self) -> dict[str, object]:
        """The record and its story as JSON values: what `GET /requests` shows."""
        match self.outcome:
            case Accepted(message_id):
                outcome: dict[str, object] = {"status": "accepted", "message_id": message_id}
            case Rejected(status, message):
                outcome = {"status": "rejected", "status_code": status, "message": message}
        return {
            "id": self.id,
            "call": self.call,
            "time": self.time.astimezone(UTC).isoformat(),
            "path": self.path,
            "kind": self.kind,
            "auth": self.auth,
            "body": self.body,
            "outcome": outcome,
            "duplicate": self.duplicate,
            **({"duplicate_of": self.duplicate_of} if self.duplicate else {}),
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient who would have been notified, by the record with this id.

    `recipient` is a distinct_id; or `{object_type, id}`; or, for a transient user, the user as sent; or, for
    a broadcast, `{list_id}`, as only the service knows who is on the list.
    """

    recipient: object
    record: int


@dataclass(frozen=True, slots=True)
class Call:
    """What the records of one call share."""

    time: datetime
    path: str
    kind: Kind | None
    auth: Literal["bearer", "hmac"] | None
    text: bytes = b""  # its body; empty where it was refused


@dataclass(frozen=True, slots=True)
class Count:
    """Records since the start, or since everything was forgotten, whether they are still kept or not.

    `rejected` counts a call that was refused as a whole once, as nobody looked at its records.

    `delivered` are those accepted of which nobody had been told yet; `duplicates` were accepted under an idempotency
    key that had been, and so delivered to nobody; `keyless` are those among the delivered that had no key.
    """

    calls: int = 0
    accepted: int = 0
    delivered: int = 0
    duplicates: int = 0
    keyless: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """A call as it is kept: its text, which takes a fraction of the room of what it says, and costs nothing to keep."""

    call: Call
    number: int
    first: int  # the id of its first record
    told: tuple[tuple[Rejected | None, int | None], ...]  # a record's rejection, and which one it repeats

    @property
    def records(self) -> Iterator[Received]:
        return map(self.record, range(len(self.told)))

    def record(self, place: int) -> Received:
        call, number = self.call, self.first + place
        rejected, repeated = self.told[place]
        return Received(number, self.number, call.time, call.path, call.kind, call.auth, rejected or accepted(number),
                        repeated is not None, repeated, call.text, place)  # fmt: skip


class Kept:
    """The newest `keep` records received, and 64 MiB of calls at most, or one. Safe to share between threads."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._lock = Lock()
        self._cleared = -1
        self.clear()

    def clear(self) -> None:
        """Forget everything, idempotency keys too, and count from 1 again."""
        with self._lock:
            self._cleared += 1
            self._entries: deque[_Entry] = deque()
            self._kept = self._bytes = 0  # of the entries: records, and bytes
            self._keys: dict[str, tuple[datetime, int]] = {}  # when it was accepted, and in which record
            self._calls = 0
            self._records = 0
            self._delivered = self._duplicates = self._keyless = self._rejected = 0

    def count(self) -> Count:
        """How many there were of what."""
        with self._lock:
            return Count(self._calls, self._delivered + self._duplicates, self._delivered, self._duplicates,
                         self._keyless, self._rejected)  # fmt: skip

    def received(self) -> list[Received]:
        """What is kept, oldest first."""
        with self._lock:
            entries, more = tuple(self._entries), max(0, self._kept - self._keep)
        return [record for entry in entries for record in entry.records][more:]

    def newest(self) -> tuple[int, Iterator[Received]]:
        """How many records are kept, and they, newest first: those that are not looked at cost nothing."""
        with self._lock:
            entries, kept = tuple(self._entries), min(self._kept, self._keep)
        places = ((entry, place) for entry in reversed(entries) for place in reversed(range(len(entry.told))))
        return kept, (entry.record(place) for entry, place in islice(places, kept))

    def find(self, wanted: int) -> Received | None:
        """The record with this id, if it is kept."""
        with self._lock:
            if wanted > self._records - self._keep:
                for entry in reversed(self._entries):
                    if 0 <= (place := wanted - entry.first) < len(entry.told):
                        return entry.record(place)
        return None

    def state(self) -> tuple[int, int]:
        """How often everything was forgotten, and how many records came since: the same while nothing happens."""
        with self._lock:
            return self._cleared, self._records

    def deliveries(self) -> list[Delivery]:
        """Who the kept records would have notified, in order."""
        return [
            Delivery(recipient, record.id)
            for record in self.received()
            if record.kind and isinstance(record.outcome, Accepted) and not record.duplicate
            for recipient in _recipients(record.kind, record.body)
        ]

    def add(self, call: Call, records: Sequence[tuple[object, Rejected | None]]) -> list[Accepted | Rejected]:
        """Keep the records of one call, each with its rejection or None; return their outcomes."""
        with self._lock:
            self._calls += 1
            first = self._records + 1
            told = tuple([(rejected, self._count(record, rejected, call.time)) for record, rejected in records])
            self._entries.append(_Entry(call, self._calls, first, told))
            self._kept += len(told)
            self._bytes += len(call.text)
            while len(self._entries) > 1 and (
                self._kept - len(self._entries[0].told) >= self._keep or self._bytes > BYTES
            ):
                oldest = self._entries.popleft()
                self._kept -= len(oldest.told)
                self._bytes -= len(oldest.call.text)
        return [rejected or accepted(first + place) for place, (rejected, _) in enumerate(told)]

    def _count(self, record: object, rejected: Rejected | None, now: datetime) -> int | None:
        """Count a record; return the one that it repeats."""
        self._records += 1
        if rejected is not None:
            self._rejected += 1
            return None
        repeated = self._seen(record, now)
        if repeated is None:
            self._delivered += 1
        else:
            self._duplicates += 1
        return repeated

    def _seen(self, body: object, now: datetime) -> int | None:
        """The record whose acceptance in the last 24 hours used up this one's idempotency key; if none, it is now."""
        key = body.get("$idempotency_key") if isinstance(body, dict) else None
        if not isinstance(key, str) or not (key := key.strip(" ")):
            self._keyless += 1
            return None
        seen = self._keys.get(key)
        if seen is not None and now - seen[0] < IDEMPOTENT_FOR:
            return seen[1]
        self._keys.pop(key, None)  # so that it goes to the end: the first key is always the oldest
        self._keys[key] = now, self._records
        if len(self._keys) > KEYS:
            del self._keys[next(iter(self._keys))]
        return None


def accepted(number: int) -> Accepted:
    """The outcome of an accepted record with this id."""
    return Accepted(f"sandbox-{number}")


@lru_cache(maxsize=4)
def _parsed(text: bytes) -> list[object]:
    """The records of a call. Whoever reads them reads those of one call after another."""
    parsed = json.loads(text)
    return parsed if isinstance(parsed, list) else [parsed]


def _recipients(kind: Kind, body: object) -> list[object]:
    if not isinstance(body, dict):
        return []
    if kind == "broadcast":
        return [{"list_id": body.get("list_id")}]
    people = body.get("recipients" if kind == "workflow" else "users")
    return [_identity(person) for person in people] if isinstance(people, list) else []


def _identity(person: object) -> object:
    match person:
        case {"distinct_id": str(distinct_id)} if distinct_id:
            return distinct_id
        case {"object_type": kind, "id": identity}:
            return {"object_type": kind, "id": identity}
    return person
