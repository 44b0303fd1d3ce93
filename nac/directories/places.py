"""Where each directory is: in a file of the project, in another file for this run, or at an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nac.diagnostics import UNREADABLE_DIRECTORY
from nac.directories.access import Access
from nac.directories.sources import SourceError
from nac.directory import DirectoryError
from nac.model import REMOTE_FORMATS, DirectorySettings, format_of
from nac.project import FOLDER
from nac.remote_url import RemoteURL
from nac.tree import TreeError, WorkTree


@dataclass(frozen=True)
class Places:
    """Without `access` nothing but files is read: a sample stands in for a directory that is elsewhere."""

    declared: Mapping[str, DirectorySettings]
    tree: WorkTree
    overrides: Mapping[str, Path]
    access: Access | None = None

    def url(self, name: str) -> RemoteURL | None:
        """The address that a directory is read from, if it may be; None where a file is. Raises SourceError."""
        settings = self.declared[name]
        if self.access is None or not settings.is_remote or name in self.overrides:
            return None
        url = self.access.url(name, settings)
        if url.is_database and settings.table is None:
            raise SourceError("a database needs the key `table`")
        if not url.is_database and self.remote_kind(name, url) not in REMOTE_FORMATS:
            raise SourceError("it is not known to be CSV or Parquet", "add `format: csv` or `format: parquet`")
        return url

    def file(self, name: str) -> str:
        """The path of a directory's file, which is there. Raises DirectoryError."""
        path = self._path(name)
        if not Path(path).is_file():
            where = "--directory" if name in self.overrides else f"{FOLDER}/{self.declared[name].path}"
            raise DirectoryError(UNREADABLE_DIRECTORY, f"the directory `{name}` has no file: {where}")
        return path

    def files(self) -> Iterator[str]:
        """The paths of all of them, whether they are there or not."""
        for name in self.declared:
            try:
                yield self._path(name)
            except DirectoryError:
                continue

    def kind(self, name: str, path: str) -> str | None:
        """The format of a file that is read for a directory."""
        settings = self.declared[name]
        return (format_of(path) if settings.is_remote else None) or settings.kind

    def remote_kind(self, name: str, url: RemoteURL) -> str | None:
        """The format of what an address names."""
        return self.declared[name].format or format_of(url.path)

    def _path(self, name: str) -> str:
        settings = self.declared[name]
        try:
            if name in self.overrides:
                return str(self.overrides[name].resolve())
            if not settings.path:
                raise TreeError("it is elsewhere, and has no `sample`")
            return str(self.tree.locate(f"{FOLDER}/{settings.path}"))
        except TreeError as error:
            help = None if settings.path else "add `sample:`, a checked-in file with the same columns"
            message = f"the directory `{name}` cannot be read: {error}"
            raise DirectoryError(UNREADABLE_DIRECTORY, message, help=help) from None
