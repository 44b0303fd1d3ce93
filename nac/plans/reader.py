"""Reading a plan back: nothing of it is believed before it fits its digest."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from nac.limits import MAX_RECORDS
from nac.plan import Batch, Part
from nac.plans.manifest import BatchFile, Manifest, PlanError, read_manifest

MAX_MANIFEST = 64 * 1024 * 1024
_PACKED_MORE = 64 * 1024  # bytes that compression may add to what cannot be compressed


@dataclass(frozen=True)
class StoredPlan:
    """A plan in a directory. `made` is what the manifest tells beside the plan: when, and by which nac."""

    folder: Path
    manifest: Manifest
    made: dict[str, Any]

    @property
    def id(self) -> str:
        return self.manifest.id

    def verify(self) -> None:
        """Read every file against its digest, and count. Raises PlanError; nothing may be sent before this."""
        manifest = self.manifest
        batches = records = 0
        for expected, file in enumerate(manifest.files, 1):
            if file.number != expected or file.first != batches + 1:
                raise PlanError("its manifest.json was altered: plan again")
            self._content(file)
            batches += file.batches
            records += file.records
        if (batches, records) != (manifest.batches, manifest.records):
            raise PlanError("its manifest.json was altered: the counts do not fit; plan again")
        if added := self._added():
            shown = added.encode("ascii", "backslashreplace").decode()
            raise PlanError(f"batches/{shown} was added to it and is no part of the plan: remove it, or plan again")

    def _added(self) -> str | None:
        """A file that the manifest does not name; one that begins with a dot is some other tool's."""
        known = {file.name for file in self.manifest.files}
        try:
            names = sorted(os.listdir(self.folder / "batches"))
        except OSError:
            return None  # without batches there is none: then it is empty, and so is the plan
        return next((name for name in names if name not in known and not name.startswith(".")), None)

    def batches(self, file: BatchFile) -> Iterator[Batch]:
        """The batches of one file, which is read as a whole and checked again. Raises PlanError."""
        lines = iter(self._content(file).split(b"\n"))
        try:
            for number in range(file.first, file.last + 1):
                head = json.loads(next(lines))
                count = head["records"]
                if head["batch"] != number or not 1 <= count <= MAX_RECORDS:
                    raise ValueError
                records = tuple(islice(lines, count))
                if len(records) != count:
                    raise ValueError
                yield Batch(number, head["kind"], records, tuple(Part(*part) for part in head["parts"]))
        except (ValueError, KeyError, TypeError, StopIteration):
            raise PlanError(f"batches/{file.name} is not as nac writes it: plan again") from None

    def _content(self, file: BatchFile) -> bytes:
        import zstandard

        where = f"batches/{file.name}"
        try:
            packed = _read(self.folder / "batches" / file.name, file.bytes + _PACKED_MORE)
        except OSError as error:
            raise PlanError(f"{where} cannot be read: {(error.strerror or 'error').lower()}; plan again") from None
        try:
            # Asked for first: what a file says it unpacks to is allocated before a byte of it is seen.
            if zstandard.frame_content_size(packed) != file.bytes:
                raise PlanError(f"{where} was altered or cut short: plan again")
            content = zstandard.ZstdDecompressor().decompress(packed, allow_extra_data=False)
        except zstandard.ZstdError:
            raise PlanError(f"{where} was altered or cut short: plan again") from None
        if len(content) != file.bytes or sha256(content).hexdigest() != file.sha256:
            raise PlanError(f"{where} was altered: it does not fit its digest; plan again")
        return content


def open_plan(folder: str | os.PathLike[str]) -> StoredPlan:
    """The plan in a directory, its manifest checked; `verify` checks the rest. Raises PlanError."""
    path = Path(folder)
    try:
        text = _read(path / "manifest.json", MAX_MANIFEST + 1)
    except OSError as error:
        if path.is_dir() and not (path / "manifest.json").exists():
            raise PlanError("it is no plan: there is no manifest.json in it") from None
        why = "there is no such directory" if not path.exists() else (error.strerror or "error").lower()
        raise PlanError(f"it cannot be read: {why}") from None
    if len(text) > MAX_MANIFEST:
        raise PlanError("its manifest.json is too large for one: plan again")
    manifest, made = read_manifest(text)
    return StoredPlan(path, manifest, made)


def _read(path: Path, most: int) -> bytes:
    """What a file holds, up to `most` bytes. A pipe or a device is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "it is not a file")
        return stream.read(most)
