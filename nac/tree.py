"""The only readers of project files. A tree is a set of paths with bytes; nothing outside it can be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

MAX_FILE = 64 * 1024 * 1024
SKIPPED = frozenset({".git", "__pycache__", "node_modules", ".venv"})


class TreeError(Exception):
    """A path that cannot be read; the message says why, without naming anything outside the tree."""


class TreeSizeError(TreeError):
    """A file over the limit."""


class Tree(Protocol):
    """Files by POSIX path, relative to the project."""

    def files(self, under: str) -> Iterator[str]:
        """Every file below a folder, sorted; folders whose name looks like a file's end in `/`."""
        ...

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        """A file's bytes. Raises TreeError."""
        ...

    def exists(self, path: str) -> bool: ...


class WorkTree:
    """The files of a directory on disk. Symbolic links that lead out of it are refused."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root).resolve()

    def files(self, under: str) -> Iterator[str]:
        try:
            start = self.locate(under)
        except TreeError:
            return
        found: list[str] = []
        for folder, folders, names in os.walk(start, onerror=None):
            below = self._below(folder)
            for name in list(folders):
                if name.endswith((".yaml", ".yml")):
                    found.append(f"{below}{name}/")
            folders[:] = [name for name in folders if name not in SKIPPED and not name.endswith((".yaml", ".yml"))]
            found += [below + name for name in names]
        yield from sorted(found)

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        real = self.real(path)
        try:
            try:
                seen = os.stat(real)
            except (FileNotFoundError, NotADirectoryError, ValueError):
                raise TreeError("there is no such file") from None
            if not stat.S_ISREG(seen.st_mode):
                is_folder = stat.S_ISDIR(seen.st_mode)
                raise TreeError("it is a folder, not a file" if is_folder else "it is not a regular file")
            if (size := seen.st_size) > limit:
                raise TreeSizeError(f"it holds {size:,} bytes; at most {limit:,} are read")
            with open(real, "rb") as stream:
                return stream.read()
        except OSError as error:
            raise TreeError((error.strerror or type(error).__name__).lower()) from None

    def exists(self, path: str) -> bool:
        try:
            return os.path.isfile(self.real(path))
        except (TreeError, OSError):
            return False

    def locate(self, path: str) -> Path:
        """The real path, for libraries that open files themselves. Raises TreeError when it leaves the tree."""
        return Path(self.real(path))

    def real(self, path: str) -> str:
        """The same as text."""
        # Without pathlib, which takes longer than to read the file.
        if path.startswith("/") or ".." in path.split("/") or "\x00" in path or "\\" in path:
            raise TreeError("it leads out of the project")
        real, root = os.path.realpath(f"{self.root}{os.sep}{path}"), str(self.root)
        if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
            raise TreeError("it is a link that leads out of the project")
        return real

    def _below(self, folder: str) -> str:
        """What the paths of the files in a folder begin with."""
        steps = folder[len(str(self.root)) :].replace(os.sep, "/").strip("/")
        return f"{steps}/" if steps else ""
