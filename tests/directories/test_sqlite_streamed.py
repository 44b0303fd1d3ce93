"""A large file of SQLite, which is read a chunk at a time, gives the same as a small one, which is copied."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nac.directories import open_directories, sqlite_file
from nac.directory import DirectoryError, Query
from nac.model import Settings
from nac.tree import WorkTree

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5), st.binary(max_size=3),
)  # fmt: skip
QUERIES = [
    Query("people"),
    Query("people", limit=3),
    Query("people", where="b IS NOT NULL", columns=frozenset({"a"})),
    Query("people", where="n % 2 = $odd", params={"odd": 1}, limit=2),
    Query("people", order_by="n DESC"),
    Query("people", where="n > (SELECT avg(n) FROM people)"),
]


Answer = list[dict[str, Any]] | str


def found(root: Path, small: int, monkeypatch: pytest.MonkeyPatch, *queries: Query) -> list[Answer]:
    monkeypatch.setattr(sqlite_file, "SMALL", small)
    declared = {"people": {"path": "people.sqlite", "table": "people"}}
    answers: list[Answer] = []
    with closing(open_directories(Settings(directories=declared), WorkTree(root))) as directories:
        for query in queries:
            try:
                answers.append(list(directories.rows(query)))
            except DirectoryError as error:
                answers.append(error.message.replace("is not readable as sqlite", "cannot be read"))
    return answers


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(VALUES, VALUES), max_size=8))
def test_the_same_rows(rows: list[tuple[object, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notifications").mkdir(exist_ok=True)
    path = tmp_path / "notifications" / "people.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE people (n INTEGER PRIMARY KEY, a, b)")
        db.executemany("INSERT INTO people (a, b) VALUES (?, ?)", rows)
        db.commit()
    assert found(tmp_path, 0, monkeypatch, *QUERIES) == found(tmp_path, 10**9, monkeypatch, *QUERIES)


def test_more_rows_than_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notifications").mkdir()
    with closing(sqlite3.connect(tmp_path / "notifications" / "people.sqlite")) as db, db:
        db.execute("CREATE TABLE people (id TEXT, photo BLOB)")
        db.executemany("INSERT INTO people VALUES (?, x'00')", ((f"u{number}",) for number in range(20_000)))
        db.commit()
    (rows,) = found(tmp_path, 0, monkeypatch, Query("people"))
    assert rows == [{"id": f"u{number}", "photo": None} for number in range(20_000)]


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notifications").mkdir()
    path = tmp_path / "notifications" / "people.sqlite"
    path.write_bytes(b"not a database at all" * 10)
    for small in (0, 10**9):
        (said,) = found(tmp_path, small, monkeypatch, Query("people"))
        assert said == "the directory `people` cannot be read: file is not a database"
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE others (id)")
    for small in (-1, 10**9):
        (said,) = found(tmp_path, small, monkeypatch, Query("people"))
        assert said == "the directory `people` cannot be read: no such table: people"


@pytest.mark.parametrize("small", [-1, 10**9])
def test_what_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "people.sqlite").touch()

    def refused(*args: object, **more: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")  # as without the right to read it

    monkeypatch.setattr(sqlite3, "connect", refused)
    (said,) = found(tmp_path, small, monkeypatch, Query("people"))
    assert said == "the directory `people` cannot be read: unable to open database file"


@pytest.mark.parametrize("small", [0, 10**9])
def test_a_text_that_is_not_utf8_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    (tmp_path / "notifications").mkdir()
    with closing(sqlite3.connect(tmp_path / "notifications" / "people.sqlite")) as db, db:
        db.execute("CREATE TABLE people AS SELECT CAST(x'73656372657480' AS TEXT) AS name")
    (said,) = found(tmp_path, small, monkeypatch, Query("people"))
    assert said == "the directory `people` cannot be read: a text is not UTF-8"


def test_a_large_file_that_cannot_be_read_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view without an end takes all the time it is given, and a project has many questions."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "people.sqlite").touch()
    tried: list[str] = []

    class Tried(sqlite_file.SQLite):
        def __init__(self, path: str, table: str) -> None:
            tried.append(table)
            super().__init__(path, table)

    monkeypatch.setattr(sqlite_file, "SQLite", Tried)
    said = found(tmp_path, -1, monkeypatch, Query("people"), Query("people", limit=1))
    assert said == ["the directory `people` cannot be read: no such table: people"] * 2
    assert tried == ["people"]
