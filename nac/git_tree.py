"""The files of a commit as a Tree, straight from git's objects: nothing is checked out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from posixpath import dirname, join, normpath

from nac.git import Entry, Objects
from nac.tree import MAX_FILE, SKIPPED, TreeError, TreeSizeError, WorkTree

MAX_LINKS = 10


class GitTree:
    """What a commit holds. Symbolic links are followed inside it; one that leads out is refused, as in a work tree.

    `entries` is `Repository.listing`: paths relative to the project. Raises GitError for an object that is not in this
    clone: what it would have said cannot be told by leaving it out.
    """

    def __init__(self, objects: Objects, entries: Mapping[str, Entry]) -> None:
        self.objects = objects
        self.entries = entries

    def files(self, under: str) -> Iterator[str]:
        start = under.rstrip("/") + "/"
        for path in self._sorted[bisect_left(self._sorted, start) :]:
            if not path.startswith(start):
                return
            if not SKIPPED.intersection(path.split("/")[:-1]):
                yield path

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        entry = self._entry(path)
        if entry.size > limit:
            raise TreeSizeError(f"it holds {entry.size:,} bytes; at most {limit:,} are read")
        data = self._bytes(entry)
        if len(data) > limit:  # of an entry of the index, no size is known
            raise TreeSizeError(f"it holds {len(data):,} bytes; at most {limit:,} are read")
        return data

    def exists(self, path: str) -> bool:
        try:
            return self._entry(path) is not None
        except TreeError:
            return False

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.entries)

    @cached_property
    def _folders(self) -> set[str]:
        found: set[str] = set()
        for path in self.entries:
            while path := dirname(path):
                if path in found:
                    break
                found.add(path)
        return found

    def _entry(self, path: str) -> Entry:
        if path.startswith("/") or ".." in path.split("/") or "\x00" in path or "\\" in path:
            raise TreeError("it leads out of the project")
        path = normpath(path)
        for _ in range(MAX_LINKS):
            path, entry = self._step(path)
            if entry is not None:
                return entry
        raise TreeError("there is no such file")

    def _step(self, path: str) -> tuple[str, Entry | None]:
        """The entry at a path, or the path that the first link on the way to it leads to."""
        steps = path.split("/")
        for count in range(1, len(steps) + 1):
            here = "/".join(steps[:count])
            found = self.entries.get(here)
            if found is None:
                continue
            if found.kind == "file":
                if count == len(steps):
                    return path, found
                raise TreeError("there is no such file")
            target = self._bytes(found).decode("utf-8", "surrogateescape")
            led = normpath(join(dirname(here), target, *steps[count:]))
            if target.startswith("/") or led.split("/")[0] == "..":
                raise TreeError("it is a link that leads out of the project")
            return led, None
        raise TreeError("it is a folder, not a file" if path in self._folders else "there is no such file")

    def _bytes(self, entry: Entry) -> bytes:
        return self.objects.read(entry.oid)


class CheckedIn:
    """The files of a work tree as a commit of it would hold them.

    Those that git ignores are not there: nobody reviews them, and no other machine has them. Neither are submodules, at
    the folders `modules`: they are repositories of their own. `left_out` are the files that a sparse checkout did not
    write, by their paths: they are read from git.
    """

    def __init__(
        self, tree: WorkTree, ignored: Collection[str], modules: Collection[str] = (), left_out: GitTree | None = None
    ) -> None:
        self.tree, self.ignored = tree, frozenset(ignored)
        self.modules = tuple(f"{one}/" for one in modules)
        self.left_out = left_out

    def files(self, under: str) -> Iterator[str]:
        here = (path for path in self.tree.files(under) if self._is_kept(path))
        if self.left_out is None:
            return here
        return iter(sorted({*here, *self.left_out.files(under)}))

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        if not self._is_kept(normpath(path)):
            raise TreeError("there is no such file")
        if self._is_left_out(path):
            assert self.left_out is not None
            return self.left_out.read(path, limit)
        return self.tree.read(path, limit)

    def exists(self, path: str) -> bool:
        return self._is_kept(normpath(path)) and (self._is_left_out(path) or self.tree.exists(path))

    def _is_kept(self, path: str) -> bool:
        return path not in self.ignored and not path.startswith(self.modules)

    def _is_left_out(self, path: str) -> bool:
        return self.left_out is not None and self.left_out.exists(path) and not self.tree.exists(path)
