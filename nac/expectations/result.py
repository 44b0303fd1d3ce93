"""What became of a sample, and what of it was not as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nac.diagnostics import Diagnostic, Label
from nac.payload import Payload, canonical
from nac.people import ADDRESSES
from nac.preview.result import Reader
from nac.project import Trigger
from nac.recipients import Person

Previewing = Callable[[str | None, str | None, str | None], Sequence[Reader]]
"""(identity, locale, tenant) → who reads what: one recipient or, for None, all; in a language and for a tenant, which
for None are the recipient's own and the trigger's."""
Matching = Callable[[str, str], bool]
"""(pattern, text) → whether the pattern is found in it. Raises ValueError for what is none."""


@dataclass(frozen=True)
class Result:
    """One sample, compiled and previewed.

    `compiled`: its fields could be filled in at all. `people` are those that were kept of `audience`, as `payloads` are
    of `requests`: both are numbers. `readers` are the first of them with what they read, `diagnostics` everything that
    was found, at the severities of the project. `key` is the trigger's own idempotency key.
    """

    trigger: Trigger
    sample: str
    compiled: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    people: tuple[Person, ...] = ()
    audience: int = 0
    payloads: tuple[Payload, ...] = ()
    requests: int = 0
    key: str | None = None
    readers: tuple[Reader, ...] = ()
    previewing: Previewing = lambda identity, locale, tenant: ()
    matching: Matching = lambda pattern, text: False


@dataclass(frozen=True)
class Failure:
    """One thing that is not as expected. `label` is where it was expected.

    With both `expected` and `actual`, how they differ is worth showing; with one of them, that alone.
    """

    message: str
    label: Label
    expected: str | None = None
    actual: str | None = None
    related: tuple[Label, ...] = ()
    help: str | None = None


State = Literal["none", "same", "changed", "new", "unreadable"]


@dataclass(frozen=True)
class Outcome:
    """One sample that ran. `findings` are those that nobody expected, `place` is where the sample begins.

    `state` tells of its snapshot: there is "none" in a project that keeps none, and a "new" one was never written.
    """

    trigger: str
    sample: str
    place: Label
    failures: tuple[Failure, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    state: State = "none"

    @property
    def passed(self) -> bool:
        return not self.failures and not any(one.severity == "error" for one in self.findings)


def names(person: Person) -> list[str]:
    """What an author may call a recipient: the best name first."""
    known = person.recipient
    if isinstance(known, str) or "object_type" in known or "distinct_id" in known:
        return [person.shown]
    found = []
    for name in ADDRESSES:
        value = known.get(name)
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]
    return list(dict.fromkeys(found)) or [person.shown]


def as_text(value: object) -> str:
    """A value for a reader: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else canonical(value)


def listed(items: Iterable[str], most: int = 10) -> str:
    """`a`, `b` and `c`, in backquotes; the first few of many."""
    found = list(items)
    shown = ", ".join(f"`{one[:80]}`" for one in found[:most])
    return f"{shown} and {len(found) - most} more" if len(found) > most else shown
