"""`nac dispatch`"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import Given, complete_trigger, given_options
from nac.cli.output import note

if TYPE_CHECKING:
    from nac.cli.sending import How
    from nac.dispatch.async_client import AsyncClient
    from nac.model import Workspace
    from nac.plans import StoredPlan
    from nac.report.sending import Report

# As in nac.dispatch.safety, which is imported when something is sent.
FORCED = {
    "max-recipients-per-trigger": "a trigger has more recipients than allowed",
    "max-recipients": "there are more recipients than allowed",
    "max-change": "the recipients differ too much from the last run's",
    "tenants": "it is for tenants that are not allowed",
    "domains": "it goes to e-mail domains that are not allowed",
    "quiet-hours": "it is a quiet hour",
}


def _forcing(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, help in reversed(FORCED.items()):
        command = click.option(f"--force-{name}", is_flag=True, help=f"Send though {help}.")(command)
    return command


@click.command("dispatch", epilog="Example: nac dispatch new-comment --event event.json --yes")
@click.argument("what", nargs=-1, required=True, metavar="PLAN | TRIGGER...", shell_complete=complete_trigger)
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--workspace", metavar="NAME", envvar="NAC_WORKSPACE", show_envvar=True,
              help="The workspace of nac.yaml to send to; for a plan, the one it must be for.")  # fmt: skip
@click.option("--hub", metavar="URL", envvar="SUPRSEND_BASE_URL", show_envvar=True, default="https://hub.suprsend.com/",
              show_default=True, help="Where to send.")  # fmt: skip
@click.option("--credentials", metavar="FILE", type=click.Path(dir_okay=False), envvar="NAC_CREDENTIALS_FILE",
              show_envvar=True, help="A file of mode 600 with NAME=value lines; else the environment.")  # fmt: skip
@click.option("--keyring", metavar="SERVICE", envvar="NAC_KEYRING", show_envvar=True,
              help="Credentials from the system's keyring.")  # fmt: skip
@click.option("--journal", metavar="PATH|URL", envvar="NAC_JOURNAL", show_envvar=True,
              help="What was sent: a SQLite file, or postgresql://…  [default: .nac/journal.sqlite]")  # fmt: skip
@click.option("--wait", is_flag=True, help="Wait where another run is sending the same plan, rather than refuse.")
@click.option("--allow-stale", is_flag=True, help="Send a plan though its sources have changed since.")
@click.option("--run", metavar="NAME", help="A name that tells this run from an earlier one with the same requests.")
@click.option("--rate", metavar="N", type=click.FloatRange(0, min_open=True), help="At most N requests a second.")
@click.option("--connections", metavar="N", type=click.IntRange(1, 64), help="At most N calls at once.  [default: 64]")
@click.option("--attempts", metavar="N", type=click.IntRange(1, 100), help="Tries of a call.  [default: 8]")
@click.option("--backoff", metavar="SECONDS", type=click.FloatRange(0, 60), default=0.5, show_default=True,
              help="The longest pause before the second try; doubled with every try.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write the report there.")
@_forcing
@given_options
@click.pass_context
def command(ctx: click.Context, /, what: tuple[str, ...], given: Given, **options: Any) -> None:
    """Send a plan, or triggers, to SuprSend.

    Everything is compiled before the first byte is sent, and with any finding nothing is. Every call is journaled
    before it is made and after: run the same again, and it goes on where it ended. Credentials come from the
    environment (SUPRSEND_API_KEY, or SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET), a file, or a keyring, never
    from the command line. A sample can only be sent to a hub on this machine, such as `nac sandbox`. Exit 1 when
    something was not accepted, 130 or 143 when interrupted.
    """
    from nac.cli.sending import exit_code

    plan = Path(what[0])
    if (len(what) == 1 and (plan / "manifest.json").is_file()) or what[0].endswith(("/", os.sep)):
        if given.event_file is not None or given.sample is not None:
            raise click.UsageError("a plan has its event: --event and --sample go with triggers")
        report = _stored(ctx, plan, given, options)
    else:
        report = _made(ctx, what, given, options)
    if code := exit_code(report):
        ctx.exit(code)


def _stored(ctx: click.Context, folder: Path, given: Given, options: dict[str, Any]) -> Report:
    """Send a plan that was made before."""
    from nac.cli.sending import Refused, confirm, send
    from nac.plans import PlanError, open_plan

    hub, local = hub_of(options["hub"])
    try:
        stored = open_plan(folder)
        stored.verify()
    except PlanError as error:
        raise Refused(f"{folder}: {error}") from None
    manifest = stored.manifest
    wanted = options["workspace"]
    if wanted is not None and wanted != manifest.workspace:
        said = f"the workspace `{manifest.workspace}`" if manifest.workspace else "no workspace in particular"
        raise Refused(f"{folder} is for {said}, not for `{wanted}`: plan again with --workspace {wanted}")
    settings = _fresh(stored, given.root, allow=options["allow_stale"])
    _real(local, samples=manifest.samples, workspace=manifest.workspace, root_has=bool(settings))
    how = _how(ctx, hub, given.root, options, settings.get(manifest.workspace or ""), manifest.limits)
    how = replace(how, resume=("nac", "dispatch", str(folder), *_again(ctx, options)))
    confirm(stored, how)
    return send(stored, how)


def _made(ctx: click.Context, what: tuple[str, ...], given: Given, options: dict[str, Any]) -> Report:
    """Plan and send in one go. The plan stays in `.nac/plans` until nothing of it is left."""
    from nac.cli.planning import Asked, planned, workspace_of
    from nac.cli.running import load
    from nac.cli.sending import confirm, private_folder, send
    from nac.plans import open_plan

    if given.event_file is None and given.sample is None:
        raise click.UsageError("say what happened: --event FILE (or, for a hub on this machine, --sample NAME)")
    hub, local = hub_of(options["hub"])
    project = load(given.root).project
    _real(local, samples=given.event_file is None, workspace=options["workspace"],
          root_has=bool(project.settings.workspaces))  # fmt: skip
    workspace = workspace_of(project, options["workspace"])
    how = _how(ctx, hub, given.root, options, workspace, workspace)
    if not options["yes"] and given.event_file == "-":
        raise click.UsageError("the event comes from stdin, where nobody can be asked: add --yes, or use a file")
    plans = private_folder(given.root) / "plans"
    making = plans / f"making-{os.getpid()}"
    kept = None
    try:
        manifest = planned(Asked(what, given, options["workspace"], options["run"]), making, replace=True)
        folder = plans / manifest.id[:16]
        stored = open_plan(making)
        how = replace(how, resume=("nac", "dispatch", os.path.relpath(folder), *_again(ctx, options)))
        confirm(stored, how)
        if folder.is_dir():  # of an earlier run that did not end: it is the same, by its id
            shutil.rmtree(folder)
        os.replace(making, folder)
        kept = folder
        stored = open_plan(folder)
        stored.verify()
        # Samples go to nobody, and to a stand-in that may know nothing of what it was sent before.
        own = manifest.samples and not options["journal"]
        with TemporaryDirectory(prefix="nac-") if own else nullcontext(None) as fresh:
            report = send(stored, replace(how, journal=str(Path(fresh, "journal.sqlite"))) if fresh else how)
        if not report.left or own:
            shutil.rmtree(folder, ignore_errors=True)
        return report
    finally:
        shutil.rmtree(making, ignore_errors=True)
        if kept is None:
            _remove_empty(plans)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def hub_of(hub: str) -> tuple[str, bool]:
    """The hub's address as it will be called, and whether it is on this machine."""
    from nac.dispatch.client import checked_url
    from nac.dispatch.endpoints import is_loopback

    try:
        url = checked_url(hub)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return str(url), is_loopback(url.host)


def _real(local: bool, *, samples: bool, workspace: str | None, root_has: bool) -> None:
    """What may go to a hub that is not on this machine."""
    if local:
        return
    if samples:
        raise click.UsageError("a sample is not sent to people: use --event FILE")
    if workspace is None and root_has:
        raise click.UsageError("nac.yaml has workspaces with limits: name one with --workspace")


def _fresh(stored: StoredPlan, root: str, *, allow: bool) -> dict[str, Workspace]:
    """nac.yaml's workspaces now. Raises Refused where the plan's sources have changed, or are not here to compare."""
    from nac import api
    from nac.cli.sending import Refused
    from nac.plans import stale

    try:
        project = api.load(root).project
    except api.NacError:
        changed = ["the project is not here to be compared with (--project)"]
        workspaces: dict[str, Workspace] = {}
    else:
        changed = [*stale(project.tree, stored.manifest.sources), *_event(stored)]
        workspaces = dict(project.settings.workspaces)
    if changed and not allow:
        shown = "; ".join(changed[:5]) + (f"; and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise Refused(f"{stored.folder} is stale: {shown}. Plan again, or send it as it is with --allow-stale")
    for one in changed:
        note(f"WARNING: stale plan: {one}; sent as it was planned, because of --allow-stale")
    return workspaces


def _event(stored: StoredPlan) -> list[str]:
    """Whether the event's file, where it is still there, has changed."""
    from nac.event import EventError, parse_event
    from nac.plans.sources import event_digest

    path = stored.made.get("event_file")
    if not isinstance(path, str):
        return []
    try:
        digest = event_digest(parse_event(Path(path).read_bytes()))
    except OSError:
        return []
    except EventError:
        digest = ""
    return [] if digest in stored.manifest.events.values() else [f"{path} has changed"]


def _how(
    ctx: click.Context, hub: str, root: str, options: dict[str, Any], now: Workspace | None, limits: Workspace
) -> How:
    """All that is to be known before something is sent. Raises UsageError for credentials that are not there."""
    from nac.cli.sending import How, Refused, journal_place
    from nac.dispatch.auth import CredentialsError, credentials
    from nac.dispatch.sources import gathered

    place = journal_place(root, options["journal"], _typed(ctx, "journal"), now.journal if now else None)
    forced = frozenset(name for name in FORCED if options[f"force_{name.replace('-', '_')}"])

    account: str | None = None
    auth: Any = None
    try:
        known = gathered(os.environ, options["credentials"], options["keyring"])
        account = known.get("SUPRSEND_WORKSPACE_KEY")
        auth = credentials(known)
    except CredentialsError as error:
        if options["yes"] or sys.stdin.isatty():
            raise click.UsageError(str(error)) from None
    if account and limits.workspace_key and account != limits.workspace_key:
        raise Refused("the credentials are those of another workspace: its key is not the one in nac.yaml")

    def client() -> AsyncClient:
        from nac.dispatch.async_client import AsyncClient

        return AsyncClient(auth, base_url=hub, workspace_key=account)

    return How(
        hub=hub, journal=place, client=client, account=account or "", forced=forced, yes=options["yes"],
        wait=options["wait"], form=options["form"], output=options["output"],
        connections=options["connections"] or (now.connections if now else None),
        rate=options["rate"] or (now.rate if now else None), attempts=options["attempts"], backoff=options["backoff"],
        environ=dict(os.environ),
    )  # fmt: skip


def _typed(ctx: click.Context, option: str) -> bool:
    """Whether an option was given on the command line rather than by the environment."""
    from click.core import ParameterSource

    return ctx.get_parameter_source(option) == ParameterSource.COMMANDLINE


def _again(ctx: click.Context, options: dict[str, Any]) -> list[str]:
    """The options that the same command needs when it is run again; those of the environment are there already."""
    again = ["--yes"] if options["yes"] else []
    for name, flag in (("workspace", "--workspace"), ("hub", "--hub"), ("credentials", "--credentials"),
                       ("keyring", "--keyring"), ("journal", "--journal"), ("root", "--project")):  # fmt: skip
        value = options.get(name) or ctx.params.get(name)
        if value and _typed(ctx, name):
            again += [flag, str(value)]
    if options["allow_stale"]:
        again.append("--allow-stale")
    return again + [f"--force-{name}" for name in FORCED if options[f"force_{name.replace('-', '_')}"]]
