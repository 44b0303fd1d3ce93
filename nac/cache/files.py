"""The files of a project by their content, without reading again those that cannot have changed.

As in git's index, a file whose size, times and inode are those of the last time is taken to be the same, unless it
was written so shortly before it was looked at that a later change could bear the same time.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping

MAX_FILES = 50_000
MAX_BYTES = 512 * 1024 * 1024
RACY = 2_000_000_000
"""Nanoseconds that a file must be older than a look at it to be trusted: the coarsest file systems count in 2 s."""

Entry = tuple[str, tuple[int, ...]]
"""A file's digest, and what `stat` says of it. A folder has neither: ("", ())."""
Files = dict[str, Entry]
"""By POSIX path relative to the project; folders end in `/`."""


class NotPlainError(Exception):
    """The files are not of a kind that can be compared: links, devices, too many, too large, or not readable."""


def scan(root: str, folders: Iterable[str], known: Mapping[str, Entry] | None = None, taken: int = 0) -> Files:
    """Every file and folder below some folders of a project, hidden ones too; a folder that is missing is left out.

    `known` is what a scan begun at `taken` (nanoseconds since the epoch) found: what has not changed since is not read.
    Raises NotPlainError.
    """
    found: Files = {}
    known = known or {}
    total = 0
    pending = []
    for folder in dict.fromkeys(folders):
        path = root
        for step in folder.split("/"):
            path = f"{path}/{step}"
            if os.path.islink(path):
                raise NotPlainError(folder)
        if os.path.isdir(path):
            pending.append(folder)
    try:
        while pending:
            folder = pending.pop()
            found[f"{folder}/"] = ("", ())
            with os.scandir(f"{root}/{folder}") as entries:
                for one in entries:
                    path = f"{folder}/{one.name}"
                    seen = one.stat(follow_symlinks=False)
                    if stat.S_ISDIR(seen.st_mode):
                        pending.append(path)
                        continue
                    total += seen.st_size
                    if not stat.S_ISREG(seen.st_mode) or len(found) > MAX_FILES or total > MAX_BYTES:
                        raise NotPlainError(path)
                    found[path] = _entry(f"{root}/{path}", seen, known.get(path), taken)
    except OSError as error:
        raise NotPlainError(str(error)) from None
    return found


def digests(files: Mapping[str, Entry]) -> dict[str, str]:
    """What tells whether anything changed."""
    return {path: digest for path, (digest, _) in files.items()}


def is_racy(entry: Entry, taken: int) -> bool:
    """Whether a file was written so shortly before a look at it that it may have been written again unnoticed."""
    # On Windows the third is when it was made, and programs may set the other back.
    return bool(entry[1]) and (os.name == "nt" or max(entry[1][1], entry[1][2]) + RACY >= taken)


def _entry(path: str, seen: os.stat_result, known: Entry | None, taken: int) -> Entry:
    signature = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_mode)
    if known is not None and known[1] == signature and not is_racy(known, taken):
        return known
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()[:64], signature
