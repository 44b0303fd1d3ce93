"""A review as the comment of a pull request: the verdict, what is wrong, which samples fail, what differs, and what is
only worth a look. Never too long for a comment; nothing that came from the project is read as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nac.diagnostics import Diagnostic, Label
from nac.expectations import Failure, Outcome
from nac.report.diff.markdown import MAX_COMMENT, code, fitting, length, preformatted, prose
from nac.report.diff.wording import compared, summary
from nac.report.difference import difference
from nac.report.findings import count_of
from nac.report.review import Review, counted, marker
from nac.report.tested import why

_RESERVED = 600
_SHARE = 16_000
"""What the findings that fail the review may take, and the samples that do; the changes get what is left."""
_REST = 4_000
MAX_LINES = 30
MAX_PRE = 3_000
MAX_NOTES = 5
_ICONS = {"error": "🔴", "warning": "🟡", "info": "⚪"}


def review_markdown(review: Review) -> str:
    """The comment; its first line is `marker(base)`."""
    head = [marker(review.checked.base), *_head(review)]
    room = MAX_COMMENT - _RESERVED - length("\n".join(head))
    findings = list(review.findings())
    failing = [one for one in findings if review.checked.fails(one[0])]
    others = [one for one in findings if not review.checked.fails(one[0])]
    parts: list[str] = []
    for title, made, most in (
        ("Findings", (_finding(*one, review) for one in failing), _SHARE),
        ("Failed samples", (_sample(one, review) for one in review.failures if one.failures), _SHARE),
    ):
        part = _section(title, made, min(most, room))
        room -= length(part)
        parts.append(part)
    if review.diff.changes:
        part = _changes(review, room - _REST)
        room -= length(part)
        parts.append(part)
    parts.append(_others(others, review, room))
    return "\n".join([*head, *(one for one in parts if one)]).rstrip("\n") + "\n"


def _head(review: Review) -> Iterator[str]:
    where = f" of {code(base)}" if (base := review.checked.base.rstrip("/")) else ""
    yield f"### {'❌ nac review' if review.failed else '✅ nac review'}{where}: {prose(summary(review.diff))}\n"
    if review.failed:
        yield f"**Failed**: {prose('; '.join(review.reasons))}\n"
    samples = review.tested.outcomes
    passed = sum(one.passed for one in samples)
    found = count_of(review.checked.findings) if review.checked.findings else "no findings"
    tests = f"{passed:,} of {counted(len(samples), 'sample')} passed"
    yield f"check: {prose(found)} · test: {tests} · {code(compared(review.diff))}\n"
    for note in review.diff.notes[:MAX_NOTES]:
        yield f"> {prose(note)}\n"


def _section(title: str, items: Iterable[str], room: int) -> str:
    """A heading and as many of the items as there is room for; nothing for none."""
    made: list[str] = []
    left = 0
    room -= 200  # for the heading, and for the line that tells how many are left out
    for one in items:
        if left == 0 and length(one) + 1 <= room:
            made.append(one)
            room -= length(one) + 1
        else:
            left += 1
    if left:
        made.append(f"- _{left:,} more {'does' if left == 1 else 'do'} not fit into a comment_\n")
    return f"#### {title}\n\n" + "\n".join(made) + "\n" if made else ""


def _finding(one: Diagnostic, touched: bool, review: Review) -> str:
    where = "" if touched else " · in a file that this change does not touch"
    met = f" · with {code(', '.join(one.events))}" if one.events else ""
    help = f"<br>{prose(one.help)}" if one.help else ""
    text = f"{_ICONS[one.severity]} <b>{one.rule}</b> {prose(one.message)}"
    return f"- {text}<br>{code(_place(one.label, review))}{met}{where}{help}"


def _sample(one: Outcome, review: Review) -> str:
    found = list(one.failures)
    inside = "\n".join(_failure(each, review) for each in found[:10])
    more = f"\n\n{len(found) - 10} more" if len(found) > 10 else ""
    what = counted(len(found), "failure")
    return (
        f"<details open><summary>🔴 {code(f'{one.trigger} · {one.sample}')}: {what}</summary>\n\n"
        f"{inside}{more}\n\n</details>\n"
    )


def _failure(one: Failure, review: Review) -> str:
    both = one.expected is not None and one.actual is not None
    lines = difference(one.expected or "", one.actual or "") if both else why(one)
    text = "\n".join([*lines[:MAX_LINES], *(["…"] if len(lines) > MAX_LINES else [])])[:MAX_PRE]
    block = f"\n\n<pre>{preformatted(text)}</pre>\n" if text else ""
    help = f"<br>{prose(one.help)}" if one.help else ""
    return f"- {prose(one.message)}<br>{code(_place(one.label, review))}{help}{block}"


def _changes(review: Review, room: int) -> str:
    blocks, left = fitting(review.diff, room - 200)
    if left:
        blocks.append(f"\n_{counted(left, 'more change')} not shown here: the report has all of them._\n")
    return "\n".join(["#### Changes\n", *blocks])


def _others(others: list[tuple[Diagnostic, bool]], review: Review, room: int) -> str:
    """What does not fail the review: in touched files alone, as the rest was there before."""
    here = [one for one in others if one[1]]
    if not here:
        return ""
    inside = _section("Worth a look", (_finding(*one, review) for one in here), room - 200)
    if not inside:
        return ""
    title = f"{prose(count_of([one for one, _ in here]))} that {'does' if len(here) == 1 else 'do'} not fail"
    return f"<details><summary>{title}</summary>\n\n{inside}\n</details>\n"


def _place(label: Label, review: Review) -> str:
    span = f":{label.span.line}:{label.span.column}" if label.span else ""
    return f"{review.checked.path(label.path)}{span}"
