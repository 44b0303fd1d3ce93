"""Everything to test addresses: a plan's people replaced before it is written. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nac.identity import derived_key
from nac.model import Redirect
from nac.payload import PEOPLE, Envelope, Payload
from nac.people import ADDRESSES

_EMAIL = re.compile(r"[^\s@]@[^\s@]")
_PHONE = re.compile(r"\+[0-9][0-9 ().-]{5,}[0-9]")
# What says who or where somebody is to the service, and so could lead a message to them.
_IDENTITY = frozenset({*ADDRESSES, "distinct_id", "object_type", "id", "is_transient", "$skip_create", "$channels"})


class Redirector:
    """Payloads with every recipient replaced by a transient one with the test addresses.

    The actor becomes a transient one, too, without addresses: a workflow may send to it, and a test is to change
    nobody's profile. Names, languages and whatever else templates read stay; ids do not, since the service may know
    addresses by them, and an address in some property of the author's (`manager: ana@example.com`) is replaced, since a
    template may send copies to it. `data` is sent as it is. The idempotency key becomes another, so that the real run
    is not skipped for having been tested, and so does the cancellation key, so that neither run ends what the other
    planned.
    """

    def __init__(self, to: Redirect) -> None:
        addresses = {"$email": to.email, "$sms": to.sms, "$whatsapp": to.whatsapp}
        self._given = {name: [one] for name, one in addresses.items() if one is not None}
        self._email = to.email or "redirected@example.invalid"
        self._phone = to.sms or to.whatsapp or ""
        self._salt = ("redirected", *map(str, addresses.values()))
        self._envelopes: tuple[Envelope, Envelope] | None = None

    def __call__(self, payload: Payload) -> Payload | None:
        """None where it cannot be done, because the service alone knows the people (a broadcast)."""
        if payload.kind not in PEOPLE:
            return None
        people = tuple({"is_transient": True, **self._given, **self._kept(one)} for one in payload.people)
        key = None if payload.key is None else derived_key(payload.key, *self._salt)
        return Payload(self._envelope(payload.envelope), people, key)

    def _envelope(self, envelope: Envelope) -> Envelope:
        """The same for all the requests that share one, which is encoded once."""
        if self._envelopes is None or self._envelopes[0] is not envelope:
            fields = dict(envelope.fields)
            if "actor" in fields:
                fields["actor"] = {"is_transient": True, **self._kept(fields["actor"])}
            if isinstance(key := fields.get("cancellation_key"), str):
                fields["cancellation_key"] = derived_key(key, *self._salt)
            self._envelopes = envelope, replace(envelope, fields=fields)
        return self._envelopes[1]

    def _kept(self, person: str | Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(person, str):
            return {}
        return {name: self._harmless(one) for name, one in person.items() if name not in _IDENTITY}

    def _harmless(self, value: Any) -> Any:
        if isinstance(value, str):
            if _EMAIL.search(value):
                return self._email
            return self._phone if _PHONE.fullmatch(value) else value
        if isinstance(value, list):
            return [self._harmless(one) for one in value]
        if isinstance(value, dict):
            return {name: self._harmless(one) for name, one in value.items()}
        return value
