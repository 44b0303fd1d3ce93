"""The guard of tests/secrets_watched.py finds what it is there for: each kind of leak, in each place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from plans_made import stored
from secrets_watched import EXEMPT, WATCHED, Watch, watching

from nac.cli import COMMANDS
from nac.payload import Envelope, Payload
from nac.plan import record
from nac.sandbox import Sandbox, required_keys

TESTS = Path(__file__).resolve().parents[1]
PRINT = "import os, sys  # nac.cli\nprint(eval(sys.argv[2]))"
SECRET = "hush-hush-hush"


def said(tmp_path: Path, expression: str, *args: str, command: str = "dispatch", **environ: str) -> list[str]:
    """What the guard finds where a command prints this."""
    with watching() as watch:
        subprocess.run([sys.executable, "-c", PRINT, command, expression, *args], cwd=tmp_path, check=True,
                       env={**os.environ, **environ}, capture_output=True, text=True, timeout=180)  # fmt: skip
    assert len(watch.said) == (command in WATCHED)
    return watch.leaks(tmp_path)


@pytest.fixture
def no_secrets_in_what_nac_says() -> None:
    """These tests leak on purpose: the guard is not on for them, but looked at by them."""


@pytest.mark.parametrize(
    ("expression", "environ", "kind"),
    [
        ("os.environ['SUPRSEND_WORKSPACE_SECRET']", {"SUPRSEND_WORKSPACE_SECRET": SECRET}, "holds a credential"),
        ("os.environ['SUPRSEND_API_KEY']", {"SUPRSEND_API_KEY": SECRET}, "holds a credential"),
        ("os.environ['PGPASSWORD']", {"PGPASSWORD": SECRET}, "holds a credential"),
        ("'hush-hush' + '-hush'", {"NAC_JOURNAL": f"postgresql://nac:{SECRET}@h/x"}, "holds a credential"),
        ("'hush-hush' + '-hush'", {"HTTPS_PROXY": f"http://nac:{SECRET}@h:1"}, "holds a credential"),
        ("'Authorization: Bearer ' + 'abcdef'", {}, "an Authorization header"),
        ("'wk:' + 'A' * 43 + '='", {}, "an Authorization header"),
        ("'fine: nothing to see'", {"SUPRSEND_API_KEY": SECRET}, None),
    ],
)
def test_a_credential_in_the_output_is_found(
    tmp_path: Path, expression: str, environ: dict[str, str], kind: str | None
) -> None:
    found = said(tmp_path, expression, **environ)
    assert bool(found) == (kind is not None)
    assert all(str(kind) in one and SECRET not in one for one in found)
    assert said(tmp_path, expression, command="compile", **environ) == []  # exempt, with its reason


def test_one_of_a_credentials_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"SUPRSEND_WORKSPACE_KEY=wk\nexport SUPRSEND_WORKSPACE_SECRET='{SECRET}'\n")
    assert said(tmp_path, f"{SECRET!r}", "--credentials", "keys")
    assert said(tmp_path, f"{SECRET!r}") == []


def test_an_address_of_the_projects_data_or_one_that_the_sandbox_received_is_found(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    (tmp_path / "event.json").write_text(json.dumps({"people": [{"email": "ana@people.example"}]}))
    assert said(tmp_path, "'ana@people' + '.example'")
    assert said(tmp_path, "'bo@people' + '.example'") == []
    person = {"distinct_id": "u1", "$email": ["bo@people.example"], "$sms": ["+12025550143"], "$androidpush": [
        {"token": "push-token-1"}]}  # fmt: skip
    stored(tmp_path / "plan", [record(Payload(Envelope("w", "workflow", {"workflow": "w", "data": {}}), (person,), "k"),
                                      "", 0)])  # fmt: skip
    pair = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
    with watching() as watch, Sandbox(validate=required_keys) as sandbox:
        command = [sys.executable, "-m", "nac", "dispatch", "plan", "--yes", "--hub", sandbox.url]
        subprocess.run(command, cwd=tmp_path, check=True, env={**os.environ, **pair}, capture_output=True, timeout=180)
        assert {"bo@people.example", "+12025550143", "push-token-1"} <= watch.addresses
        assert watch.leaks(tmp_path) == []
        for word in ("bo@people.example", "+12025550143", "push-token-1"):
            watch.hear(["dispatch"], {}, tmp_path, f"sent to {word}")
            assert watch.leaks(tmp_path)
            watch.said.pop()


@pytest.mark.parametrize("name", ["journal.sqlite", "journal.sqlite-wal", "plan/manifest.json", "sent.xml"])
def test_what_a_file_keeps_is_found(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\0\1" + SECRET.encode() + b"\0")
    (found,) = said(tmp_path, "1", SUPRSEND_API_KEY=SECRET)
    assert found.startswith(f"{path.name} holds a credential")


def test_clicks_runner_is_watched(tmp_path: Path) -> None:
    @click.command()
    @click.argument("what")
    def leak(what: str) -> None:
        click.echo("Bearer abcdefgh", err=True)

    with watching() as watch:
        CliRunner().invoke(leak, ["plan"])
        CliRunner().invoke(leak, ["render"])
    assert len(watch.said) == 1
    assert len(watch.leaks()) == 1


def test_a_test_that_leaks_fails(tmp_path: Path) -> None:
    """All of it, as a run of its own."""
    (tmp_path / "conftest.py").write_text("from secrets_watched import no_secrets_in_what_nac_says\n")
    (tmp_path / "test_it.py").write_text(
        "import os, subprocess, sys\n\n\n"
        "def test_that_passes(tmp_path):\n"
        f"    command = [sys.executable, '-c', {PRINT!r}, 'dispatch', \"os.environ['SUPRSEND_API_KEY']\"]\n"
        f"    environ = {{**os.environ, 'SUPRSEND_API_KEY': {SECRET!r}}}\n"
        "    subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=True)\n"
    )
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"], cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(TESTS)}, capture_output=True, text=True, timeout=180,
                          check=False)  # fmt: skip
    assert done.returncode == 1, done.stdout
    assert "1 passed, 1 error" in done.stdout
    assert "the output of nac dispatch holds a credential (hus…, 14 characters)" in done.stdout


def test_every_command_is_watched_or_exempt_for_a_reason() -> None:
    harmless = {"list", "explain", "completion", "schema"}  # they know nothing of people or credentials
    assert not WATCHED & set(EXEMPT)
    assert set(COMMANDS) == WATCHED | set(EXEMPT) | harmless
    assert all(EXEMPT.values())
    assert Watch().leaks() == []
