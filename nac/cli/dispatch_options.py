"""What `nac dispatch` is told on its command line: which hub, how to send, and how to say the same again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.cli.sending import How
    from nac.model import Workspace

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


def forcing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --force-…, one for each limit."""
    for name, help in reversed(FORCED.items()):
        command = click.option(f"--force-{name}", is_flag=True, help=f"Send though {help}.")(command)
    return command


def hub_of(hub: str) -> tuple[str, bool]:
    """The hub's address as it will be called, and whether it is on this machine."""
    from nac.dispatch.client import checked_url
    from nac.dispatch.endpoints import is_loopback

    try:
        url = checked_url(hub)
    except ValueError as error:
        raise click.UsageError(f"--hub or SUPRSEND_BASE_URL: {error}; write it as https://hub.suprsend.com/") from None
    return str(url), is_loopback(url.host)


def check_target(local: bool, *, samples: bool, workspace: str | None, root_has: bool) -> None:
    """What may go to a hub that is not on this machine."""
    if local:
        return
    if samples:
        raise click.UsageError("a sample is not sent to people, and the hub is not on this machine: say what happened "
                               "with --event FILE, or send it to `nac sandbox`")  # fmt: skip
    if workspace is None and root_has:
        raise click.UsageError("nac.yaml has workspaces with limits: name the one that these credentials are for with "
                               "--workspace (or NAC_WORKSPACE)")  # fmt: skip


def seconds_of(at: object) -> float | None:
    """A time of a manifest in seconds of the epoch."""
    try:
        return datetime.fromisoformat(at).timestamp() if isinstance(at, str) else None
    except (ValueError, OverflowError):
        return None


def how_asked(
    ctx: click.Context,
    hub: str,
    root: str,
    options: dict[str, Any],
    name: str | None,
    now: Workspace | None,
    limits: Workspace,
) -> How:
    """All that is to be known before something is sent to the workspace of this name, as nac.yaml has it `now`, under
    these limits. Raises UsageError for credentials that are not there."""
    from nac.cli.journals import journal_place
    from nac.cli.safeguards import Refused
    from nac.cli.sending import How
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

    if limits.workspace_key and auth is not None and not account:
        note("note: an API key does not say which workspace it is of: `workspace_key` of nac.yaml is not checked; set "
             "SUPRSEND_WORKSPACE_KEY beside it")  # fmt: skip
    try:
        client = AsyncClient(auth, base_url=hub, workspace_key=account)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return How(
        hub=hub, journal=place, client=lambda: client, account=account or "", forced=forced, yes=options["yes"],
        wait=options["wait"], form=options["form"], output=options["output"],
        connections=options["connections"] or (now.connections if now else None),
        rate=options["rate"] or (now.rate if now else None), attempts=options["attempts"], backoff=options["backoff"],
        same_journal=_same_journal(ctx, options, name), environ=dict(os.environ),
    )  # fmt: skip


def _same_journal(ctx: click.Context, options: dict[str, Any], workspace: str | None) -> tuple[str, ...]:
    """The options by which `nac journal` finds the same journal; those of the environment are there already."""
    named = (("--project", str(ctx.params["root"])),) if _typed(ctx, "root") else ()
    if _typed(ctx, "journal"):
        named = (("--journal", str(options["journal"])), *named)
    elif options["journal"] is None and workspace is not None:
        named = (("--workspace", workspace), *named)
    return tuple(word for pair in named for word in pair)


def _typed(ctx: click.Context, option: str) -> bool:
    """Whether an option was given on the command line rather than by the environment."""
    from click.core import ParameterSource

    return ctx.get_parameter_source(option) == ParameterSource.COMMANDLINE


def again(ctx: click.Context, options: dict[str, Any]) -> list[str]:
    """The options that the same command needs when it is run again; those of the environment are there already."""
    found = ["--yes"] if options["yes"] else []
    for name in ("workspace", "hub", "credentials", "keyring", "journal", "root", "rate", "connections", "attempts",
                 "backoff"):  # fmt: skip
        value = options.get(name, ctx.params.get(name))
        if value is not None and _typed(ctx, name):
            flag = "--project" if name == "root" else f"--{name}"
            found += [flag, f"{value:.15g}" if isinstance(value, float) else str(value)]
    if options["allow_stale"]:
        found.append("--allow-stale")
    return found + [f"--force-{name}" for name in FORCED if options[f"force_{name.replace('-', '_')}"]]
