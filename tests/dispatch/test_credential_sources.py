"""Credentials from the environment, a file and a keyring; never mixed, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from nac.dispatch.auth import CredentialsError
from nac.dispatch.sources import gathered


def test_the_environment_counts_where_nothing_else_is_named(tmp_path: Path) -> None:
    environ = {"SUPRSEND_API_KEY": "a", "SUPRSEND_WORKSPACE_KEY": "", "OTHER": "x"}
    assert gathered(environ) == {"SUPRSEND_API_KEY": "a"}
    file = tmp_path / "keys"
    file.write_text("SUPRSEND_WORKSPACE_KEY = k\nSUPRSEND_WORKSPACE_SECRET=s=1\n")
    file.chmod(0o600)
    expected = {"SUPRSEND_WORKSPACE_KEY": "k", "SUPRSEND_WORKSPACE_SECRET": "s=1"}
    assert gathered(environ, str(file)) == gathered({**environ, "NAC_CREDENTIALS_FILE": str(file)}) == expected
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())  # as some editors begin a file
    assert gathered(environ, str(file)) == expected


def test_a_keyring_holds_them_by_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    held = {("ours", "SUPRSEND_API_KEY"): "secret"}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: held.get((service, name)))
    assert gathered({"NAC_KEYRING": "ours", "SUPRSEND_WORKSPACE_KEY": "k"}) == {"SUPRSEND_API_KEY": "secret"}
    assert gathered({}, keyring="other") == {}
    with pytest.raises(CredentialsError, match="name one of them"):
        gathered({}, "file", "ours")


def test_a_file_that_cannot_be_used_is_said_without_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    with pytest.raises(CredentialsError, match="cannot be read: no such file"):
        gathered({}, str(file))
    file.write_bytes(b"SUPRSEND_API_KEY=\xff")
    file.chmod(0o644)
    with pytest.raises(CredentialsError, match=r"\(mode 644\): chmod 600 it"):
        gathered({}, str(file))
    file.chmod(0o600)
    with pytest.raises(CredentialsError, match="not UTF-8"):
        gathered({}, str(file))
    file.write_text("top-secret")
    with pytest.raises(CredentialsError, match="line 1") as caught:
        gathered({}, str(file))
    assert "top-secret" not in str(caught.value)
