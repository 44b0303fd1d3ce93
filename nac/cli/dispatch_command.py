"""`nac dispatch`"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import Given, complete_trigger, given_options, remote_option

if TYPE_CHECKING:
    from nac.cli.sending import How
    from nac.model import Workspace
    from nac.report.sending import Report

# As nac.dispatch.safety.LIMITS, which takes too long to import for `nac --help`; a test holds the two together.
FORCED = {
    "max-recipients-per-trigger": "a trigger has more recipients than allowed",
    "max-recipients": "there are more recipients than allowed",
    "max-change": "the recipients differ too much from the last run's",
    "tenants": "it is for tenants that are not allowed",
    "domains": "it goes to e-mail domains that are not allowed",
    "unchecked": "SuprSend alone knows what a limit is about",
    "copies": "copies of e-mails cannot be redirected",
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
@remote_option
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

    if (plan := _plan_in(what, given.root)) is not None:
        if given.event_file is not None or given.sample is not None:
            raise click.UsageError("a plan has its event: --event and --sample go with triggers")
        if options["run"] is not None:
            raise click.UsageError("a plan has its name: --run goes with triggers, or with nac plan")
        report = _stored(ctx, plan, given, options)
    else:
        report = _made(ctx, what, given, options)
    if code := exit_code(report):
        ctx.exit(code)


def _plan_in(what: tuple[str, ...], root: str) -> Path | None:
    """The directory of the plan that is meant; None where triggers are."""
    from nac.project import FOLDER

    for one in what:
        path = Path(one)
        is_trigger = any(Path(root, FOLDER, f"{one}{ending}").is_file() for ending in (".yaml", ".yml"))
        if path.name == "manifest.json" and path.exists() and not path.is_dir():
            raise click.UsageError(f"{one} is a part of a plan: name its directory, {path.parent}{os.sep}")
        is_plan = one.endswith(("/", os.sep)) or (
            path.is_dir() and (not is_trigger or (path / "manifest.json").exists())
        )
        if not is_plan:
            continue
        if len(what) > 1:
            raise click.UsageError(f"{one} is a plan: one is sent at a time, and not together with triggers")
        if is_trigger and not one.endswith(("/", os.sep)):
            raise click.UsageError(f"{one} is a trigger and a plan: write {one}{os.sep} for the plan; for the trigger, "
                                   "move the plan to another directory")  # fmt: skip
        return path
    return None


def _stored(ctx: click.Context, folder: Path, given: Given, options: dict[str, Any]) -> Report:
    """Send a plan that was made before."""
    from nac.cli.safeguards import Refused
    from nac.cli.sending import confirm, send
    from nac.cli.staleness import fresh
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
    settings = fresh(stored, given.root, allow=options["allow_stale"])
    if settings is None and not options["journal"]:
        raise click.UsageError(
            f"there is no project in {given.root} to keep a journal in: name one with --journal, a file or a "
            "postgresql:// address that every run of this plan finds again, so that nobody is sent to twice"
        )
    if settings and manifest.workspace is not None and manifest.workspace not in settings:
        known = ", ".join(sorted(settings))
        raise Refused(f"{folder} is for the workspace `{manifest.workspace}`, and nac.yaml has {known}: its limits are "
                      "not known; plan again")  # fmt: skip
    _real(local, samples=manifest.samples, workspace=manifest.workspace, root_has=bool(settings))
    now = (settings or {}).get(manifest.workspace or "")
    how = _how(ctx, hub, given.root, options, now, manifest.limits)
    how = replace(how, resume=("nac", "dispatch", f"{folder}{os.sep}", *_again(ctx, options)), now=now,
                  made=_seconds(stored.made.get("at")))  # fmt: skip
    confirm(stored, how)
    report = send(stored, how)
    if not report.failed and folder.resolve().parent == Path(given.root).resolve() / ".nac" / "plans":
        shutil.rmtree(folder, ignore_errors=True)  # a plan that `nac dispatch TRIGGER` kept for as long as needed
    return report


def _made(ctx: click.Context, what: tuple[str, ...], given: Given, options: dict[str, Any]) -> Report:
    """Plan and send in one go. The plan stays in `.nac/plans` until nothing of it is left."""
    from nac.cli.planning import Asked, planned, workspace_of
    from nac.cli.running import load
    from nac.cli.safeguards import Refused
    from nac.cli.sending import confirm, private_folder, send
    from nac.plans import PlanError, open_plan

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
        manifest, _ = planned(Asked(what, given, options["workspace"], options["run"]), making, replace=True)
        folder = plans / manifest.id[:16]
        stored = open_plan(making)
        how = replace(how, resume=("nac", "dispatch", os.path.relpath(folder), *_again(ctx, options)))
        confirm(stored, how)
        if not _holds(folder, manifest.id):  # where it does, another run may be reading it
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(making, folder)
        kept = folder
        try:
            stored = open_plan(folder)
            stored.verify()
        except PlanError as error:
            raise Refused(f"{folder}: {error}") from None
        # Samples go to nobody, and to a stand-in that may know nothing of what it was sent before.
        own = manifest.samples and not options["journal"]
        if own:  # nothing is kept that one could go on with
            named = ("--sample", given.sample) if given.sample is not None else ()
            how = replace(how, resume=("nac", "dispatch", *what, *named, *_again(ctx, options)))
        with TemporaryDirectory(prefix="nac-") if own else nullcontext(None) as fresh:
            report = send(stored, replace(how, journal=str(Path(fresh, "journal.sqlite"))) if fresh else how)
        if not report.failed or own:
            shutil.rmtree(folder, ignore_errors=True)
        return report
    except Refused as error:
        if kept is not None and not error.begun:  # it holds what is said to whom, and nobody will go on with it
            shutil.rmtree(kept, ignore_errors=True)
            kept = None
        raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
        if kept is None:
            _remove_empty(plans)


def _holds(folder: Path, plan: str) -> bool:
    """Whether the whole plan is there."""
    from nac.plans import PlanError, open_plan

    try:
        stored = open_plan(folder)
        stored.verify()
    except PlanError:
        return False
    return stored.id == plan


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
        raise click.UsageError(f"--hub or SUPRSEND_BASE_URL: {error}; write it as https://hub.suprsend.com/") from None
    return str(url), is_loopback(url.host)


def _real(local: bool, *, samples: bool, workspace: str | None, root_has: bool) -> None:
    """What may go to a hub that is not on this machine."""
    if local:
        return
    if samples:
        raise click.UsageError("a sample is not sent to people, and the hub is not on this machine: say what happened "
                               "with --event FILE, or send it to `nac sandbox`")  # fmt: skip
    if workspace is None and root_has:
        raise click.UsageError("nac.yaml has workspaces with limits: name the one that these credentials are for with "
                               "--workspace (or NAC_WORKSPACE)")  # fmt: skip


def _seconds(at: object) -> float | None:
    """A time of a manifest in seconds of the epoch."""
    try:
        return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else None
    except (ValueError, OverflowError):
        return None


def _how(
    ctx: click.Context, hub: str, root: str, options: dict[str, Any], now: Workspace | None, limits: Workspace
) -> How:
    """All that is to be known before something is sent. Raises UsageError for credentials that are not there."""
    from nac.cli.safeguards import Refused
    from nac.cli.sending import How, journal_place
    from nac.dispatch.async_client import AsyncClient
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
        raise Refused(
            f"the credentials are those of another workspace: its key is {account}, and nac.yaml says "
            f"{limits.workspace_key}. Set SUPRSEND_WORKSPACE_KEY and its secret, or name another --workspace"
        )

    try:
        client = AsyncClient(auth, base_url=hub, workspace_key=account)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return How(
        hub=hub, journal=place, client=lambda: client, account=account or "", forced=forced, yes=options["yes"],
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
