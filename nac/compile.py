"""A trigger with its event filled in → the requests that go out.

| `fan_out` | recipients | requests | idempotency key |
|---|---|---|---|
| `person`, the default | listed (`user`, `object`), up to 100 | one | the trigger's own |
| | found (`each`, `from`), or more than 100 | one a person | from the trigger's and the person |
| `batch` | any | as few as fit | from the trigger's and those people |
| `request` | any, up to 100 | one | the trigger's own |

Whoever is *found* may be others in the next run with the same key. The service skips a request whose key it has
seen, whole: with the trigger's own key on one request, those who joined would be skipped; with any other key,
those who stayed would be sent to twice. One request and one key a person is the only form in which neither can
happen, for two people as for two million. Without an idempotency key nothing is promised, and up to 100 people
go out in as few requests as fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any
from uuid import UUID, uuid5

from nac.diagnostics import INVALID_PAYLOAD, NO_RECIPIENTS, PAYLOAD_TOO_LARGE, Diagnostic
from nac.identity import derived_key
from nac.limits import MAX_BYTES, MAX_RECIPIENTS, RECORD_OVERHEAD
from nac.model import DirectorySelector, EachSelector
from nac.payload import PEOPLE, Envelope, Payload, canonical, largest_parts
from nac.recipients import Person
from nac.resolve import Resolved

# A fixed namespace of our own for broadcasts' `$insert_id` (a name-based UUID, RFC 9562 §5.5).
_NAMESPACE = UUID("5f3b1c1e-6f0c-5b6e-9d1a-7c2f3a0d4e11")


def compile_trigger(resolved: Resolved) -> Iterator[Payload]:
    """The requests, one by one, none over 100 people or 800 KB.

    What cannot go out is added to `resolved.problems`, which is complete when the iterator is exhausted: send
    nothing before that.
    """
    if resolved.trigger.model.kind == "broadcast":
        payloads: Iterable[Payload] = [_broadcast(resolved)]
    else:
        payloads = _to_people(resolved)
    try:
        for payload in payloads:
            if (size := payload.size) > MAX_BYTES:
                resolved.problems.append(_too_large(resolved, payload, size))
                return
            yield payload
    except (UnicodeEncodeError, ValueError):
        message = "it holds a text or number that JSON cannot"
        resolved.problems.append(Diagnostic(INVALID_PAYLOAD, message, resolved.trigger.at("data").label()))


def _to_people(resolved: Resolved) -> Iterator[Payload]:
    envelope = Envelope(resolved.trigger.name, resolved.trigger.model.kind, resolved.fields)
    people = resolved.people
    first = list(islice(people, MAX_RECIPIENTS + 1))
    if not first:
        if not resolved.problems:
            resolved.problems.append(_nobody(resolved))
        return
    few = len(first) <= MAX_RECIPIENTS
    if few and resolved.problems:
        return  # everybody is known by now, and a request that lacks somebody is not the one that was meant
    fan_out = getattr(resolved.trigger.model, "fan_out", "person")
    if fan_out == "request" and not few:
        resolved.problems.append(_too_many(resolved))
    elif fan_out == "batch" or (few and resolved.key is None and fan_out == "person"):
        yield from _batches(envelope, resolved.key, chain(first, people))
    elif few and (fan_out == "request" or not _finds(resolved)):
        yield Payload(envelope, tuple(person.recipient for person in first), resolved.key)
    else:
        key = resolved.key
        for person in chain(first, people):
            yield Payload(envelope, (person.recipient,), None if key is None else derived_key(key, person.identity))


def _finds(resolved: Resolved) -> bool:
    """Whether some recipients are found, and so may be others in the next run, rather than listed."""
    selectors = getattr(resolved.trigger.model, "recipients", ())
    return any(isinstance(one, (EachSelector, DirectorySelector)) for one in selectors)


def _batches(envelope: Envelope, key: str | None, people: Iterable[Person]) -> Iterator[Payload]:
    room = MAX_BYTES - Payload(envelope, (), "x" * 255).size
    batch: list[Person] = []
    used = 0
    for person in people:
        size = len(canonical(person.recipient).encode()) + 2
        if batch and (len(batch) == MAX_RECIPIENTS or used + size > room):
            yield _batch(envelope, key, batch)
            batch, used = [], 0
        batch.append(person)
        used += size
    if batch:
        yield _batch(envelope, key, batch)


def _batch(envelope: Envelope, key: str | None, batch: list[Person]) -> Payload:
    derived = None if key is None else derived_key(key, *(person.identity for person in batch))
    return Payload(envelope, tuple(person.recipient for person in batch), derived)


def _broadcast(resolved: Resolved) -> Payload:
    time = int(resolved.event.now.timestamp() * 1000)
    name = resolved.key if resolved.key is not None else canonical([resolved.trigger.name, dict(resolved.fields), time])
    stamps: dict[str, Any] = {"$insert_id": str(uuid5(_NAMESPACE, name)), "$time": time}
    return Payload(Envelope(resolved.trigger.name, "broadcast", {**resolved.fields, **stamps}), (), resolved.key)


def _nobody(resolved: Resolved) -> Diagnostic:
    return Diagnostic(NO_RECIPIENTS, "nobody would get this: the selectors find no one",
                      resolved.trigger.at("recipients").label(key=True))  # fmt: skip


def _too_many(resolved: Resolved) -> Diagnostic:
    return Diagnostic(INVALID_PAYLOAD, f"`fan_out: request` takes up to {MAX_RECIPIENTS} people, and more were found",
                      resolved.trigger.at("fan_out").label(), help="use `fan_out: person` or `batch`")  # fmt: skip


def _too_large(resolved: Resolved, payload: Payload, size: int) -> Diagnostic:
    (name, largest), *rest = list(largest_parts(payload.body))[:3]
    others = "".join(f", then `{part}` with {bytes_:,}" for part, bytes_ in rest)
    message = f"a request would hold {size:,} bytes, over the {MAX_BYTES:,} that SuprSend takes"
    people = PEOPLE.get(payload.kind, "")
    step = name.split(".")[0].split(" ")[0]
    path = {"attachment": ("attachments",), people: ("recipients",)}.get(step) or tuple(name.split(".")[:2])
    help = f"`{name}` is the largest part with {largest:,} bytes{others} ({RECORD_OVERHEAD} are the service's own)"
    return Diagnostic(PAYLOAD_TOO_LARGE, message, resolved.trigger.at(*path).label(), help=help)
