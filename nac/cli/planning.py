"""Triggers → a plan on disk: what `nac plan` and `nac dispatch TRIGGER` share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.options import Given
from nac.cli.output import Failed
from nac.cli.running import Run, event_of_file, running

if TYPE_CHECKING:
    from nac.event import Event
    from nac.model import Workspace
    from nac.payload import Payload
    from nac.plan import Record
    from nac.plans import Manifest, PlanWriter
    from nac.project import Project, Trigger


@dataclass(frozen=True)
class Asked:
    """What is to be planned. `run` is a name that tells this run from an earlier one."""

    triggers: tuple[str, ...]
    given: Given
    workspace: str | None
    run: str | None = None


def planned(asked: Asked, target: Path, *, replace: bool = False) -> Manifest:
    """Make the plan in `target`. Raises Failed when there were findings: they are told, and no plan is made."""
    from nac.plans import PlanError, PlanWriter

    try:
        with PlanWriter(target, replace=replace) as writer:
            made: list[Manifest] = []
            with running(asked.given, asked.triggers) as run, _watching() as watch:
                make = _fill(run, asked, writer, watch)
                if make is not None:
                    made.append(make)
            if not made:
                raise Failed
            manifest, files = made[0], {}
            if asked.given.event_file not in (None, "-"):
                files = {"event_file": os.path.abspath(str(asked.given.event_file))}
            return writer.finish(manifest, {**_made(), **files})
    except PlanError as error:
        raise click.UsageError(str(error)) from None


def _fill(run: Run, asked: Asked, writer: PlanWriter, watch: Watch) -> Manifest | None:
    from nac import api
    from nac.diagnostics import met_with
    from nac.dispatch.redirect import redirected
    from nac.dispatch.tally import Tally
    from nac.event import iso
    from nac.limits import MAX_BYTES, RECORD_OVERHEAD
    from nac.plan import plan, record
    from nac.plans import Manifest, PlanError, digests
    from nac.plans.manifest import seed_of
    from nac.plans.sources import event_digest

    if not run.triggers:
        return None
    limits = workspace_of(run.project, asked.workspace)
    events = list(_events(run, asked.given))
    sources = digests(run.project, run.triggers)
    told = {f"{trigger.name}: {event.name}": event_digest(event.data) for trigger, event in events}
    # A run at another time is another run only where the time is asked for by name: else what it changes is in the
    # records themselves.
    seed = seed_of(
        asked.workspace, asked.run, sources, {**told, "now": iso(asked.given.now) if asked.given.now else ""}
    )
    tally = Tally()

    def payloads() -> Iterator[Payload]:
        for trigger, event in events:
            found = api.stream(run.project, trigger, event, run.people)
            yield from found.payloads
            run.findings += met_with(event.name, found.diagnostics)

    def records() -> Iterator[Record]:
        for index, payload in enumerate(payloads()):
            if limits.redirect is not None:
                test = redirected(payload, limits.redirect)
                if test is None:
                    raise click.UsageError(f"{payload.trigger} is a broadcast: nac cannot redirect it, since SuprSend "
                                           "alone knows who is on the list")  # fmt: skip
                payload = test
            made = record(payload, seed, index)
            if len(made.body) + RECORD_OVERHEAD > MAX_BYTES:
                raise PlanError(f"a request of {payload.trigger} has no room left for an idempotency key: give the "
                                "trigger one, or less data")  # fmt: skip
            tally.add(payload, made)
            yield made
            watch(index)

    for batch in plan(records()):
        writer.add(batch)
    unsent = {"journal": None, "rate": None, "connections": None}  # how to send is no part of what is sent
    return Manifest(
        workspace=asked.workspace, run=asked.run, limits=limits.model_copy(update=unsent), sources=sources, events=told,
        triggers=tally.triggers, tenants=dict(sorted(tally.tenants.items())),
        domains=dict(sorted(tally.domains.items())),
        redirected=limits.redirect is not None, samples=asked.given.event_file is None,
    )  # fmt: skip


def _events(run: Run, given: Given) -> Iterator[tuple[Trigger, Event]]:
    """The one event of a file for each of the triggers, or a sample of each."""
    if given.event_file is None:
        yield from run.events()
        return
    event = event_of_file(run.project, given)
    yield from ((trigger, event) for trigger in run.triggers)


def workspace_of(project: Project, name: str | None) -> Workspace:
    """What nac.yaml says of a workspace. UsageError for one that it does not name, while it names others."""
    from nac.diagnostics import did_you_mean
    from nac.model import Workspace

    known = project.settings.workspaces
    if name is None or not known:
        return Workspace()
    if name not in known:
        hint = did_you_mean(name, known) or f"nac.yaml has {', '.join(sorted(known))}"
        raise click.UsageError(f"there is no workspace '{name}': {hint}")
    return known[name]


def _made() -> dict[str, str]:
    from nac._version import __version__

    return {"nac": __version__, "at": datetime.now(UTC).isoformat(timespec="seconds")}


class Watch:
    """Tells of a long compilation on a terminal: a line that is written over."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown

    def __call__(self, index: int) -> None:
        if self._shown and index % 5_000 == 4_999:
            click.echo(f"\rplanned {index + 1:,} requests", err=True, nl=False)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


@contextmanager
def _watching() -> Iterator[Watch]:
    watch = Watch(sys.stderr.isatty())
    try:
        yield watch
    finally:
        watch.clear()
