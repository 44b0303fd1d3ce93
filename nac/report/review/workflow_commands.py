"""A review as GitHub's workflow commands: annotations beside the lines of a change, and a log that obeys nobody.

GitHub shows 10 annotations of each kind for a step: findings, failed samples and changes take turns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, zip_longest

from nac.diagnostics import Diagnostic
from nac.diff.changes import CLASSES, Change
from nac.expectations import Outcome
from nac.report.diff.wording import causes, title
from nac.report.github import command
from nac.report.github import render as findings_commands
from nac.report.review import Review
from nac.report.terminal import PLAIN

MAX_EACH = 25


def workflow_commands(review: Review) -> str:
    """Lines of commands, the most important first."""
    findings = list(review.findings())
    failing = [one for one, _ in findings if review.checked.fails(one)]
    others = [one for one, touched in findings if touched and not review.checked.fails(one)]
    kinds = (
        _severe(review),
        [line for one in review.failures if one.failures for line in _sample(one, review)],
        _findings(failing, review),
    )
    first = [line for line in chain.from_iterable(zip_longest(*(one[:MAX_EACH] for one in kinds))) if line]
    return "".join(f"{line}\n" for line in (*first, *_findings(others, review)[:MAX_EACH]))


def inert(text: str) -> str:
    """Text for the log of a step, in which nothing is obeyed: `::add-mask::` in a template, say.

    Commands are stopped until a word that the text cannot hold, as it is made from all of it.
    """
    word = f"nac-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return f"::stop-commands::{word}\n{text.rstrip(chr(10))}\n::{word}::\n"


def _findings(found: list[Diagnostic], review: Review) -> list[str]:
    return findings_commands(replace(review.checked, findings=found), PLAIN).rstrip("\n").split("\n") if found else []


def _sample(one: Outcome, review: Review) -> Iterator[str]:
    for failure in one.failures:
        place = {"file": review.checked.path(failure.label.path)}
        if span := failure.label.span:
            place["line"] = str(span.line)
        help = f"\nhelp: {failure.help}" if failure.help else ""
        yield command("error", {**place, "title": f"nac test: {one.trigger} · {one.sample}"}, failure.message + help)


def _severe(review: Review) -> list[str]:
    found = [one for one in review.diff.changes if one.cls in ("breaking", "audience")]
    return [_change(one, review) for one in found]


def _change(one: Change, review: Review) -> str:
    fails = review.fail_on != "none" and CLASSES.index(one.cls) >= CLASSES.index(review.fail_on)
    files = causes(one)
    place = {"file": review.checked.path(files[0])} if files else {}
    text = f"{one.trigger}: {title(one)}\n{one.reason}"
    return command("error" if fails else "warning", {**place, "title": f"nac diff: {one.cls}"}, text)
