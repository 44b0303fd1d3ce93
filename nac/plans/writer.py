"""Writing a plan: batch by batch, in constant memory, under another name until it is whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nac.plan import Batch
from nac.plans.manifest import BatchFile, Manifest, PlanError

FILE_BATCHES = 128
FILE_BYTES = 4 * 1024 * 1024  # before compression; a file is read back as a whole
LEVEL = 3  # of compression: more costs seconds for a few percent


class PlanWriter:
    """A plan in the making, next to where it will be. Leave it (`with`) without `finish`, and nothing stays behind.

    The directory and its files are for their owner alone: they hold what is said to whom. Raises PlanError where it
    cannot be written, or where something is already there.
    """

    def __init__(self, target: str | os.PathLike[str], *, replace: bool = False) -> None:
        import zstandard

        self.target = Path(target).absolute()
        self._replace = replace
        if not replace and self.target.exists() and not _is_empty(self.target):
            what = "a plan is never written over" if (self.target / "manifest.json").exists() else "it is not empty"
            raise PlanError(f"{target} is there already, and {what}: name another directory, or remove it")
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(dir=self.target.parent, prefix=f".{self.target.name}."))
            (self._folder / "batches").mkdir(mode=0o700)
        except (FileExistsError, NotADirectoryError):
            raise PlanError(f"cannot write {target}: what it would be in is a file, not a directory") from None
        except OSError as error:
            raise PlanError(f"cannot write {target}: {(error.strerror or 'error').lower()}") from None
        self._compress = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress
        self._lines: list[bytes] = []
        self._size = self._records = self._batches = 0
        self._next = 1
        self.files: list[BatchFile] = []
        self.batches = 0

    def add(self, batch: Batch) -> None:
        """Batches come in order, from 1."""
        parts = [[part.trigger, part.records, part.recipients] for part in batch.parts]
        head = {"batch": batch.number, "kind": batch.kind, "records": len(batch.records), "parts": parts}
        size = sum(map(len, batch.records))
        if self._batches and (self._batches >= FILE_BATCHES or self._size + size > FILE_BYTES):
            self._close_file()
        self._lines.append(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
        self._lines.extend(batch.records)  # JSON text holds no line feed
        self._size += size
        self._records += len(batch.records)
        self._batches += 1
        self.batches += 1

    def _close_file(self) -> None:
        content = b"\n".join(self._lines) + b"\n"
        made = BatchFile(
            number=len(self.files) + 1, first=self._next, batches=self._batches, records=self._records,
            bytes=len(content), sha256=sha256(content).hexdigest(),
        )  # fmt: skip
        _write(self._folder / "batches" / made.name, self._compress(content))
        self.files.append(made)
        self._next += self._batches
        self._lines, self._size, self._records, self._batches = [], 0, 0, 0

    def finish(self, manifest: Manifest, made: Mapping[str, Any]) -> Manifest:
        """Write the manifest, which gets the files and the count of batches, and put the plan in its place."""
        if self._lines:
            self._close_file()
        whole = manifest.model_copy(update={"files": self.files, "batches": self.batches})
        _write(self._folder / "manifest.json", whole.text(made).encode("utf-8", "surrogatepass"))
        try:
            if self._replace and self.target.is_dir():
                shutil.rmtree(self.target)
            os.replace(self._folder, self.target)  # takes the place of an empty directory
        except OSError as error:
            raise PlanError(f"cannot write {self.target}: {(error.strerror or 'error').lower()}") from None
        _sync(self.target.parent)
        return whole

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)  # when finished, it is no longer there


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _write(path: Path, content: bytes) -> None:
    """Written to the disk, for the owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some file systems cannot; the rename is atomic all the same
        pass
    finally:
        os.close(handle)
