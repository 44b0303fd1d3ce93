"""A plan on disk → sent: the limits, the question, the run, the report."""

from __future__ import annotations

import asyncio
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

from nac.cli.journals import Opened
from nac.cli.output import Failed, note, style, writing
from nac.cli.safeguards import Refused, check_begun, check_limits
from nac.report.terminal import safe

if TYPE_CHECKING:
    from nac.dispatch.async_client import AsyncClient
    from nac.dispatch.progress import CallEnded, Ended, Progress
    from nac.journal import Journal, PlanRow
    from nac.model import Workspace
    from nac.plans import StoredPlan
    from nac.report.sending import Report


MANY = 5  # unfinished plans that are told of


@dataclass(frozen=True)
class How:
    """How to send: all that the command line, the environment and nac.yaml say.

    `now` is the workspace as nac.yaml has it now. `made` is when a plan was made that was not made by this very run, in
    seconds of the epoch. `resume` is the command that goes on, `same_journal` the options by which other commands find
    the same journal.
    """

    hub: str
    journal: str
    client: Callable[[], AsyncClient]
    account: str
    forced: frozenset[str] = frozenset()
    yes: bool = False
    wait: bool = False
    form: str = "text"
    output: str | None = None
    connections: int | None = None
    rate: float | None = None
    attempts: int | None = None
    backoff: float = 0.5
    resume: tuple[str, ...] = ()
    same_journal: tuple[str, ...] = ()
    environ: dict[str, str] = field(default_factory=dict)
    now: Workspace | None = None
    made: float | None = None


def confirm(stored: StoredPlan, how: How) -> None:
    """Show what would be sent, and have it confirmed: by --yes, or by somebody at the terminal."""
    from nac.journal import open_journal
    from nac.report.sending import plan_json, plan_text

    manifest, told = stored.manifest, stored.made.get("directories")
    directories = told if isinstance(told, list) else []
    if how.form == "json":
        click.echo(plan_json(manifest, directories))
    else:
        look = style(sys.stdout if how.form == "text" else sys.stderr)
        click.echo(plan_text(manifest, how.hub, look, directories), nl=False, err=how.form != "text", color=look.colour)
    if how.yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("nothing was sent: nobody is here to ask; add --yes to send it")
    if not manifest.samples:
        with Opened(how.journal, lambda: open_journal(how.journal, time.time)) as journal:
            if journal is not None and journal.plan(stored.id) is None:
                _tell_of_others(stored, journal)
    if not click.confirm(f"Send {manifest.records:,} requests to {how.hub}?", err=True):
        note("nothing was sent")
        raise Failed


def send(stored: StoredPlan, how: How) -> Report:
    """Send what is left of a plan that was verified, and report it. Raises Refused before the first byte."""
    from nac.dispatch.auth import CredentialsError
    from nac.dispatch.endpoints import address
    from nac.journal import JournalError, LockedError, open_journal

    try:
        for kind in {one.kind for one in stored.manifest.triggers.values()}:
            address(how.hub, kind, how.account)
    except CredentialsError as error:
        raise click.UsageError(str(error)) from None
    try:
        with open_journal(how.journal, time.time) as journal:
            try:
                journal.lock(stored.id, wait=_waiting(how.wait))
            except LockedError as error:
                raise Refused(f"{error}, or pass --wait") from None
            known = journal.plan(stored.id)
            _check(stored, how, journal, known)
            return _run(stored, how, journal)
    except LockedError as error:
        raise Refused(str(error)) from None
    except JournalError as error:
        raise Refused(f"{error}; nothing was sent without being journaled") from None


def _waiting(wait: bool) -> Callable[[], bool]:
    told = False

    def again() -> bool:
        nonlocal told
        if wait and not told:
            note("another run is sending this plan: waiting for it")
            told = True
        if wait:
            time.sleep(0.5)
        return wait

    return again


def _check(stored: StoredPlan, how: How, journal: Journal, known: PlanRow | None) -> None:
    """Raise Refused for whatever makes it unsafe to send."""
    if known is not None:
        words = "".join(f" {shlex.quote(word)}" for word in how.same_journal)
        check_begun(stored, known, journal, hub=how.hub, account=how.account, options=words)
        if known.finished is not None:
            return
    elif how.yes:  # else it was told before the question
        _tell_of_others(stored, journal)
    if known is None and how.made is not None and time.time() - how.made > 24 * 3600:
        note(f"note: the plan is older than 24 hours, and the journal {journal.where} does not know it: if it was "
             "begun with another journal, stop and name that one (--journal), or people get it twice")  # fmt: skip
    try:
        check_limits(stored, journal, how.now, how.forced)
    except Refused as error:
        error.begun = known is not None
        raise


def _tell_of_others(stored: StoredPlan, journal: Journal) -> None:
    """Where other plans of the same triggers were begun and not finished: sending this one instead reaches those again
    who got it, wherever the keys are not the same."""
    from nac.report.sending.plan import amount

    manifest = stored.manifest
    for one in journal.unfinished(manifest.workspace or "")[:MANY]:
        counts, same = one.counts, set(one.totals.triggers.split(",")) & set(manifest.triggers)
        if same and counts.received:
            what = ", ".join(sorted(same))
            note(safe(
                f"warning: the plan {one.totals.id[:12]} of {what} was begun and not finished: "
                f"{amount(counts.accepted, 'request')} accepted, {one.totals.records - counts.settled:,} left. This is "
                "another plan: who is in both gets it twice where the idempotency keys differ"
            ))  # fmt: skip


def _triggers(stored: StoredPlan) -> str:
    return ",".join(sorted(stored.manifest.triggers))


def _run(stored: StoredPlan, how: How, journal: Journal) -> Report:
    from nac.cli.engine_run import run, signals_kept
    from nac.dispatch.progress import Progress
    from nac.journal import Totals
    from nac.report.sending import call_json, report_json, report_junit, report_text, start_json

    manifest = stored.manifest
    journal.begin(Totals(stored.id, manifest.workspace or "", how.hub, how.account, _triggers(stored), manifest.batches,
                         manifest.records, manifest.recipients),
                  {name: one.recipients for name, one in manifest.triggers.items()})  # fmt: skip
    known = journal.plan(stored.id)
    assert known is not None
    progress = Progress(manifest.records, before=known.counts.settled)
    json = how.form == "json"
    if json:
        click.echo(start_json(stored.id, how.hub, manifest.records - known.counts.settled))

    def watch(call: CallEnded, progress: Progress) -> None:
        if json:
            with suppress(OSError):  # that nobody reads on, or the disk is full, is no reason to stop in the middle
                click.echo(call_json(call, progress))

    with signals_kept():
        ended, seconds = asyncio.run(run(stored, how, journal, progress, watch))
        report = _report(stored, how, journal, ended, progress, seconds)
        with writing(how.output) as stream:
            look = style(file=how.output)
            text = {"json": lambda: report_json(report) + "\n", "junit": lambda: report_junit(report)}.get(
                how.form, lambda: report_text(report, look)
            )()
            sys.stdout.flush()
            stream.write(text.encode("utf-8", "backslashreplace"))
    return report


def _report(stored: StoredPlan, how: How, journal: Journal, ended: Ended, progress: Progress, seconds: float) -> Report:
    from nac.dispatch.progress import Ended
    from nac.journal import Counts, JournalError
    from nac.report.sending.report import Report, causes_of

    try:
        known = journal.plan(stored.id)
        assert known is not None
        counts, causes = known.counts, causes_of(journal.exceptions(stored.id))
        if counts.settled == progress.total and known.finished is None:
            journal.finish(stored.id)
    except JournalError as error:  # what is known of this run is told all the same
        settled = progress.settled
        counts, causes = Counts(planned=progress.total - settled, accepted=settled - progress.rejected,
                                rejected=progress.rejected), ()  # fmt: skip
        ended = ended if ended.why else Ended("failed", str(error))
    short = stored.id[:12]
    resume = shlex.join(how.resume) if counts.settled < progress.total else None
    report = Report(stored.id, stored.manifest.workspace, how.hub, counts, causes, ended, progress, seconds, resume)
    if resume is None and report.rejected:
        words = [*how.same_journal, "--rejected"]
        report = replace(report, resume=f"nac journal retry {short} {shlex.join(words)} && {shlex.join(how.resume)}")
    return report


def exit_code(report: Report) -> int:
    """0: everything was accepted; 130 and 143 where a signal ended it; else 1."""
    if report.ended.signal is not None and report.left:
        return 128 + report.ended.signal
    return 1 if report.failed else 0
