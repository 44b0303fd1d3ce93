"""A review for somebody at a terminal: what is wrong, which samples fail, what differs, and the verdict at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nac.diagnostics import Diagnostic
from nac.report.checked import render as checked_text
from nac.report.diff.text import diff_lines
from nac.report.diff.wording import summary
from nac.report.findings import count_of, one_line
from nac.report.review import Review
from nac.report.terminal import PLAIN, Style
from nac.report.tested import render as tested_text


def review_text(review: Review, style: Style = PLAIN) -> str:
    blocks = []
    if found := _told(review):
        blocks.append(checked_text("text", replace(review.checked, findings=found), style))
    if failed := [one for one in review.failures if one.failures]:
        # Their findings stand above already.
        alone = [replace(one, findings=()) for one in failed]
        blocks.append(tested_text("text", replace(review.tested, outcomes=alone, unsampled=(), obsolete=()), style))
    if review.diff.changes:
        blocks.append("\n".join(diff_lines(review.diff, style)) + "\n")
    return "\n".join([*blocks, "\n".join(_verdict(review, style)) + "\n"])


def _told(review: Review) -> list[Diagnostic]:
    """What fails, and what lies in touched files; the end is what a terminal shows, so the worst comes last."""
    return [one for one, touched in review.findings() if touched or review.checked.fails(one)][::-1]


def _verdict(review: Review, style: Style) -> Iterator[str]:
    tested = review.tested.outcomes
    passed = sum(one.passed for one in tested)
    for note in review.diff.notes if not review.diff.changes else ():
        yield style.yellow(f"note: {one_line(note)}")
    found = count_of(review.checked.findings) if review.checked.findings else "no findings"
    hidden = len(review.checked.findings) - len(_told(review))
    elsewhere = f" ({hidden} in files that did not change: `nac check` shows them)" if hidden else ""
    yield f"check   {found}{elsewhere}"
    yield f"test    {passed} of {len(tested)} samples passed"
    yield f"diff    {one_line(summary(review.diff))}"
    if review.failed:
        yield style.red(f"failed: {'; '.join(review.reasons)}")
    else:
        yield style.green("passed")
