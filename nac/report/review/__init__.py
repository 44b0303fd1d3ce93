"""A reviewed change as text, as files, and as what GitHub shows of it. The same bytes from the same commits.

review → verdict → terminal (`text`) | comment (`markdown`) | JSON | SARIF, JUnit, Code Quality | annotations
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nac.diagnostics import SEVERITIES, Diagnostic
from nac.diff.changes import CLASSES, Class, Diff
from nac.expectations import Outcome
from nac.report.checked import Checked
from nac.report.findings import count_of
from nac.report.tested import Tested

__all__ = ["Review", "marker", "report_files"]


@dataclass(frozen=True)
class Review:
    """What every report is made from: what `nac check`, `nac test` and `nac diff` say of one change.

    `touched`: the findings, by their indices, that point at files which the change touches. `fail_on`: the class of
    changes from which on the review fails. The findings of the project stand in `checked` alone.
    """

    checked: Checked
    tested: Tested
    diff: Diff
    touched: frozenset[int] = frozenset()
    fail_on: Class = "breaking"

    @property
    def failed(self) -> bool:
        return bool(self.reasons)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why it fails, the most important first; nothing where it does not."""
        found = []
        if self.diff.reaches(self.fail_on):
            limit = CLASSES.index(self.fail_on)
            count = sum(CLASSES.index(one.cls) >= limit for one in self.diff.changes)
            or_worse = "" if self.fail_on == CLASSES[-1] else " or worse"
            found.append(f"{counted(count, 'change')} of the class {self.fail_on}{or_worse}")
        if failing := [one for one in self.checked.findings if self.checked.fails(one)]:
            found.append(count_of(failing))
        if self.failures:
            total = len(self.tested.outcomes)
            found.append(f"{len(self.failures)} of {counted(total, 'sample')} failed")
        return tuple(found)

    @cached_property
    def failures(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.tested.outcomes if not one.passed)

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing that somebody who reviews the change would want to be told."""
        return not self.failed and not self.diff.changes and not self.touched

    def findings(self) -> Iterator[tuple[Diagnostic, bool]]:
        """The most severe first, of these the ones in touched files, and whether they are."""
        every = enumerate(self.checked.findings)
        order = sorted(every, key=lambda one: (SEVERITIES.index(one[1].severity), one[0] not in self.touched, one[0]))
        return ((one, index in self.touched) for index, one in order)


def marker(base: str) -> str:
    """The first line of the comment, so that the next run finds it and writes in its place: one for each project of a
    repository. `base` leads to the project, "" or "a/b/"."""
    name = re.sub(r"[^\w./]+|--+", "-", base.strip("/"), flags=re.ASCII).strip("-")
    return f"<!-- nac-review {name} -->" if name else "<!-- nac-review -->"


def report_files(review: Review) -> dict[str, bytes]:
    """The files of a report by their names. The Diff brings its previews, for the page to draw."""
    from nac.report.checked import render
    from nac.report.diff.page import diff_page
    from nac.report.review.as_json import review_json
    from nac.report.review.junit import review_junit
    from nac.report.review.markdown import review_markdown

    made = {
        "report.md": review_markdown(review),
        "report.html": diff_page(review.diff, title="nac review"),
        "report.json": review_json(review),
        "checks.sarif": render("sarif", review.checked),
        "junit.xml": review_junit(review),
        "code-quality.json": render("gitlab", review.checked),
    }
    return {name: text.encode("utf-8", "backslashreplace") for name, text in made.items()}


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
