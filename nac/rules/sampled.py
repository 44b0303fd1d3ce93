"""What became of a sample, and who finds that out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nac.diagnostics import Diagnostic
from nac.event import Event
from nac.payload import Payload
from nac.preview.result import Reader
from nac.project import Trigger
from nac.recipients import Person


@dataclass(frozen=True)
class Sampled:
    """What became of one sample.

    `fields` are those of the request by their names on the wire, people and key apart; None where the sample could not
    be filled in. `people` and `payloads` are the first of them, `more` says how many others there are. `readers` are
    what some of these people would read. `diagnostics` is everything that went wrong: it is told without a rule.
    """

    trigger: Trigger
    event: Event
    fields: Mapping[str, Any] | None = None
    key: str | None = None
    people: tuple[Person, ...] = ()
    payloads: tuple[Payload, ...] = ()
    more: int = 0
    readers: tuple[Reader, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Samples(Protocol):
    """Compiles the samples of a trigger, in the order they are written; asked once for each trigger."""

    def __call__(self, trigger: Trigger) -> Sequence[Sampled]: ...
