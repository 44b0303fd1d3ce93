"""`nac` as a pull request's job runs it: in a process of its own, with nothing in the environment but what is given."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from nac.cli import cli

ROOT = Path(__file__).resolve().parents[2]
SMS = "notifications/templates/order-shipped/sms.hbs"
QUIET = "notifications/nac.yaml"
NAC = Path(sys.executable).parent / "nac"
needs_bash = pytest.mark.skipif(os.name == "nt", reason="bash")


def bare(**given: str) -> dict[str, str]:
    """The environment of a fork: no token, no home, no configuration."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **given}


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(root: Path, *arguments: str, **environ: str) -> Done:
    """The command in this process, which has imported it already, with the environment of `bare`."""
    with contextlib.chdir(root):
        done = CliRunner().invoke(cli, arguments, env={**dict.fromkeys(os.environ), **bare(**environ)})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def process(root: Path, *arguments: str, **environ: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "nac", *arguments], cwd=root, env=bare(**environ), capture_output=True, timeout=120,
        check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def bash(script: Path | str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(script)] if isinstance(script, Path) else ["bash", "-c", script]
    return subprocess.run(command, cwd=cwd, env=bare(**environ), capture_output=True, timeout=120, check=False,
                          text=True, encoding="utf-8")  # fmt: skip
