"""One change as it was met in one place, before equal ones are put together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace

from nac.diff.changes import Change, Picture


@dataclass(frozen=True)
class Met:
    """`key` tells where and what it is about, whatever the values: the recipient by their identity, the spot.

    `same`: changes of one kind that have this in common are one, wherever they were met; None where all values count.
    `pictures` makes the messages that it is about; None where they were not asked for.
    """

    change: Change
    key: Hashable
    same: Hashable = None
    pictures: Callable[[], Iterable[Picture]] | None = field(default=None, compare=False, repr=False)

    def of_sample(self) -> Met:
        """The same as what comes of an edited sample alone."""
        reason = "only the sample's event was edited"
        change = replace(self.change, cls="cosmetic", reason=reason, causes=("sample",))
        return replace(self, change=change)
