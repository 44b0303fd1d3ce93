"""`nac journal`"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import project_option
from nac.cli.output import note, style, writing

if TYPE_CHECKING:
    from nac.cli.journals import Opened
    from nac.journal import Journal, PlanRow


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    place = click.option("--journal", metavar="PATH|URL", envvar="NAC_JOURNAL", show_envvar=True,
                         help="A SQLite file, or postgresql://…  [default: .nac/journal.sqlite]")  # fmt: skip
    workspace = click.option("--workspace", metavar="NAME", envvar="NAC_WORKSPACE", show_envvar=True,
                             help="The journal that nac.yaml names for this workspace.")  # fmt: skip
    return place(workspace(project_option(command)))


_format = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("journal", epilog="Example: nac journal list")
def command() -> None:
    """Show what was sent, and decide about what is left.

    A journal holds the state of every request of every plan that was begun, and nobody's address. PLAN is a plan's id,
    or its first digits.
    """


@command.command("list", epilog="Example: nac journal list --format json")
@_format
@_options
@click.pass_context
def list_(ctx: click.Context, form: str, root: str, workspace: str | None, journal: str | None) -> None:
    """Show the plans that were begun, the newest first. With --format json, one a line."""
    from nac.cli.journals import elsewhere
    from nac.report.sending.journal import plan_line, plan_row_json

    with _open(ctx, root, workspace, journal) as opened:
        plans = opened.plans() if opened else []
    for one in plans:
        click.echo(plan_row_json(one) if form == "json" else plan_line(one))
    if not plans:
        note("nothing was sent yet")
        if workspace is None and journal is None and (others := elsewhere(root)):
            note(f"{', '.join(others)}: another journal, which --workspace NAME shows")


@command.command("show", epilog="Example: nac journal show 4f2a9c")
@click.argument("plan")
@_format
@_options
@click.pass_context
def show(ctx: click.Context, plan: str, form: str, root: str, workspace: str | None, journal: str | None) -> None:
    """Show one plan, and what was not accepted, grouped by its cause."""
    from nac.report.sending import causes_of
    from nac.report.sending.journal import plan_row_json, plan_row_text

    with _open(ctx, root, workspace, journal) as opened:
        row = _plan(opened, plan)
        causes = causes_of(opened.exceptions(row.totals.id)) if opened else ()
    look = style()
    click.echo(plan_row_json(row, causes) if form == "json" else plan_row_text(row, causes, look), color=look.colour)


@command.command("retry", epilog="Example: nac journal retry 4f2a9c --rejected")
@click.argument("plan")
@click.option("--rejected", is_flag=True, help="Let the next run send again what the service rejected.")
@click.option("--unknown-after-window", "unknown", type=click.Choice(["send", "skip"]),
              help="Requests without an answer that are older than 24 hours: send them again, because somebody saw "
                   "that they did not arrive, or skip them, because they did.")  # fmt: skip
@click.option("--only", metavar="FILE", type=click.Path(dir_okay=False),
              help="No others than those in this file: lines of nac journal export.")  # fmt: skip
@_options
@click.pass_context
def retry(
    ctx: click.Context, plan: str, rejected: bool, unknown: str | None, only: str | None, root: str,
    workspace: str | None, journal: str | None,
) -> None:  # fmt: skip
    """Decide about requests that nac does not send again by itself; the next `nac dispatch` of the plan does."""
    from nac.cli.journals import kept_plan, places_in
    from nac.journal import JournalError
    from nac.journal.states import MARGIN, WINDOW
    from nac.report.sending.plan import amount

    if not rejected and unknown is None:
        raise click.UsageError("say which: --rejected, or --unknown-after-window send|skip")
    again = 0
    places = None if only is None else places_in(only)
    with _open(ctx, root, workspace, journal) as opened:
        row = _plan(opened, plan)
        assert opened is not None
        try:
            opened.lock(row.totals.id)
        except JournalError as error:
            raise click.ClickException(str(error)) from None
        if rejected:
            again += (count := opened.retry_rejected(row.totals.id, places))
            note(f"{amount(count, 'rejected request')} will be sent again" if count else "no request was rejected")
        if unknown is not None:
            # With a clock that was set back nobody knows how old they are: whoever asks for this has looked.
            before = opened.now() - (WINDOW - MARGIN if opened.behind < 60 else 0.0)
            count = opened.settle_unknown(row.totals.id, before, send=unknown == "send", only=places)
            what = "will be sent again" if unknown == "send" else "settled: not sent again"
            note(f"{amount(count, 'unknown request')} {what}" if count else
                 "no request without an answer is older than 24 hours: `nac dispatch` sends those that are younger "
                 "again by itself, under their keys")  # fmt: skip
            again += count if unknown == "send" else 0
    if again:
        note(f"next: nac dispatch {kept_plan(root, row.totals.id)}")


@command.command("export", epilog="Example: nac journal export 4f2a9c -o failed.ndjson")
@click.argument("plan")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write there, not to stdout.")
@click.option("--keys", metavar="DIR", type=click.Path(file_okay=False),
              help="The plan's directory: adds each request's trigger and idempotency key, by which SuprSend's logs "
                   "find it.")  # fmt: skip
@_options
@click.pass_context
def export(
    ctx: click.Context, plan: str, output: str | None, keys: str | None, root: str, workspace: str | None,
    journal: str | None,
) -> None:  # fmt: skip
    """Write every request that was begun and not accepted, as NDJSON: its batch, place, id, state and cause."""
    from nac.cli.journals import with_keys

    with _open(ctx, root, workspace, journal) as opened, writing(output) as stream:
        row = _plan(opened, plan)
        assert opened is not None
        found = (asdict(one) for one in opened.exceptions(row.totals.id))
        for told in found if keys is None else with_keys(found, keys, row.totals.id):
            stream.write(json.dumps(told).encode() + b"\n")


def _open(ctx: click.Context, root: str, workspace: str | None, place: str | None) -> Opened:
    from click.core import ParameterSource

    from nac.cli.journals import Opened, place_of
    from nac.journal import open_journal

    typed = ctx.get_parameter_source("journal") == ParameterSource.COMMANDLINE
    where = place_of(root, workspace, place, typed=typed)
    return Opened(where, lambda: open_journal(where, time.time))


def _plan(journal: Journal | None, wanted: str) -> PlanRow:
    found = journal.plan(wanted) if journal else None
    if found is None:
        where = f"the journal {journal.where} knows no plan {wanted}" if journal else "nothing was sent yet"
        raise click.UsageError(f"{where}: see `nac journal list`, or name another --journal or --workspace")
    return found
