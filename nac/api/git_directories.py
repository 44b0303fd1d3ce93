"""The directories of a commit: their files are copied out of git, into an empty room, when one is first asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from nac.directory import Query
from nac.model import Settings
from nac.project import FOLDER
from nac.tree import Tree, TreeError, WorkTree

if TYPE_CHECKING:
    from nac.directories.engine import Engine


class GitDirectories:
    """`nac.directory.Directories` over a tree that is no folder on disk. Use it as a context manager."""

    def __init__(self, settings: Settings, tree: Tree) -> None:
        self.settings, self.tree = settings, tree
        self._open = ExitStack()

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        return self._engine.rows(query)

    @cached_property
    def _engine(self) -> Engine:
        from nac.directories import open_directories

        room = self._open.enter_context(tempfile.TemporaryDirectory(prefix="nac-"))
        copies: dict[str, Path] = {}
        for number, (name, one) in enumerate(sorted(self.settings.directories.items())):
            try:
                data = self.tree.read(f"{FOLDER}/{one.path}")
            except TreeError:
                continue  # it is not there: the empty room is all that is left to look in
            copies[name] = Path(room, f"{number}.data")
            copies[name].write_bytes(data)
        engine = open_directories(self.settings, WorkTree(room), copies)
        self._open.callback(engine.close)
        return engine

    def __enter__(self) -> GitDirectories:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()
