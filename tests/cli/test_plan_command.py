"""`nac plan`, `nac dispatch PLAN` and `nac journal`, as their users run them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command_line import Nac
from nac.sandbox import Faults, Sandbox, required_keys

HMAC = {
    "SUPRSEND_WORKSPACE_KEY": "sandbox",
    "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret",
    "APP_URL": "https://x.example.com",
}
MANY = """\
workflow: many
tenant_id: acme
idempotency_key: "many-{{ event.id }}"
recipients:
  - each: "{{ event.people }}"
    user: {distinct_id: "{{ item }}", name: Ana, $email: ["{{ item }}@people.example"], $sms: ["+12025550143"]}
samples:
  - {name: two, event: {id: 1, people: [a, b]}}
"""
SETTINGS = """\
env: {APP_URL: https://app.example.com}
workspaces:
  production:
    max_recipients: 100
    max_recipients_per_trigger: 50
    max_change: 0.5
    tenants: [other]
    domains: [ours.example]
  staging:
    workspace_key: sandbox
  test:
    redirect: {email: test@ours.example}
  night:
    quiet_hours: {from: "00:00", to: "23:59"}
  elsewhere:
    workspace_key: wk_other
"""


@pytest.fixture
def many(project: Path) -> Path:
    (project / "notifications/nac.yaml").write_text(SETTINGS)
    (project / "notifications/many.yaml").write_text(MANY)
    write_event(project, 120)
    return project


def write_event(project: Path, people: int, number: int = 7) -> None:
    event = {"id": number, "people": [f"u{number}" for number in range(people)]}
    (project / "event.json").write_text(json.dumps(event))


def plan(nac: Nac, *args: str) -> None:
    done = nac("plan", "many", "--event", "event.json", "-o", "plan", *args, **HMAC)
    assert done.returncode == 0, done.stderr


def test_a_plan_is_sent_as_it_was_planned(nac: Nac, many: Path) -> None:
    made = nac("plan", "many", "hello", "--event", "event.json", "-o", "other", **HMAC)
    assert made.returncode == 1  # `hello` needs event.user
    assert not (many / "other").exists()
    plan(nac)
    told = json.loads((many / "plan/manifest.json").read_text())["plan"]
    assert told["triggers"] == {
        "many": {"kind": "workflow", "records": 120, "recipients": 120, "bytes": told["triggers"]["many"]["bytes"],
                 "keyless": 0, "by_id": 0, "copies": [], "computed_copies": False}
    }  # fmt: skip
    assert told["tenants"] == {"acme": 120}
    assert told["domains"] == {"people.example": 120}
    assert {"notifications/many.yaml", "notifications/nac.yaml"} <= set(told["sources"])
    with Sandbox(validate=required_keys) as hub:
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 0, done.stderr
        assert "120 accepted" in done.stdout
        assert hub.count.delivered == 120
        again = nac("dispatch", "plan/", "--yes", "--hub", hub.url, **HMAC)
        assert "120 accepted by an earlier run" in again.stdout
        assert hub.count.calls == 2
        for one in (done, again):
            assert "people.example" not in one.stdout + one.stderr
            assert "sandbox-secret" not in one.stdout + one.stderr
    with Sandbox() as elsewhere:
        done = nac("dispatch", "plan", "--yes", "--hub", elsewhere.url, **HMAC)
        assert done.returncode == 1
        assert "everybody would be sent to twice" in done.stderr
    listed = nac("journal", "list").stdout
    assert "done  120 requests: 120 accepted" in listed


def test_a_stale_plan_is_refused_unless_that_is_said(nac: Nac, many: Path) -> None:
    plan(nac)
    (many / "notifications/many.yaml").write_text(MANY + "# more\n")
    with Sandbox(validate=required_keys) as hub:
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "stale: notifications/many.yaml has changed" in done.stderr
        write_event(many, 121)
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert "event.json has changed" in done.stderr
        assert hub.count.calls == 0
        done = nac("dispatch", "plan", "--yes", "--allow-stale", "--hub", hub.url, **HMAC)
        assert done.returncode == 0
        assert done.stderr.count("WARNING: stale plan") == 2
        assert hub.count.delivered == 120


def test_an_altered_plan_and_one_for_another_workspace_are_refused(nac: Nac, many: Path) -> None:
    plan(nac, "--workspace", "staging")
    with Sandbox() as hub:
        done = nac("dispatch", "plan", "--yes", "--workspace", "production", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "is for the workspace `staging`, not for `production`" in done.stderr
        other = {**HMAC, "SUPRSEND_WORKSPACE_KEY": "other"}
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **other)
        assert done.returncode == 1
        assert "credentials are those of another workspace" in done.stderr
        manifest = many / "plan/manifest.json"
        manifest.write_text(manifest.read_text().replace('"staging"', '"production"'))
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "altered" in done.stderr
        assert hub.count.calls == 0
    assert "there is no workspace 'produktion'" in nac("plan", "many", "-o", "x", "--workspace", "produktion").stderr


def test_each_limit_refuses_and_each_can_be_forced(nac: Nac, many: Path) -> None:
    plan(nac, "--workspace", "production")
    limits = ("max-recipients-per-trigger", "max-recipients", "tenants", "domains")
    with Sandbox(validate=required_keys) as hub:
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        for name in limits:
            assert f"--force-{name}" in done.stderr
        assert "`acme`" in done.stderr
        assert "`people.example`" in done.stderr
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, *(f"--force-{name}" for name in limits[1:]), **HMAC)
        assert done.returncode == 1
        assert hub.count.calls == 0
        force = [f"--force-{name}" for name in limits]
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, *force, **HMAC)
        assert done.returncode == 0
        assert done.stderr.count("warning:") == 4
        write_event(many, 40, number=8)
        args = ("dispatch", "many", "--event", "event.json", "--workspace", "production", "--yes", "--hub", hub.url)
        done = nac(*args, *force, **HMAC)
        assert done.returncode == 1
        assert "many has 40 recipients, and its last run had 120: that is 67% apart, and 50% is allowed" in done.stderr
        assert nac(*args, *force, "--force-max-change", **HMAC).returncode == 0
        args = ("dispatch", "many", "--event", "event.json", "--workspace", "night", "--yes", "--hub", hub.url)
        assert "nothing is sent from 00:00 to 23:59" in nac(*args, **HMAC).stderr
        assert nac(*args, "--force-quiet-hours", **HMAC).returncode == 0


def test_redirected_messages_reach_nobody_but_the_test_address(nac: Nac, many: Path) -> None:
    with Sandbox() as hub:
        args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub", hub.url)
        done = nac(*args, "--workspace", "test", **HMAC)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "redirected" in done.stdout
        assert hub.count.delivered == 120
        for one in hub.requests:
            assert isinstance(one.body, dict)
            expected = {"is_transient": True, "$email": ["test@ours.example"], "name": "Ana"}
            assert one.body["recipients"] == [expected]
        assert nac(*args, **HMAC).returncode == 0
        assert hub.count.delivered == 240  # the test did not use up the keys


def test_reports_for_machines(nac: Nac, many: Path) -> None:
    def validate(kind: str, body: object) -> list[str]:
        assert isinstance(body, dict)
        return ["u7@people.example is blocked"] if body["recipients"][0]["distinct_id"] == "u7" else []

    with Sandbox(validate=validate) as hub:
        args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub", hub.url)
        done = nac(*args, "--format", "json", **HMAC)
        assert done.returncode == 1
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["event"] for one in events] == ["plan", "start", "call", "call", "report"]
        report = events[-1]
        assert (report["accepted"], report["rejected"], report["left"], report["ended"]) == (119, 1, 0, "done")
        (cause,) = report["causes"]
        assert (cause["state"], cause["status"], cause["count"]) == ("rejected", 400, 1)
        assert cause["reason"] == "(e-mail address) is blocked"
        assert "people.example" not in done.stdout + done.stderr
        done = nac(*args, "--format", "junit", "-o", "report.xml", **HMAC)
        assert done.returncode == 1
        suite = ElementTree.parse(many / "report.xml").getroot()
        assert suite.attrib["failures"] == "1"
        exported = nac("journal", "export", report["plan"][:8]).stdout
        assert json.loads(exported)["position"] == 7
        assert "rejected (400)" in nac("journal", "show", report["plan"][:8]).stdout
        assert "1 rejected request will" in nac("journal", "retry", report["plan"][:8], "--rejected").stderr
        done = nac(*args, **HMAC)
        assert hub.count.calls == 3
        assert "1 rejected (400): (e-mail address) is blocked" in done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_says_how_to_go_on(nac: Nac, many: Path, number: int, code: int) -> None:
    write_event(many, 3_000)
    with Sandbox(validate=required_keys, faults=Faults(latency=0.1)) as hub:
        command = [sys.executable, "-m", "nac", "dispatch", "many", "--event", "event.json", "--yes", "--rate", "1000",
                   "--hub", hub.url]  # fmt: skip
        with subprocess.Popen(command, cwd=many, env={**os.environ, **HMAC}, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as run:  # fmt: skip
            while hub.count.calls < 3:
                assert run.poll() is None
                time.sleep(0.02)
            run.send_signal(number)
            out, err = run.communicate(timeout=120)
        assert run.returncode == code, out + err
        assert "finishing what is in flight" in err
        assert "requests left" in out
        (resume,) = [line.strip() for line in out.splitlines() if line.strip().startswith("nac dispatch .nac/plans/")]
        accepted = hub.count.accepted
        assert 0 < accepted < 3_000
        done = nac(*resume.split()[1:], **HMAC)
        assert done.returncode == 0, done.stdout + done.stderr
        assert (hub.count.delivered, hub.count.duplicates) == (3_000, 0)


def test_credentials_from_a_file_that_is_the_users_alone(nac: Nac, many: Path) -> None:
    file = many / "keys"
    file.write_text("# ours\nSUPRSEND_WORKSPACE_KEY=sandbox\nexport SUPRSEND_WORKSPACE_SECRET='sandbox-secret'\n")
    with Sandbox(validate=required_keys) as hub:
        args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub", hub.url, "--credentials", "keys")
        file.chmod(0o640)
        done = nac(*args)
        assert done.returncode == 2
        assert "can be read by others (mode 640): chmod 600 it" in done.stderr
        file.chmod(0o600)
        done = nac(*args)
        assert done.returncode == 0, done.stderr
        file.write_text("SUPRSEND_SECRET=sandbox-secret\n")
        done = nac(*args)
        assert done.returncode == 2
        assert "line 1: write NAME=value" in done.stderr
        assert "sandbox-secret" not in done.stderr


def test_a_password_is_not_for_the_command_line(nac: Nac, many: Path) -> None:
    args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub", "http://127.0.0.1:9/")
    done = nac(*args, "--journal", "postgresql://nac:s3cret@127.0.0.1:9/x", **HMAC)
    assert done.returncode == 2
    assert "password is not for the command line" in done.stderr
    assert "s3cret" not in done.stderr
    done = nac(*args, NAC_JOURNAL="postgresql://nac:s3cret@127.0.0.1:9/x", **HMAC)
    assert done.returncode == 1
    assert "s3cret" not in done.stderr


def test_a_keyless_trigger_is_sent_once_a_plan_and_again_with_another_run(nac: Nac, many: Path) -> None:
    (many / "notifications/many.yaml").write_text(MANY.replace('idempotency_key: "many-{{ event.id }}"\n', ""))
    with Sandbox(validate=required_keys) as hub:
        args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub", hub.url)
        for more, delivered in (((), 120), ((), 120), (("--run", "second"), 240)):
            done = nac(*args, *more, **HMAC)
            assert done.returncode == 0, done.stderr
            assert sum(1 for one in hub.deliveries) == delivered
        assert hub.count.keyless == 0


def test_real_hubs_need_a_workspace_where_there_are_limits(nac: Nac, many: Path) -> None:
    done = nac("dispatch", "many", "--event", "event.json", "--yes", "--hub", "https://hub.example/", **HMAC)
    assert done.returncode == 2
    assert "name the one that these credentials are for with --workspace" in done.stderr
    assert nac("plan", "many", "--sample", "two", "-o", "sample", **HMAC).returncode == 0
    done = nac("dispatch", "sample", "--yes", "--hub", "https://hub.example/", **HMAC)
    assert done.returncode == 2
    assert "a sample is not sent to people" in done.stderr
