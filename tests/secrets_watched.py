"""Searches what nac says in the whole test run for credentials and addresses, which are for no log.

Everything that a test lets a `nac` command print is kept here: of processes whose output is read by `communicate` (and
so by `subprocess.run`), and of click's `CliRunner`; one that reads otherwise calls `heard`. When the test ends, the
output of the commands that send is searched for

- every credential that the command was given: secrets and passwords of its environment, of its credentials file, and
  of addresses such as a journal's; and for what looks like an `Authorization` header, whoever's it is;
- every address that the test knows: those that the sandbox received, and e-mail addresses in the project's data;

and so are the journals, manifests and reports that it left on the disk. `tests/conftest.py` turns it on for every test.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nac.cli import COMMANDS
from nac.people import ADDRESSES
from nac.sandbox.kept import Kept

WATCHED = frozenset({"dispatch", "plan", "journal", "sandbox", "review"})
EXEMPT = {
    "compile": "prints the requests, which hold the addresses: that is what it is for",
    "preview": "shows what each recipient would see, to whom",
    "recipients": "shows who would get it",
    "test": "shows how samples, which are checked in, differ from what is expected of them",
    "diff": "shows what changes for the people of samples, which are checked in",
    "git-diff": "as diff",
    "render": "prints a template with the data it is given",
    "check": "quotes the line of the file that it complains about",
    "init": "writes a project with samples of its own",
}
PUBLIC = {"sandbox": ("sandbox-secret", "sandbox-key")}
"""Credentials that are secrets to nobody, by the command that prints them so that they can be used."""

SECRET_NAMES = re.compile(r"SECRET|API_KEY|PASSWORD|PASSWD|TOKEN", re.IGNORECASE)
IN_URL = re.compile(r"://[^\s/@:]*:([^\s/@]+)@")
AUTHORIZATION = re.compile(r"\bBearer [\w.~+/=-]{4,}|[\w.%-]+:[A-Za-z0-9+/]{43}=(?![\w=])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DATA = (".json", ".csv", ".ndjson", ".jsonl")
KEPT = re.compile(r"\.sqlite(-wal|-shm)?$|^manifest\.json$|\.xml$|^report.*\.json$")
MOST_BYTES = 2_000_000
SHORTEST = 5


@dataclass
class Said:
    """What one command printed."""

    command: str
    text: str
    secrets: frozenset[str]
    cwd: Path


@dataclass
class Watch:
    """What the commands of one test printed, and what they must not have."""

    said: list[Said] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)

    def hear(self, args: Sequence[str], environ: Mapping[str, str], cwd: Path, *texts: object) -> None:
        command = next((one for one in args if one in COMMANDS), "")
        if command in WATCHED:
            text = "\n".join(filter(None, map(_text, texts)))
            self.said.append(Said(command, text, frozenset(secrets_of(args, environ, cwd)), cwd))

    def leaks(self, folder: Path | None = None) -> list[str]:
        """What was found where it must not be, each as a sentence that does not repeat it."""
        known = set(self.addresses)
        for cwd in {one.cwd for one in self.said}:
            known |= addresses_in(cwd)
        found = []
        for one in self.said:
            public = PUBLIC.get(one.command, ())
            where = f"the output of nac {one.command}"
            found += [f"{where} holds a credential ({hint(word)})"
                      for word in one.secrets if word not in public and word in one.text]  # fmt: skip
            if AUTHORIZATION.search(one.text):
                found.append(f"{where} holds what looks like an Authorization header")
            found += [f"{where} holds an address ({hint(word)})" for word in known if word in one.text]
        secrets = {word for one in self.said for word in one.secrets}
        for path in kept_files({one.cwd for one in self.said} | ({folder} if folder else set())):
            content = path.read_bytes()
            found += [f"{path.name} holds {kind} ({hint(word)})"
                      for kind, words in (("a credential", secrets), ("an address", known))
                      for word in words if word.encode() in content]  # fmt: skip
        return found


def hint(word: str) -> str:
    return f"{word[:3]}…, {len(word)} characters"


def secrets_of(args: Sequence[str], environ: Mapping[str, str], cwd: Path) -> Iterator[str]:
    """The credentials that a command was given."""
    for name, value in environ.items():
        if SECRET_NAMES.search(name) and len(value) >= SHORTEST:
            yield value
        yield from (one for one in IN_URL.findall(value) if len(one) >= SHORTEST)
    files = [environ.get("NAC_CREDENTIALS_FILE", "")]
    files += [after for before, after in pairwise(args) if before == "--credentials"]
    for file in filter(None, files):
        path = cwd / file
        if path.is_file():
            for line in path.read_text("utf-8", "replace").splitlines():
                name, _, value = line.partition("=")
                if SECRET_NAMES.search(name) and len(value.strip()) >= SHORTEST:
                    yield value.strip().strip("'\"")


def addresses_in(folder: Path) -> set[str]:
    """The e-mail addresses in a project's data."""
    found: set[str] = set()
    if not (folder / "notifications").is_dir():
        return found
    for path in [*folder.glob("*"), *folder.glob("notifications/*")]:
        if path.suffix in DATA and path.is_file() and path.stat().st_size < MOST_BYTES:
            found.update(EMAIL.findall(path.read_text("utf-8", "replace")))
    return found


def kept_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Journals, manifests and reports in these folders and a little below."""
    seen = set()
    for folder in folders:
        for pattern in ("*", "*/*", ".nac/plans/*/*"):
            for path in folder.glob(pattern):
                if KEPT.search(path.name) and path not in seen and path.is_file():
                    seen.add(path)
                    if path.stat().st_size < MOST_BYTES:
                        yield path


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""


_watches: list[Watch] = []


def heard(args: Sequence[str], environ: Mapping[str, str], cwd: Path, *texts: object) -> None:
    """Tell what a command printed, where it is read in a way that is not seen from here."""
    for watch in _watches:
        watch.hear(args, environ, cwd, *texts)


@contextmanager
def watching() -> Iterator[Watch]:
    watch = Watch()
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


@pytest.fixture(autouse=True)
def no_secrets_in_what_nac_says(request: pytest.FixtureRequest) -> Iterator[None]:
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    with watching() as watch:
        yield
    if watch.said:
        leaks = watch.leaks(folder)
        if leaks:
            pytest.fail("what is for no log was said:\n" + "\n".join(sorted(set(leaks))), pytrace=False)


_started, _communicate, _invoke, _added = (
    subprocess.Popen.__init__, subprocess.Popen.communicate, CliRunner.invoke, Kept.add,
)  # fmt: skip


def _start(self: Any, args: Any, *rest: Any, **options: Any) -> None:
    words = args.split() if isinstance(args, str) else [os.fspath(one) for one in args]
    words = [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in words]
    environ = options.get("env")
    self._watched = (words, dict(os.environ if environ is None else environ), Path(options.get("cwd") or os.getcwd()))
    _started(self, args, *rest, **options)


def _read(self: Any, *args: Any, **options: Any) -> Any:
    out, err = _communicate(self, *args, **options)
    words, environ, cwd = getattr(self, "_watched", ([], {}, Path()))
    if any(one == "nac" or one.endswith("/nac") or "nac.cli" in one for one in words[:4]):
        heard(words[1:], environ, cwd, out, err)
    return out, err


def _run(self: CliRunner, command: Any, args: Any = None, *rest: Any, **options: Any) -> Result:
    result = _invoke(self, command, args, *rest, **options)
    words = args.split() if isinstance(args, str) else [str(one) for one in args or ()]
    environ = {**os.environ, **{name: value for name, value in (options.get("env") or {}).items() if value}}
    heard(words, environ, Path.cwd(), result.output, result.stderr)
    return result


def _add(self: Kept, call: Any, records: Any) -> Any:
    if _watches:
        records = list(records)
        found = {word for record, *_ in records for word in _addresses(record) if len(word) >= SHORTEST}
        for watch in _watches:
            watch.addresses |= found
    return _added(self, call, records)


def _addresses(value: object, inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _addresses(one, inside or name in ADDRESSES)
    elif isinstance(value, list):
        for one in value:
            yield from _addresses(one, inside)
    elif inside and isinstance(value, str):
        yield value


subprocess.Popen.__init__ = _start  # type: ignore[method-assign]
subprocess.Popen.communicate = _read  # type: ignore[method-assign]
CliRunner.invoke = _run  # type: ignore[method-assign]
Kept.add = _add  # type: ignore[method-assign]
