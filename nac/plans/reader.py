"""Reading a plan back: nothing of it is believed before it fits its digest."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from nac.limits import MAX_RECORDS
from nac.plan import Batch, Part
from nac.plans.manifest import BatchFile, Manifest, PlanError, read_manifest

MAX_MANIFEST = 64 * 1024 * 1024


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

    def batches(self, file: BatchFile) -> Iterator[Batch]:
        """The batches of one file, which is read as a whole and checked again. Raises PlanError."""
        lines = iter(self._content(file).split(b"\n"))
        try:
            for number in range(file.first, file.last + 1):
                head = json.loads(next(lines))
                count = head["records"]
                if head["batch"] != number or not 1 <= count <= MAX_RECORDS:
                    raise ValueError
                records = tuple(next(lines) for _ in range(count))
                yield Batch(number, head["kind"], records, tuple(Part(*part) for part in head["parts"]))
        except (ValueError, KeyError, TypeError, StopIteration):
            raise PlanError(f"batches/{file.name} is not as nac writes it: plan again") from None

    def _content(self, file: BatchFile) -> bytes:
        import zstandard

        where = f"batches/{file.name}"
        try:
            packed = (self.folder / "batches" / file.name).read_bytes()
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
        with (path / "manifest.json").open("rb") as stream:
            text = stream.read(MAX_MANIFEST + 1)
    except OSError as error:
        why = "there is no manifest.json in it" if path.is_dir() else (error.strerror or "error").lower()
        raise PlanError(f"it cannot be read: {why}") from None
    if len(text) > MAX_MANIFEST:
        raise PlanError("its manifest.json is too large")
    manifest, made = read_manifest(text)
    return StoredPlan(path, manifest, made)
