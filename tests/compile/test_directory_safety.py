"""A directory's SQL reads the declared files, answers one question in bounded time, and does nothing else."""

import json
import sqlite3
import threading
import time
from pathlib import Path

import pytest

import nac
from nac.directories import bounded
from nac.project import Loaded

secret_of_python = {"id": ["secret"]}  # DuckDB can read variables of the program around it, where nobody stops it
rows_of_python = secret_of_python

PEOPLE = "id,name\n007,Amara\n008,Mateo\n"


def hostile() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "hostile_sql.txt").read_text("utf-8").splitlines()
    parts = (line.partition(" ") for line in lines if line and not line.startswith("# "))
    return [(part, sql) for part, _, sql in parts]


HOSTILE = hostile()


def project(root: Path, part: str, sql: str, extra: str = "") -> Loaded:
    """A project whose one trigger looks into `people` with this SQL."""
    folder = root / "project" / "notifications"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "nac.yaml").write_text(f"directories: {{people: {{path: people.csv}}}}\n{extra}", "utf-8")
    selector = {"from": "people", part: sql}
    trigger = {"workflow": "w", "recipients": [selector], "samples": [{"name": "one", "event": {"id": "007"}}]}
    (folder / "trigger.yaml").write_text(json.dumps(trigger), "utf-8")
    return nac.load(root / "project")


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("part", "sql"), HOSTILE, ids=lambda text: text[:60])
def test_refused(part: str, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "secret-of-the-environment")
    outside = tmp_path / "outside.csv"
    outside.write_text("id,name\nsecret,secret\n", "utf-8")
    other = sqlite3.connect(tmp_path / "outside.csv.sqlite")
    other.execute("create table t as select 'secret' as id")
    other.commit()
    other.close()
    loaded = project(tmp_path, part, sql.replace("OUTSIDE", str(outside)))
    before = tree(tmp_path)
    found = list(loaded.diagnostics)
    if not found:
        (event,) = nac.samples(loaded.project, "trigger")
        result = nac.compile(loaded.project, "trigger", event)
        found = list(result.diagnostics)
        assert result.payloads == ()
    assert found, "it ran"
    assert tree(tmp_path) == before, "it wrote a file"
    for one in found:
        assert "secret" not in one.message.replace("secret_of_python", "").replace("which_secret", "").replace(
            "duckdb_secrets", ""
        )
        assert one.label.path == "notifications/trigger.yaml"
        assert one.label.span is not None


@pytest.mark.parametrize(
    ("part", "sql", "ids"),
    [
        ("where", "id = '007'", ["007"]),
        ("where", "id in (select id from people) -- a comment of one's own", ["007", "008"]),
        ("where", "/* any */ true", ["007", "008"]),
        ("where", "name like 'M%' or (id = '007' and length(name) > 3)", ["007", "008"]),
        ("where", "exists (select 1 from people as other where other.id > people.id)", ["007"]),
        ("where", "id = (with last as (select max(id) as id from people) select id from last)", ["008"]),
        ("where", "select 1", ["007", "008"]),  # in brackets, a question within the condition
        ("where", "id = '007') or (id = '008'", ["007", "008"]),  # odd, but one condition still
        ("order_by", "id desc", ["008", "007"]),
        ("order_by", "length(name), id", ["007", "008"]),
        ("order_by", "case when name = 'Mateo' then 0 else 1 end -- first", ["008", "007"]),
    ],
)
def test_what_is_allowed(part: str, sql: str, ids: list[str], tmp_path: Path) -> None:
    loaded = project(tmp_path, part, sql)
    (event,) = nac.samples(loaded.project, "trigger")
    people, found = nac.recipients(loaded.project, "trigger", event)
    assert (list(loaded.diagnostics), found) == ([], ())
    assert [person.recipient for person in people] == ids


@pytest.mark.parametrize(
    "sql",
    [
        "(select count(*) from range(10000000) a, range(10000000) b) < 0",
        "exists (with recursive t(n) as (select 1 union all select n from t) select 1 from t where n < 0)",
        "(select max(length(repeat(a.range::varchar, 100))) from range(1000000000) a) = 0",
    ],
)
def test_a_query_that_runs_for_ever_is_stopped(sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "TIME_LIMIT", 0.2)
    loaded = project(tmp_path, "where", sql)
    (event,) = nac.samples(loaded.project, "trigger")
    start = time.monotonic()
    result = nac.compile(loaded.project, "trigger", event)
    assert time.monotonic() - start < 60
    assert result.payloads == ()
    (found,) = result.diagnostics
    assert "longer than" in found.message


def test_a_query_that_takes_all_memory_is_stopped(tmp_path: Path) -> None:
    sql = "(select count(distinct a.range::varchar || repeat('x', 1000)) from range(100000000) a) = 0"
    loaded = project(tmp_path, "where", sql)
    (event,) = nac.samples(loaded.project, "trigger")
    result = nac.compile(loaded.project, "trigger", event)
    (found,) = result.diagnostics
    assert "memory" in found.message


def test_another_directory_is_named_by_its_name_alone(tmp_path: Path) -> None:
    """A directory may be looked at in a `where`; its file, which is readable for DuckDB, gives nothing more."""
    loaded = project(tmp_path, "where", "id in (select id from read_csv('people.csv'))")
    (event,) = nac.samples(loaded.project, "trigger")
    assert nac.compile(loaded.project, "trigger", event).payloads == ()


def test_no_thread_outlives_its_query(tmp_path: Path) -> None:
    """DuckDB ends the whole process when the last to hold a connection is a thread that outlives the interpreter."""
    loaded = project(tmp_path, "where", "true")
    (event,) = nac.samples(loaded.project, "trigger")
    for _ in range(5):
        assert nac.compile(loaded.project, "trigger", event).payloads
        assert [one for one in threading.enumerate() if isinstance(one, threading.Timer)] == []


def test_there_are_many() -> None:
    assert len(HOSTILE) > 100
    assert len(set(HOSTILE)) == len(HOSTILE)
