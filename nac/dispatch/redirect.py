"""Everything to test addresses: a plan's recipients replaced before it is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nac.identity import derived_key
from nac.model import Redirect
from nac.payload import PEOPLE, Payload
from nac.people import ADDRESSES

# What says who or where somebody is to the service, and so could lead a message to them.
_IDENTITY = frozenset({*ADDRESSES, "distinct_id", "object_type", "id", "is_transient", "$skip_create", "$channels"})


def redirected(payload: Payload, to: Redirect) -> Payload | None:
    """The payload with every recipient replaced by a transient one with the test addresses; None where that cannot be
    done, because the service alone knows the people (a broadcast).

    Names, languages and whatever else templates read stay; ids do not, since the service may know addresses by them.
    The idempotency key becomes another, so that the real run is not skipped for having been tested.
    """
    if payload.kind not in PEOPLE:
        return None
    addresses = {"$email": to.email, "$sms": to.sms, "$whatsapp": to.whatsapp}
    given = {name: [one] for name, one in addresses.items() if one is not None}
    people = tuple({"is_transient": True, **given, **_kept(one)} for one in payload.people)
    key = None if payload.key is None else derived_key(payload.key, "redirected", *map(str, addresses.values()))
    return Payload(payload.envelope, people, key)


def _kept(person: str | Mapping[str, Any]) -> dict[str, Any]:
    return {} if isinstance(person, str) else {name: one for name, one in person.items() if name not in _IDENTITY}
