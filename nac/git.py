"""Reading a git repository, without touching it: commits, listings, objects.

Only commands that read are run, with no hooks, no prompts, no lazy fetches, no optional locks; every name that comes
from outside stands behind `--end-of-options` or is an object id.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

TIMEOUT = 120.0
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_CONFIG = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


class GitError(Exception):
    """git is missing, this is no repository, or a name in it means nothing; the message says which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a commit: `kind` is "file" or "link"; `size` in bytes."""

    kind: str
    oid: str
    size: int


class Repository:
    """The repository that a directory lies in. `prefix` leads from its top to the directory: "" or "a/b/"."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory).resolve()
        found = self._git("rev-parse", "--show-prefix", "--show-object-format").decode("utf-8", "surrogateescape")
        self.prefix, self.hash, *_ = found.split("\n")

    def commit(self, ref: str) -> str:
        """The full id of a commit named by a branch, a tag, an id, `HEAD~1` … Raises GitError."""
        try:
            name = f"{ref}^{{commit}}"
            return self._git("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
        except GitError:
            hint = ": this clone is shallow, fetch more of it (`git fetch --unshallow`)" if self.shallow else ""
            raise GitError(f"there is no commit '{ref}' here{hint}") from None

    def merge_base(self, one: str, other: str) -> str | None:
        """The commit that both grew from; None where they share none, or the clone does not reach back to it."""
        try:
            return self._git("merge-base", one, other).decode().strip() or None
        except GitError:
            return None

    @cached_property
    def shallow(self) -> bool:
        return self._git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def listing(self, commit: str, folders: tuple[str, ...]) -> dict[str, Entry]:
        """Every file of a commit below these folders, by its path relative to the directory."""
        paths = [self.prefix + folder for folder in folders]
        output = self._git("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *paths)
        found: dict[str, Entry] = {}
        for line in output.split(b"\0"):
            head, _, name = line.partition(b"\t")
            if not head:
                continue
            mode, kind, oid, size = head.decode().split()
            path = name.decode("utf-8", "surrogateescape")
            if kind == "blob" and path.startswith(self.prefix):
                kind = "link" if mode == "120000" else "file"
                found[path.removeprefix(self.prefix)] = Entry(kind, oid, int(size) if size.isdigit() else 0)
        return found

    def changes(self, commit: str) -> dict[str, bool]:
        """What differs between a commit (its id) and the files of the directory, also those that git does not know yet
        and is not told to ignore: relative paths, and whether there is such a file now."""
        options = ("--name-status", "-z", "--no-renames", "--no-ext-diff", "--relative", "--ignore-submodules")
        words = [
            one.decode("utf-8", "surrogateescape") for one in self._git("diff", *options, commit, "--").split(b"\0")
        ]
        found = {path: status != "D" for status, path in zip(words[:-1:2], words[1::2], strict=True)}
        for name in self._git("ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
            if name:
                found[name.decode("utf-8", "surrogateescape")] = True
        return found

    def ignored(self, folders: tuple[str, ...]) -> set[str]:
        """The untracked files of the work tree that git ignores, by their paths relative to the directory."""
        output = self._git("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--", *folders)
        return {name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name}

    def elsewhere(self, folders: tuple[str, ...]) -> tuple[dict[str, Entry], set[str]]:
        """What the work tree holds otherwise than git means it: the files that a sparse checkout leaves out, as they
        are in the index, and the folders that are repositories of their own. Paths relative to the directory."""
        output = self._git("ls-files", "-s", "-t", "-z", "--", *folders)
        left_out: dict[str, Entry] = {}
        modules: set[str] = set()
        for line in output.split(b"\0"):
            head, _, name = line.partition(b"\t")
            words = head.decode().split()
            if len(words) != 4:
                continue
            tag, mode, oid, _ = words
            path = name.decode("utf-8", "surrogateescape")
            if mode == "160000":
                modules.add(path)
            elif tag == "S":
                left_out[path] = Entry("link" if mode == "120000" else "file", oid, 0)
        return left_out, modules

    def blob_id(self, data: bytes) -> str:
        """The id that git gives to these bytes."""
        made = hashlib.new(self.hash or "sha1", b"blob %d\0" % len(data), usedforsecurity=False)
        made.update(data)
        return made.hexdigest()

    def objects(self) -> Objects:
        return Objects(self)

    def _git(self, *arguments: str) -> bytes:
        try:
            done = subprocess.run(
                self.command(*arguments),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed, or the directory is gone") from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git did not answer within {TIMEOUT:.0f} seconds") from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0][:200]
            raise GitError(said.removeprefix("fatal: ") or f"git {arguments[0]} failed")
        return done.stdout

    def command(self, *arguments: str) -> list[str]:
        return ["git", "-C", str(self.directory), "--no-pager", *_CONFIG, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **_ENVIRONMENT}


class Objects:
    """The bytes of objects by their ids, from one git process for all of them. Use it as a context manager."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, oid: str) -> bytes:
        """Raises GitError where the object is not in this clone."""
        asked, answers = self._pipes()
        asked.write(oid.encode() + b"\n")
        asked.flush()
        head = answers.readline().split()
        if len(head) != 3:
            raise GitError(f"the object {oid[:12]} is not in this clone")
        data = answers.read(int(head[2]))
        answers.read(1)
        return data

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
            process.wait(timeout=TIMEOUT)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                self.repository.command("cat-file", "--batch"),
                env=self.repository.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        return process.stdin, process.stdout
