"""`nac sandbox` from outside: what it is told, what it says, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sandbox.records_made import hello, post, project

from nac.cli import cli

COMMAND = [sys.executable, "-m", "nac", "sandbox"]


@contextmanager
def serving(cwd: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    server = subprocess.Popen(
        [*COMMAND, "--port", "0", *options], cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )  # fmt: skip
    assert server.stdout is not None
    try:
        yield server, server.stdout.readline().strip()
    finally:
        if server.poll() is None:
            server.kill()
        server.communicate()


def page(url: str) -> str:
    return httpx.get(url, headers={"Accept": "text/html"}, trust_env=False).text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--fault", "429=2"], "write KIND=SHARE"),
        (["--fault", "429"], "write KIND=SHARE"),
        (["--fault", "500=nan"], "write KIND=SHARE"),
        (["--fault", "lightning=0.1"], "slow, partial, partial-after or all"),
        (["--fault", "all=0.2"], "the shares of faults of calls are 1.2 together: more than 1"),
        (["--fault", "partial=0.7", "--fault", "partial-after=0.7"], "of records are 1.4 together"),
        (["--slow-seconds", "-1"], "--slow-seconds"),
        (["--keep", "0"], "--keep"),
        (["--project", "nowhere"], "no folder `notifications` in nowhere"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], says: str) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["sandbox", *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in re.sub(r"\s+", " ", done.stderr)


def test_it_shows_the_project_it_is_started_in_and_stops(tmp_path: Path) -> None:
    with serving(project(tmp_path), "--quiet") as (server, url):
        assert f'title="The project whose templates are shown">{tmp_path.name}<' in page(url)
        assert post(url, hello()) == 202
        assert httpx.get(url + "requests/1/preview", trust_env=False).json()["template"] == "hello"
        # A second one takes another port; this one is taken.
        taken = subprocess.run([*COMMAND, "--port", str(httpx.URL(url).port)], cwd=tmp_path, text=True,
                               capture_output=True, timeout=180, check=False)  # fmt: skip
        assert taken.returncode == 2
        assert "address already in use; name another --port, or 0 for any free one" in taken.stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0
        assert server.stderr is not None
        told = server.stderr.read()
    assert f"Open {url} in a browser" in told
    assert told.endswith("stopped\n")
    assert "Traceback" not in told


def test_it_serves_without_a_project_and_slowly_when_told(tmp_path: Path) -> None:
    options = ("--fault", "slow=1", "--slow-seconds", "600", "--keep", "5", "--retry-after", "2")
    with serving(tmp_path, *options) as (server, url):
        assert "whose templates are shown" not in page(url)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(url + "trigger/", json=hello(), timeout=httpx.Timeout(5, read=0.5), trust_env=False,
                       headers={"Authorization": "Bearer sandbox-key"})  # fmt: skip
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
