"""What is left to the server changes nothing: with it and without it the same people are found, on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nac.directories import Access, stream
from nac.directories.engine import Engine
from nac.directories.places import Places
from nac.directory import DirectoryError, Query
from nac.model import DirectorySettings
from nac.tree import WorkTree

# Texts that are the same to some collations: letter case, accents, spaces at the end, `ß` and `ss`.
TEXTS = ["a", "A", "ä", "a ", "b", "B%", "a_b", "ss", "ß", "", "A\\", "Z", "é", "e\u0301", "😀", None]
NUMBERS = [-1, 0, 1, 2, 2**31, None]
TRUTHS = [True, False, None]
MOMENTS = ["2024-02-29 10:00:00", "2024-02-29 10:00:00.5", "2024-03-01 00:00:00", "1999-12-31 23:59:59", None]


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, (bool, int)) else "'" + str(value).replace("'", "''") + "'"


def comparisons(column: str, values: list[Any], operators: str) -> st.SearchStrategy[str]:
    value = st.sampled_from(values).map(literal)
    listed = st.lists(value, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from(operators.split()), value).map(lambda one: f"{column} {one[0]} {one[1]}"),
        st.tuples(value, st.sampled_from(operators.split())).map(lambda one: f"{one[0]} {one[1]} {column}"),
        st.tuples(st.sampled_from(["IN", "NOT IN"]), listed).map(lambda one: f"{column} {one[0]} ({one[1]})"),
        st.tuples(value, value).map(lambda one: f"{column} BETWEEN {one[0]} AND {one[1]}"),
        st.sampled_from([f"{column} IS NULL", f"{column} IS NOT NULL"]),
    )


SOME = "= <> < <= > >="
PATTERNS = st.sampled_from(["a%", "%b", "A%", "%", "a_b", "ß", "%s%", "a", "A\\%"])
ATOMS = st.one_of(
    comparisons("word", TEXTS, SOME),
    comparisons("number", NUMBERS, SOME),
    comparisons("truth", TRUTHS, "= <>"),
    comparisons("moment", MOMENTS, SOME),
    PATTERNS.map(lambda one: f"word LIKE '{one}'"),
    PATTERNS.map(lambda one: f"word NOT LIKE '{one}'"),
    st.sampled_from(
        ["truth", "list_contains($texts, word)", "list_contains($numbers, number)", "lower(word) = 'a'",
         "number + 1 = 2", "moment > TIMESTAMP '2024-02-29 10:00:00'", "people.word = 'a'",
         "word = $text", "number = $text::INTEGER"]
    ),
)  # fmt: skip
WHERES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda one: f"({one[0]}) {one[1]} ({one[2]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=6,
)
PARAMS: dict[str, Any] = {"texts": ["a", "ß", None], "numbers": [0, 2**31, None], "text": "1"}


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server = request.getfixturevalue({"postgresql": "postgres_server", "mysql": "mysql_server"}[request.param])
    kinds = {"postgresql": ("text", "timestamp"), "mysql": ("varchar(20) COLLATE utf8mb4_unicode_ci", "datetime(6)")}
    word, moment = kinds[request.param]
    create = f"CREATE TABLE pushed (id int PRIMARY KEY, word {word}, number bigint, truth boolean, moment {moment})"
    rows = [
        (place, TEXTS[place % len(TEXTS)], NUMBERS[place % len(NUMBERS)], TRUTHS[place % 3], MOMENTS[place % 5])
        for place in range(120)
    ]
    insert = "INSERT INTO pushed VALUES (%s, %s, %s, %s, %s)"
    if request.param == "postgresql":
        import psycopg

        with psycopg.connect(server.url, autocommit=True) as db, db.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pushed")
            cursor.execute(create)
            cursor.executemany(insert, rows)
        place = f"postgresql://tester@127.0.0.1:{server.port}/postgres"
    else:
        with server.connect() as db, db.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pushed")
            cursor.execute(create)
            cursor.executemany(insert, rows)
        place = f"mysql://tester@127.0.0.1:{server.port}/app"
    declared = {"people": DirectorySettings.model_validate({"url": place, "table": "pushed"})}
    engine = Engine(Places(declared, WorkTree("."), {}, Access([place.replace("tester@", "")], {})))
    yield engine
    engine.close()


def ask(engine: Engine, where: str) -> list[int] | str:
    params = {name: value for name, value in PARAMS.items() if f"${name}" in where}
    words = where.replace("$texts", "").replace("$numbers", "")
    if "$text" not in words:
        params.pop("text", None)
    try:
        return [row["id"] for row in engine.rows(Query("people", where, params, columns=frozenset({"id"})))]
    except DirectoryError as error:
        return error.message


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=WHERES)
def test_the_same_people_with_and_without(where: str, engine: Engine) -> None:
    pushed = ask(engine, where)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream.StreamedTable, "condition", lambda *_: None)
        whole = ask(engine, where)
    assert pushed == whole


@pytest.mark.parametrize(
    ("where", "most"),
    [
        ("list_contains($texts, word)", 60),
        ("word = 'a' AND lower(word) = 'a'", 32),
        ("number > 1 AND truth", 20),
        ("NOT (number = 1 OR number = 0)", 60),
        ("word IN ('b', 'Z') OR number = 2", 40),
        ("moment >= '2024-03-01' AND word LIKE 'a%'", 20),
    ],
)
def test_few_rows_travel(where: str, most: int, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    put = stream.StreamedTable._put

    def counted(self: Any, connection: Any, insert: str, names: Any, rows: Any) -> None:
        seen.append(len(rows))
        put(self, connection, insert, names, rows)

    monkeypatch.setattr(stream.StreamedTable, "_put", counted)
    assert isinstance(ask(engine, where), list)
    assert sum(seen) <= most


def test_a_condition_as_deep_as_may_be_written(engine: Engine) -> None:
    for where in ("NOT " * 900 + "truth", " AND ".join(["number = 1"] * 500), "(" * 90 + "truth" + ")" * 90):
        assert isinstance(ask(engine, where), (list, str))
