"""A plan on disk → sent: the limits, the question, the run, the report."""

from __future__ import annotations

import asyncio
import gc
import shlex
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.output import Failed, note, style, writing
from nac.cli.safeguards import Refused, check_begun, check_limits
from nac.cli.watching import bar, lines

if TYPE_CHECKING:
    from nac.dispatch.async_client import AsyncClient
    from nac.dispatch.progress import CallEnded, Ended, Progress
    from nac.journal import Journal, PlanRow
    from nac.model import Workspace
    from nac.plans import StoredPlan
    from nac.report.sending import Report


@dataclass(frozen=True)
class How:
    """How to send: all that the command line, the environment and nac.yaml say.

    `now` is the workspace as nac.yaml has it now. `made` is when a plan was made that was not made by this very run, in
    seconds of the epoch.
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
    environ: dict[str, str] = field(default_factory=dict)
    now: Workspace | None = None
    made: float | None = None


def confirm(stored: StoredPlan, how: How) -> None:
    """Show what would be sent, and have it confirmed: by --yes, or by somebody at the terminal."""
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
            journal.lock(stored.id, wait=_waiting(how.wait))
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
        words = "".join(f" {shlex.quote(word)}" for word in _of_journal(how.resume))
        check_begun(stored, known, journal, hub=how.hub, account=how.account, options=words)
        if known.finished is not None:
            return
    elif how.made is not None and time.time() - how.made > 24 * 3600:
        note(f"note: the plan is older than 24 hours, and the journal {journal.where} does not know it: if it was "
             "begun with another journal, stop and name that one (--journal), or people get it twice")  # fmt: skip
    try:
        check_limits(stored, journal, how.now, how.forced)
    except Refused as error:
        error.begun = known is not None
        raise


def _triggers(stored: StoredPlan) -> str:
    return ",".join(sorted(stored.manifest.triggers))


def _run(stored: StoredPlan, how: How, journal: Journal) -> Report:
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

    ended, seconds = asyncio.run(_engine(stored, how, journal, progress, watch))
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
        words = [*_of_journal(how.resume), "--rejected"]
        report = replace(report, resume=f"nac journal retry {short} {shlex.join(words)} && {shlex.join(how.resume)}")
    return report


def _of_journal(again: tuple[str, ...]) -> list[str]:
    """Those options of a command that say which journal it uses."""
    return [word for pair in pairwise(again) if pair[0] in ("--journal", "--workspace", "--project") for word in pair]


async def _engine(
    stored: StoredPlan, how: How, journal: Journal, progress: Progress,
    watch: Callable[[CallEnded, Progress], None],
) -> tuple[Ended, float]:  # fmt: skip
    """How the run ended, and the seconds that it took."""
    from nac.dispatch.engine import Engine, Options
    from nac.dispatch.pace import MOST
    from nac.dispatch.progress import Ended
    from nac.dispatch.safety import quiet
    from nac.dispatch.telemetry import telemetry

    hours = stored.manifest.limits.quiet_hours if "quiet-hours" not in how.forced else None
    client = how.client()
    live = how.form == "text" and sys.stderr.isatty()
    with telemetry(how.environ, note) as told, told.run(stored.id, stored.manifest.workspace or "", progress.total):
        options = Options(
            connections=how.connections or MOST, rate=how.rate, attempts=how.attempts or Options.attempts,
            backoff=how.backoff,
            halt=lambda now: quiet(hours, datetime.fromtimestamp(now, UTC)) if hours is not None else None,
            telemetry=told,
        )  # fmt: skip
        engine = Engine(stored, client, journal, progress, options, watch)
        loop = asyncio.get_running_loop()
        main = asyncio.current_task()

        by: int | None = None

        def stop(number: int) -> None:
            nonlocal by
            name = signal.Signals(number).name
            if not engine.stopping:
                engine.stop(Ended("interrupted", f"by {name}", number))
                said = f"{name}: finishing what is in flight; once more to stop at once"
            elif by is None and main is not None:
                by = number
                main.cancel()
                said = "interrupted again: not waiting for the answers"
            else:
                return
            with suppress(OSError):
                note(said)

        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # on Windows
                loop.add_signal_handler(number, stop, number)
        telling = asyncio.create_task(lines(progress)) if not live and how.form != "json" else None
        gc.freeze()  # what was loaded and compiled stays, and need not be looked through again and again
        began = time.monotonic()
        try:
            with bar(progress) if live else nullcontext():
                ended = await engine.run()
        except asyncio.CancelledError:
            ended = Ended("interrupted", "at once", by)
        finally:
            by = 0  # it is over: nothing is left to be cancelled
            seconds = time.monotonic() - began
            gc.unfreeze()
            if telling is not None:
                telling.cancel()
            await client.close()
        return ended, seconds


def exit_code(report: Report) -> int:
    """0: everything was accepted; 130 and 143 where a signal ended it; else 1."""
    if report.ended.signal is not None and report.left:
        return 128 + report.ended.signal
    return 1 if report.failed else 0


def journal_place(root: str, option: str | None, given_on_command_line: bool, setting: str | None) -> str:
    """Where the journal is: the option's or the environment's, the workspace's in nac.yaml, else a file in `.nac`."""
    from urllib.parse import urlsplit

    from nac.journal.journal import is_server

    where = option or setting
    if where is None:
        return str(private_folder(root) / "journal.sqlite")
    public = given_on_command_line or option is None
    if is_server(where):
        try:
            parts = urlsplit(where)
        except ValueError:
            raise click.UsageError("the journal's address is not a postgresql:// URL: percent-encode what is special "
                                   "in it") from None  # fmt: skip
        if public and (parts.password or "password" in parts.query):
            raise click.UsageError("a journal's password is not for the command line or nac.yaml: use PGPASSWORD, "
                                   "~/.pgpass or NAC_JOURNAL")  # fmt: skip
        return where
    return where if option is not None else str(Path(root) / where)


def private_folder(root: str) -> Path:
    """The folder `.nac` beside notifications/, for its owner alone and ignored by git."""
    folder = Path(root).absolute() / ".nac"
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise Refused(f"cannot make {folder}: {(error.strerror or 'error').lower()}; name another place with --journal"
                      ) from None  # fmt: skip
    return folder
