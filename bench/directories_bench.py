"""`python -m bench.directories_bench`: people from PostgreSQL, MySQL and Parquet over HTTP, to requests.

Rows a second and the peak of memory of `nac compile`, for a tenth of the people and for all of them; and, side by side
in the same run, the driver alone that fetches the same rows and makes JSON of them. The servers are made for it, as in
the tests, and what is not installed is left out. Prints; judges nothing.
"""

from __future__ import annotations

import argparse
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.__main__ import peak_memory
from bench.projects import ALL

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "directories"))

PEERS = {
    "postgresql": """
import json, sys, psycopg
with psycopg.connect(sys.argv[1]) as db, db.cursor("c") as cursor, open(sys.argv[2], "w") as out:
    cursor.itersize = 4096
    cursor.execute("SELECT id, email, phone, zone, name FROM " + sys.argv[3])
    for row in cursor:
        out.write(json.dumps(row) + "\\n")
""",
    "mysql": """
import json, sys, pymysql, pymysql.cursors, urllib.parse
at = urllib.parse.urlsplit(sys.argv[1])
db = pymysql.connect(host=at.hostname, port=at.port, user=at.username, database=at.path[1:])
cursor = db.cursor(pymysql.cursors.SSCursor)
cursor.execute("SELECT id, email, phone, zone, name FROM " + sys.argv[3])
with open(sys.argv[2], "w") as out:
    for row in cursor:
        out.write(json.dumps(row) + "\\n")
""",
    "http": """
import json, sys, duckdb, urllib.request
path, _ = urllib.request.urlretrieve(sys.argv[1])
rows = duckdb.sql(f"SELECT id, email, phone, zone, name FROM read_parquet('{path}')")
with open(sys.argv[2], "w") as out:
    while batch := rows.fetchmany(4096):
        for row in batch:
            out.write(json.dumps(row) + "\\n")
""",
}
SELECT = (
    "SELECT 'user-' || lpad(cast(n as char({w})), 8, '0') AS id, 'user' || n || '@example.com' AS email, "
    "'+1202555' || lpad(cast(n % 10000 as char({w})), 4, '0') AS phone, 'Europe/Berlin' AS zone, 'Person ' || n AS name"
)


def project(root: Path, settings: str) -> Path:
    folder = root / "notifications"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nac.yaml").write_text(f"directories: {{people: {{{settings}}}}}\n")
    (folder / "all.yaml").write_text(ALL)
    (root / "event.json").write_text('{"id": 1, "title": "Terms"}')
    return root


def measure(
    what: str, counts: list[int], at: Callable[[int], tuple[str, str, list[str]]], kind: str, path: str = ""
) -> None:
    """`at(count)` gives the settings of the directory, the prefix to allow, and the arguments of the peer."""
    with tempfile.TemporaryDirectory() as folder, python_path(path):
        out = str(Path(folder, "out"))
        for count in counts:
            settings, allowed, peer = at(count)
            root = project(Path(folder, str(count)), settings)
            options = ["--event", str(root / "event.json"), "--format", "ndjson", "--allow-remote", allowed]
            nac = [sys.executable, "-m", "nac", "compile", "all", *options, "-o", out, "--project", str(root)]
            took, memory = peak_memory(nac)
            with Path(out).open("rb") as lines:  # line by line: a child's peak starts at what its parent holds
                assert sum(1 for _ in lines) == count
            alone, driver = peak_memory([sys.executable, "-c", PEERS[kind], peer[0], out, *peer[1:]])
            print(
                f"{what:<18} {count:>9,} people: {took:6.1f} s, {count / took:7,.0f} a second, peak {memory:4.0f} MB; "
                f"the driver alone, to JSON: {alone:5.1f} s, peak {driver:4.0f} MB",
                flush=True,
            )


@contextmanager
def python_path(path: str) -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [path, before]))
    try:
        yield
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def from_postgresql(counts: list[int]) -> None:
    import psycopg
    from postgres_server import postgres

    with postgres() as server:
        with psycopg.connect(server.url, autocommit=True) as db:
            for count in counts:
                select = SELECT.format(w=8).replace("char(8)", "text")
                db.execute(f"CREATE TABLE people_{count} AS {select} FROM generate_series(1, {count}) n")
                db.execute(f"ALTER TABLE people_{count} ADD PRIMARY KEY (id)")
                db.execute(f"ANALYZE people_{count}")
        measure("PostgreSQL", counts, lambda count: (
            f"url: '{server.url}', table: people_{count}", server.url.replace("tester@", ""),
            [server.url, f"people_{count}"]), "postgresql")  # fmt: skip


def from_mysql(counts: list[int]) -> None:
    from mysql_server import mysql

    with mysql() as server:
        with server.connect() as db, db.cursor() as cursor:
            cursor.execute("SET sql_mode = 'PIPES_AS_CONCAT'")
            is_mariadb = "maria" in str(db.get_server_info()).lower()
            deepest = "max_recursive_iterations" if is_mariadb else "cte_max_recursion_depth"
            cursor.execute(f"SET SESSION {deepest} = 4294967295")
            for count in counts:
                numbers = f"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {count})"
                cursor.execute(
                    f"CREATE TABLE people_{count} (id varchar(40) PRIMARY KEY, email varchar(80), phone varchar(20), "
                    "zone varchar(40), name varchar(80))"
                )
                cursor.execute(f"INSERT INTO people_{count} {numbers} {SELECT.format(w=8)} FROM r")
        measure("MySQL", counts, lambda count: (
            f"url: '{server.url}', table: people_{count}", server.url.replace("tester@", ""),
            [server.url, f"people_{count}"]), "mysql")  # fmt: skip


def from_http(counts: list[int], site: str) -> None:
    from range_server import RangeServer

    # Made by another process, and not kept in memory here: a child's peak starts at what its parent holds.
    server, select = RangeServer(), SELECT.format(w=8).replace("char(8)", "varchar")
    folder = tempfile.mkdtemp()
    for count in counts:
        for ending in ("parquet", "csv"):
            file = Path(folder, f"{count}.{ending}")
            copy = f"COPY ({select} FROM range(1, {count + 1}) t(n)) TO '{file}'"
            subprocess.run([sys.executable, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", copy], check=True)
            with file.open("rb") as opened:
                server.files[f"/{file.name}"] = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)  # type: ignore[assignment]
    shutil.rmtree(folder)
    with server.running():
        for ending in ("parquet", "csv"):

            def at(count: int, ending: str = ending) -> tuple[str, str, list[str]]:
                url = f"{server.url}/{count}"
                return f"url: '{url}.{ending}'", server.url, [f"{url}.parquet"]

            measure(f"{ending} over HTTP", counts, at, "http", site)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.directories_bench")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--httpfs", metavar="DIR", help="where a DuckDB and its duckdb-extension-httpfs are installed")
    options = parser.parse_args()
    counts = [options.people // 10, options.people]
    for source in (from_postgresql, from_mysql):
        try:
            source(counts)
        except (pytest.skip.Exception, ImportError) as missing:
            print(f"left out: {missing}")
    if options.httpfs:
        from_http(counts, options.httpfs)
    else:
        print("left out: remote files, which need --httpfs")


if __name__ == "__main__":
    main()
