"""Changes → what somebody looks at in one go: a message each, and per trigger one table of everything of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nac.diff.changes import (
    Change,
    Class,
    CountChanged,
    DataKeyRemoved,
    Diff,
    EventFieldRequired,
    FieldChanged,
    FindingAdded,
    FindingRemoved,
    MessageChange,
    Place,
    RecipientAdded,
    RecipientMoved,
    RecipientRemoved,
    SampleAdded,
    SampleEdited,
    SampleRemoved,
    worst,
)
from nac.report.diff.wording import causes, count, title
from nac.report.page.cards import channel_name

TITLES = {"request": "Payload", "people": "Recipients", "findings": "Findings", "samples": "Samples"}


@dataclass(frozen=True)
class Unit:
    """`kind`: "message" (one change), "trigger" (one), or a key of TITLES: all such changes of the trigger."""

    trigger: str
    kind: str
    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        return self.changes[0]

    @property
    def cls(self) -> Class:
        return worst(one.cls for one in self.changes)

    @property
    def channel(self) -> str:
        return self.first.channel if isinstance(self.first, MessageChange) else ""

    @property
    def title(self) -> str:
        if self.kind in TITLES:
            return TITLES[self.kind]
        said = title(self.first)
        if self.channel:
            return f"{channel_name(self.channel)} {said.removeprefix(f'{self.channel}: ')}"
        return f"{said[:1].upper()}{said[1:]}".partition(":")[0]

    @property
    def about(self) -> str:
        """A second line for the list."""
        if self.kind == "message":
            return of_places(self.first.where)
        if self.kind == "trigger":
            return title(self.first).partition(": ")[2]
        return count(len(self.changes), "change")

    @property
    def count(self) -> int:
        """How many messages or changes it stands for."""
        return len(self.first.where) if self.kind == "message" else len(self.changes)

    @property
    def find(self) -> str:
        """What the filter looks through, in lower case."""
        words: dict[str, None] = {self.trigger: None, self.title: None}
        for one in self.changes[:20]:
            words |= dict.fromkeys((title(one), one.kind, *causes(one)))
            for place in one.where[:20]:
                words |= dict.fromkeys(part for part in place if part)
        return " ".join(words).lower()


def units(found: Diff) -> list[Unit]:
    """In the order of the Diff: the trigger with the most severe change first, and of each its most severe unit."""
    made: dict[tuple[object, ...], list[Change]] = {}
    triggers: dict[str, list[tuple[object, ...]]] = {}
    for number, one in enumerate(found.changes):
        kind = kind_of(one)
        key = (one.trigger, kind) if kind in TITLES else (one.trigger, kind, number)
        if key not in made:
            triggers.setdefault(one.trigger, []).append(key)
        made.setdefault(key, []).append(one)
    return [Unit(name, str(key[1]), tuple(made[key])) for name, keys in triggers.items() for key in keys]


def kind_of(change: Change) -> str:
    match change:
        case MessageChange():
            return "message"
        case FindingAdded() | FindingRemoved():
            return "findings"
        case SampleAdded() | SampleRemoved() | SampleEdited():
            return "samples"
        case RecipientAdded() | RecipientRemoved() | RecipientMoved() | CountChanged():
            return "people"
        case FieldChanged(path=path) if path.startswith(("recipient.", "recipients", "except", "fan_out")):
            return "people"
        case FieldChanged() | DataKeyRemoved() | EventFieldRequired():
            return "request"
        case _:
            return "trigger"


def of_places(where: Sequence[Place]) -> str:
    """`Bea · fr · acme and 7 more`."""
    if not where:
        return ""
    first = of_place(where[0])
    return f"{first} and {len(where) - 1:,} more" if len(where) > 1 else first


def of_place(place: Place) -> str:
    return " · ".join(_parts(place)) or "everybody"


def _parts(place: Place) -> Iterator[str]:
    for one in (place.reader, place.locale, place.tenant, place.sample):
        if one:
            yield one
