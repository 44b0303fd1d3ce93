"""`nac` as a process, in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import Nac


@pytest.fixture
def nac(tmp_path: Path) -> Nac:
    def run(*args: str, stdin: str | bytes = "", **environ: str) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("SUPRSEND_", "NAC_", "FORCE_"))}
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "nac", *args], cwd=tmp_path, env={**clean, **environ}, input=given,
            capture_output=True, timeout=180, check=False,
        )  # fmt: skip
        # Not as text: that would turn the output's carriage returns into line feeds.
        return subprocess.CompletedProcess(args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
