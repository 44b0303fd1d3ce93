"""Where a value of a sample was written, for what only compiling the sample shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View

MAX_PARTS = 20_000


def values(written: Written) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value below (or at) a place that is no list or mapping, with its path, in the order they are written."""
    pending: list[tuple[tuple[str | int, ...], object]] = [((), written.value)]
    parts = 0
    while pending and parts < MAX_PARTS:
        path, value = pending.pop()
        parts += 1
        if isinstance(value, dict):
            pending += [((*path, key), below) for key, below in reversed(value.items())]
        elif isinstance(value, list):
            pending += [((*path, index), value[index]) for index in reversed(range(len(value)))]
        else:
            yield path, value


class SamplePlaces:
    """Where the events of samples hold a value; each event is gone through once: `view.once(SamplePlaces)`."""

    def __init__(self, view: View) -> None:
        self._found: dict[tuple[str, int], dict[tuple[type, object], Written]] = {}

    def of(self, trigger: Trigger, index: int, value: object) -> Written | None:
        """The first place of exactly this value in the event of the sample with that index."""
        key = (trigger.name, index)
        if key not in self._found:
            sample = trigger.at("samples", index)
            there = isinstance(sample.value, dict) and "event" in sample.value
            places: dict[tuple[type, object], Written] = {}
            event = sample.below("event")
            for path, found in values(event) if there else ():
                if (type(found), found) not in places:
                    places[type(found), found] = event.below(*path)
            self._found[key] = places
        return self._found[key].get((type(value), value))
