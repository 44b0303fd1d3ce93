"""Credentials as users have them: wrong ones, ones that others can read, and ones of the system's keyring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from plans_made import people, stored

from command_line import Nac
from nac.sandbox import Sandbox, required_keys

SECRET = "not-the-right-secret"
BACKEND = '''
import json, os
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

class Keyring(KeyringBackend):
    """Keeps nothing: it has what the test says."""
    priority = 1
    def get_password(self, service, name):
        if service == "locked":
            raise KeyringError("the password is hush-hush-hush")
        return json.loads(os.environ["HELD"]).get(f"{service} {name}")
    def set_password(self, service, name, password):
        raise NotImplementedError
'''


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(validate=required_keys) as running:
        yield running


@pytest.fixture
def plan(project: Path) -> Path:
    return stored(project / "plan", people(250)).folder


@pytest.mark.parametrize(
    ("environ", "said", "check"),
    [
        ({"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": SECRET},
         "the signature does not fit", "check SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET"),
        ({"SUPRSEND_WORKSPACE_KEY": "another", "SUPRSEND_WORKSPACE_SECRET": SECRET},
         "this workspace key is not known here", "check SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET"),
        ({"SUPRSEND_API_KEY": SECRET}, "this API key is not known here", "check SUPRSEND_API_KEY"),
    ],
)  # fmt: skip
def test_wrong_credentials_are_explained_and_nothing_is_sent(
    nac: Nac, plan: Path, sandbox: Sandbox, environ: dict[str, str], said: str, check: str
) -> None:
    done = nac("dispatch", str(plan), "--yes", "--hub", sandbox.url, "--attempts", "3", **environ)
    assert done.returncode == 1, done.stdout + done.stderr
    (why,) = [line for line in done.stdout.splitlines() if line.startswith("stopped: ")]
    assert why.startswith("stopped: the service answered 401: ")
    assert said in why
    assert check in why
    assert "250 requests left" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert sandbox.count.accepted == 0
    assert sandbox.count.calls <= 3  # the other calls are not tried
    right = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
    if environ.get("SUPRSEND_WORKSPACE_KEY") != "another":
        assert nac("dispatch", str(plan), "--yes", "--hub", sandbox.url, **right).returncode == 0
        assert (sandbox.count.delivered, sandbox.count.duplicates) == (250, 0)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o622])
def test_a_credentials_file_that_others_can_touch_is_refused(nac: Nac, plan: Path, sandbox: Sandbox, mode: int) -> None:
    file = plan.parent / "keys"
    file.write_text(f"SUPRSEND_WORKSPACE_KEY=sandbox\nSUPRSEND_WORKSPACE_SECRET={SECRET}\n")
    file.chmod(mode)
    done = nac("dispatch", str(plan), "--yes", "--hub", sandbox.url, NAC_CREDENTIALS_FILE=str(file))
    assert done.returncode == 2
    assert f"(mode {mode:o}): chmod 600 it" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert sandbox.count.calls == 0


def test_a_keyring_of_the_system(nac: Nac, plan: Path, sandbox: Sandbox) -> None:
    pytest.importorskip("keyring")
    (plan.parent / "backend.py").write_text(BACKEND)
    held = '{"ours SUPRSEND_WORKSPACE_KEY": "sandbox", "ours SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}'
    paths = os.pathsep.join(filter(None, [str(plan.parent), os.environ.get("PYTHONPATH", "")]))
    environ = {"PYTHON_KEYRING_BACKEND": "backend.Keyring", "PYTHONPATH": paths, "HELD": held}
    args = ("dispatch", str(plan), "--yes", "--hub", sandbox.url)
    for service, says in (("theirs", "no credentials: set"), ("locked", "KeyringError")):
        done = nac(*args, "--keyring", service, **environ)
        assert done.returncode == 2, done.stdout + done.stderr
        assert says in done.stderr
        assert "hush-hush" not in done.stderr
    assert sandbox.count.calls == 0
    done = nac(*args, NAC_KEYRING="ours", **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sandbox.requests[0].auth == "hmac"
    assert sandbox.count.delivered == 250
