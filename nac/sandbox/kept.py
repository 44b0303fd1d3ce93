"""What the sandbox received, within bounds; which idempotency keys it saw; who would have been notified."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
    parsed: object  # the record, not to be changed; None where the call was refused
    size: int  # bytes of its JSON, as near as the call's body tells
    outcome: Accepted | Rejected
    duplicate: bool  # accepted, but its idempotency key had been: not delivered again

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
    size: int = 0  # bytes of its body


@dataclass(frozen=True, slots=True)
class Count:
    """Records since the start, or since everything was forgotten, whether they are still kept or not.

    `delivered` are those accepted of which nobody had been told yet; `duplicates` were accepted under an idempotency
    key that had been, and so delivered to nobody; `keyless` are those among the delivered that had no key.
    """

    calls: int = 0
    accepted: int = 0
    delivered: int = 0
    duplicates: int = 0
    keyless: int = 0
    rejected: int = 0


class Kept:
    """The newest `keep` records received, and 64 MiB of them at most. Safe to share between threads."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Forget everything, idempotency keys too, and count from 1 again."""
        with self._lock:
            self._received: deque[Received] = deque()
            self._bytes = 0
            self._keys: dict[str, datetime] = {}
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
            return list(self._received)

    def deliveries(self) -> list[Delivery]:
        """Who the kept records would have notified, in order."""
        return [
            Delivery(recipient, record.id)
            for record in self.received()
            if record.kind and isinstance(record.outcome, Accepted) and not record.duplicate
            for recipient in _recipients(record.kind, record.body)
        ]

    def add(self, call: Call, records: Sequence[tuple[object, Rejected | None]]) -> list[Received]:
        """Keep the records of one call, each with its rejection or None; return them as received."""
        with self._lock:
            self._calls += 1
            size = call.size // max(1, len(records))
            return [self._add(call, body, size, rejected) for body, rejected in records]

    def _add(self, call: Call, body: object, size: int, rejected: Rejected | None) -> Received:
        self._records += 1
        duplicate = rejected is None and self._seen(body, call.time)
        self._rejected += rejected is not None
        self._duplicates += duplicate
        self._delivered += rejected is None and not duplicate
        received = Received(
            id=self._records,
            call=self._calls,
            time=call.time,
            path=call.path,
            kind=call.kind,
            auth=call.auth,
            parsed=body,
            size=size,
            outcome=rejected or Accepted(f"sandbox-{self._records}"),
            duplicate=duplicate,
        )
        self._received.append(received)
        self._bytes += size
        while len(self._received) > self._keep or self._bytes > BYTES:
            self._bytes -= self._received.popleft().size
        return received

    def _seen(self, body: object, now: datetime) -> bool:
        """Whether the record's idempotency key was accepted in the last 24 hours; if not, it is now."""
        key = body.get("$idempotency_key") if isinstance(body, dict) else None
        if not isinstance(key, str) or not (key := key.strip(" ")):
            self._keyless += 1
            return False
        seen = self._keys.get(key)
        if seen is not None and now - seen < IDEMPOTENT_FOR:
            return True
        self._keys.pop(key, None)  # so that it goes to the end: the first key is always the oldest
        self._keys[key] = now
        if len(self._keys) > KEYS:
            del self._keys[next(iter(self._keys))]
        return False


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
