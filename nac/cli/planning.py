"""Triggers → a plan on disk: what `nac plan` and `nac dispatch TRIGGER` share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import Given
from nac.cli.output import Failed
from nac.cli.running import Run, event_of_file, running

if TYPE_CHECKING:
    from nac.directory import Directories, Query
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


class Watched:
    """Directories, with the rows that each gave counted."""

    def __init__(self, people: Directories) -> None:
        self._people, self._rows = people, Counter[str]()

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        count = 0
        try:
            for row in self._people.rows(query):
                count += 1
                yield row
        finally:
            self._rows[query.directory] += count

    @property
    def read(self) -> dict[str, int]:
        """How many rows were read, by directory; none of one that only a condition looked into."""
        return dict.fromkeys(getattr(self._people, "used", ()), 0) | self._rows


def planned(
    asked: Asked, target: Path, *, replace: bool = False, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> tuple[Manifest, dict[str, Any]]:
    """Make the plan in `target`; what it holds, and what is told beside it. Raises Failed when there were findings:
    they are told, and no plan is made."""
    from nac.plans import PlanError, PlanWriter
    from nac.plans.sources import directories_read, shown_path

    try:
        with PlanWriter(target, replace=replace) as writer:
            made: list[Manifest] = []
            told: dict[str, Any] = {}
            at = clock().isoformat(timespec="seconds")
            with running(asked.given, asked.triggers) as run, _watching() as watch:
                people = Watched(run.people)
                make = _fill(run, people, asked, writer, watch)
                if make is not None:
                    made.append(make)
                others = {name: Path(file) for name, _, file in (one.partition("=") for one in asked.given.replaced)}
                told = {"nac": _version(), "at": at}
                if run.project.settings.workspaces:
                    told["workspaces"] = sorted(run.project.settings.workspaces)
                if asked.given.event_file not in (None, "-"):
                    told["event_file"] = shown_path(Path(str(asked.given.event_file)), run.project)
                live = asked.given.event_file is not None
                if people.read:
                    told["directories"] = directories_read(run.project, people.read, others, at, live=live)
            if not made:
                raise Failed
            return writer.finish(made[0], told), told
    except PlanError as error:
        raise click.UsageError(str(error)) from None


def _fill(run: Run, people: Watched, asked: Asked, writer: PlanWriter, watch: Watch) -> Manifest | None:
    from nac import api
    from nac.diagnostics import met_with
    from nac.dispatch.copies import copies
    from nac.dispatch.redirect import Redirector
    from nac.dispatch.tally import Tally
    from nac.event import iso
    from nac.limits import MAX_BYTES, RECORD_OVERHEAD
    from nac.plan import plan, record
    from nac.plans import Manifest, PlanError, digests
    from nac.plans.manifest import seed_of
    from nac.plans.sources import Recording, event_digest

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
    tally = Tally(limits)
    live = asked.given.event_file is not None
    redirected = Redirector(limits.redirect) if limits.redirect is not None else None

    tree = Recording(run.project.tree)
    project = replace(run.project, tree=tree)

    def payloads() -> Iterator[Payload]:
        for trigger, event in events:
            found = api.stream(project, trigger, event, people)
            yield from found.payloads
            run.findings += met_with(event.name, found.diagnostics)

    keys = set[int]()

    def records() -> Iterator[Record]:
        for index, payload in enumerate(payloads()):
            if redirected is not None:
                test = redirected(payload)
                if test is None:
                    raise click.UsageError(
                        f"{payload.trigger} is a broadcast, and nac.yaml redirects what goes to `{asked.workspace}`: "
                        "SuprSend alone knows who is on the list, so that nac cannot send it to somebody else. Try it "
                        "with a list of testers, in a workspace without `redirect`"
                    )
                payload = test
            # Of one event of a trigger no two are the same: there each person's key follows from who it is.
            if len(events) > 1 and live and payload.key is not None:
                if (key := hash(payload.key.strip(" "))) in keys:
                    raise click.UsageError(
                        f"a request of {payload.trigger} has the same idempotency key as another of this plan: "
                        "SuprSend would skip it, and somebody would be forgotten. Put the trigger's name into its "
                        "idempotency_key; or, if that is meant, plan the triggers apart"
                    )
                keys.add(key)
            made = record(payload, seed, index)
            if len(made.body) + RECORD_OVERHEAD > MAX_BYTES:
                raise PlanError(f"a request of {payload.trigger} has no room left for an idempotency key: give the "
                                "trigger one, or less data")  # fmt: skip
            tally.add(payload, made)
            yield made
            watch(index)

    for batch in plan(records()):
        writer.add(batch)
    if not tally.triggers and not run.findings:
        raise click.UsageError("there is nothing to send: say what happened with --event FILE, or give "
                               f"{', '.join(asked.triggers)} a sample")  # fmt: skip
    for trigger in run.triggers:
        tally.add_copies(trigger.name, copies(run.project, trigger))
    unsent = {"journal": None, "rate": None, "connections": None}  # how to send is no part of what is sent
    return Manifest(
        workspace=asked.workspace, run=asked.run, limits=limits.model_copy(update=unsent),
        sources={**sources, **tree.digests()}, events=told,
        triggers=tally.triggers, tenants=tally.tenants, domains=tally.domains,
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


def _version() -> str:
    from nac._version import __version__

    return __version__


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
