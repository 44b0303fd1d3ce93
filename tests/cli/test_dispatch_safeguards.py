"""Nobody is sent to twice or forgotten, seen from the command line: what is refused or said before it could happen."""

from __future__ import annotations

import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from command_line import Nac
from nac.sandbox import Faults, Sandbox
from nac.schema import request_mistakes

HMAC = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
TRIGGER = """\
workflow: news
idempotency_key: "news-{{ event.id }}"
recipients:
  - each: "{{ event.people }}"
    user: "{{ item }}"
data: {}
"""


@pytest.fixture
def sending(project: Path) -> Path:
    folder = project / "notifications"
    (folder / "nac.yaml").write_text("workspaces: {production: {journal: production.sqlite}}\n")
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(TRIGGER)
    (project / "event.json").write_text(json.dumps({"id": 1, "people": [f"u{number}" for number in range(250)]}))
    return project


def test_two_triggers_with_the_same_keys_are_not_planned_together(here: Nac, sending: Path) -> None:
    done = here("plan", "one", "two", "--event", "event.json", "--workspace", "production", "-o", "plan")
    assert done.returncode == 2
    assert "two has the same idempotency key as another of this plan" in done.stderr
    assert not (sending / "plan").exists()
    (sending / "notifications/two.yaml").write_text(TRIGGER.replace("news-", "two-"))
    assert here("plan", "one", "two", "--event", "event.json", "-o", "plan").returncode == 0


@pytest.mark.parametrize("command", [("dispatch", "one", "--event", "event.json", "--yes"), ("journal", "list")])
def test_an_empty_journal_is_not_taken_for_the_default_one(here: Nac, sending: Path, command: tuple[str, ...]) -> None:
    done = here(*command, "--workspace", "production", "--journal", "", **HMAC, SUPRSEND_BASE_URL="http://127.0.0.1:9/")
    assert done.returncode == 2
    assert "--journal is empty" in done.stderr


def test_a_report_that_could_not_be_written_is_said_before_anything_is_sent(here: Nac, sending: Path) -> None:
    with Sandbox(validate=request_mistakes) as hub:
        args = ("one", "--event", "event.json", "--workspace", "production", "--yes", "-o", "nowhere/report.xml")
        done = here("dispatch", *args, "--hub", hub.url, **HMAC)
        assert (done.returncode, hub.count.calls) == (2, 0)
    assert "cannot write nowhere/report.xml" in done.stderr


def test_what_goes_on_is_as_careful_and_finds_the_same_journal(here: Nac, sending: Path) -> None:
    assert here("plan", "one", "--event", "event.json", "--workspace", "production", "-o", "plan").returncode == 0
    with Sandbox(validate=request_mistakes, faults=Faults(error=1.0)) as hub:
        pace = ("--rate", "900.5", "--connections", "1", "--attempts", "1", "--backoff", "0")
        done = here("dispatch", "plan", "--yes", "--hub", hub.url, *pace, **HMAC)
        assert done.returncode == 1
        again = done.stdout.splitlines()[-1].strip()
        assert again == shlex.join(["nac", "dispatch", "plan/", "--yes", "--hub", hub.url, *pace])
    with Sandbox(validate=lambda kind, body: ["no"]) as hub:
        assert here("plan", "two", "--event", "event.json", "--workspace", "production", "-o", "2").returncode == 0
        done = here("dispatch", "2", "--yes", "--hub", hub.url, **HMAC)
        retry, _, _ = done.stdout.splitlines()[-1].partition(": ")[2].partition(" && ")
        done = here(*shlex.split(retry)[1:])
        assert "250 rejected requests will be sent again" in done.stderr


def test_another_plan_of_the_trigger_that_is_not_finished_is_told(here: Nac, sending: Path) -> None:
    args = ("dispatch", "one", "--event", "event.json", "--workspace", "production", "--yes", "--attempts", "1")
    with Sandbox(validate=request_mistakes, faults=Faults(error_after=1.0)) as hub:
        first = here(*args, "--hub", hub.url, **HMAC)
        assert first.returncode == 1
        assert "begun and not finished" not in first.stderr
        hub._hub._chance.faults = Faults()
        (sending / "event.json").write_text(json.dumps({"id": 1, "people": ["u0", "u1"]}))
        other = here(*args, "--hub", hub.url, **HMAC)
        assert other.returncode == 0
        assert "of one was begun and not finished: 0 requests accepted, 250 left" in other.stderr
        assert other.stderr.count("begun and not finished") == 1


def test_a_plan_without_a_workspace_is_no_way_around_limits_where_the_project_is_not(
    here: Nac, sending: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert here("plan", "one", "--event", "event.json", "-o", "plan").returncode == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = here("dispatch", "plan", "--project", str(elsewhere), "--allow-stale", "--journal", "j.sqlite", "--yes",
                "--hub", "https://hub.invalid/", **HMAC)  # fmt: skip
    assert done.returncode == 2
    assert "nac.yaml has workspaces with limits" in done.stderr


def test_that_an_api_key_says_nothing_of_its_workspace_is_told(here: Nac, sending: Path) -> None:
    (sending / "notifications/nac.yaml").write_text("workspaces: {production: {workspace_key: sandbox}}\n")
    args = ("dispatch", "one", "--event", "event.json", "--workspace", "production", "--yes")
    with Sandbox(validate=request_mistakes) as hub:
        done = here(*args, "--hub", hub.url, SUPRSEND_API_KEY="sandbox-key")
        assert done.returncode == 0
        assert "`workspace_key` of nac.yaml is not checked" in done.stderr
        assert "not checked" not in here(*args, "--hub", hub.url, **HMAC).stderr


def test_runs_that_begin_at_the_same_time_send_once_and_leave_nothing(nac: Nac, sending: Path) -> None:
    args = ("dispatch", "one", "--event", "event.json", "--workspace", "production", "--yes", "--wait")
    with Sandbox(validate=request_mistakes, faults=Faults(latency=0.2)) as hub, ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda _: nac(*args, "--hub", hub.url, **HMAC), range(3)))
        assert [one.returncode for one in done] == [0, 0, 0], [one.stderr for one in done]
        assert (hub.count.calls, hub.count.delivered) == (3, 250)
    assert list((sending / ".nac/plans").iterdir()) == []  # they hold what is said to whom
