"""Parquet and CSV on a web server, read by DuckDB's own extension, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from older_duckdb import site_with_httpfs
from people_elsewhere import People
from range_server import RangeServer

Ask = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Path:
    return site_with_httpfs(request.config)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RangeServer]:
    file = tmp_path_factory.mktemp("served") / "people.parquet"
    duckdb.sql(
        "COPY (SELECT 'u' || i AS id, 'Name ' || i AS name, i AS number, TIMESTAMPTZ '2024-02-29 10:00:00+02' AS seen "
        f"FROM range(20000) t(i)) TO '{file}' (ROW_GROUP_SIZE 2048)"
    )
    server = RangeServer()
    server.files["/people.parquet"] = file.read_bytes()
    server.files["/people.csv"] = b'\xef\xbb\xbfid;"full;name";number\r\n007;"\xc3\x84nn; ""A""";1\r\n8;;20\r\n'
    server.files["/latin.csv"] = b"id,name\n1,\xe9\n"
    with server.running():
        yield server


@pytest.fixture
def ask(people: People, site: Path) -> Ask:
    def run(
        *allowed: str, path: str = str(site), command: str = "recipients", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        options = [part for one in allowed for part in ("--allow-remote", one)]
        arguments = [command, "hello", "--event", "event.json", *options]
        arguments += ["--format", "ndjson"] if command == "recipients" else ["-o", "plan"]
        return subprocess.run(
            [sys.executable, "-m", "nac", *arguments], cwd=people.root,
            env={**clean, "PYTHONPATH": path, **environment}, capture_output=True, text=True, encoding="utf-8",
            timeout=180,
        )  # fmt: skip

    return run


def found(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["recipient"] for line in done.stdout.splitlines()]


def test_parquet(people: People, server: RangeServer, ask: Ask) -> None:
    people.directory(url=f"{server.url}/people.parquet", user={"distinct_id": "{{ row.id }}", "seen": "{{ row.seen }}"})
    people.trigger({"from": "people", "where": "number >= 19998"})
    server.asked.clear()
    assert found(ask(server.url)) == [
        {"distinct_id": f"u{number}", "seen": "2024-02-29T08:00:00Z"} for number in (19998, 19999)
    ]
    assert {path for _, path, _ in server.asked} == {"/people.parquet"}


def test_csv(people: People, server: RangeServer, ask: Ask) -> None:
    people.directory(url=f"{server.url}/people.csv", types={"number": "INTEGER"},
                     user={"distinct_id": "{{ row.id }}", "name": "{{ row['full;name'] }}"})  # fmt: skip
    people.trigger({"from": "people", "order_by": "number DESC"})
    assert found(ask(server.url)) == [
        {"distinct_id": "8", "name": None},
        {"distinct_id": "007", "name": 'Änn; "A"'},
    ]


def test_a_token_of_the_environment(people: People, server: RangeServer, ask: Ask) -> None:
    people.directory(url=f"{server.url}/closed/people.csv")
    server.asked.clear()
    done = ask(server.url, NAC_DIRECTORY_PEOPLE_TOKEN="right")
    assert [one["distinct_id"] for one in found(done)] == ["007", "8"]
    assert {given for _, _, given in server.asked} == {"Bearer right"}
    done = ask(server.url, NAC_DIRECTORY_PEOPLE_TOKEN="wrong-secret")
    assert done.returncode == 1
    assert "the server refuses (401)" in done.stderr
    assert "NAC_DIRECTORY_PEOPLE_TOKEN" in done.stderr
    assert "secret" not in done.stderr


def test_a_signed_url_of_the_environment(people: People, server: RangeServer, ask: Ask) -> None:
    people.directory(url_env="PEOPLE_URL")
    server.asked.clear()
    done = ask(server.url, PEOPLE_URL=f"{server.url}/people.parquet?X-Amz-Signature=a-secret%2F%3D&x=1")
    assert len(found(done)) == 20_000
    assert {path for _, path, _ in server.asked} == {"/people.parquet?X-Amz-Signature=a-secret%2F%3D&x=1"}
    done = ask(server.url, PEOPLE_URL=f"{server.url}/none.csv?X-Amz-Signature=a-secret")
    assert done.returncode == 1
    assert "(404)" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/whole/people.csv", "does not give parts of a file"),
        ("/none.csv", "there is no such file on the server (404)"),
        ("/latin.csv", "line 2 is not UTF-8"),
    ],
)
def test_findings(path: str, said: str, people: People, server: RangeServer, ask: Ask) -> None:
    people.directory(url=server.url + path)
    done = ask(server.url, command="plan")
    assert done.returncode == 1
    assert said in done.stderr
    assert not (people.root / "plan").exists()


def test_a_redirect_is_not_followed(people: People, server: RangeServer, ask: Ask) -> None:
    other = RangeServer()
    other.files["/people.csv"] = b"id\nevil\n"
    with other.running():
        server.elsewhere = other.url
        people.directory(url=f"{server.url}/moved/people.csv")
        done = ask(server.url, other.url)
    assert done.returncode == 1
    assert "the server redirects" in done.stderr
    assert other.asked == []


HOSTILE = (
    "id IN (SELECT id FROM read_csv('{other}/people.csv'))",
    "id IN (SELECT id FROM '{other}/people.csv')",
    "id IN (SELECT content FROM read_text('/etc/passwd'))",
    "id IN (SELECT id FROM read_parquet('{mine}/people.parquet'))",
    "id IN (SELECT secret_string FROM duckdb_secrets())",
    "id IN (SELECT id FROM read_csv(['{mine}/people.csv', '{other}/people.csv']))",
)


def test_sql_reaches_nothing_else(people: People, server: RangeServer, ask: Ask) -> None:
    other = RangeServer()
    other.files["/people.csv"] = b"id\n007\n"
    with other.running():
        people.directory(url=f"{server.url}/closed/people.csv")
        wheres = [where.format(other=other.url, mine=server.url) for where in HOSTILE]
        people.trigger(*({"from": "people", "where": where} for where in wheres))
        server.asked.clear()
        done = ask(server.url, other.url, NAC_DIRECTORY_PEOPLE_TOKEN="right")
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{len(HOSTILE)} findings" in done.stderr
    assert other.asked == []
    assert {path for _, path, _ in server.asked} <= {"/closed/people.csv"}


def test_the_store_of_the_environment(people: People, ask: Ask) -> None:
    people.directory(url="s3://people/exports/people.csv")
    secret = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "a-very-secret-key"}
    done = ask("s3://people/exports", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_REGION="eu-central-1", **secret)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "secret" not in done.stderr


def test_without_the_extension(people: People, server: RangeServer, ask: Ask, tmp_path: Path) -> None:
    people.directory(url=f"{server.url}/people.csv")
    server.asked.clear()
    done = ask(server.url, path="", HOME=str(tmp_path))
    assert done.returncode == 1
    assert "DuckDB's extension httpfs, which reads remote files, is not installed" in done.stderr
    assert "pip install duckdb-extension-httpfs==" in done.stderr
    assert server.asked == []
