"""What became of a run, as text."""

from __future__ import annotations

from collections.abc import Iterator

from nac.report.sending.plan import amount
from nac.report.sending.report import Cause, Report
from nac.report.terminal import PLAIN, Style, safe

SHOWN = 5  # records of a cause that are named


def report_text(report: Report, style: Style = PLAIN) -> str:
    """How many were accepted, why others were not, and what to do."""
    return "\n".join(_lines(report, style)) + "\n"


def _lines(report: Report, style: Style) -> Iterator[str]:
    counts, progress = report.counts, report.progress
    head = f"{counts.accepted:,} accepted"
    if counts.accepted > progress.accepted:
        head += (
            f" ({progress.accepted:,} now, the others by an earlier run)" if progress.accepted else " by an earlier run"
        )
    yield style.green(head) if counts.accepted else head
    for cause in report.causes:
        yield style.red(f"{len(cause.records):,} {safe(cause.text)}")
        yield from _records(cause, style)
    if report.ended.why:
        yield style.red(f"{'failed' if report.ended.how == 'failed' else 'stopped'}: {safe(report.ended.why)}")
    if report.left:
        yield style.yellow(f"{amount(report.left, 'request')} left; nobody is sent to twice when you go on with:")
        yield style.yellow(f"  {report.resume}")
    elif report.resume:
        yield style.yellow(f"to send the rejected ones again: {report.resume}")


def _records(cause: Cause, style: Style) -> Iterator[str]:
    if cause.state == "planned":
        return
    shown = [f"{batch}:{place}" + (f" {name}" if name else "") for batch, place, name in cause.records[:SHOWN]]
    more = f", and {len(cause.records) - SHOWN:,} more" if len(cause.records) > SHOWN else ""
    yield style.dim(f"  {', '.join(shown)}{more}")
