"""Records → calls: as many records in one call as the service takes, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nac.limits import MAX_BYTES, MAX_RECORDS, RECORD_OVERHEAD, Kind

_BETWEEN = 2  # bytes of ", " between two records; the first pays for the brackets


@dataclass(frozen=True, slots=True)
class Batch:
    """One call: up to 100 records of one kind, up to 800 KB. A broadcast goes alone."""

    kind: Kind
    records: tuple[bytes, ...]


def plan(records: Iterable[tuple[Kind, bytes]]) -> Iterator[Batch]:
    """The calls that take these records, each filled as far as the limits allow."""
    kind: Kind | None = None
    batch: list[bytes] = []
    size = 0
    for of, record in records:
        needed = len(record) + RECORD_OVERHEAD + _BETWEEN
        full = len(batch) >= (1 if kind == "broadcast" else MAX_RECORDS) or size + needed > MAX_BYTES
        if batch and kind is not None and (of != kind or full):
            yield Batch(kind, tuple(batch))
            batch, size = [], 0
        kind = of
        batch.append(record)
        size += needed
    if batch and kind is not None:
        yield Batch(kind, tuple(batch))
