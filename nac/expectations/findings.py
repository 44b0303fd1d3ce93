"""The findings of a sample: those that it must have, and those that nobody expects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from nac.diagnostics import MESSAGE_DROPPED, NO_RECIPIENTS, Diagnostic
from nac.expectations.result import Failure, Result, listed
from nac.project import Written

Place = tuple[str, str, str, str | None]
"""A preview among those of a sample: who reads it, its channel, locale and tenant."""


def unexpected(
    result: Result, allowed: Sequence[str], *, sends: bool | None, dropped: Collection[Place]
) -> list[Diagnostic]:
    """What was found, without what `errors` allows, and without what keeps back the messages that are to be dropped."""
    of_previews: dict[Diagnostic, bool] = {}  # and whether it is expected of every preview that has it
    for reader in result.readers:
        for preview in reader.previews:
            place = (reader.identity, preview.channel, preview.locale, preview.tenant)
            for one in preview.problems:
                kept = place in dropped and one.rule is MESSAGE_DROPPED
                of_previews[_plain(one)] = of_previews.get(_plain(one), True) and kept
    return [
        one
        for one in result.diagnostics
        if not of_previews.get(_plain(one), False)
        and not any(speaks_of(word, one) for word in allowed)
        and not (sends is False and one.rule is NO_RECIPIENTS)
    ]


def check_errors(expected: Sequence[str], at: Written, result: Result) -> Iterator[Failure]:
    """What is said in `errors` and was not found."""
    for index, word in enumerate(expected):
        if not any(speaks_of(word, one) for one in result.diagnostics):
            found = listed(f"{one.rule}: {one.message}" for one in result.diagnostics)
            label = at.below(index).label()
            yield Failure(
                f"no finding is `{word[:80]}`", label, help=f"found: {found}" if found else "nothing was found"
            )


def check_sends(expected: bool, at: Written, result: Result) -> Iterator[Failure]:
    if expected and not result.requests:
        yield Failure("no request is made", at.label())
    elif not expected and result.requests:
        many = f"{result.requests:,} requests are" if result.requests > 1 else "a request is"
        yield Failure(f"{many} sent", at.label(), help="it should find nobody" if result.audience else None)


def speaks_of(word: str, one: Diagnostic) -> bool:
    """Whether a word of `errors` means this finding: its code, its name, or a part of what it says."""
    return word in (one.rule.code, one.rule.name) or word in one.message


def _plain(one: Diagnostic) -> Diagnostic:
    return replace(one, events=(), level=None)
