"""Plan + client → what became of each record. First everything is compiled and set aside, then it is sent."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import IO

from nac.dispatch.client import Client
from nac.dispatch.outcomes import Outcome
from nac.limits import Kind
from nac.payload import Payload
from nac.plan import Batch, plan


class Spool:
    """Compiled requests, kept on disk until it is certain that all of them could be made.

    The file has no name and belongs to this process alone: what is sent is what was planned, and nobody's data
    stays behind. `records`, `people` and `size` count what it holds.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the spool is left
        self._kinds: list[tuple[Kind, int]] = []  # runs of records of one kind
        self.records = self.people = self.size = self.keyless = 0
        self.triggers: Counter[str] = Counter()

    def add(self, payloads: Iterable[Payload]) -> None:
        for payload in payloads:
            record = payload.encoded
            self._file.write(record + b"\n")  # JSON text holds no line feed
            if self._kinds and self._kinds[-1][0] == payload.kind:
                self._kinds[-1] = (payload.kind, self._kinds[-1][1] + 1)
            else:
                self._kinds.append((payload.kind, 1))
            self.records += 1
            self.people += len(payload.people)
            self.size += len(record)
            self.keyless += payload.key is None
            self.triggers[payload.trigger] += 1

    def batches(self) -> Iterator[Batch]:
        """The calls that send it."""
        self._file.seek(0)
        return plan((kind, next(self._file)[:-1]) for kind, count in self._kinds for _ in range(count))

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def send(batches: Iterable[Batch], client: Client) -> Iterator[tuple[Batch, list[Outcome]]]:
    """Send the calls one after another; the outcomes of each are in the order of its records."""
    for batch in batches:
        yield batch, client.send(batch.kind, batch.records)
