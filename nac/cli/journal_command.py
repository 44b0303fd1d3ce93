"""`nac journal`"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import project_option
from nac.cli.output import note, style, writing

if TYPE_CHECKING:
    from nac.journal import Journal, PlanRow


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    place = click.option("--journal", metavar="PATH|URL", envvar="NAC_JOURNAL", show_envvar=True,
                         help="A SQLite file, or postgresql://…  [default: .nac/journal.sqlite]")  # fmt: skip
    return place(project_option(command))


@click.group("journal", epilog="Example: nac journal list")
def command() -> None:
    """Show what was sent, and decide about what is left.

    A journal holds the state of every request of every plan that was begun, and nobody's address. PLAN is a plan's id,
    or its first digits.
    """


@command.command("list", epilog="Example: nac journal list --format json")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_options
@click.pass_context
def list_(ctx: click.Context, form: str, root: str, journal: str | None) -> None:
    """Show the plans that were begun, the newest first."""
    with _open(ctx, root, journal) as opened:
        plans = opened.plans()
    for one in plans:
        click.echo(json.dumps(_as_dict(one)) if form == "json" else _line(one))
    if not plans:
        note("nothing was sent yet")


@command.command("show", epilog="Example: nac journal show 4f2a9c")
@click.argument("plan")
@_options
@click.pass_context
def show(ctx: click.Context, plan: str, root: str, journal: str | None) -> None:
    """Show one plan, and what was not accepted, grouped by its cause."""
    from nac.report.sending import causes_of
    from nac.report.terminal import safe

    with _open(ctx, root, journal) as opened:
        row = _plan(opened, plan)
        causes = causes_of(opened.exceptions(row.totals.id))
    look = style()
    click.echo(look.bold(f"Plan {row.totals.id}"), color=look.colour)
    click.echo(f"  {safe(row.totals.workspace) or 'no workspace'}, {safe(row.totals.hub)}, {safe(row.totals.triggers)}")
    click.echo(f"  {_line(row)}")
    for cause in causes:
        click.echo(look.red(f"{len(cause.records):,} {safe(cause.text)}"), color=look.colour)
        for batch, place, name in cause.records[:20]:
            click.echo(f"  batch {batch}, record {place}" + (f", {name}" if name else ""))
        if len(cause.records) > 20:
            click.echo(f"  and {len(cause.records) - 20:,} more: nac journal export")


@command.command("retry", epilog="Example: nac journal retry 4f2a9c --rejected")
@click.argument("plan")
@click.option("--rejected", is_flag=True, help="Let the next run send again what the service rejected.")
@click.option("--unknown-after-window", "unknown", type=click.Choice(["send", "skip"]),
              help="Requests without an answer that are older than 24 hours: send them again, because somebody saw "
                   "that they did not arrive, or skip them, because they did.")  # fmt: skip
@_options
@click.pass_context
def retry(ctx: click.Context, plan: str, rejected: bool, unknown: str | None, root: str, journal: str | None) -> None:
    """Decide about requests that nac does not send again by itself; the next `nac dispatch` of the plan does."""
    from nac.journal import JournalError
    from nac.journal.states import MARGIN, WINDOW

    if not rejected and unknown is None:
        raise click.UsageError("say which: --rejected, or --unknown-after-window send|skip")
    with _open(ctx, root, journal) as opened:
        row = _plan(opened, plan)
        try:
            opened.lock(row.totals.id)
        except JournalError as error:
            raise click.ClickException(str(error)) from None
        if rejected:
            note(f"{opened.retry_rejected(row.totals.id):,} rejected requests will be sent again")
        if unknown is not None:
            # With a clock that was set back nobody knows how old they are: whoever asks for this has looked.
            before = opened.now() - (WINDOW - MARGIN if opened.behind < 60 else 0.0)
            count = opened.settle_unknown(row.totals.id, before, send=unknown == "send")
            note(f"{count:,} unknown requests {'will be sent again' if unknown == 'send' else 'are settled'}")


@command.command("export", epilog="Example: nac journal export 4f2a9c -o failed.ndjson")
@click.argument("plan")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write there, not to stdout.")
@_options
@click.pass_context
def export(ctx: click.Context, plan: str, output: str | None, root: str, journal: str | None) -> None:
    """Write every request that was begun and not accepted, as NDJSON: its batch, place, id, state and cause."""
    with _open(ctx, root, journal) as opened, writing(output) as stream:
        for one in opened.exceptions(_plan(opened, plan).totals.id):
            stream.write(json.dumps(asdict(one)).encode() + b"\n")


class _Opened:
    """A journal whose errors are told as those of a command."""

    def __init__(self, make: Callable[[], Journal]) -> None:
        self._make = make

    def __enter__(self) -> Journal:
        from nac.journal import JournalError

        try:
            self._journal = self._make()
        except JournalError as error:
            raise click.ClickException(str(error)) from None
        return self._journal

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        from nac.journal import JournalError

        self._journal.close()
        if isinstance(error, JournalError):
            raise click.ClickException(str(error)) from None


def _open(ctx: click.Context, root: str, place: str | None) -> _Opened:
    from click.core import ParameterSource

    from nac.cli.sending import journal_place
    from nac.journal import open_journal

    typed = ctx.get_parameter_source("journal") == ParameterSource.COMMANDLINE
    where = journal_place(root, place, typed, None)
    return _Opened(lambda: open_journal(where, time.time))


def _plan(journal: Journal, wanted: str) -> PlanRow:
    found = journal.plan(wanted)
    if found is None:
        raise click.UsageError(f"the journal {journal.where} knows no plan {wanted}: see nac journal list")
    return found


def _line(row: PlanRow) -> str:
    counts = row.counts
    parts = [f"{counts.accepted:,} accepted"]
    parts += [f"{getattr(counts, name):,} {name}" for name in ("rejected", "unknown", "intended", "planned")
              if getattr(counts, name)]  # fmt: skip
    state = "done" if row.finished is not None else "open"
    begun = datetime.fromtimestamp(row.started, UTC).strftime("%Y-%m-%d %H:%M")
    return f"{row.totals.id[:12]}  {begun}  {state}  {row.totals.records:,} requests: {', '.join(parts)}"


def _as_dict(row: PlanRow) -> dict[str, Any]:
    return {**asdict(row.totals), "started": row.started, "finished": row.finished, **asdict(row.counts)}
