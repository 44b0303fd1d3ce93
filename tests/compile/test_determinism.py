"""The same project and event give the same bytes: on every machine, in every place, in every run."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

COMPILE_ALL = """
import sys
import nac
loaded = nac.load(sys.argv[1])
assert loaded.diagnostics == (), loaded.diagnostics
where = nac.directories(loaded.project)
for name in loaded.project.triggers:
    for event in nac.samples(loaded.project, name):
        result = nac.compile(loaded.project, name, event, where)
        assert result.diagnostics == (), result.diagnostics
        for payload in result.payloads:
            sys.stdout.buffer.write(payload.encoded + b"\\n")
"""


def bytes_of(project: Path, cwd: Path, **environment: str) -> bytes:
    """Everything the shipped samples send, from another process."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", COMPILE_ALL, os.path.relpath(project, cwd)],
        cwd=cwd,
        env={**kept, "PYTHONCOERCECLOCALE": "0", **HERE, **environment},
        capture_output=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout


@pytest.fixture(scope="module")
def expected() -> bytes:
    return bytes_of(ROOT, ROOT)


def test_there_is_something(expected: bytes) -> None:
    assert expected.count(b"\n") > 30


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "2"},
        {"PYTHONHASHSEED": "3", "LC_ALL": "C", "TZ": "Asia/Kolkata"},
        {"TZ": "America/St_Johns", "APP_URL": "https://not-from-here.example.com", "SLACK_TOKEN": "xoxb-secret"},
    ],
    ids=lambda environment: " ".join(f"{key}={value}" for key, value in environment.items() if len(value) < 20),
)
def test_on_another_machine(environment: dict[str, str], expected: bytes) -> None:
    assert digest(bytes_of(ROOT, ROOT, **environment)) == digest(expected)


def test_in_another_place(tmp_path: Path, expected: bytes) -> None:
    copy = tmp_path / "it's a “copy”"
    for folder in ("notifications", "suprsend"):
        shutil.copytree(ROOT / folder, copy / folder)
    for path in copy.rglob("*"):
        os.utime(path, (0, 0))
    assert digest(bytes_of(copy, tmp_path)) == digest(expected)
    assert digest(bytes_of(copy, copy / "notifications" / "teams")) == digest(expected)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
