"""What the service receives: the three request bodies, their canonical JSON, and their size.

Canonical JSON is what the vendor's SDK would send: UTF-8, `", "` and `": "` between, no escapes that are not
needed. Top-level keys stand in the order of the models below; the author's own keys keep the order they were
written in, because Handlebars' `each` prints an object's properties in that order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from json.encoder import encode_basestring
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    TypeAdapter,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nac.limits import MAX_KEY, MAX_RECIPIENTS, MAX_TENANT, RECORD_OVERHEAD, Kind
from nac.people import Recipient, User
from nac.words import Channel, Form, Text, check

# The API trims spaces at both ends of a key before it counts and compares.
Key = Annotated[
    str,
    StringConstraints(max_length=MAX_KEY),
    check(r"[^ ](.*[^ ])?", "untrimmed", "is empty, or has spaces around it"),
]
Tenant = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TENANT)]
Slug = Annotated[str, StringConstraints(min_length=2)]
Duration = Annotated[
    str, check(r"(?=.)(\d+d)?(\d+h)?(\d+m)?(\d+s)?", "invalid_duration", "is not a duration such as `1d2h30m10s`")
]
Delay = Annotated[
    Annotated[int, Field(ge=0), Tag("<seconds>")] | Annotated[Duration, Tag("<text>")],
    Discriminator(lambda value: "<text>" if isinstance(value, str) else "<seconds>"),
]


def _exists(value: str) -> str:
    try:
        datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
    except ValueError:
        raise PydanticCustomError("invalid_time", "is a time that does not exist") from None
    return value


_DATE = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?)?"
Instant = Annotated[
    str, check(_DATE, "invalid_time", "is not a time such as `2026-01-31T09:00:00Z`"), AfterValidator(_exists)
]


class Request(Form):
    """What the three bodies share."""

    idempotency_key: Key | None = Field(None, alias="$idempotency_key")
    tenant_id: Tenant | None = None
    data: dict[str, JsonValue]


class WorkflowRequest(Request):
    """`POST {base}trigger/`. Source: the document; `workflow_trigger.json`."""

    workflow: Text
    actor: (
        Annotated[
            Annotated[Text, Tag("<id>")] | Annotated[User, Tag("<user>")],
            Discriminator(lambda value: "<id>" if isinstance(value, str) else "<user>"),
        ]
        | None
    ) = None
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=MAX_RECIPIENTS)]
    cancellation_key: Key | None = None
    metadata: dict[str, JsonValue] | None = None


class Delivery(Form):
    """How a dynamic workflow spreads over channels."""

    smart: bool | None = None
    success: Text | None = None
    time_to_live: Duration | None = None
    mandatory_channels: list[Channel] | None = None


class DynamicRequest(Request):
    """`POST {base}{workspace_key}/trigger/`, legacy. Source: the document; `workflow.json`."""

    name: Slug
    template: Slug
    notification_category: Slug
    users: Annotated[list[User], Field(min_length=1, max_length=MAX_RECIPIENTS)]
    delay: Delay | None = None
    trigger_at: Instant | None = None
    delivery: Delivery | None = None
    brand_id: Tenant | None = None


class BroadcastRequest(Request):
    """`POST {base}{workspace_key}/broadcast/`. Source: `list_broadcast.json`."""

    list_id: Text
    template: Slug
    notification_category: Slug
    insert_id: Annotated[str, StringConstraints(min_length=36)] = Field(alias="$insert_id")
    time: Annotated[int, Field(ge=1_640_995_200_000)] = Field(alias="$time")
    channels: list[Channel] | None = None
    delay: Delay | None = None
    trigger_at: Instant | None = None
    brand_id: Tenant | None = None

    @model_validator(mode="after")
    def _one_time(self) -> BroadcastRequest:
        if self.delay is not None and self.trigger_at is not None:
            raise PydanticCustomError("one_of", "takes one of `delay` and `trigger_at`", {"at": "trigger_at"})
        return self


REQUESTS: dict[str, TypeAdapter[Any]] = {
    "workflow": TypeAdapter(WorkflowRequest),
    "dynamic": TypeAdapter(DynamicRequest),
    "broadcast": TypeAdapter(BroadcastRequest),
}
PEOPLE = {"workflow": "recipients", "dynamic": "users"}
_ORDER = {
    "workflow": ("workflow", "actor", "recipients", "data", "tenant_id", "cancellation_key", "metadata"),
    "dynamic": ("name", "template", "notification_category", "delay", "trigger_at", "users", "delivery", "data",
                "tenant_id", "brand_id"),
    "broadcast": ("list_id", "template", "notification_category", "channels", "delay", "trigger_at", "data",
                  "tenant_id", "brand_id", "$insert_id", "$time"),
}  # fmt: skip

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def canonical(value: object) -> str:
    """The one JSON text of a value. Raises ValueError for NaN and the infinities."""
    return _encode(value)


@dataclass(frozen=True)
class Envelope:
    """What every request of one compiled trigger has in common: all but the people and the idempotency key.

    It is encoded once, however many requests there are.
    """

    trigger: str
    kind: Kind
    fields: Mapping[str, Any]

    @cached_property
    def parts(self) -> tuple[str, str]:
        """The JSON text before the people and the one behind them, both without the closing brace."""
        people = PEOPLE.get(self.kind)
        head: list[str] = []
        tail: list[str] = []
        for name in _ORDER[self.kind]:
            if name == people:
                head.append(f"{_encode(name)}: [")
                tail.append("]")
            elif name in self.fields:
                (tail if tail else head).append(f"{_encode(name)}: {_encode(self.fields[name])}")
        return "{" + ", ".join(head), ", ".join(tail)


@dataclass(frozen=True, slots=True)
class Payload:
    """One request body. `people` are ids, users or objects; `key` is its idempotency key."""

    envelope: Envelope
    people: tuple[str | dict[str, Any], ...] = ()
    key: str | None = None
    _encoded: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def kind(self) -> Kind:
        return self.envelope.kind

    @property
    def trigger(self) -> str:
        return self.envelope.trigger

    @property
    def body(self) -> dict[str, Any]:
        """The body as a dict, keys in canonical order."""
        name = PEOPLE.get(self.kind)
        body = {
            one: list(self.people) if one == name else self.envelope.fields[one]
            for one in _ORDER[self.kind]
            if one == name or one in self.envelope.fields
        }
        if self.key is not None:
            body["$idempotency_key"] = self.key
        return body

    @property
    def encoded(self) -> bytes:
        """The exact bytes that are sent: `canonical(self.body)` in UTF-8."""
        if not self._encoded:
            self._encoded.append(self._encode())
        return self._encoded[0]

    def _encode(self) -> bytes:
        head, tail = self.envelope.parts
        people = ", ".join([_encode(one) for one in self.people])
        key = "" if self.key is None else f', "$idempotency_key": {encode_basestring(self.key)}'
        return f"{head}{people}{tail}{key}}}".encode()

    @property
    def size(self) -> int:
        """Bytes as the service counts them."""
        return len(self.encoded) + RECORD_OVERHEAD


def largest_parts(body: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The parts of a body by their bytes, largest first: `data.report`, `data.$attachments[0]`, `recipients[3]`."""
    yield from sorted(_parts(body), key=lambda part: (-part[1], part[0]))


def _parts(body: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for name, value in body.items():
        if name == "data" and isinstance(value, dict):
            for key, one in value.items():
                if key == "$attachments":
                    for index, file in enumerate(one):
                        yield f"attachment {file.get('filename') or index}", len(_encode(file).encode())
                else:
                    yield f"data.{key}", len(_encode(one).encode())
        elif isinstance(value, list) and value:
            sizes = [len(_encode(one).encode()) for one in value]
            yield f"{name} ({len(value)})", sum(sizes)
        else:
            yield name, len(_encode(value).encode())
