from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from command_line import Nac
from nac.sandbox import Sandbox
from nac.schema import request_mistakes

HMAC = {
    "SUPRSEND_WORKSPACE_KEY": "sandbox",
    "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret",
    "APP_URL": "https://x.example.com",
}
MANY = """\
workflow: many
idempotency_key: many-1
recipients:
  - each: "{{ event.people }}"
    user: {distinct_id: "{{ item }}", name: N}
"""
BROADCAST = """\
kind: broadcast
list_id: news
template: news
notification_category: promotional
idempotency_key: "news-{{ event.id }}"
data: {}
"""
DYNAMIC = """\
kind: dynamic
name: legacy
template: legacy
notification_category: system
recipients: [{user: u1}]
"""


def test_without_yes_the_plan_is_shown_and_nothing_is_sent(nac: Nac, project: Path) -> None:
    left, new = (project / ".nac" / "plans" / f"making-{name}" for name in ("left", "new"))
    for one in (left, new):
        one.mkdir(parents=True)
    os.utime(left, (0, 0))
    with Sandbox() as hub:
        done = nac("dispatch", "hello", "--sample", "first", "--hub", hub.url, **HMAC)
        assert done.returncode == 2
        assert "1 recipient" in done.stdout
        assert "nothing was sent" in done.stderr
        assert hub.requests == []
    assert not left.exists(), "somebody was killed while they planned, long ago"
    assert new.exists(), "somebody may be at it"
    for secret in ("sandbox-secret", "ana@example.com"):
        assert secret not in done.stdout + done.stderr


def test_with_yes_the_exact_requests_arrive(nac: Nac, project: Path) -> None:
    (project / "event.json").write_text('{"id": 5, "user": "u5"}')
    with Sandbox(validate=request_mistakes) as hub:
        args = ["hello", "--event", "event.json", "--now", "2026-05-01T00:00:00Z"]
        done = nac("dispatch", *args, "--yes", SUPRSEND_BASE_URL=hub.url, **HMAC)
        assert done.returncode == 0, done.stderr
        assert "1 accepted" in done.stdout
        compiled = nac("compile", *args, "--format", "ndjson", **HMAC).stdout
        assert [one.body for one in hub.requests] == [json.loads(compiled)]
        assert hub.requests[0].auth == "hmac"
        # The same plan is sent once; and without the journal, the same key keeps it from being delivered again.
        assert nac("dispatch", *args, "--yes", SUPRSEND_BASE_URL=hub.url, **HMAC).returncode == 0
        assert len(hub.requests) == 1
        other = ("--journal", "other.sqlite")
        assert nac("dispatch", *args, "--yes", *other, SUPRSEND_BASE_URL=hub.url, **HMAC).returncode == 0
        assert len(hub.requests) == 2
        assert len(hub.deliveries) == 1


def test_many_people_go_out_in_bulk_and_each_once(nac: Nac, project: Path) -> None:
    (project / "notifications/many.yaml").write_text(MANY)
    for people in (range(250), range(200, 333)):
        (project / "event.json").write_text(json.dumps({"people": [f"u{number}" for number in people]}))
        if people[0] == 0:
            hub = Sandbox(validate=request_mistakes)
            hub.__enter__()
        done = nac("dispatch", "many", "--event", "event.json", "--yes", SUPRSEND_BASE_URL=hub.url, **HMAC)
        assert done.returncode == 0, done.stderr
    try:
        assert max(one.call for one in hub.requests) == 5  # 250 in three calls, 133 in two
        delivered = [json.dumps(one.recipient) for one in hub.deliveries]
        assert len(delivered) == len(set(delivered)) == 333
    finally:
        hub.close()


def test_every_kind_reaches_its_address(nac: Nac, project: Path) -> None:
    (project / "notifications/news.yaml").write_text(BROADCAST)
    (project / "notifications/legacy.yaml").write_text(DYNAMIC)
    (project / "event.json").write_text('{"id": 1}')
    with Sandbox(validate=request_mistakes) as hub:
        for name in ("news", "legacy"):
            done = nac("dispatch", name, "--event", "event.json", "--yes", SUPRSEND_BASE_URL=hub.url, **HMAC)
            assert done.returncode == 0, done.stderr
        assert [one.path for one in hub.requests] == ["/sandbox/broadcast/", "/sandbox/trigger/"]
        bearer = {"SUPRSEND_API_KEY": "sandbox-key", "SUPRSEND_BASE_URL": hub.url}
        done = nac("dispatch", "news", "--event", "event.json", "--yes", **bearer)
        assert done.returncode == 2
        assert "SUPRSEND_WORKSPACE_KEY" in done.stderr


def test_what_the_service_refuses_exits_1_with_its_words(nac: Nac) -> None:
    with Sandbox(validate=lambda kind, body: ["the moon is full"]) as hub:
        done = nac("dispatch", "hello", "--sample", "first", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "the moon is full" in done.stdout
        wrong = {**HMAC, "SUPRSEND_WORKSPACE_SECRET": "not-the-secret"}
        done = nac("dispatch", "hello", "--sample", "first", "--run", "two", "--yes", "--hub", hub.url, **wrong)
        assert done.returncode == 1
        assert "401" in done.stdout
        assert f"nac dispatch hello --sample first --run two --yes --hub {hub.url}" in done.stdout
        assert "not-the-secret" not in done.stdout + done.stderr


def test_a_hub_that_is_not_there(nac: Nac) -> None:
    with Sandbox() as hub:
        url = hub.url
    done = nac("dispatch", "hello", "--sample", "first", "--yes", "--attempts", "2", "--hub", url, **HMAC)
    assert done.returncode == 1
    assert "not received" in done.stdout
    assert "1 request left" in done.stdout


def test_with_a_finding_nothing_is_sent(nac: Nac, project: Path) -> None:
    people = [f"u{number}" for number in range(300)] + [None]
    (project / "notifications/many.yaml").write_text(MANY)
    (project / "event.json").write_text(json.dumps({"people": people}))
    with Sandbox() as hub:
        done = nac("dispatch", "many", "--event", "event.json", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 1
        assert "NAC404" in done.stderr or "NAC202" in done.stderr
        assert hub.requests == []


def test_the_sandbox_command_serves_and_stops(nac: Nac, project: Path) -> None:
    command = [sys.executable, "-m", "nac", "sandbox", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        done = nac("dispatch", "hello", "--sample", "first", "--yes", "--hub", url, **HMAC)
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        if server.stdout:
            server.stdout.close()
