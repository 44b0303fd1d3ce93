"""`nac journal`, as somebody uses it who has to decide about what is left."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from command_line import Nac
from nac.sandbox import Faults, Sandbox, required_keys

HMAC = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
MANY = """\
workflow: many
idempotency_key: "many-{{ event.id }}"
recipients:
  - each: "{{ event.people }}"
    user: {distinct_id: "{{ item }}", $email: ["{{ item }}@people.example"]}
"""


@pytest.fixture
def many(project: Path) -> Path:
    settings = "workspaces:\n  production: {journal: elsewhere.sqlite}\n  staging: {}\n"
    (project / "notifications/nac.yaml").write_text(settings)
    (project / "notifications/many.yaml").write_text(MANY)
    (project / "event.json").write_text(json.dumps({"id": 1, "people": [f"u{number}" for number in range(5)]}))
    return project


def test_to_look_into_a_journal_makes_none(here: Nac, many: Path) -> None:
    before = sorted(many.rglob("*"))
    done = here("journal", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing was sent yet\nproduction: another journal, which --workspace NAME shows\n"
    for args, said in (
        (("show", "4f2a"), "nothing was sent yet: see `nac journal list`"),
        (("list", "--journal", "typo.sqlite"), "there is no journal typo.sqlite"),
        (("list", "--workspace", "prod"), "there is no workspace 'prod': nac.yaml has production, staging"),
        (("retry", "4f2a"), "say which: --rejected, or --unknown-after-window send|skip"),
        (("export", "4f2a", "--keys", "nowhere"), "nothing was sent yet"),
    ):
        done = here("journal", *args)
        assert done.returncode == 2
        assert said in done.stderr
    assert sorted(many.rglob("*")) == before


def test_the_journal_of_a_workspace(here: Nac, many: Path) -> None:
    args = ("dispatch", "many", "--event", "event.json", "--yes", "--workspace", "production")
    with Sandbox(validate=required_keys) as hub:
        assert here(*args, "--hub", hub.url, **HMAC).returncode == 0
    assert "nothing was sent yet" in here("journal", "list").stderr
    listed = here("journal", "list", "--workspace", "production").stdout
    assert "done  5 requests: 5 accepted  production  many" in listed
    told = json.loads(here("journal", "list", "--workspace", "production", "--format", "json").stdout)
    assert (told["accepted"], told["workspace"], told["triggers"]) == (5, "production", "many")
    shown = here("journal", "show", told["id"][:6], "--workspace", "production", "--format", "json")
    assert json.loads(shown.stdout) == {**told, "causes": []}
    done = here("journal", "retry", told["id"][:6], "--rejected", "--workspace", "production")
    assert (done.returncode, done.stderr) == (0, "no request was rejected\n")
    assert json.loads(here("journal", "list", "--workspace", "production", "--format", "json").stdout) == told


def test_rejected_requests_are_sent_again_by_the_command_that_is_told(here: Nac, many: Path) -> None:
    blocked = ["u3 is blocked"]

    def validate(kind: str, body: object) -> list[str]:
        assert isinstance(body, dict)
        return blocked if body["recipients"][0]["distinct_id"] == "u3" else []

    with Sandbox(validate=validate) as hub:
        args = ("dispatch", "many", "--event", "event.json", "--yes", "--journal", "own.sqlite", "--hub", hub.url)
        done = here(*args, **HMAC)
        assert done.returncode == 1
        (told,) = [line for line in done.stdout.splitlines() if line.startswith("to send the rejected ones again: ")]
        retry, again = told.partition(": ")[2].split(" && ")
        blocked.clear()
        (many / "notifications/many.yaml").write_text(MANY + "# edited since\n")
        assert here(*retry.split()[1:]).stderr.startswith("1 rejected request will be sent again\nnext: nac dispatch ")
        done = here(*again.split()[1:], "--allow-stale", **HMAC)
        assert done.returncode == 0, done.stderr
        assert hub.count.delivered == 5
    assert not list((many / ".nac/plans").iterdir())


def test_a_run_that_nobody_received_is_begun_anew_where_it_was_meant(here: Nac, many: Path) -> None:
    args = ("dispatch", "many", "--event", "event.json", "--yes", "--hub")
    with Sandbox(validate=required_keys) as wrong, Sandbox(validate=required_keys) as hub:
        done = here(*args, wrong.url, **{**HMAC, "SUPRSEND_WORKSPACE_SECRET": "other"})
        assert done.returncode == 1
        assert "the service answered 401" in done.stdout
        assert done.stdout.count("check SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET") == 1
        done = here(*args, hub.url, **HMAC)
        assert done.returncode == 0, done.stderr
        done = here(*args, wrong.url, **HMAC)
        assert done.returncode == 1
        assert f"this plan was begun at {hub.url}, and this is {wrong.url}" in done.stderr
        assert (hub.count.delivered, wrong.count.delivered) == (5, 0)


def test_what_nobody_knows_after_a_day_is_told_with_keys_and_decided_one_by_one(here: Nac, many: Path) -> None:
    with Sandbox(validate=required_keys, faults=Faults(cut_after=1.0)) as hub:
        args = ("--yes", "--hub", hub.url, "--attempts", "1", "--journal", "own.sqlite")
        assert here("dispatch", "many", "--event", "event.json", *args, **HMAC).returncode == 1
        (folder,) = (many / ".nac/plans").iterdir()
        with sqlite3.connect(many / "own.sqlite") as database:
            database.execute("UPDATE batches SET since = since - 90000")
        database.close()
        again = ("dispatch", f"{folder}/", *args)
        calls = hub.count.calls
        done = here(*again, **HMAC)
        assert done.returncode == 1
        assert "5 requests were sent more than 24 hours ago and had no answer: batch 1 (5)" in done.stderr
        assert hub.count.calls == calls
        short = folder.name[:12]
        steps = [line.strip().split(". ", 1)[-1] for line in done.stderr.splitlines()]
        (export,) = [step for step in steps if step.startswith("nac journal export")]
        assert export == f"nac journal export {short} --journal own.sqlite --keys {folder} -o unknown.ndjson"
        assert here(*export.split()[1:]).returncode == 0
        lines = (many / "unknown.ndjson").read_text().splitlines()
        told = [json.loads(line) for line in lines]
        assert [one["trigger"] for one in told] == ["many"] * 5
        assert {one["idempotency_key"] for one in told} == {
            one.body["$idempotency_key"] for one in hub.requests if isinstance(one.body, dict)
        }
        assert "people.example" not in "".join(lines)
    (many / "two.ndjson").write_text("\n".join(lines[:2]))
    retry = ("journal", "retry", short, "--journal", "own.sqlite", "--unknown-after-window")
    assert "2 unknown requests will be sent again" in here(*retry, "send", "--only", "two.ndjson").stderr
    assert "3 unknown requests settled: not sent again" in here(*retry, "skip").stderr
    assert (
        "event.json, line 1: this is no line of `nac journal export`"
        in here(*retry, "send", "--only", "event.json").stderr
    )
    with sqlite3.connect(many / "own.sqlite") as database:
        database.execute("UPDATE plans SET hub = 'http://127.0.0.1:1/'")
    database.close()
    with Sandbox(validate=required_keys) as hub:
        args = ("--yes", "--hub", hub.url, "--journal", "own.sqlite")
        done = here("dispatch", f"{folder}/", *args, **HMAC)
        assert "this plan was begun at http://127.0.0.1:1/" in done.stderr
        with sqlite3.connect(many / "own.sqlite") as database:
            database.execute("UPDATE plans SET hub = ?", (hub.url,))
        database.close()
        done = here("dispatch", f"{folder}/", *args, **HMAC)
        assert done.returncode == 0, done.stdout  # what somebody settled by hand is no failure
        assert "\n2 accepted\n" in done.stdout  # none of them by an earlier run
        assert hub.count.delivered == 2
