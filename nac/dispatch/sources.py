"""Where credentials come from: the environment, a file that nobody else can read, or the system's keyring.

Never the command line, which every process of the machine can read, and never a plan or a file of the project.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nac.dispatch.auth import API_KEY, WORKSPACE_KEY, WORKSPACE_SECRET, CredentialsError

FILE = "NAC_CREDENTIALS_FILE"
KEYRING = "NAC_KEYRING"
NAMES = (API_KEY, WORKSPACE_KEY, WORKSPACE_SECRET)
MAX_BYTES = 64 * 1024


def gathered(environ: Mapping[str, str], file: str | None = None, keyring: str | None = None) -> dict[str, str]:
    """The credentials by the names of their variables, for `credentials`: those of the file or the keyring service
    where one is named, or else of the environment. They are not mixed, so that no key meets another's secret.
    Raises CredentialsError."""
    file, keyring = file or environ.get(FILE) or None, keyring or environ.get(KEYRING) or None
    if file is not None and keyring is not None:
        raise CredentialsError("credentials come from a file or from a keyring: name one of them")
    if file is not None:
        return _of_file(Path(file))
    if keyring is not None:
        return _of_keyring(keyring)
    return {name: environ[name] for name in NAMES if environ.get(name)}


def _of_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines. The file must be the user's own business alone."""
    try:
        handle = os.open(path, os.O_RDONLY)
        with os.fdopen(handle, "rb") as stream:
            mode = os.fstat(handle).st_mode  # of what is read, not of what the name may lead to by then
            if mode & 0o077:
                raise CredentialsError(f"{path} can be read by others (mode {mode & 0o777:o}): chmod 600 it")
            text = stream.read(MAX_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = (error.strerror or "error").lower() if isinstance(error, OSError) else "not UTF-8"
        raise CredentialsError(f"the credentials file {path} cannot be read: {said}") from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or name.strip() not in NAMES:
            raise CredentialsError(f"{path}, line {number}: write NAME=value, with one of {', '.join(NAMES)}")
        found[name.strip()] = value.strip().strip("'\"")
    return found


def _of_keyring(service: str) -> dict[str, str]:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise CredentialsError('credentials from a keyring need the extra: pip install "nac[keyring]"') from None
    try:
        found = {name: keyring.get_password(service, name) for name in NAMES}
    except KeyringError as error:
        said = f"the system's keyring cannot be used ({type(error).__name__})"
        raise CredentialsError(f"{said}: set {API_KEY}, or name a file with --credentials") from None
    return {name: value for name, value in found.items() if value}
