"""What is reached when: nothing that whoever runs nac did not allow, and nothing at all for a sample."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from people_elsewhere import People, ids

import nac
from nac.directories import access


class Listener:
    """Counts who connects."""

    def __init__(self) -> None:
        self.calls = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                call, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            call.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


URLS = ["postgresql://127.0.0.1:{}/app", "mysql://127.0.0.1:{}/app", "http://127.0.0.1:{}/people.csv"]


@pytest.mark.parametrize("url", URLS)
def test_samples_reach_nothing(url: str, people: People, listener: Listener) -> None:
    people.directory(url=url.format(listener.port), table="people")
    allowed = {"NAC_ALLOW_REMOTE": url.format(listener.port)}
    for command in (
        ["check"], ["test"], ["preview", "hello"], ["compile", "hello"], ["list"], ["recipients", "hello"],
        ["plan", "hello", "-o", str(people.root / "plan")],
        ["preview", "hello", "--event", str(people.root / "event.json")],
    ):  # fmt: skip
        done = people.run(*command, **allowed)
        assert "cannot be read" not in done.output, done.output
        assert "sample-1" in done.output or command[0] in ("check", "test", "list", "plan"), done.output
    assert listener.calls == 0


def test_comparing_commits_reaches_nothing(people: People, listener: Listener) -> None:
    place = f"postgresql://127.0.0.1:{listener.port}/app"
    people.directory(url=place, table="people")

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=people.root, check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "one")
    people.sample("id,name\nsample-1,Sample\nsample-2,Sample\n")
    for command in ("diff", "review"):
        done = people.run(command, "HEAD", NAC_ALLOW_REMOTE=place)
        assert "cannot be read" not in done.output
        assert "hello" in done.output
    assert listener.calls == 0


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("command", ["recipients", "compile", "plan", "dispatch"])
def test_refused_unless_allowed(url: str, command: str, people: People, listener: Listener) -> None:
    place = url.format(listener.port)
    people.directory(url=place, table="people")
    more = {"plan": ["-o", str(people.root / "plan")], "dispatch": ["--yes", "--hub", "http://127.0.0.1:9"]}
    arguments = [command, "hello", "--event", str(people.root / "event.json"), *more.get(command, [])]
    for allowed in ([], ["--allow-remote", "https://elsewhere.example"], ["--allow-remote", place + "x"]):
        done = people.run(*arguments, *allowed, SUPRSEND_API_KEY="key")
        assert done.exit_code == 1
        assert f"it may not reach {place}" in done.output
        assert f"--allow-remote {place}" in done.output
    assert listener.calls == 0
    assert not (people.root / "plan").exists()
    done = people.run(*arguments, SUPRSEND_API_KEY="key", NAC_ALLOW_REMOTE=f"https://a.example, {place}")
    assert done.exit_code == 1
    assert "it may not reach" not in done.output
    assert listener.calls > 0 or "httpfs" in done.output


def test_without_a_sample(people: People) -> None:
    people.directory(url="postgresql://db.example.com/app", table="people", sample=None)
    done = people.run("check")
    assert done.exit_code == 1
    assert "it is elsewhere, and has no `sample`" in done.output
    assert "add `sample:`" in done.output


def test_another_file_for_one_run(people: People) -> None:
    people.directory(url="postgresql://db.example.com/app", table="people")
    export = people.root / "export.ndjson"
    export.write_text('{"id": "e1"}\n', "utf-8")
    event = str(people.root / "event.json")
    done = people.run("recipients", "hello", "--event", event, "--format", "ndjson", "--directory", f"people={export}")
    assert ids(done) == ["e1"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "the environment variable PEOPLE_URL is not set"),
        ({"PEOPLE_URL": "hunter2"}, "its URL in PEOPLE_URL cannot be used"),
        ({"PEOPLE_URL": "https://files.example.com/hunter2/p.csv?sig=hunter2"}, "it may not reach https://files.example.com"),
        ({"PEOPLE_URL": "postgresql://me:hunter2@db.example.com/app"}, "it may not reach postgresql://db.example.com"),
    ],
)  # fmt: skip
def test_a_url_of_the_environment(environment: dict[str, str], said: str, people: People) -> None:
    people.directory(url_env="PEOPLE_URL", table="people")
    done = people.recipients(**environment)
    assert done.exit_code == 1
    assert said in " ".join(done.output.split())
    assert "hunter2" not in done.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "postgresql://me:hunter2@db.example.com/app", "table": "people"}, "it holds a password"),
        ({"url": "https://f.example.com/p.csv?token=hunter2"}, "may be a key or a signature"),
        ({"url": "https://f.example.com/p.json"}, "not known to be CSV or Parquet"),
        ({"url": "https://f.example.com/../p.csv"}, "its path holds"),
        ({"url": "postgresql://db.example.com/app"}, "a database needs the key `table`"),
        ({"url": "https://f.example.com/p.csv", "url_env": "X"}, "not both"),
        ({"path": "people-sample.csv", "url_env": "X"}, "not both"),
        ({"path": "people-sample.csv"}, "needs no `sample`"),
        ({}, "the key `path` is missing"),
        ({"url": "https://f.example.com/p.csv", "sample": "people.what"}, "does not say what it holds"),
    ],
)
def test_findings_of_the_settings(settings: dict[str, str], said: str, people: People) -> None:
    people.directory(**settings)
    for command in (["check"], ["recipients", "hello", "--event", str(people.root / "event.json")]):
        done = people.run(*command)
        assert done.exit_code == 1
        assert said in done.output
        assert "hunter2" not in done.output


def test_a_name_that_leads_to_the_machines_own_credentials(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(host: str, port: int | None, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(access.socket, "getaddrinfo", found)
    people.directory(url="mysql://harmless.example/app", table="people")
    done = people.recipients("mysql://harmless.example")
    assert done.exit_code == 1
    assert "link-local" in done.output


def test_in_python(people: People, listener: Listener) -> None:
    place = f"postgresql://127.0.0.1:{listener.port}/app"
    people.directory(url=place, table="people")
    project = nac.load(people.root).project
    event = {"id": 1, "ids": []}
    assert [one.recipient for one in nac.recipients(project, "hello", event)[0]] == [{"distinct_id": "sample-1"}]
    _, (refused,) = nac.recipients(project, "hello", event, nac.directories(project, allow_remote=[]))
    assert "it may not reach" in refused.message
    assert listener.calls == 0
    with pytest.raises(nac.NacError, match="no prefix"):
        nac.directories(project, allow_remote=["everything"])


def test_nothing_but_people_on_stdout(people: People) -> None:
    """DuckDB draws a bar of progress on stdout, when a query takes longer than two seconds."""
    people.directory(url="postgresql://db.example.com/app", table="people")
    engine = nac.directories(nac.load(people.root).project)
    (shown,) = engine.connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()  # type: ignore[attr-defined]
    assert shown is False
    engine.close()  # type: ignore[attr-defined]
