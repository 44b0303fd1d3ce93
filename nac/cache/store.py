"""Where entries are kept: one JSON file each, in a folder that is the user's alone, outside every project.

A project cannot bring entries along, and JSON holds nothing that runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

MAX_ENTRY = 64 * 1024 * 1024
MAX_ENTRIES = 64
MAX_TOTAL = 256 * 1024 * 1024


def folder() -> Path | None:
    """`$XDG_CACHE_HOME/nac/check`, by default below `~/.cache` (on Windows `%LOCALAPPDATA%`); None where neither is."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(given):  # as the specification of XDG_CACHE_HOME has it
        home = os.path.expanduser("~")
        given = os.environ.get("LOCALAPPDATA", "") if sys.platform == "win32" else os.path.join(home, ".cache")
    return Path(given, "nac", "check") if os.path.isabs(given) else None


class Store:
    """The entries of one folder. Nothing here raises: what cannot be read or written is not there."""

    def __init__(self, place: Path | None) -> None:
        self._place = place

    def read(self, key: str) -> Any:
        """The entry of that key, None where there is none that can be read."""
        if self._place is None or not _is_own(self._place):
            return None
        try:
            with open(self._file(self._place, key), "rb") as stream:
                return opened(stream.read(MAX_ENTRY + 1))
        except (OSError, ValueError, RecursionError, MemoryError):
            return None

    def write(self, key: str, entry: Any) -> None:
        """Put an entry in the place of the one before, as a whole: of two runs at once, one wins."""
        if self._place is None:
            return
        temporary = None
        try:
            data = sealed(entry)
            if len(data) > MAX_ENTRY:
                return
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_own(self._place):
                return
            self._tidy(self._place, len(data))
            handle, temporary = tempfile.mkstemp(dir=self._place, prefix=".new-")
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(temporary, self._file(self._place, key))
        except (OSError, ValueError, TypeError, RecursionError):
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)

    def _file(self, place: Path, key: str) -> Path:
        return place / f"{hashlib.blake2b(key.encode('utf-8', 'surrogateescape'), digest_size=20).hexdigest()}.json"

    def _tidy(self, place: Path, more: int) -> None:
        """Make room: the entries that were written longest ago go first, and what a killed run has left."""
        found = []
        for one in place.iterdir():
            with suppress(OSError):
                seen = one.lstat()
                found.append((seen.st_mtime_ns, seen.st_size, one))
        total = more + sum(size for _, size, _ in found)
        for index, (_, size, one) in enumerate(sorted(found)):
            if total <= MAX_TOTAL and len(found) - index < MAX_ENTRIES:
                break
            with suppress(OSError):
                one.unlink()
            total -= size


def sealed(entry: Any) -> bytes:
    """An entry as it stands in its file: JSON after its own digest, so that not one character can be lost unnoticed."""
    data = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return _digest(data) + b"\n" + data


def opened(data: bytes) -> Any:
    """The entry of a file. Raises ValueError for what is not whole."""
    digest, _, text = data.partition(b"\n")
    if len(data) > MAX_ENTRY or digest != _digest(text):
        raise ValueError("not what was written")
    return json.loads(text)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).hexdigest().encode("ascii")


def _is_own(place: Path) -> bool:
    """Whether nobody else can have written there."""
    try:
        seen = place.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(seen.st_mode):
        return False
    return sys.platform == "win32" or (seen.st_uid == os.getuid() and not seen.st_mode & 0o077)
