"""People in PostgreSQL and in MySQL, on real servers: found as in a file, or told why not, and never half of them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from people_elsewhere import People, ids
from wire_servers import certificate

from nac.directories import Access, mysql, postgresql, sources
from nac.directories.engine import Engine
from nac.directories.places import Places
from nac.directory import DirectoryError, Query
from nac.model import DirectorySettings
from nac.remote_url import RemoteURL
from nac.tree import WorkTree

MANY = 3_000
HIDDEN = "json_serialize_sql('SELECT current_setting(''TimeZone'')')"


@dataclass
class Database:
    kind: str
    url: str
    place: str
    run: Callable[[str], list[tuple[Any, ...]]]
    server: Any

    def engine(self, table: str = "people", url: str | None = None, **settings: Any) -> Engine:
        declared = DirectorySettings.model_validate({"url": url or self.url, "table": table, **settings})
        return Engine(Places({"people": declared}, WorkTree("."), {}, Access([self.place], {})))

    def quoted(self, name: str) -> str:
        mark = '"' if self.kind == "postgresql" else "`"
        return mark + name.replace(mark, mark * 2) + mark


def _database(kind: str, server: Any) -> Database:
    def run(sql: str) -> list[tuple[Any, ...]]:
        if kind == "postgresql":
            import psycopg

            with psycopg.connect(server.url, autocommit=True) as db:
                cursor = db.execute(sql)
                return cursor.fetchall() if cursor.description else []
        with server.connect() as db, db.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    at = f"127.0.0.1:{server.port}/{'postgres' if kind == 'postgresql' else 'app'}"
    return Database(kind, f"{kind}://tester@{at}", f"{kind}://{at}", run, server)


@pytest.fixture(scope="session")
def made() -> dict[str, Database]:
    """Those with tables, each made once for a worker: in whichever order its tests come."""
    return {}


@pytest.fixture(params=["postgresql", "mysql"])
def database(request: pytest.FixtureRequest, made: dict[str, Database]) -> Database:
    if request.param in made:
        return made[request.param]
    fixture = {"postgresql": "postgres_server", "mysql": "mysql_server"}[request.param]
    found = made[request.param] = _database(request.param, request.getfixturevalue(fixture))
    found.run("DROP TABLE IF EXISTS people, many, nobody, teams, hostile")
    strange = found.quoted('a "strange" `name` %s; --')
    found.run(
        "CREATE TABLE people (id varchar(40) PRIMARY KEY, name varchar(40), "
        f"{found.quoted('select')} int, {strange} int)"
    )
    name = "O''Neil \\\\x" if request.param == "mysql" else "O''Neil \\x"
    found.run(f"INSERT INTO people VALUES ('007', 'Ämara 😀', 1, 10), ('8', '{name}', 2, 20), ('9', NULL, NULL, NULL)")
    found.run("CREATE TABLE nobody (id varchar(40) PRIMARY KEY)")
    found.run("CREATE TABLE teams (team varchar(40) PRIMARY KEY, person varchar(40))")
    found.run("INSERT INTO teams VALUES ('a', '007'), ('b', '9')")
    found.run("CREATE TABLE many (id int PRIMARY KEY, even boolean)")
    rows = ", ".join(f"({number}, {str(number % 2 == 0).lower()})" for number in range(MANY))
    found.run(f"INSERT INTO many VALUES {rows}")
    return found


def rows(engine: Engine, **query: Any) -> list[dict[str, Any]]:
    try:
        return list(engine.rows(Query("people", **query)))
    finally:
        engine.close()


def refused(engine: Callable[[], Engine], **query: Any) -> DirectoryError:
    with pytest.raises(DirectoryError) as told:
        rows(engine(), **query)
    return told.value


def found(engine: Engine, **query: Any) -> list[Any]:
    return [row["id"] for row in rows(engine, columns=frozenset({"id"}), **query)]


def test_rows(database: Database) -> None:
    strange = 'a "strange" `name` %s; --'
    assert rows(database.engine()) == [
        {"id": "007", "name": "Ämara 😀", "select": 1, strange: 10},
        {"id": "8", "name": "O'Neil \\x", "select": 2, strange: 20},
        {"id": "9", "name": None, "select": None, strange: None},
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"where": "name = $name", "params": {"name": "O'Neil \\x"}}, ["8"]),
        ({"where": "name = $name", "params": {"name": "' OR '1'='1"}}, []),
        ({"where": "name = $name", "params": {"name": "\\' OR 1=1 -- "}}, []),
        ({"where": "name LIKE '%😀'"}, ["007"]),
        ({"where": "name LIKE 'O''N%'"}, ["8"]),
        ({"where": "name ILIKE 'ämara%'"}, ["007"]),
        ({"where": "NAME = 'ämara 😀'"}, []),
        ({"where": "name IS NULL"}, ["9"]),
        ({"where": 'NOT ("select" = 1)'}, ["8"]),
        ({"where": "\"select\" NOT IN (2, 5) OR id = '9'"}, ["007", "9"]),
        ({"where": '"a ""strange"" `name` %s; --" BETWEEN 15 AND 25'}, ["8"]),
        ({"where": "list_contains($ids, id)", "params": {"ids": ["9", "007", "nobody", None]}}, ["007", "9"]),
        ({"where": "list_contains($ids, id)", "params": {"ids": []}}, []),
        ({"where": "id IN (SELECT max(id) FROM people)"}, ["9"]),
        ({"where": "people.id = '8' AND length(people.name) > 3"}, ["8"]),
        ({"where": "COLUMNS(*)::VARCHAR IS NOT NULL"}, ["007", "8"]),
        ({"order_by": '"select" DESC NULLS LAST'}, ["8", "007", "9"]),
        ({"where": "id <> $id", "params": {"id": "8"}, "order_by": "id DESC", "limit": 1}, ["9"]),
        ({"order_by": "$way * length(id) DESC, id", "params": {"way": -1}}, ["8", "9", "007"]),
        ({"limit": 2}, ["007", "8"]),
        ({"where": "id <> '007'", "limit": 1}, ["8"]),
        ({"limit": 0}, []),
    ],
    ids=lambda value: json.dumps(value, default=str)[:60],
)
def test_queries(query: dict[str, Any], expected: list[str], database: Database) -> None:
    assert found(database.engine(), **query) == expected


def test_in_chunks_and_in_the_order_of_the_key(database: Database) -> None:
    assert found(database.engine("many")) == list(range(MANY))
    assert found(database.engine("many"), where="even AND id % 1000 = 0") == [0, 1000, 2000]
    assert found(database.engine("many"), where="id % 2 = 1", limit=700) == list(range(1, 1401, 2))
    assert found(database.engine("many"), order_by="id DESC", limit=2) == [MANY - 1, MANY - 2]


def test_types_are_asked_for(database: Database) -> None:
    types = {"id": "VARCHAR", **({"even": "INTEGER"} if database.kind == "mysql" else {})}
    assert rows(database.engine("many", types=types), where="id = '0'") == [{"id": "0", "even": 1}]
    said = refused(lambda: database.engine(types={"name": "DATE"})).message
    assert said.endswith("a value of `name` cannot become DATE")
    assert "Ämara" not in said
    assert "`nme`" in refused(lambda: database.engine(types={"nme": "DATE"})).message


@pytest.mark.parametrize(
    "kind",
    ["VARCHAR DEFAULT upper(chr(65))", "VARCHAR, other VARCHAR", "VARCHAR PRIMARY KEY", "INTEGER), (NULL", "NOTHING",
     "INTEGER[99999][99999]", "DECIMAL(length(chr(65)), 0)"],
)  # fmt: skip
def test_a_type_is_a_type_and_nothing_more(kind: str, database: Database) -> None:
    assert "no type of DuckDB" in refused(lambda: database.engine(types={"name": kind})).message


def test_an_empty_table(database: Database) -> None:
    assert rows(database.engine("nobody")) == []
    assert rows(database.engine("nobody"), order_by="id") == []


def test_other_tables_in_the_question(database: Database) -> None:
    declared = {
        name: DirectorySettings.model_validate({"url": database.url, "table": table})
        for name, table in (("people", "many"), ("teams", "teams"), ("persons", "people"))
    }
    engine = Engine(Places(declared, WorkTree("."), {}, Access([database.place], {})))
    inner = "id::VARCHAR IN (SELECT person FROM teams JOIN persons ON persons.id = person WHERE team = 'b')"
    assert found(engine, where=inner) == [9]
    assert engine.used == {"people", "teams", "persons"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"where": "nme = 'x'"}, "there is no column `nme`"),
        ({"where": "id = $who"}, "`$who` has no value"),
        ({"where": "id = 'x'; DROP TABLE people"}, "this is not SQL"),
        ({"where": "id IN (SELECT id FROM many)"}, "there is no directory `many`"),
        ({"where": "id = current_setting('x')"}, "may not be called"),
        ({"where": "name::INTEGER = 1"}, "a value"),
        ({"where": "rowid < 2"}, "no column `rowid`"),
        ({"order_by": 'people."ROWID"'}, "no column `rowid`"),
        ({"where": f"EXISTS (FROM json_execute_serialized_sql({HIDDEN}))"}, "only the declared directories"),
        ({"where": "EXISTS (FROM read_text('/etc/hostname'))"}, "only the declared directories"),
        ({"where": "sleep_ms(1) IS NULL"}, "may not be called"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_findings_of_a_query(query: dict[str, Any], said: str, database: Database) -> None:
    assert said in refused(database.engine, **query).message
    assert len(database.run("SELECT 1 FROM people")) == 3


def test_findings_of_a_table(database: Database) -> None:
    unknown = refused(lambda: database.engine("peopel"))
    assert "no table `peopel`" in unknown.message
    assert unknown.help == "did you mean `people`?"
    for table in ("people; DROP TABLE people", "(SELECT 1)", "a.b.c", "people.", 'people" x'):
        assert "table" in refused(lambda table=table: database.engine(table)).message  # type: ignore[misc]
    database.run(f"CREATE TABLE hostile (id int, {database.quoted('ID ')} int)" if database.kind == "postgresql"
                 else "CREATE TABLE hostile (id int)")  # fmt: skip
    assert rows(database.engine("hostile")) == []


def test_nobody_listens(database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = database.url.replace(f":{database.server.port}", f":{port}")
    engine = Engine(Places({"people": DirectorySettings.model_validate({"url": url, "table": "people"})}, WorkTree("."),
                           {}, Access([f"{database.kind}://127.0.0.1:{port}"], {})))  # fmt: skip
    assert "nothing listens there" in refused(lambda: engine).message


def test_an_unknown_host(database: Database) -> None:
    url = f"{database.kind}://nowhere.invalid/app"
    engine = Engine(Places({"people": DirectorySettings.model_validate({"url": url, "table": "people"})}, WorkTree("."),
                           {}, Access([url], {})))  # fmt: skip
    assert "its host is not known" in refused(lambda: engine).message


def test_a_wrong_password_is_never_shown(database: Database, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.kind == "mysql":
        database.run("CREATE OR REPLACE USER locked@'127.0.0.1' IDENTIFIED BY 'right-secret'")
        database.run("GRANT SELECT ON app.* TO locked@'127.0.0.1'")
        people.directory(url=database.url.replace("tester@", ""), table="people")
        environment = {"NAC_DIRECTORY_PEOPLE_USER": "locked", "NAC_DIRECTORY_PEOPLE_PASSWORD": "wrong-secret"}
        done = people.recipients(database.place, **environment)
        assert done.exit_code == 1
        assert "the login or its password is wrong" in done.output
        assert "secret" not in done.output
        monkeypatch.setenv("MYSQL_PWD", "right-secret")
        done = people.recipients(database.place, NAC_DIRECTORY_PEOPLE_USER="locked")
        assert ids(done) == ["007", "8", "9"]
        return
    database.run("DROP ROLE IF EXISTS nobody_known")
    people.directory(url_env="PEOPLE_URL", table="people")
    address = database.url.replace("tester@", "nobody_known:very-secret@")
    done = people.recipients(database.place, PEOPLE_URL=address)
    assert done.exit_code == 1
    assert "the server refuses the login" in done.output
    assert "secret" not in done.output


def test_only_reading(database: Database) -> None:
    engine = database.engine()
    assert len(list(engine.rows(Query("people")))) == 3
    source: Any = engine._streamed["people"].source
    with pytest.raises(Exception, match=r"(?i)read.only"):
        source._db.cursor().execute("DELETE FROM people")
    engine.close()


def test_one_run_sees_one_state(database: Database) -> None:
    engine = database.engine("teams")
    before = list(engine.rows(Query("people")))
    database.run("INSERT INTO teams VALUES ('c', 'late')")
    try:
        assert list(engine.rows(Query("people"))) == before
    finally:
        engine.close()
        database.run("DELETE FROM teams WHERE team = 'c'")
    assert rows(database.engine("teams")) == before


def connections(database: Database) -> int:
    if database.kind == "postgresql":
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nac'"
    else:
        # Whoever counts is one of them.
        sql = "SELECT count(*) - 1 FROM information_schema.processlist WHERE user = 'tester'"
    return int(database.run(sql)[0][0])


def closed(database: Database) -> bool:
    for _ in range(100):
        if connections(database) == 0:
            return True
        time.sleep(0.05)
    return False


def test_the_connection_ends(database: Database) -> None:
    assert closed(database)
    engine = database.engine("many")
    reading = engine.rows(Query("people"))
    next(reading)
    assert connections(database) == 1
    reading.close()
    assert found(engine, limit=1) == [0]  # and the next question is answered
    assert closed(database)
    engine = database.engine("many")
    refused(lambda: engine, where="id = 1 / 0 + error('x')")
    assert closed(database)


def test_the_server_goes_away_in_the_middle(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No plan is made of the people who had come until then."""
    chunks, cut = sources.Sizes.saw, []

    def saw(self: sources.Sizes, rows: Any) -> None:
        chunks(self, rows)
        self.next = 100
        if not cut:
            cut.append(True)
            if database.kind == "postgresql":
                database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nac'")
            else:
                sql = "SELECT id FROM information_schema.processlist WHERE user = 'tester' AND id <> connection_id()"
                for (number,) in database.run(sql):
                    database.run(f"KILL {number}")

    monkeypatch.setattr(sources.Sizes, "saw", saw)
    if database.kind == "mysql":  # until the next rows are not on their way already
        database.run("DROP TABLE IF EXISTS large")
        database.run("CREATE TABLE large (id int PRIMARY KEY, text mediumtext)")
        database.run("INSERT INTO large SELECT id, repeat('x', 20000) FROM many")
    table = "large" if database.kind == "mysql" else "many"
    people.directory(
        url=database.url, table=table, user={"distinct_id": "{{ row.id }}", "name": "{{ row.text | default('') }}"}
    )
    event = str(people.root / "event.json")
    done = people.run(
        "plan", "hello", "--event", event, "-o", str(people.root / "plan"), "--allow-remote", database.place
    )
    assert done.exit_code == 1
    assert "the server went away" in done.output
    assert not Path(people.root, "plan").exists()


def test_a_plan_of_people_in_a_database(database: Database, people: People) -> None:
    people.directory(url=database.url, table="many", user={"distinct_id": "m{{ row.id }}"})
    event = str(people.root / "event.json")
    allowed = ["--allow-remote", database.place]
    made = []
    for folder in ("plan", "again"):
        done = people.run("plan", "hello", "--event", event, "-o", str(people.root / folder), *allowed)
        assert done.exit_code == 0, done.output
        assert f"{MANY:,}" in done.output
        files = sorted(path for path in (people.root / folder).rglob("*") if path.is_file())
        made.append([(path.name, path.read_bytes()) for path in files if path.name != "manifest.json"])
    assert made[0]
    assert made[0] == made[1]


def test_a_statement_that_takes_too_long(postgres_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    database = _database("postgresql", postgres_server)
    monkeypatch.setattr(postgresql, "STEP_SECONDS", 0.2)
    database.run("CREATE OR REPLACE VIEW slow AS SELECT 1 AS id, pg_sleep(300)::text AS nap")
    start = time.monotonic()
    said = refused(lambda: database.engine("slow"))
    assert "took longer than" in said.message
    assert time.monotonic() - start < 100


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and no more: a proxy whose server hangs."""
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        calls: list[socket.socket] = []
        thread = threading.Thread(target=lambda: calls.append(silent.accept()[0]), daemon=True)
        thread.start()
        url = f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/app"
        settings = DirectorySettings.model_validate({"url": url, "table": "people"})
        engine = Engine(Places({"people": settings}, WorkTree("."), {}, Access([url.replace("x@", "")], {})))
        assert "does not answer" in refused(lambda: engine).message
        thread.join()
        calls[0].close()


def test_a_server_without_tls_where_it_is_asked_for(database: Database) -> None:
    said = refused(lambda: database.engine(url=f"{database.url}?sslmode=verify-full"))
    assert "TLS" in said.message


@pytest.fixture
def certified(postgres_server: Any, tmp_path: Path) -> Iterator[Path]:
    """The certificate of the server, which speaks TLS as long as this lasts."""
    database = _database("postgresql", postgres_server)
    pem = certificate(tmp_path)
    [(folder,)] = database.run("SHOW data_directory")
    there = Path(folder, "tls.pem")
    shutil.copyfile(pem, there)
    there.chmod(0o600)
    owner = Path(folder).stat()
    os.chown(there, owner.st_uid, owner.st_gid)
    for sql in (f"ALTER SYSTEM SET ssl_cert_file = '{there}'", f"ALTER SYSTEM SET ssl_key_file = '{there}'",
                "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"):  # fmt: skip
        database.run(sql)
    yield tmp_path / "certificate.pem"
    database.run("ALTER SYSTEM RESET ALL")
    database.run("SELECT pg_reload_conf()")


def test_whoever_answers_elsewhere_must_be_trusted(
    certified: Path, postgres_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = _database("postgresql", postgres_server)
    database.run("DROP TABLE IF EXISTS trusted; CREATE TABLE trusted (id text PRIMARY KEY)")
    monkeypatch.delenv("PGSSLMODE", raising=False)
    for _ in range(100):  # a reload is not waited for
        if database.run("SHOW ssl") == [("on",)]:
            break
        time.sleep(0.05)
    assert rows(database.engine("trusted", f"{database.url}?sslmode=require")) == []
    for url in (f"{database.url}?sslmode=verify-full", database.url):
        said = refused(lambda url=url: database.engine("trusted", url))  # type: ignore[misc]  # its default is `url`
        assert "certificate does not hold" in said.message
        assert "CA_FILE" in (said.help or "")
        monkeypatch.setattr(RemoteURL, "is_loopback", property(lambda self: False))  # for the second, as if elsewhere
    monkeypatch.setenv("PGSSLMODE", "verify-full")  # whoever runs nac wants more than the author of the URL
    said = refused(lambda: database.engine("trusted", f"{database.url}?sslmode=require"))
    assert "certificate does not hold" in said.message
    access = Access([database.place], {"NAC_DIRECTORY_PEOPLE_CA_FILE": str(certified)})
    declared = DirectorySettings.model_validate({"url": database.url, "table": "trusted"})
    assert rows(Engine(Places({"people": declared}, WorkTree("."), {}, access))) == []


def test_whoever_answers_for_mysql_must_be_trusted(
    mysql_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = _database("mysql", mysql_server)
    [(folder,)] = database.run("SELECT @@datadir")
    pem = certificate(tmp_path)
    authority, other = tmp_path / "certificate.pem", tmp_path / "other.pem"
    other.write_text("no certificate")
    there = Path(folder, "tls.pem")
    shutil.copyfile(pem, there)
    owner = Path(folder).stat()
    os.chown(there, owner.st_uid, owner.st_gid)

    def read(url: str, file: Path | None = None) -> list[dict[str, Any]]:
        access = Access([database.place], {"NAC_DIRECTORY_PEOPLE_CA_FILE": str(file)} if file else {})
        declared = DirectorySettings.model_validate({"url": url, "table": "trusted"})
        return rows(Engine(Places({"people": declared}, WorkTree("."), {}, access)))

    mysql_server.stop()
    mysql_server.start(f"--ssl-cert={there}", f"--ssl-key={there}")
    try:
        database.run("CREATE OR REPLACE TABLE trusted (id varchar(9) PRIMARY KEY)")
        assert "cannot be read: no such file" in refused(lambda: read(database.url, tmp_path / "nowhere")).message
        assert "is no certificate" in refused(lambda: read(database.url, other)).message
        assert read(f"{database.url}?sslmode=require") == []
        for url in (f"{database.url}?sslmode=verify-full", database.url):
            said = refused(lambda url=url: read(url))  # type: ignore[misc]  # its default is `url`
            assert "certificate does not hold" in said.message
            assert "CA_FILE" in (said.help or "")
            assert read(url, authority) == []
            monkeypatch.setattr(RemoteURL, "is_loopback", property(lambda self: False))  # for the second, as elsewhere
        monkeypatch.setattr(mysql.ssl.SSLContext, "wrap_socket", _named(mysql.ssl.SSLContext.wrap_socket))
        assert "another name" in refused(lambda: read(database.url, authority)).message
        assert read(f"{database.url}?sslmode=verify-ca", authority) == []
    finally:
        mysql_server.stop()
        mysql_server.start()
    assert "no TLS" in refused(lambda: read(database.url, authority)).message


def _named(wrap: Callable[..., Any]) -> Callable[..., Any]:
    """TLS with the server under a name that its certificate does not have."""
    return lambda self, sock, **how: wrap(self, sock, **{**how, "server_hostname": "db.example.com"})


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_values_become_json_as_those_of_files_do(kind: str, request: pytest.FixtureRequest) -> None:
    fixture = {"postgresql": "postgres_server", "mysql": "mysql_server"}[kind]
    database = _database(kind, request.getfixturevalue(fixture))
    cases = [line.split("|") for line in TYPES[kind].strip().splitlines()]
    database.run("DROP TABLE IF EXISTS kinds")
    if kind == "postgresql":
        database.run("DROP TYPE IF EXISTS mood")
        database.run("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    columns = ", ".join(f"c{number} {one[0].strip()} NULL" for number, one in enumerate(cases))
    database.run(f"CREATE TABLE kinds ({columns})")
    values = ", ".join(one[1].strip() for one in cases)
    if kind == "mysql":
        with database.server.connect() as db, db.cursor() as cursor:
            cursor.execute("SET sql_mode = ''")
            cursor.execute("SET time_zone = '+02:00'")
            cursor.execute(f"INSERT INTO kinds VALUES ({values})")
    else:
        database.run(f"SET TimeZone = 'Asia/Kolkata'; INSERT INTO kinds VALUES ({values})")
    database.run(f"INSERT INTO kinds VALUES ({', '.join('NULL' for _ in cases)})")
    one, nothing = rows(database.engine("kinds"))
    assert [[case[0].strip(), one[f"c{n}"]] for n, case in enumerate(cases)] == [
        [case[0].strip(), json.loads(case[2])] for case in cases
    ]
    assert set(nothing.values()) == {None}


TYPES = {
    "postgresql": """
        smallint | 7 | 7
        bigint | 9007199254740993 | 9007199254740993
        real | 0.1 | 0.1
        double precision | 1e300 | 1e300
        numeric | 12345.678 | 12345.678
        numeric(10,2) | 12.50 | 12.5
        numeric(20,0) | 12345678901234567890 | 12345678901234567890
        boolean | true | true
        text | '+15550100' | "+15550100"
        varchar(20) | '' | ""
        char(5) | 'ab' | "ab"
        date | '2024-02-29' | "2024-02-29"
        time | '09:30' | "09:30:00"
        timestamp | '2024-02-29 10:00:00.25' | "2024-02-29T10:00:00.25"
        timestamptz | '2024-02-29 10:00:00+02' | "2024-02-29T08:00:00Z"
        json | '{"a": [1, "x", null]}' | {"a": [1, "x", null]}
        jsonb | '"text"' | "text"
        text[] | '{a,"b,c",NULL}' | ["a", "b,c", null]
        int[] | '{1,2}' | [1, 2]
        uuid | 'E7A1B2C3-0000-4000-8000-00000000000A' | "e7a1b2c3-0000-4000-8000-00000000000a"
        uuid[] | '{e7a1b2c3-0000-4000-8000-00000000000a}' | ["e7a1b2c3-0000-4000-8000-00000000000a"]
        date[] | '{2024-01-01}' | ["2024-01-01"]
        bytea | '\\xdead' | null
        mood | 'sad' | "sad"
        interval | '1 day 2 hours' | "1 day 02:00:00"
        inet | '10.0.0.1' | "10.0.0.1/32"
    """,
    "mysql": """
        tinyint(1) | 1 | true
        tinyint | -5 | -5
        int unsigned | 4000000000 | 4000000000
        bigint | -9007199254740993 | -9007199254740993
        bigint unsigned | 18446744073709551615 | 18446744073709551615
        float | 0.1 | 0.1
        double | 1e300 | 1e300
        decimal(10,2) | 12.50 | 12.5
        decimal(20,0) | 12345678901234567890 | 12345678901234567890
        varchar(20) | '+15550100' | "+15550100"
        varchar(20) character set latin1 | 'é' | "é"
        text | '😀' | "😀"
        char(5) | 'ab' | "ab"
        date | '2024-02-29' | "2024-02-29"
        date | '0000-00-00' | null
        time | '09:30:00' | "09:30:00"
        datetime(6) | '2024-02-29 10:00:00.25' | "2024-02-29T10:00:00.25"
        timestamp | '2024-02-29 10:00:00' | "2024-02-29T08:00:00Z"
        year | 2024 | 2024
        json | '{"a": [1, "x", null]}' | {"a": [1, "x", null]}
        enum('sad','ok') | 'sad' | "sad"
        set('x','y') | 'x,y' | "x,y"
        varbinary(4) | 'x' | null
        bit(1) | b'1' | true
        bit(8) | b'101' | 5
    """,
}
