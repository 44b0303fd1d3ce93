"""Limits of a workspace and `redirect`, as somebody meets them who sends: what is refused, why, and what is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Nac
from nac.sandbox import Sandbox
from nac.schema import request_mistakes

HMAC = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
SETTINGS = """\
workspaces:
  production: {domains: [ours.example], tenants: [default, acme], max_change: 0.5}
  trusting: {domains: [ours.example], max_recipients: 10, unchecked: allow}
  test: {redirect: {email: qa@ours.example, sms: "+12025550143"}}
"""
TRIGGERS = {
    "mail": """\
workflow: mail
idempotency_key: "mail-{{ event.id }}"
actor: {distinct_id: boss, $email: ["boss@theirs.example"], name: Bo}
recipients:
  - each: "{{ event.people }}"
    as: one
    user: "{{ one }}"
data: {}
""",
    "legacy": """\
kind: dynamic
name: legacy
template: legacy
notification_category: system
idempotency_key: "legacy-{{ event.id }}"
brand_id: "{{ event.brand }}"
tenant_id: acme
recipients:
  - user: {distinct_id: u1, $email: [u1@ours.example], $slack: {email: u1@theirs.example, access_token: xoxb-1}}
data: {}
""",
    "list": """\
kind: broadcast
list_id: everybody
template: news
notification_category: system
idempotency_key: "list-{{ event.id }}"
data: {}
""",
}
PEOPLE = ["u1", {"distinct_id": "u2", "$email": "u2@OURS.example"}]


@pytest.fixture
def sending(project: Path) -> Path:
    folder = project / "notifications"
    (folder / "nac.yaml").write_text(SETTINGS)
    for name, text in TRIGGERS.items():
        (folder / f"{name}.yaml").write_text(text)
    event(project)
    return project


def event(project: Path, **told: object) -> None:
    (project / "event.json").write_text(json.dumps({"id": 1, "people": PEOPLE, "brand": "acme", **told}))


def dispatch(nac: Nac, hub: Sandbox, *args: str) -> tuple[int, str, str]:
    done = nac("dispatch", *args, "--event", "event.json", "--yes", "--hub", hub.url, **HMAC)
    return done.returncode, done.stdout, done.stderr


def test_people_known_by_id_pass_no_domain_limit_unseen(here: Nac, sending: Path) -> None:
    with Sandbox(validate=request_mistakes) as hub:
        code, out, err = dispatch(here, hub, "mail", "--workspace", "production")
        assert code == 1
        said = "1 recipient is known to SuprSend only by id: the domain of their e-mail is not checked"
        assert said in out
        assert f"  {said} (`unchecked: allow` lets that pass)\n    --force-unchecked sends all the same" in err
        assert "over the limits of `production` (workspaces in nac.yaml)" in err
        assert not (sending / ".nac/plans").exists()  # nobody goes on with it, and it says what is said to whom
        code, out, _ = dispatch(here, hub, "mail", "--workspace", "trusting")
        assert (code, said in out) == (0, True)
        code, _, err = dispatch(here, hub, "mail", "--workspace", "production", "--force-unchecked")
        assert code == 0
        assert "max_change is not checked for mail: the journal" in err
        assert hub.count.delivered == 2


def test_domains_and_tenants_of_every_kind_of_request(here: Nac, sending: Path) -> None:
    event(sending, brand="globex")
    with Sandbox(validate=request_mistakes) as hub:
        code, _, err = dispatch(here, hub, "legacy", "--workspace", "production")
        assert code == 1
        assert "not among the tenants allowed: `globex`" in err
        assert "not among the e-mail domains allowed: `theirs.example`" in err
        code, out, err = dispatch(here, hub, "list", "--workspace", "trusting")
        assert code == 0
        assert "list goes to a list, and SuprSend alone knows who is on it: not checked against max_recipients" in out
        code, _, err = dispatch(here, hub, "list", "--workspace", "production")
        assert code == 1
        assert "--force-unchecked" in err
        assert hub.count.calls == 1


def test_copies_that_a_template_sends_are_seen(here: Nac, sending: Path) -> None:
    mail = sending / "notifications/templates/mail"
    mail.mkdir()
    (mail / "email.hbs").write_text("---\nsubject: Hi\nbcc: archive@theirs.example\ncc: '{{boss}}'\n---\nHello\n")
    event(sending, people=PEOPLE[1:])
    with Sandbox(validate=request_mistakes) as hub:
        code, _, err = dispatch(here, hub, "mail", "--workspace", "production")
        assert code == 1
        assert "not among the e-mail domains allowed: `theirs.example`" in err
        assert "mail's template computes whom it copies e-mails to" in err
        code, _, err = dispatch(here, hub, "mail", "--workspace", "test")
        assert code == 1
        assert "copies its e-mails to others (`cc` and `bcc`), and those SuprSend sends by itself" in err
        assert hub.count.calls == 0
        assert dispatch(here, hub, "mail", "--workspace", "test", "--force-copies")[0] == 0


def test_nothing_of_a_redirected_request_leads_to_anybody(here: Nac, sending: Path) -> None:
    with Sandbox(validate=request_mistakes) as hub:
        code, _, err = dispatch(here, hub, "mail", "legacy", "--workspace", "test")
        assert code == 0, err
        sent = json.dumps([one.body for one in hub.requests])
        for address in ("u1", "u2", "boss", "theirs", "xoxb", "u2@ours"):
            assert address not in sent.lower()
        code, _, err = dispatch(here, hub, "mail", "list", "--workspace", "test")
        assert code == 2
        assert "list is a broadcast, and nac.yaml redirects what goes to `test`" in err
        assert hub.count.delivered == 3


def test_a_plan_made_before_its_workspace_was_redirected_or_limited_is_not_sent(here: Nac, sending: Path) -> None:
    args = ("mail", "--event", "event.json", "--workspace", "trusting")
    assert here("plan", *args, "-o", "plan", **HMAC).returncode == 0
    settings = sending / "notifications/nac.yaml"
    with Sandbox(validate=request_mistakes) as hub:
        settings.write_text(SETTINGS.replace("unchecked: allow", "redirect: {email: qa@ours.example}"))
        done = here("dispatch", "plan/", "--yes", "--allow-stale", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "nac.yaml redirects what goes to `trusting`, and this plan was made without it" in done.stderr
        settings.write_text(SETTINGS.replace("max_recipients: 10", "max_recipients: 1"))
        done = here("dispatch", "plan/", "--yes", "--allow-stale", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "there are 2 recipients, and a run may have 1" in done.stderr
        settings.write_text("workspaces: {production: {}}\n")
        done = here("dispatch", "plan/", "--yes", "--allow-stale", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "is for the workspace `trusting`, and nac.yaml has production: its limits are not known" in done.stderr
        assert hub.count.calls == 0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("quiet_hours: {from: 22:00, to: 7:00}", "`7:00` is not a time of day such as `07:00`, or `24:00`"),
        ("quiet_hours: {from: 22:00, to: 22:00}", "`quiet_hours` end when they begin, and so last no time"),
        ("quiet_hours: {from: 22:00, to: 24:00, timezone: Europe/Berln}", "did you mean `Europe/Berlin`?"),
        ("domains: [a@example.com]", "`a@example.com` is not a domain such as `example.com`"),
        ("domains: [https://example.com]", "is not a domain such as"),
        ("unchecked: maybe", "`unchecked` is one of refuse, allow, not `maybe`"),
        ("redirect: {}", "needs `email`, `sms` or `whatsapp`"),
    ],
)
def test_a_mistake_in_a_limit_is_told_with_its_place(here: Nac, sending: Path, setting: str, said: str) -> None:
    (sending / "notifications/nac.yaml").write_text(f"workspaces:\n  production: {{{setting}}}\n")
    done = here("plan", "mail", "--event", "event.json", "--workspace", "production", "-o", "plan", **HMAC)
    assert done.returncode == 1
    assert said in done.stderr
    assert "--> notifications/nac.yaml:2:" in done.stderr


def test_every_limit_that_refuses_can_be_forced_by_an_option_that_is_told(here: Nac) -> None:
    from nac.cli.dispatch_options import FORCED
    from nac.dispatch.safety import LIMITS

    assert dict(LIMITS) == FORCED
    said = here("dispatch", "--help").stdout
    assert all(f"--force-{name}" in said for name in LIMITS)
