"""Files and SQL of a hostile pull request: neither time nor memory without end."""

from __future__ import annotations

import json
import sqlite3

import duckdb
import pytest
from people_elsewhere import People

from nac.directories import sqlite_file
from nac.directories.statement import check
from nac.directory import DirectoryError

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS id FROM c"


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (ENDLESS, "it takes longer than"),
        ("SELECT 1 AS id, hex(zeroblob(50000000)) AS large", "a value is too large"),
    ],
)
def test_a_view_of_sqlite(view: str, said: str, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "SECONDS", 0.2)
    with sqlite3.connect(people.folder / "people.sqlite") as db:
        db.execute(f"CREATE VIEW people AS {view}")
    db.close()
    declared = {"people": {"path": "people.sqlite", "table": "people", "user": {"distinct_id": "{{ row.id }}"}}}
    (people.folder / "nac.yaml").write_text(json.dumps({"directories": declared}), "utf-8")
    done = people.run("check")
    assert done.exit_code == 1
    assert said in done.output


def doubled(times: int) -> str:
    inner = "SELECT 'a' AS x"
    for _ in range(times):
        inner = f"SELECT x || x AS x FROM ({inner})"
    return f"EXISTS ({inner})"


@pytest.mark.parametrize(
    "sql",
    [
        doubled(40),
        "EXISTS (SELECT 'a' AS a, a || a || a || a || a AS b, b || b || b || b || b AS c, c || c || c || c || c AS d)",
        "EXISTS (SELECT repeat('a', 1000) AS a, repeat(a, 1000) AS b, repeat(b, 1000))",
        "EXISTS (WITH RECURSIVE t(n) AS (SELECT 'a' UNION ALL SELECT n || n FROM t) SELECT 1 FROM t)",
        "replace(replace(repeat('a', 1000), 'a', repeat('a', 1000)), 'a', repeat('a', 1000)) = ''",
        "list_reduce(['a', 'a', 'a'], lambda x, y: x || x) = ''",
    ],
    ids=lambda sql: sql[:40],
)
def test_a_text_without_end_is_not_begun(sql: str) -> None:
    with duckdb.connect() as connection, pytest.raises(DirectoryError, match="of any size"):
        check(connection, "where", sql, '"people"')


@pytest.mark.parametrize(
    "sql",
    [
        "replace(replace(phone, ' ', ''), '-', '') = $phone",
        "regexp_replace(lower(replace(name, 'x', 'yy')), '[^a-z]', '', 'g') = 'a'",
        "first || ' ' || last || ' ' || title IN (SELECT name || ' ' || title FROM teams)",
        "id IN (FROM unnest($ids))",
        "EXISTS (FROM json_each(tags) WHERE value = 'a')",
    ],
)
def test_what_people_write_is_taken(sql: str) -> None:
    with duckdb.connect() as connection:
        check(connection, "where", sql, '"people"')


def test_no_function_that_is_unsteady() -> None:
    """Nor one that a later DuckDB brings."""
    with duckdb.connect() as connection:
        names = connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'scalar' "
            "AND stability <> 'CONSISTENT' AND function_name NOT IN ('current_database', 'current_schema', "
            "'current_schemas')"
        ).fetchall()
        assert len(names) > 20
        for (name,) in names:
            with pytest.raises(DirectoryError, match="may not be called"):
                check(connection, "where", f'"{name}"(1) = 1', '"people"')
        tables = connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table'"
        )
        taken = set()
        for (name,) in tables.fetchall():
            try:
                check(connection, "where", f'EXISTS (FROM "{name}"(1))', '"people"')
            except DirectoryError:
                continue
            taken.add(name)
        assert taken <= {"unnest", "range", "generate_series", "json_each", "json_tree"}
