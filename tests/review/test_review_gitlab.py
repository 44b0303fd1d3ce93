"""The GitLab template: what its job says, and the note that it writes, on a server that remembers it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from reviewing_outside import ROOT, bash, needs_bash

JOB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))["nac-review"]
pytestmark = needs_bash


class Gitlab(ThreadingHTTPServer):
    notes: list[dict[str, Any]]
    asked: list[tuple[str, str, Any]]
    status = 200


class Handler(BaseHTTPRequestHandler):
    server: Gitlab

    def do_GET(self) -> None:
        self._answer({"id": 9} if self.path == "/user" else self.server.notes if self.path.endswith("page=1") else [])

    def do_POST(self) -> None:
        self._answer({})

    def do_PUT(self) -> None:
        self._answer({})

    def _answer(self, value: Any) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        self.server.asked.append((self.command, self.path, sent))
        data = json.dumps(value).encode()
        self.send_response(self.server.status if self.command == "GET" else min(self.server.status + 1, 403))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def gitlab() -> Iterator[Gitlab]:
    with Gitlab(("127.0.0.1", 0), Handler) as server:
        server.notes, server.asked = [], []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def written(gitlab: Gitlab, folder: Path, **environ: str) -> Any:
    (folder / "nac-report").mkdir(exist_ok=True)
    (folder / "nac-report" / "report.md").write_text("<!-- nac-review -->\n“report”\n", "utf-8")
    given = {
        "NAC_TOKEN": "t", "CI_API_V4_URL": f"http://127.0.0.1:{gitlab.server_port}",
        "CI_MERGE_REQUEST_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7",
    }  # fmt: skip
    done = bash("\n".join(JOB["after_script"]), folder, **{**given, **environ})
    assert done.returncode == 0, done.stderr
    return done


def test_a_note_is_made_once_and_then_written_anew(gitlab: Gitlab, tmp_path: Path) -> None:
    gitlab.notes = [
        {"id": 1, "author": {"id": 8}, "body": "<!-- nac-review -->\nsomebody else's"},
        {"id": 2, "author": {"id": 9}, "body": "another"},
    ]
    written(gitlab, tmp_path)
    path = "/projects/3/merge_requests/7/notes"
    assert gitlab.asked[-1] == ("POST", path, {"body": "<!-- nac-review -->\n“report”\n"})
    gitlab.notes.append({"id": 4, "author": {"id": 9}, "body": "<!-- nac-review -->\r\nold"})
    written(gitlab, tmp_path)
    assert gitlab.asked[-1][:2] == ("PUT", f"{path}/4")


def test_without_a_token_nothing_is_asked(gitlab: Gitlab, tmp_path: Path) -> None:
    written(gitlab, tmp_path, NAC_TOKEN="")
    assert gitlab.asked == []


def test_what_goes_wrong_does_not_change_the_verdict(gitlab: Gitlab, tmp_path: Path) -> None:
    gitlab.status = 403
    assert "no note was written" in written(gitlab, tmp_path).stdout


def test_the_job() -> None:
    assert JOB["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    reports = JOB["artifacts"]["reports"]
    assert reports == {"codequality": "nac-report/code-quality.json", "junit": "nac-report/junit.xml"}
    assert JOB["artifacts"]["when"] == "always"
    assert bash(JOB["script"][0], ROOT, NAC_PACKAGE="").returncode == 2
    for one in (*JOB["script"], *JOB["after_script"]):
        assert bash("bash -n", ROOT, SCRIPT=one).returncode == 0
