"""What is refused of a record, and what is not: as the vendor's schemas and document say."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from nac.limits import Kind
from nac.sandbox.validation import record_mistakes
from nac.schema import request_mistakes

WORKFLOW: dict[str, Any] = {"workflow": "w", "recipients": ["u"], "data": {}}
DYNAMIC: dict[str, Any] = {
    "name": "name", "template": "template", "notification_category": "system", "users": [{"distinct_id": "u"}],
    "data": {},
}  # fmt: skip
BROADCAST: dict[str, Any] = {
    "list_id": "l", "template": "template", "notification_category": "system", "$insert_id": "x" * 36,
    "$time": 1_700_000_000_000, "data": {},
}  # fmt: skip
BODIES: dict[Kind, dict[str, Any]] = {"workflow": WORKFLOW, "dynamic": DYNAMIC, "broadcast": BROADCAST}
TOKEN = "xoxb-1"


def user(**more: object) -> dict[str, object]:
    return {"distinct_id": "u", **{f"${name}": value for name, value in more.items()}}


TAKEN: list[tuple[Kind, dict[str, Any]]] = [
    *((kind, {}) for kind in BODIES),
    # Keys are trimmed before they are counted; an empty one is none.
    *((kind, {"$idempotency_key": key}) for kind in BODIES for key in (None, "", "  ", " k ", " " + "k" * 255 + " ")),
    ("workflow", {"cancellation_key": " c "}),
    *((kind, {"tenant_id": tenant}) for kind in BODIES for tenant in (None, "", "t" * 64)),
    ("dynamic", {"brand_id": "b" * 64}),
    # The schemas of these two are open.
    ("dynamic", {"actor": None, "workflow": "w", "typo": 1}),
    ("broadcast", {"recipients": [], "typo": 1}),
    # So is what a user has.
    ("workflow", {"recipients": [user(unknown=1), {"distinct_id": "u", "plan": None, "age": 3}]}),
    ("workflow", {"recipients": [{"distinct_id": None, "is_transient": True, "$email": "a@example.com"}]}),
    ("workflow", {"recipients": [user(preferred_language=None, locale=None, timezone=None)]}),
    ("workflow", {"recipients": [{"object_type": "teams", "id": "t", "$skip_create": True}]}),
    ("workflow", {"recipients": [f"u{n}" for n in range(100)]}),
    ("workflow", {"recipients": [user(email=["a@example.com"] * 10, channels=[])]}),
    # The document's form of a Slack channel, and the schema's.
    ("workflow", {"recipients": [user(slack={"channel": "C1", "access_token": TOKEN})]}),
    ("workflow", {"recipients": [user(slack=[{"channel_id": "C1", "access_token": TOKEN}])]}),
    ("workflow", {"actor": "a", "metadata": {}}),
    # Push tokens may be plain text in a dynamic workflow.
    ("dynamic", {"users": [user(androidpush="token", iospush=["token", "other"])]}),
    ("dynamic", {"delay": 30}),
    ("dynamic", {"delay": "1d2h30m10s"}),
    ("dynamic", {"trigger_at": "2021-08-27T20:14:51.643Z"}),
    ("dynamic", {"delivery": {"smart": True, "success": "seen", "time_to_live": "1h", "mandatory_channels": ["sms"]}}),
    ("broadcast", {"channels": ["email", "androidpush"]}),
]
REFUSED: list[tuple[Kind, dict[str, Any], str]] = [
    *((kind, {"$idempotency_key": "k" * 256}, "longer than 255") for kind in BODIES),
    *((kind, {"tenant_id": "t" * 65}, "longer than 64") for kind in BODIES),
    ("workflow", {"cancellation_key": "k" * 256}, "longer than 255"),
    ("workflow", {"typo": 1}, "`typo` is not known here"),
    ("workflow", {"recipients": []}, "at least 1"),
    ("workflow", {"recipients": [f"u{n}" for n in range(101)]}, "at most 100, here 101"),
    ("dynamic", {"users": [{"distinct_id": f"u{n}"} for n in range(101)]}, "at most 100, here 101"),
    ("dynamic", {"users": ["u"]}, "users.0"),
    ("workflow", {"recipients": [{"name": "nobody"}]}, "needs a `distinct_id`"),
    ("workflow", {"recipients": [""]}, "empty"),
    ("workflow", {"recipients": [user(sms="2025550143")]}, "`$sms` is not `+`, country code and number"),
    ("workflow", {"recipients": [user(email="nobody")]}, "not an e-mail address"),
    ("workflow", {"recipients": [user(email=["a@example.com"] * 11)]}, "at most 10"),
    ("workflow", {"recipients": [user(channels=["pigeon"])]}, "not a channel"),
    ("workflow", {"recipients": [user(androidpush="token")]}, "androidpush"),
    ("dynamic", {"users": [user(androidpush=["t"])]}, "androidpush"),
    ("dynamic", {"users": [user(androidpush=["token"] * 11)]}, "androidpush"),
    ("workflow", {"recipients": [user(slack={"channel_id": "C1", "access_token": "nope"})]}, "xox"),
    ("workflow", {"data": []}, "`data` takes a mapping"),
    ("dynamic", {"template": "t"}, "fewer than 2 characters"),
    ("dynamic", {"delay": -1}, "at least 0"),
    ("dynamic", {"trigger_at": "tomorrow"}, "is not a time"),
    ("broadcast", {"$insert_id": "short"}, "fewer than 36"),
    ("broadcast", {"$time": 1_600_000_000_000}, "at least 1640995200000"),
    # No null where the schema has none.
    *((kind, {name: None}, f"{name}: is null") for kind, names in
      {"workflow": ("actor", "metadata"), "dynamic": ("delay", "trigger_at", "delivery"),
       "broadcast": ("delay", "trigger_at", "channels")}.items() for name in names),
    ("workflow", {"recipients": ["u", user(email=None)]}, "recipients.1.$email: is null"),
    ("dynamic", {"users": [user(channels=None)]}, "users.0.$channels: is null"),
    ("workflow", {"actor": user(slack=None)}, "actor.$slack: is null"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change"), TAKEN)
def test_taken(kind: Kind, change: dict[str, Any]) -> None:
    assert record_mistakes(kind, {**BODIES[kind], **change}) == []


@pytest.mark.parametrize(("kind", "change", "says"), REFUSED)
def test_refused(kind: Kind, change: dict[str, Any], says: str) -> None:
    found = record_mistakes(kind, {**BODIES[kind], **change})
    assert says in "; ".join(found)


@pytest.mark.parametrize("body", [None, 1, "text", [], [{}]])
@pytest.mark.parametrize("kind", BODIES)
def test_what_is_no_record_is_refused(kind: Kind, body: object) -> None:
    assert record_mistakes(kind, body) == ["a record must be an object"]


@pytest.mark.parametrize("kind", BODIES)
def test_an_empty_record_is_refused_by_every_key_that_it_lacks(kind: Kind) -> None:
    assert record_mistakes(kind, {}) == request_mistakes(kind, {}) != []


def test_no_value_is_repeated() -> None:
    body = {
        **WORKFLOW,
        "recipients": [user(email="secret-1", sms="secret-2", channels=["secret-3"])],
        "typo": "secret-4",
    }
    assert "secret" not in "; ".join(record_mistakes("workflow", body))


def test_models_are_built_before_threads_ask_for_them() -> None:
    """Before 2.14 pydantic fails now and then where two threads are the first to validate."""
    code = """
import nac.sandbox.validation
from nac.payload import REQUESTS
from pydantic_core import SchemaValidator
print([isinstance(one.validator, SchemaValidator) for one in REQUESTS.values()])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=180, check=False)
    assert done.stdout == "[True, True, True]\n", done.stderr
