"""A workspace's limits, test addresses, and words without addresses: all of it pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nac.dispatch.privacy import without_addresses
from nac.dispatch.redirect import redirected
from nac.dispatch.safety import LIMITS, quiet, refusals
from nac.model import QuietHours, Redirect, Workspace
from nac.payload import Envelope, Payload
from nac.plans import Manifest, TriggerCount

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def manifest(**limits: object) -> Manifest:
    return Manifest(
        limits=Workspace.model_validate(limits), tenants={"acme": 5, "": 1}, domains={"a.example": 3, "b.example": 9},
        triggers={"one": TriggerCount(kind="workflow", records=10, recipients=10),
                  "two": TriggerCount(kind="workflow", records=2, recipients=90)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "last", "expected"),
    [
        ({}, 1, []),
        ({"max_recipients_per_trigger": 90, "max_recipients": 100}, None, []),
        ({"max_recipients_per_trigger": 89}, None, ["max-recipients-per-trigger"]),
        ({"max_recipients": 99}, None, ["max-recipients"]),
        ({"max_change": 0.5}, None, []),
        ({"max_change": 0.5}, 200, []),
        ({"max_change": 0.5}, 201, ["max-change"]),
        ({"max_change": 0.5}, 66, ["max-change"]),
        ({"tenants": ["acme"]}, None, ["tenants"]),
        ({"domains": ["A.example", "b.example"]}, None, []),
        ({"domains": ["a.example"]}, None, ["domains"]),
        ({"quiet_hours": {"from": "11:00", "to": "13:00"}}, None, ["quiet-hours"]),
    ],
)
def test_limits(limits: dict[str, object], last: int | None, expected: list[str]) -> None:
    found = refusals(manifest(**limits), last, NOW)
    assert [one.limit for one in found] == expected
    assert set(expected) <= set(LIMITS)


@pytest.mark.parametrize(
    ("begin", "end", "zone", "is_quiet"),
    [
        ("12:00", "13:00", "UTC", True),
        ("11:00", "12:00", "UTC", False),
        ("22:00", "07:00", "UTC", False),
        ("22:00", "12:01", "UTC", True),
        ("22:00", "07:00", "Asia/Tokyo", False),  # 21:00 there
        ("20:00", "07:00", "Asia/Tokyo", True),
        ("12:00", "12:00", "UTC", False),
    ],
)
def test_quiet_hours(begin: str, end: str, zone: str, is_quiet: bool) -> None:
    hours = QuietHours.model_validate({"from": begin, "to": end, "timezone": zone})
    assert (quiet(hours, NOW) is not None) == is_quiet


def test_a_redirected_recipient_keeps_what_templates_read_and_nothing_that_leads_to_them() -> None:
    to = Redirect.model_validate({"email": "t@x.example", "sms": "+12025550143"})
    envelope = Envelope("a", "workflow", {"workflow": "w", "data": {}})
    person = {"distinct_id": "u1", "$email": ["u1@x.example"], "$slack": {"user_id": "U1"}, "$locale": "de",
              "name": "Ana", "$channels": ["slack"]}  # fmt: skip
    team = {"object_type": "teams", "id": "t1", "$whatsapp": "+12025550144"}
    made = redirected(Payload(envelope, ("u2", person, team), "k"), to)
    assert made is not None
    test = {"is_transient": True, "$email": ["t@x.example"], "$sms": ["+12025550143"]}
    assert made.people == (test, {**test, "$locale": "de", "name": "Ana"}, test)
    assert made.key not in (None, "k")
    assert redirected(Payload(Envelope("b", "broadcast", {})), to) is None


def test_words_of_the_service_lose_their_addresses() -> None:
    said = "ana@x.example, <b.c@y.example> and +1 (202) 555-0143 or https://hooks.slack.com/T0/B0/x and xoxb-1-a failed"
    assert without_addresses(said) == (
        "(e-mail address), <(e-mail address)> and (phone number) or (URL) and (token) failed"
    )
    assert without_addresses("workflow `new-comment` has no version 3 (code 422)") == (
        "workflow `new-comment` has no version 3 (code 422)"
    )
