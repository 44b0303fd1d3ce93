"""A sample's outcome and what its author expects of it → what is not so. Pure.

`nac.expected` says what can be expected; `nac.expectations.snapshots` compares with what was there before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nac.diagnostics import Diagnostic, Label
from nac.expectations.findings import Place, check_errors, check_sends, unexpected
from nac.expectations.messages import Looked, check_message, looked_at
from nac.expectations.payload import check_payload
from nac.expectations.recipients import check_recipients
from nac.expectations.result import Failure, Matching, Outcome, Previewing, Result, names
from nac.expected import Expect
from nac.project import Written

__all__ = ["Failure", "Matching", "Outcome", "Previewing", "Result", "check", "not_expected"]


def check(expect: Expect | None, at: Written, result: Result) -> tuple[list[Failure], list[Diagnostic]]:
    """What is not as expected, and the findings that nobody expects. `at` is where `expect` was written."""
    if expect is None:
        return [], list(result.diagnostics)
    failures = list(check_errors(expect.errors, at.below("errors"), result))
    if not result.compiled and (found := unexpected(result, expect.errors, sends=expect.sends, dropped=())):
        return failures, found  # nothing came of it, and these say why
    if expect.sends is not None:
        failures += check_sends(expect.sends, at.below("sends"), result)
    if expect.recipients is not None:
        failures += check_recipients(expect.recipients, at.below("recipients"), result)
    if expect.payload is not None:
        failures += check_payload(expect.payload, at.below("payload"), result)
    dropped: set[Place] = set()
    failures += _messages(expect, at.below("previews"), result, dropped)
    return failures, unexpected(result, expect.errors, sends=expect.sends, dropped=dropped)


def not_expected(expect: Expect | None, result: Result) -> list[Diagnostic]:
    """The findings that nobody expects, whether or not anything else is as expected."""
    if expect is None:
        return list(result.diagnostics)
    dropped = set()
    for one in expect.previews:
        if one.dropped:
            known = {person.identity for person in result.people if one.recipient in names(person)}
            dropped |= {
                (reader.identity, preview.channel, preview.locale, preview.tenant)
                for reader in result.readers
                for preview in reader.previews
                if preview.channel == one.channel and (one.recipient is None or reader.identity in known)
            }
    return unexpected(result, expect.errors, sends=expect.sends, dropped=dropped)


def _messages(expect: Expect, at: Written, result: Result, dropped: set[Place]) -> Iterator[Failure]:
    for index, expected in enumerate(expect.previews):
        here = at.below(index)
        looked, failures = looked_at(expected, here, result)
        yield from failures
        alike: dict[tuple[Label, str], list[Failure]] = {}
        for one in looked:
            if expected.dropped:
                dropped.add(_place(one))
            for failure in check_message(expected, here, one, result.matching):
                alike.setdefault((failure.label, failure.message.removeprefix(f"{one.who}: ")), []).append(failure)
        for first, *rest in alike.values():
            more = f" (and {len(rest):,} more)" if rest else ""
            yield replace(first, message=first.message + more)


def _place(one: Looked) -> Place:
    return one.reader.identity, one.preview.channel, one.preview.locale, one.preview.tenant
