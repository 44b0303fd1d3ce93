"""The options that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

AnyCommand = Callable[..., Any]

project_option = click.option("--project", "root", default=".", type=click.Path(file_okay=False), metavar="DIR",
                              help="The directory that holds notifications/.  [default: .]")  # fmt: skip
output_option = click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False),
                             help="Write there instead of to stdout; only when all went well.")  # fmt: skip


@dataclass(frozen=True)
class Given:
    """What a command is to work on: the project, directories in other files, and what happens at which time.

    `remote` are the addresses that directories may be read from; None where nothing but files is read.
    """

    root: str
    replaced: tuple[str, ...]
    event_file: str | None
    sample: str | None
    now: datetime | None
    remote: tuple[str, ...] | None = None


def _now(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    from nac.event import parse_now

    found = parse_now(value)
    if found is None:
        raise click.BadParameter("write it as 2026-01-31T09:00:00Z", ctx, param)
    return found


_GIVEN = (
    click.option("--event", "event_file", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
                 help="A JSON file with the event, - for stdin. Without it: the trigger's samples."),
    click.option("--sample", metavar="NAME", help="Only the sample of this name."),
    click.option("--now", metavar="TIME", callback=_now, help="The time that expressions see (ISO 8601)."),
    project_option,
    click.option("--directory", "replaced", multiple=True, metavar="NAME=FILE",
                 help="Read a declared directory from another file, e.g. a fresh export."),
)  # fmt: skip


def given_options(command: AnyCommand) -> AnyCommand:
    """--event, --sample, --now, --project and --directory, handed over as one `given`."""

    @wraps(command)
    def run(**options: Any) -> Any:
        given = Given(**{name: options.pop(name) for name in Given.__dataclass_fields__ if name in options})
        return command(given=given, **options)

    for option in reversed(_GIVEN):
        run = option(run)
    return run


def _prefixes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    from nac.remote_url import AllowList, RemoteURLError

    found = value or tuple(filter(None, map(str.strip, os.environ.get("NAC_ALLOW_REMOTE", "").split(","))))
    for one in found:
        try:
            AllowList.of([one])
        except RemoteURLError as error:
            hint = f"write a prefix such as https://people.example.com/exports: {error}"
            raise click.BadParameter(hint, ctx, param) from None
    return found


remote_option = click.option("--allow-remote", "remote", multiple=True, metavar="PREFIX", callback=_prefixes,
                             help="With --event, read directories from addresses that start so, e.g. "
                                  "postgresql://db.example.com/app; may be repeated. Nothing else is reached.  "
                                  "[env var: NAC_ALLOW_REMOTE, with commas]")  # fmt: skip


def complete_trigger(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Trigger names for the shell; file names alone, so that it stays quick."""
    folder = Path(ctx.params.get("root") or ".") / "notifications"
    names = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))
    return sorted(name for name in names if name.startswith(incomplete) and name != "nac")
