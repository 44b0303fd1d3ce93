"""Which parts of an event say which event it is: the ids of things, not those of people or tenants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]

_BARE = frozenset({"id", "uuid", "guid", "number", "ref", "reference", "key", "_id"})
_SUFFIX = re.compile(r"(?<=[a-z0-9])(_id|_uuid|_guid|_number|_ref|_reference|_key|Id|ID|Uuid|Number|Ref)$")
_PEOPLE = frozenset(
    """user customer client author owner actor recipient member person people inviter invitee approver sender receiver
    assignee assigner employee manager contact guest sharer reviewer reporter creator patient student teacher buyer
    seller driver rider admin agent subscriber lead profile requester by device session""".split()
)
_TENANTS = frozenset("tenant workspace org organization organisation account team brand company region site".split())
_THINGS = frozenset(
    """order invoice comment ticket payment document doc incident booking shipment message task issue parcel reminder
    subscription delivery refund quote contract report export import review alert case claim appointment reservation
    transaction transfer share signature post article reply event change deployment release build job run""".split()
)
MAX_PARTS = 5_000


def event_ids(data: Mapping[str, Any]) -> dict[Path, str]:
    """The ids of things in an event, by where they stand; what is in lists tells no event from another."""
    return {path: str(value) for path, value in _scalars(data) if _names_a_thing(path, value)}


def _scalars(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    pending: list[tuple[Path, Any]] = [((), data)]
    parts = 0
    while pending and parts < MAX_PARTS:
        path, value = pending.pop()
        parts += 1
        if isinstance(value, Mapping):
            pending += [((*path, key), one) for key, one in value.items()]
        elif path and isinstance(value, str | int) and not isinstance(value, bool):
            yield path, value


def _names_a_thing(path: Path, value: str | int) -> bool:
    name = path[-1]
    if name in _BARE:
        subject = path[-2] if len(path) > 1 else "event"
    elif found := _SUFFIX.search(name):
        subject = name[: found.start()]
    elif name in _THINGS:
        return isinstance(value, int) or re.fullmatch(r"[\w#/-]*\d[\w#/-]*", value) is not None
    else:
        return False
    words = {subject.casefold(), re.split(r"_|(?<=[a-z])(?=[A-Z])", subject)[-1].casefold()}
    return not words & (_PEOPLE | _TENANTS)
