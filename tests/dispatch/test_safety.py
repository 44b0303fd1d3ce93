"""A workspace's limits, test addresses, and words without addresses: all of it pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nac.dispatch.domains import allowing, domain_of, domains_of, is_known_by_id_only
from nac.dispatch.privacy import without_addresses
from nac.dispatch.redirect import Redirector
from nac.dispatch.safety import LIMITS, quiet, refusals, unchecked
from nac.dispatch.tally import Tally
from nac.model import QuietHours, Redirect, Workspace
from nac.payload import Envelope, Payload
from nac.people import ADDRESSES
from nac.plan import record
from nac.plans import Manifest, TriggerCount
from nac.plans.manifest import OTHERS, OTHERS_ALLOWED
from nac.schema import request_mistakes

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


TRIGGERS = {
    "one": TriggerCount(kind="workflow", records=10, recipients=10),
    "two": TriggerCount(kind="workflow", records=2, recipients=90),
}


def manifest(**told: object) -> Manifest:
    given = {"tenants": {"acme": 5}, "domains": {"a.example": 3, "sub.b.example": 9}, "triggers": TRIGGERS, **told}
    return Manifest.model_validate(given)


def refused(plan: Manifest, limits: dict[str, object], last: dict[str, int] | None = None) -> list[str]:
    found = [one.limit for one in refusals(plan, Workspace.model_validate(limits), last or {}, NOW)]
    assert set(found) <= set(LIMITS)
    return found


@pytest.mark.parametrize(
    ("limits", "last", "expected"),
    [
        ({}, {"one": 1}, []),
        ({"max_recipients_per_trigger": 90, "max_recipients": 100}, {}, []),
        ({"max_recipients_per_trigger": 89}, {}, ["max-recipients-per-trigger"]),
        ({"max_recipients": 99}, {}, ["max-recipients"]),
        ({"max_change": 0.5}, {}, []),
        ({"max_change": 0.5}, {"one": 20, "two": 60}, []),
        ({"max_change": 0.5}, {"one": 21}, ["max-change"]),
        ({"max_change": 0.5}, {"two": 59}, ["max-change"]),
        ({"max_change": 0.5}, {"one": 60, "two": 40}, ["max-change", "max-change"]),  # the sum is the same
        ({"max_change": 9}, {"one": 0}, []),
        ({"max_change": 0.5}, {"one": 0}, ["max-change"]),
        ({"tenants": ["acme"]}, {}, []),
        ({"tenants": ["other"]}, {}, ["tenants"]),
        ({"domains": ["A.example", "*.b.example"]}, {}, []),
        ({"domains": ["a.example", "b.example"]}, {}, ["domains"]),
        ({"domains": ["a.example", "sub.b.example."]}, {}, []),
        ({"quiet_hours": {"from": "11:00", "to": "13:00"}}, {}, ["quiet-hours"]),
    ],
)
def test_limits(limits: dict[str, object], last: dict[str, int], expected: list[str]) -> None:
    assert refused(manifest(), limits, last) == expected


def test_no_tenant_is_the_default_one() -> None:
    plan = manifest(tenants={"": 5})
    assert refused(plan, {"tenants": ["acme"]}) == ["tenants"]
    assert refused(plan, {"tenants": ["default"]}) == []


@pytest.mark.parametrize(
    ("told", "limits", "expected"),
    [
        ({"by_id": 3}, {"domains": ["a.example", "*.b.example"]}, ["unchecked"]),
        ({"by_id": 3}, {"domains": ["a.example", "*.b.example"], "unchecked": "allow"}, []),
        ({"by_id": 3}, {"max_recipients": 100}, []),
        ({"computed_copies": True}, {"domains": ["a.example", "*.b.example"]}, ["unchecked"]),
        ({"kind": "broadcast", "recipients": 0}, {"max_recipients": 100}, ["unchecked"]),
        ({"kind": "broadcast", "recipients": 0}, {"max_change": 0.1}, ["unchecked"]),
        ({"kind": "broadcast", "recipients": 0}, {"max_recipients": 100, "unchecked": "allow"}, []),
        ({"kind": "broadcast", "recipients": 0}, {"tenants": ["acme"]}, []),
    ],
)
def test_what_suprsend_alone_knows_passes_no_limit_unseen(
    told: dict[str, object], limits: dict[str, object], expected: list[str]
) -> None:
    count = {"kind": "workflow", "records": 10, "recipients": 10, **told}
    plan = manifest(triggers={"one": count})
    assert refused(plan, limits) == expected
    assert len(unchecked(plan, Workspace.model_validate(limits))) == int(
        "unchecked" in expected or "unchecked" in limits
    )


def test_a_redirected_plan_does_not_vouch_for_copies() -> None:
    count = {"kind": "workflow", "records": 1, "recipients": 1, "copies": ["bcc"]}
    assert refused(manifest(triggers={"one": count}, redirected=True), {}) == ["copies"]
    assert refused(manifest(triggers={"one": count}), {}) == []


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@Example.COM", "example.com"),
        ("Ana <ana@example.com>", "example.com"),
        ('"a@b"@example.com.', "example.com"),
        ("ana@bücher.example", "xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ana@-ü-.example", "-ü-.example"),  # no domain at all: compared as it is
    ],
)
def test_a_domain_has_one_spelling(address: str, domain: str) -> None:
    assert domain_of(address) == domain
    assert allowing([domain])(domain)
    assert not allowing([f"*.{domain}"])(domain)


@pytest.mark.parametrize(
    ("person", "domains", "by_id"),
    [
        ("u1", [], True),
        ({"distinct_id": "u1"}, [], True),
        ({"distinct_id": "u1", "$email": "a@x.example"}, ["x.example"], False),
        ({"distinct_id": "u1", "$email": ["a@x.example", "b@y.example"]}, ["x.example", "y.example"], False),
        ({"distinct_id": "u1", "$sms": ["+12025550143"]}, [], True),
        ({"distinct_id": "u1", "$channels": ["sms"]}, [], False),
        ({"is_transient": True, "$sms": ["+12025550143"]}, [], False),
        ({"is_transient": True, "$slack": [{"email": "a@x.example", "access_token": "t"}]}, ["x.example"], False),
        ({"object_type": "teams", "id": "t1"}, [], True),
    ],
)
def test_whose_domain_is_known(person: str | dict[str, object], domains: list[str], by_id: bool) -> None:
    assert (domains_of(person), is_known_by_id_only(person)) == (domains, by_id)


def test_both_tenants_of_a_dynamic_workflow_count_and_many_names_are_told_apart() -> None:
    limits = Workspace.model_validate({"tenants": ["t1", "t9", "b"], "domains": ["*.ok.example"]})
    tally = Tally(limits)
    for number in range(3_000):
        fields = {"data": {}, "tenant_id": f"t{number}", "brand_id": "b" if number else "brand"}
        email = f"x@d{number}.{'ok' if number % 2 else 'no'}.example"
        payload = Payload(Envelope("a", "dynamic", fields), ({"distinct_id": "u", "$email": email},), "k")
        tally.add(payload, record(payload, "", number))
    assert tally.tenants["brand"] == 1
    assert tally.tenants["b"] == 2_999
    assert len(tally.domains) == 1_002
    assert tally.domains[OTHERS] == tally.domains[OTHERS_ALLOWED] == 1_000
    plan = manifest(domains={"d1.ok.example": 1, OTHERS_ALLOWED: 5})
    assert refused(plan, {"domains": ["*.ok.example"]}) == []
    assert refused(manifest(domains={OTHERS: 5}), {"domains": ["*.ok.example"]}) == ["domains"]


@pytest.mark.parametrize(
    ("begin", "end", "zone", "is_quiet"),
    [
        ("12:00", "13:00", "UTC", True),
        ("11:00", "12:00", "UTC", False),
        ("22:00", "07:00", "UTC", False),
        ("22:00", "12:01", "UTC", True),
        ("22:00", "07:00", "Asia/Tokyo", False),  # 21:00 there
        ("20:00", "07:00", "Asia/Tokyo", True),
        ("00:00", "24:00", "UTC", True),
        ("12:00", "24:00", "UTC", True),
        ("12:01", "24:00", "UTC", False),
        ("21:00", "24:00", "Asia/Tokyo", True),
        ("11:59", "12:01", "Europe/London", True),
    ],
)
def test_quiet_hours(begin: str, end: str, zone: str, is_quiet: bool) -> None:
    hours = QuietHours.model_validate({"from": begin, "to": end, "timezone": zone})
    assert (quiet(hours, NOW) is not None) == is_quiet


@pytest.mark.parametrize(
    ("now", "is_quiet"),
    [
        # Clocks in Berlin go from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
        ("2026-03-29T00:59:59+00:00", True),  # 01:59
        ("2026-03-29T01:00:00+00:00", False),  # 03:00
        ("2026-10-25T00:29:00+00:00", True),  # 02:29
        ("2026-10-25T01:29:00+00:00", True),  # 02:29 again
        ("2026-10-25T01:30:00+00:00", False),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(now: str, is_quiet: bool) -> None:
    hours = QuietHours.model_validate({"from": "22:00", "to": "02:30", "timezone": "Europe/Berlin"})
    assert (quiet(hours, datetime.fromisoformat(now)) is not None) == is_quiet


def test_a_redirected_recipient_keeps_what_templates_read_and_nothing_that_leads_to_them() -> None:
    to = Redirect.model_validate({"email": "t@x.example", "sms": "+12025550143"})
    actor = {"distinct_id": "u9", "name": "Bo", "$email": ["bo@x.example"], "$skip_create": True}
    fields = {"workflow": "w", "data": {"to": "as it is"}, "actor": actor, "cancellation_key": "c", "tenant_id": "acme"}
    person = {"distinct_id": "u1", "$email": ["u1@x.example"], "$slack": {"user_id": "U1"}, "$locale": "de",
              "name": "Ana", "$channels": ["slack"], "manager": "Bo <bo@x.example>",
              "phones": [{"home": "+12025550199"}]}  # fmt: skip
    person |= {name: ["x"] for name in ADDRESSES if name not in person}
    team = {"object_type": "teams", "id": "t1", "$whatsapp": "+12025550144"}
    redirected = Redirector(to)
    made = redirected(Payload(Envelope("a", "workflow", fields), ("u2", person, team), "k"))
    assert made is not None
    test = {"is_transient": True, "$email": ["t@x.example"], "$sms": ["+12025550143"]}
    ana = {**test, "$locale": "de", "name": "Ana", "manager": "t@x.example", "phones": [{"home": "+12025550143"}]}
    assert made.people == (test, ana, test)
    assert made.key not in (None, "k")
    body = made.body
    assert body["actor"] == {"is_transient": True, "name": "Bo"}
    assert body["cancellation_key"] not in (None, "c")
    assert (body["data"], body["tenant_id"]) == ({"to": "as it is"}, "acme")
    assert request_mistakes("workflow", body) == []
    assert redirected(Payload(Envelope("b", "broadcast", {}))) is None


def test_words_of_the_service_lose_their_addresses() -> None:
    said = "ana@x.example, <b.c@y.example> and +1 (202) 555-0143 or https://hooks.slack.com/T0/B0/x and xoxb-1-a failed"
    assert without_addresses(said) == (
        "(e-mail address), <(e-mail address)> and (phone number) or (URL) and (token) failed"
    )
    assert without_addresses("workflow `new-comment` has no version 3 (code 422)") == (
        "workflow `new-comment` has no version 3 (code 422)"
    )
