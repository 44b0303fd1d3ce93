"""Who gets it, against who is expected to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nac.diagnostics import did_you_mean
from nac.expectations.result import Failure, Result, listed, names
from nac.expected import ExpectedRecipients
from nac.project import Written


def check_recipients(expected: Sequence[str] | ExpectedRecipients, at: Written, result: Result) -> Iterator[Failure]:
    if not isinstance(expected, ExpectedRecipients):
        yield from _exactly(expected, at, result)
        return
    if expected.exactly is not None:
        yield from _exactly(expected.exactly, at.below("exactly"), result)
    if expected.includes is not None:
        yield from _missing(expected.includes, at.below("includes"), result)
    known = _known(result)
    for index, one in enumerate(expected.excludes or ()):
        if one in known:
            label = at.below("excludes", index).label()
            selector = known[one]
            related = (result.trigger.at("recipients", selector).label(),) if selector >= 0 else ()
            yield Failure(f"`{one}` gets it", label, related=related)
    if expected.count is not None and expected.count != result.audience:
        label = at.below("count").label()
        yield Failure(f"{_people(result.audience)} it, not {expected.count:,}", label, actual=_who(result) or None)


def _exactly(expected: Sequence[str], at: Written, result: Result) -> Iterator[Failure]:
    yield from _missing(expected, at, result)
    wanted = set(expected)
    others = [names(one)[0] for one in result.people if wanted.isdisjoint(names(one))]
    more = result.audience - len(result.people)
    if others or more:
        rest = f" and {more:,} more" if more else ""
        count = len(others) + more
        yield Failure(f"{listed(others)}{rest} {'gets' if count == 1 else 'get'} it, too", at.label())


def _missing(expected: Sequence[str], at: Written, result: Result) -> Iterator[Failure]:
    known = _known(result)
    for index, one in enumerate(expected):
        if one not in known:
            help = did_you_mean(one, known) or f"{_people(result.audience)} it{_who(result, ': ')}"
            yield Failure(f"`{one}` does not get it", at.below(index).label(), help=help)


def _known(result: Result) -> dict[str, int]:
    """The recipients by their names, with the selector of each."""
    return {name: one.selector for one in reversed(result.people) for name in names(one)}


def _people(count: int) -> str:
    return {0: "nobody gets", 1: "1 recipient gets"}.get(count, f"{count:,} recipients get")


def _who(result: Result, before: str = "") -> str:
    found = listed(names(one)[0] for one in result.people)
    return before + found if found else ""
