"""`nac dispatch`"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any

import click

from nac.cli.dispatch_options import again, check_target, forcing, how_asked, hub_of, seconds_of
from nac.cli.options import Given, complete_trigger, given_options, remote_option
from nac.cli.output import check_output

if TYPE_CHECKING:
    from nac.report.sending import Report

MAKING = "making-"
LEFT_SECONDS = 24 * 3600
"""After how long nobody can still be at it: planning a million recipients takes a minute."""


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
@forcing
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

    if options["output"] is not None:
        check_output(options["output"])
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
    check_target(local, samples=manifest.samples, workspace=manifest.workspace,
                 root_has=bool(settings or stored.made.get("workspaces")))  # fmt: skip
    now = (settings or {}).get(manifest.workspace or "")
    how = how_asked(ctx, hub, given.root, options, manifest.workspace, now, manifest.limits)
    how = replace(how, resume=("nac", "dispatch", f"{folder}{os.sep}", *again(ctx, options)), now=now,
                  made=seconds_of(stored.made.get("at")))  # fmt: skip
    confirm(stored, how)
    report = send(stored, how)
    if not report.failed and folder.resolve().parent == Path(given.root).resolve() / ".nac" / "plans":
        shutil.rmtree(folder, ignore_errors=True)  # a plan that `nac dispatch TRIGGER` kept for as long as needed
    return report


def _made(ctx: click.Context, what: tuple[str, ...], given: Given, options: dict[str, Any]) -> Report:
    """Plan and send in one go. The plan stays in `.nac/plans` until nothing of it is left."""
    from nac.cli.journals import private_folder
    from nac.cli.planning import Asked, planned, workspace_of
    from nac.cli.running import load
    from nac.cli.safeguards import Refused
    from nac.cli.sending import confirm, send
    from nac.plans import PlanError, open_plan

    if given.event_file is None and given.sample is None:
        raise click.UsageError("say what happened: --event FILE (or, for a hub on this machine, --sample NAME)")
    hub, local = hub_of(options["hub"])
    project = load(given.root).project
    check_target(local, samples=given.event_file is None, workspace=options["workspace"],
                 root_has=bool(project.settings.workspaces))  # fmt: skip
    workspace = workspace_of(project, options["workspace"])
    how = how_asked(ctx, hub, given.root, options, options["workspace"], workspace, workspace)
    if not options["yes"] and given.event_file == "-":
        raise click.UsageError("the event comes from stdin, where nobody can be asked: add --yes, or use a file")
    plans = private_folder(given.root) / "plans"
    kept = None
    making = _empty_folder(plans)
    try:
        manifest, _ = planned(Asked(what, given, options["workspace"], options["run"]), making, replace=True)
        folder = plans / manifest.id[:16]
        stored = open_plan(making)
        how = replace(how, resume=("nac", "dispatch", os.path.relpath(folder), *again(ctx, options)))
        confirm(stored, how)
        _keep(making, folder, manifest.id)
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
            named += ("--run", options["run"]) if options["run"] is not None else ()
            how = replace(how, resume=("nac", "dispatch", *what, *named, *again(ctx, options)))
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


def _empty_folder(plans: Path) -> Path:
    """A new folder for a plan in the making: process ids are not enough where containers share a disk."""
    from nac.cli.safeguards import Refused

    try:
        plans.mkdir(mode=0o700, exist_ok=True)
        _sweep(plans)
        return Path(mkdtemp(prefix=MAKING, dir=plans))
    except OSError as error:
        raise Refused(f"cannot write to {plans}: {(error.strerror or 'error').lower()}") from None


def _sweep(plans: Path) -> None:
    """Remove what runs left that were killed while they planned: it holds people, and nobody will go on with it."""
    for one in plans.glob(f"{MAKING}*"):
        with suppress(OSError):
            if time.time() - one.lstat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(one, ignore_errors=True)


def _keep(making: Path, folder: Path, plan: str) -> None:
    """Put a plan where it stays, unless it is there already: then another run may be reading it."""
    from nac.cli.safeguards import Refused

    with suppress(OSError):  # what is there is not empty
        os.replace(making, folder)
        return
    try:
        if not _holds(folder, plan):
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(making, folder)
    except OSError as error:
        raise Refused(f"cannot write {folder}: {(error.strerror or 'error').lower()}") from None
    shutil.rmtree(making, ignore_errors=True)  # now: who is killed cannot do it later


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
