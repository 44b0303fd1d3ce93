"""What a plan is held to besides its own bytes: directories, line ends, another place; and what a user may mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Nac
from nac.sandbox import Sandbox, required_keys

HMAC = {
    "SUPRSEND_WORKSPACE_KEY": "sandbox",
    "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret",
    "APP_URL": "https://x.example.com",
}
SETTINGS = """\
env: {APP_URL: https://app.example.com}
directories:
  people: {path: people.csv}
  teams: {path: teams.json}
"""
TRIGGER = """\
workflow: news
idempotency_key: "news-{{ event.id }}"
recipients:
  - from: people
    where: team in (select id from teams where open)
    user: {distinct_id: "{{ row.id }}", $email: ["{{ row.email }}"]}
"""
PEOPLE = "id,email,team\nu1,u1@ours.example,t1\nu2,u2@ours.example,t1\nu3,u3@ours.example,t2\n"


@pytest.fixture
def news(project: Path) -> Path:
    folder = project / "notifications"
    (folder / "nac.yaml").write_text(SETTINGS)
    (folder / "news.yaml").write_text(TRIGGER)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "teams.json").write_text('[{"id": "t1", "open": true}, {"id": "t2", "open": false}]')
    (project / "event.json").write_text('{"id": 1}')
    return project


def plan(nac: Nac, *args: str, output: str = "plan", **environ: str) -> dict[str, object]:
    done = nac("plan", "news", "--event", "event.json", "-o", output, *args, "--format", "json", **HMAC, **environ)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def test_a_plan_is_stale_when_its_directories_have_changed(here: Nac, news: Path) -> None:
    told = plan(here)
    assert isinstance(told["directories"], list)
    people, teams = told["directories"]
    assert (people["name"], people["rows"], people["file"]) == ("people", 2, "notifications/people.csv")
    assert (teams["name"], teams["rows"], teams["file"]) == ("teams", 0, "notifications/teams.json")
    with Sandbox(validate=required_keys) as hub:
        args = ("dispatch", "plan", "--yes", "--hub", hub.url)
        for name in ("people.csv", "teams.json"):
            path = news / "notifications" / name
            before = path.read_bytes()
            path.write_bytes(before + b"\n")
            done = here(*args, **HMAC)
            assert done.returncode == 1
            stem = name.split(".")[0]
            assert f"stale: the directory `{stem}` has changed (notifications/{name})" in done.stderr
            path.write_bytes(before)
        assert hub.count.calls == 0
        people_csv = news / "notifications/people.csv"
        people_csv.write_text(PEOPLE + "u4,u4@ours.example,t1\n")
        done = here(*args, "--allow-stale", **HMAC)
        assert done.returncode == 0, done.stderr
        assert "WARNING: stale plan: the directory `people` has changed" in done.stderr
        assert hub.count.delivered == 2
        people_csv.unlink()  # an export that is not checked in
        done = here(*args, **HMAC)
        assert done.returncode == 0, done.stderr
        assert "the directory `people` cannot be compared: notifications/people.csv is not here" in done.stderr


def test_attachments_are_sources_whoever_names_them(here: Nac, news: Path) -> None:
    folder = news / "notifications"
    (folder / "news.yaml").write_text(TRIGGER + 'attachments: [{file: written.txt}, {file: "{{ event.terms }}.txt"}]\n')
    (news / "event.json").write_text('{"id": 1, "terms": "named"}')
    for name in ("written", "named"):
        (folder / f"{name}.txt").write_text("Terms\n")
    plan(here)
    with Sandbox(validate=required_keys) as hub:
        for name in ("written", "named"):
            (folder / f"{name}.txt").write_text("Other terms\n")
            done = here("dispatch", "plan/", "--yes", "--hub", hub.url, **HMAC)
            assert done.returncode == 1
            assert f"stale: notifications/{name}.txt has changed. Plan again" in done.stderr
            (folder / f"{name}.txt").write_text("Terms\n")
        assert here("dispatch", "plan/", "--yes", "--hub", hub.url, **HMAC).returncode == 0
        assert all(isinstance(one.body, dict) and len(one.body["data"]["$attachments"]) == 2 for one in hub.requests)


def test_a_fresh_export_with_the_same_people_is_the_same_plan(here: Nac, news: Path) -> None:
    first = plan(here)
    (news / "export.csv").write_text(PEOPLE.replace("u3@ours", "u3@other"))  # not in an open team
    second = plan(here, "--directory", "people=export.csv", output="second")
    assert first["plan"] == second["plan"]
    assert isinstance(second["directories"], list)
    assert second["directories"][0]["file"] == "export.csv"


def test_the_same_plan_on_another_machine(nac: Nac, news: Path) -> None:
    first = plan(nac, TZ="Asia/Tokyo", PYTHONHASHSEED="1")
    for path in (news / "notifications").rglob("*.*"):
        if path.suffix in (".yaml", ".csv"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    second = plan(nac, output="second", TZ="America/New_York", PYTHONHASHSEED="2")
    assert first["plan"] == second["plan"]
    one, other = (news / name / "batches/000001.ndjson.zst" for name in ("plan", "second"))
    assert one.read_bytes() == other.read_bytes()
    with Sandbox(validate=required_keys) as hub:
        done = nac("dispatch", "plan", "--yes", "--hub", hub.url, **HMAC)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""


def test_a_plan_is_sent_elsewhere_only_with_a_journal_that_is_found_again(
    here: Nac, news: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan(here)
    away = str(tmp_path_factory.mktemp("away"))
    with Sandbox(validate=required_keys) as hub:
        args = ("dispatch", "plan/", "--yes", "--hub", hub.url, "--project", away)
        done = here(*args, **HMAC)
        assert done.returncode == 1
        assert "the project is not here to be compared with" in done.stderr
        done = here(*args, "--allow-stale", **HMAC)
        assert done.returncode == 2
        assert "to keep a journal in: name one with --journal" in done.stderr
        assert not list(Path(away).iterdir())
        assert hub.count.calls == 0
        for _ in range(2):
            done = here(*args, "--allow-stale", "--journal", "here.sqlite", **HMAC)
            assert done.returncode == 0, done.stderr
        assert hub.count.calls == 1


def test_what_was_meant_is_said(here: Nac, news: Path) -> None:
    (news / "empty").mkdir()
    plan(here)
    (news / "notifications/twin.yaml").write_text(TRIGGER)
    (news / "plan").rename(news / "twin")
    for what, said in (
        (["twin/manifest.json"], "is a part of a plan: name its directory, twin/"),
        (["news", "twin/"], "twin/ is a plan: one is sent at a time"),
        (["empty"], "empty: it is no plan: there is no manifest.json in it"),
        (["nowhere/"], "nowhere: it cannot be read: there is no such directory"),
        (["twin/", "--event", "event.json"], "a plan has its event"),
        (["twin/", "--run", "again"], "a plan has its name"),
        (["twin"], "twin is a trigger and a plan: write twin/ for the plan"),
    ):
        done = here("dispatch", *what, "--yes", "--hub", "http://127.0.0.1:9/", **HMAC)
        assert done.returncode in (1, 2)
        assert said in done.stderr


def test_a_plan_is_never_written_over_and_half_of_one_is_none(here: Nac, news: Path) -> None:
    plan(here)
    for output, said in (
        ("plan", "plan is there already, and a plan is never written over"),
        ("notifications", "notifications is there already, and it is not empty"),
        ("event.json/plan", "what it would be in is a file, not a directory"),
    ):
        done = here("plan", "news", "--event", "event.json", "-o", output, **HMAC)
        assert done.returncode == 2
        assert said in done.stderr
    (news / "notifications/people.csv").write_text("id,email,team\n")
    done = here("plan", "news", "--event", "event.json", "-o", "nobody", **HMAC)
    assert done.returncode == 1
    assert "nobody would get this" in done.stderr
    done = here("plan", "news", "-o", "nothing", **HMAC)
    assert done.returncode == 2
    assert "there is nothing to send: say what happened with --event FILE, or give news a sample" in done.stderr
    assert sorted(one.name for one in news.iterdir()) == ["event.json", "notifications", "plan"]
