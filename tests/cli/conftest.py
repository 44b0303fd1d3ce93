"""The command line as its users run it: a process, its exit code, stdout and stderr."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from command_line import TRIGGER, Nac
from nac.cli import cli


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "notifications"
    (folder / "templates" / "hello").mkdir(parents=True)
    (folder / "nac.yaml").write_text("env: {APP_URL: https://app.example.com}\n")
    (folder / "hello.yaml").write_text(TRIGGER)
    (folder / "templates" / "hello" / "sms.hbs").write_text("Hello {{$recipient.name}}\n")
    return tmp_path


@pytest.fixture
def nac(project: Path) -> Nac:
    def run(*args: str, cwd: Path = project, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("SUPRSEND_", "NAC_", "FORCE_"))}
        return subprocess.run(
            [sys.executable, "-m", "nac", *args], cwd=cwd, env={**clean, **environ}, input=stdin, text=True,
            encoding="utf-8", capture_output=True, timeout=180, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def here(project: Path, monkeypatch: pytest.MonkeyPatch) -> Nac:
    """`nac` without a process of its own, for the many commands that differ in little."""
    monkeypatch.chdir(project)

    def run(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
        clean = dict.fromkeys(name for name in os.environ if name.startswith(("SUPRSEND_", "NAC_")))
        done = CliRunner().invoke(cli, args, env={**clean, **environ})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)

    return run
