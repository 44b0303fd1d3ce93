"""What is wrong with a record, as the service would say: the rules that nac compiles by, and where the hub's differ.

Source: the vendor's JSON Schemas of the three requests, and its document where that says more (an e-mail address, a
phone number with its country code, a language, a time zone, who a recipient is). A trigger is checked more strictly
than the service would, so that a slip of the pen is found; a stand-in that did so would refuse what the service takes:

- keys that a dynamic workflow or a broadcast does not know are passed over; a workflow's are refused
- so is a user's property with a `$` that nobody knows
- idempotency and cancellation keys are trimmed before they are looked at; an empty key or tenant is none
- a dynamic workflow's push tokens may be plain text

And what is null where the schema has no null is refused, which nac never sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nac.limits import Kind
from nac.payload import REQUESTS
from nac.people import User
from nac.schema import request_mistakes

# Many threads validate at once, and before 2.14 pydantic cannot build a model in two of them.
for _adapter in REQUESTS.values():
    _adapter.rebuild()

TRIMMED = ("$idempotency_key", "cancellation_key", "tenant_id", "brand_id")
NO_NULL: dict[Kind, tuple[str, ...]] = {
    "workflow": ("actor", "metadata"),
    "dynamic": ("delay", "trigger_at", "delivery"),
    "broadcast": ("delay", "trigger_at", "channels"),
}
PLAIN_TOKENS = ("$androidpush", "$iospush")
PEOPLE: dict[Kind, str] = {"workflow": "recipients", "dynamic": "users"}
MAY_BE_NULL = frozenset({"is_transient", "distinct_id", "$preferred_language", "$locale", "$timezone", "$skip_create"})


def record_mistakes(kind: Kind, body: object) -> list[str]:
    """Why the service would refuse a record, in sentences without any of its values; [] where it would not."""
    if not isinstance(body, dict):
        return ["a record must be an object"]
    found = request_mistakes(kind, body)
    if found:  # most records have none, and need no second look
        found = request_mistakes(kind, _as_taken(kind, body))
    return found + [f"{at}: is null" for at in _nulls(kind, body)]


def _as_taken(kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what the service passes over."""
    known = {field.alias or name for name, field in REQUESTS[kind]._type.model_fields.items()}
    made = {name: value for name, value in body.items() if kind == "workflow" or name in known}
    for name in TRIMMED:
        if isinstance(value := made.get(name), str):
            made[name] = (value if name.endswith("_id") else value.strip(" ")) or None
    if "actor" in made:
        made["actor"] = _person(kind, made["actor"])
    if isinstance(people := made.get(PEOPLE.get(kind, "")), list):
        made[PEOPLE[kind]] = [_person(kind, one) for one in people]
    return made


_KNOWN = frozenset(field.alias or name for name, field in User.model_fields.items())


def _person(kind: Kind, person: object) -> object:
    if not isinstance(person, dict):
        return person
    made = {name: value for name, value in person.items() if not name.startswith("$") or name in _KNOWN}
    for name in PLAIN_TOKENS if kind == "dynamic" else ():
        if name in made:
            one = made[name]
            tokens = one if isinstance(one, list) else [one]
            if tokens and len(tokens) <= 10 and all(isinstance(token, str) and len(token) > 1 for token in tokens):
                del made[name]
    return made


def _nulls(kind: Kind, body: Mapping[str, Any]) -> Iterator[str]:
    """Where a null stands that the schema does not have."""
    if None in body.values():
        yield from (name for name in NO_NULL[kind] if name in body and body[name] is None)
    people = body.get(PEOPLE.get(kind, ""))
    for place, one in enumerate(people if isinstance(people, list) else ()):
        if isinstance(one, dict) and None in one.values():
            yield from (f"{PEOPLE[kind]}.{place}.{name}" for name in _null_properties(one))
    if isinstance(actor := body.get("actor"), dict) and kind == "workflow":
        yield from (f"actor.{name}" for name in _null_properties(actor))


def _null_properties(person: Mapping[str, Any]) -> Iterator[str]:
    for name, value in person.items():
        if value is None and name.startswith("$") and name in _KNOWN and name not in MAY_BE_NULL:
            yield name
