"""The same people in every format give the same recipients."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import nac

# Text that looks like something else, nothing, and each type that a format has.
PEOPLE: list[dict[str, Any]] = [
    {"id": "007", "phone": "+15550100", "joined": "2024-01-31", "hour": "09:30:00", "visits": 3, "score": 1.5},
    {"id": "8", "phone": None, "joined": "2024-02-29T10:00:00Z", "hour": None, "visits": 0, "score": -0.25},
    {"id": "0x1F", "phone": "+15550101", "joined": None, "hour": "true", "visits": None, "score": 100.0},
    {"id": "1e3", "phone": "null", "joined": "NaN", "hour": "é “ü”, 'q' \"d\"\nnew line", "visits": -7, "score": None},
    {
        "id": "e7a1b2c3-0000-4000-8000-00000000000a",
        "phone": "😀",
        "joined": "01.02.2024",
        "hour": "12",
        "visits": 2**53 + 1,
        "score": 0.1,
    },
]
COLUMNS = list(PEOPLE[0])
EXTRA: list[dict[str, Any]] = [
    {"active": index % 2 == 0, "tags": [["a", "b"], [], None, ["ü"], ["2024-01-01"]][index]}
    for index in range(len(PEOPLE))
]


def csv(path: Path) -> None:
    def field(value: Any) -> str:
        return "" if value is None else '"' + str(value).replace('"', '""') + '"'

    lines = [",".join(COLUMNS), *(",".join(field(one[name]) for name in COLUMNS) for one in PEOPLE)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def with_extra() -> list[dict[str, Any]]:
    return [{**person, **extra} for person, extra in zip(PEOPLE, EXTRA, strict=True)]


def json_array(path: Path) -> None:
    path.write_text(json.dumps(with_extra(), ensure_ascii=False), "utf-8")


def ndjson(path: Path) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in with_extra()), "utf-8")


def yaml(path: Path) -> None:
    path.write_text("".join(f"- {json.dumps(one, ensure_ascii=False)}\n" for one in with_extra()), "utf-8")


def sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table people (id text, phone text, joined text, hour text, visits integer, score real)")
    connection.executemany("insert into people values (?, ?, ?, ?, ?, ?)", [tuple(one.values()) for one in PEOPLE])
    connection.commit()
    connection.close()


def parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table people (id varchar, phone varchar, joined varchar, hour varchar, visits bigint, score double,"
            " active boolean, tags varchar[])"
        )
        rows = [list(one.values()) for one in with_extra()]
        connection.executemany("insert into people values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(f"copy people to '{path}' (format parquet)")


FORMATS: dict[str, Callable[[Path], None]] = {
    "csv": csv, "json": json_array, "ndjson": ndjson, "yaml": yaml, "sqlite": sqlite, "parquet": parquet,
}  # fmt: skip
SETTINGS: dict[str, dict[str, Any]] = {
    "csv": {"types": {"visits": "BIGINT", "score": "DOUBLE"}},
    "sqlite": {"table": "people"},
}


def write_project(root: Path, files: dict[str, Any], **selector: Any) -> None:
    """A project with the directory `people`, nac.yaml's entry for it in `files["people"]`, and a trigger for it."""
    (root / "notifications" / "directories").mkdir(parents=True)
    (root / "notifications" / "nac.yaml").write_text(json.dumps({"directories": files}), "utf-8")
    samples = [{"name": "one", "event": {}}]
    trigger = {"workflow": "w", "recipients": [{"from": "people", **selector}], "samples": samples}
    (root / "notifications" / "trigger.yaml").write_text(json.dumps(trigger), "utf-8")


def recipients(root: Path) -> list[Any]:
    loaded = nac.load(root)
    assert loaded.diagnostics == ()
    (event,) = nac.samples(loaded.project, "trigger")
    people, found = nac.recipients(loaded.project, "trigger", event)
    assert found == ()
    return [person.recipient for person in people]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_recipients(name: str, tmp_path: Path) -> None:
    user = {"distinct_id": "{{ row.id }}"} | {one: f"{{{{ row.{one} }}}}" for one in COLUMNS[1:]}
    write_project(tmp_path, {"people": {"path": f"directories/people.{name}", **SETTINGS.get(name, {})}}, user=user)
    FORMATS[name](tmp_path / "notifications" / "directories" / f"people.{name}")
    expected = [{"distinct_id": one["id"], **{key: one[key] for key in COLUMNS[1:]}} for one in PEOPLE]
    found = recipients(tmp_path)
    assert found == expected
    assert json.dumps(found) == json.dumps(expected), "1 is not 1.0, nor true"


@pytest.mark.parametrize("name", ["json", "ndjson", "yaml", "parquet"])
def test_booleans_and_lists(name: str, tmp_path: Path) -> None:
    user = {"distinct_id": "{{ row.id }}", "active": "{{ row.active }}", "tags": "{{ row.tags }}"}
    write_project(tmp_path, {"people": {"path": f"directories/people.{name}"}}, user=user)
    FORMATS[name](tmp_path / "notifications" / "directories" / f"people.{name}")
    assert recipients(tmp_path) == [
        {"distinct_id": one["id"], **extra} for one, extra in zip(PEOPLE, EXTRA, strict=True)
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_conditions(name: str, tmp_path: Path) -> None:
    write_project(
        tmp_path,
        {"people": {"path": f"directories/people.{name}", **SETTINGS.get(name, {})}},
        where="(visits > 1 or visits is null) and id != '8'",
        order_by="score desc nulls last, id",
        limit=2,
    )
    FORMATS[name](tmp_path / "notifications" / "directories" / f"people.{name}")
    assert recipients(tmp_path) == ["0x1F", "007"]


def test_csv_guesses_nothing(tmp_path: Path) -> None:
    """One column with a type does not give the others one."""
    write_project(
        tmp_path,
        {"people": {"path": "people.csv", "types": {"active": "BOOLEAN"}}},
        user={"distinct_id": "{{ row.id }}", **{one: f"{{{{ row.{one} }}}}" for one in ("active", "n", "d", "phone")}},
    )
    rows = "id,active,n,d,phone\n1,true,1.50,2024-01-01,15550100\n2,false,2.00,2024-01-02,15550101\n3,,,,\n"
    (tmp_path / "notifications" / "people.csv").write_text(rows, "utf-8")
    assert recipients(tmp_path) == [
        {"distinct_id": "1", "active": True, "n": "1.50", "d": "2024-01-01", "phone": "15550100"},
        {"distinct_id": "2", "active": False, "n": "2.00", "d": "2024-01-02", "phone": "15550101"},
        {"distinct_id": "3", "active": None, "n": None, "d": None, "phone": None},
    ]


def test_parquet_s_own_types(tmp_path: Path) -> None:
    columns = {
        "d": "DATE '2024-01-31'", "t": "TIMESTAMP '2024-01-31 10:00:00.250'",
        "z": "TIMESTAMPTZ '2024-01-31 10:00:00+02'", "m": "12.50::DECIMAL(9,2)",
        "u": "'e7a1b2c3-0000-4000-8000-00000000000a'::UUID", "i": "7::UTINYINT",
        "s": "{'a': 1, 'b': ['x', NULL]}", "l": "[[1], [2, 3]]", "b": "'ab'::BLOB", "f": "1.5::FLOAT",
    }  # fmt: skip
    write_project(
        tmp_path,
        {"people": {"path": "people.parquet"}},
        user={"distinct_id": "{{ row.id }}", **{one: f"{{{{ row.{one} }}}}" for one in columns}},
    )
    with duckdb.connect() as connection:
        shown = ", ".join(f"{value} as {name}" for name, value in columns.items())
        path = tmp_path / "notifications" / "people.parquet"
        connection.execute(f"copy (select '1' as id, {shown}) to '{path}' (format parquet)")
    assert recipients(tmp_path) == [
        {
            "distinct_id": "1", "d": "2024-01-31", "t": "2024-01-31T10:00:00.25", "z": "2024-01-31T08:00:00Z",
            "m": 12.5, "u": "e7a1b2c3-0000-4000-8000-00000000000a", "i": 7, "s": {"a": 1, "b": ["x", None]},
            "l": [[1], [2, 3]], "b": None, "f": 1.5,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(("column", "rows"), [("distinct_id", "distinct_id,id\na,x\n"), ("id", "name,id\nx,a\n")])
def test_without_a_user_the_id_is_taken(column: str, rows: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"people": {"path": "people.csv"}})
    (tmp_path / "notifications" / "people.csv").write_text(rows, "utf-8")
    assert recipients(tmp_path) == ["a"]


def test_another_file_in_the_place_of_a_directory_s(tmp_path: Path) -> None:
    write_project(tmp_path, {"people": {"path": "people.csv"}})
    (tmp_path / "elsewhere.csv").write_text("id\nfrom-elsewhere\n", "utf-8")
    project = nac.load(tmp_path).project
    (event,) = nac.samples(project, "trigger")
    where = nac.directories(project, {"people": tmp_path / "elsewhere.csv"})
    people, found = nac.recipients(project, "trigger", event, where)
    assert ([person.recipient for person in people], found) == (["from-elsewhere"], ())
    _, found = nac.recipients(project, "trigger", event)
    assert [one.rule.name for one in found] == ["unreadable-directory"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("people.csv", b""),
        ("people.csv", b"id,name\nx\n"),
        ("people.csv", b'id\n"open\n'),
        ("people.csv", b"id\n\xff\xfe\n"),
        ("people.json", b""),
        ("people.json", b"{"),
        ("people.json", b"[1, 2]"),
        ("people.ndjson", b'{"id": "1"}\n{'),
        ("people.ndjson", b"\xff"),
        ("people.yaml", b"id: x"),
        ("people.yaml", b"- x"),
        ("people.yaml", b"- {id: !x y}"),
        ("people.yaml", b"\xff"),
        ("people.sqlite", b"not a database at all, really not" * 10),
        ("people.parquet", b"PAR1not parquetPAR1"),
    ],
)
def test_a_broken_file_is_a_finding(name: str, data: bytes, tmp_path: Path) -> None:
    table = {"table": "t"} if name.endswith("sqlite") else {}
    write_project(tmp_path, {"people": {"path": name, **table}}, user={"distinct_id": "{{ row.id }}"})
    (tmp_path / "notifications" / name).write_bytes(data)
    project = nac.load(tmp_path).project
    (event,) = nac.samples(project, "trigger")
    result = nac.compile(project, "trigger", event)
    assert result.payloads == ()
    assert result.diagnostics
    for one in result.diagnostics:
        assert str(tmp_path) not in f"{one.message} {one.help}"
        assert "\n" not in one.message


def test_only_the_directories_that_a_query_reads_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "notifications"
    folder.mkdir()
    (folder / "nac.yaml").write_text(
        "directories: {people: {path: people.csv}, vips: {path: vips.csv}, broken: {path: gone.csv}}\n"
    )
    (folder / "people.csv").write_text("id,plan\nu1,pro\nu2,free\nu3,pro\n")
    (folder / "vips.csv").write_text("user\nu3\n")
    (folder / "one.yaml").write_text(
        "workflow: one\nrecipients: [{from: people, where: id IN (SELECT user FROM VIPS)}]\nsamples: [{name: one}]\n"
    )
    loaded = nac.load(tmp_path)
    people, findings = nac.recipients(loaded.project, "one", nac.samples(loaded.project, "one")[0])
    assert not findings
    assert [person.recipient for person in people] == ["u3"]
