"""What became of a record. A failure is a value: one bad record must not hide the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the record. `message_id` is None where the answer named none."""

    message_id: str | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The service answered, and did not take the record.

    `status` is the record's own status code in a bulk answer, else the HTTP status: 4xx says the record, the
    credentials or the pace (429) is at fault, 5xx that the service is, and a 5xx leaves open whether it had
    already taken the record. `message` is the service's text, cleaned and cut. `retry_after` is in seconds,
    where the service gave it.
    """

    status: int
    message: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """No answer speaks for this record.

    With `maybe_received` false the service certainly never saw it. With true it may have: sending it again is
    only safe under the same idempotency key. `hopeless`: no other call would go better.
    """

    reason: str
    maybe_received: bool
    hopeless: bool = False


Outcome = Accepted | Rejected | Unsent
