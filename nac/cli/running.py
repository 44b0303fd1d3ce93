"""Loading a project and running its triggers, with every finding told at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.options import Given
from nac.cli.output import Failed, note, style

if TYPE_CHECKING:
    from nac.diagnostics import Diagnostic
    from nac.directory import Directories
    from nac.event import Event
    from nac.project import Loaded, Project, Trigger


@dataclass
class Run:
    """The triggers a command works on, and what it finds wrong with them."""

    project: Project
    names: tuple[str, ...]
    triggers: list[Trigger]
    people: Directories
    given: Given
    findings: list[Diagnostic] = field(default_factory=list)

    def events(self) -> Iterator[tuple[Trigger, Event]]:
        """What to run with: the event of a file for the one trigger, or the samples of each."""
        if self.given.event_file is not None and len(self.names) != 1:
            raise click.UsageError("--event goes with exactly one trigger")
        # Without a trigger that could be read there is nothing to run, and the findings say why.
        return _events(self.project, self.triggers, self.given) if self.triggers else iter(())


@contextmanager
def running(given: Given, names: tuple[str, ...] | None, *, also: tuple[str, ...] = ()) -> Iterator[Run]:
    """A run over the named triggers, all of them for (), none for None. Raises Failed when there are any findings:
    at its end they are told, those in the files that start with one of `also` too, whatever the triggers are."""
    loaded = load(given.root)
    triggers, findings = ([], []) if names is None else chosen(loaded, names)
    findings += [one for one in loaded.diagnostics if one not in findings and one.label.path.startswith(also)]
    # A sample is for people who are checked in: with a sample, nothing is reached.
    remote = given.remote if given.event_file is not None else None
    with _directories(loaded.project, given.replaced, remote) as people:
        run = Run(loaded.project, names or (), triggers, people, given, findings)
        yield run
    sys.stdout.flush()  # on a terminal, the findings come below the results
    if tell(loaded.project, run.findings):
        raise Failed


def load(root: str) -> Loaded:
    from nac import api

    try:
        return api.load(root)
    except api.NacError as error:
        raise click.UsageError(str(error)) from None


def tell(project: Project, diagnostics: Iterable[Diagnostic]) -> bool:
    """Print findings to stderr; whether there were any."""
    from nac.diagnostics import ordered
    from nac.report.findings import findings_text
    from nac.tree import TreeError

    files: dict[str, list[str]] = {}

    def line(path: str, number: int) -> str | None:
        if path not in files:
            try:
                files[path] = project.tree.read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
            except TreeError:
                files[path] = []
        return files[path][number - 1] if number <= len(files[path]) else None

    found = ordered(diagnostics)
    if found:
        look = style(sys.stderr)
        click.echo(findings_text(found, line, look), err=True, nl=False, color=look.colour)
    return bool(found)


def chosen(loaded: Loaded, names: tuple[str, ...]) -> tuple[list[Trigger], list[Diagnostic]]:
    """The named triggers (without names: all), and the findings that concern them or the settings."""
    from nac import api
    from nac.project import FOLDER, SETTINGS

    project = loaded.project
    if not names:
        return [project.triggers[name] for name in sorted(project.triggers)], list(loaded.diagnostics)
    concerned = {SETTINGS, *(path for name in names for path in _paths_of(name))}
    findings = [one for one in loaded.diagnostics if one.label.path in concerned]
    broken = {one.label.path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0] for one in findings}
    if SETTINGS in {one.label.path for one in findings}:
        # What is wrong there keeps triggers from being read: it is told, and not that there are none.
        files = {name for name in names for path in _paths_of(name) if project.tree.exists(path)}
        broken |= files - set(project.triggers)
    try:
        return [api.find(project, name) for name in dict.fromkeys(names) if name not in broken], findings
    except api.NacError as error:
        raise click.UsageError(str(error)) from None


def _paths_of(name: str) -> tuple[str, ...]:
    from nac.project import FOLDER

    return tuple(f"{FOLDER}/{name}{ending}" for ending in (".yaml", ".yml"))


def _events(project: Project, triggers: list[Trigger], given: Given) -> Iterator[tuple[Trigger, Event]]:
    """What to run with: the event of a file for the one trigger, or the samples of each."""
    from nac import api
    from nac.diagnostics import did_you_mean

    if given.event_file is not None:
        yield triggers[0], event_of_file(project, given)
        return
    names: list[str] = []
    for trigger in triggers:
        found = api.samples(project, trigger, given.now)
        names += [one.name for one in found]
        if not found:
            note(f"{trigger.name}: no samples; add some, or pass --event")
        yield from ((trigger, one) for one in found if given.sample is None or one.name == given.sample)
    if given.sample is not None and given.sample not in names:
        quoted = ", ".join(f"'{one}'" for one in sorted(set(names)))
        hint = did_you_mean(given.sample, names) or (f"there are {quoted}" if names else "there are none")
        raise click.UsageError(f"there is no sample '{given.sample}': {hint}")


def event_of_file(project: Project, given: Given) -> Event:
    """The event of --event FILE, or of stdin."""
    from nac.event import EventError, live_event

    if given.sample is not None:
        raise click.UsageError("--event and --sample exclude each other")
    assert given.event_file is not None
    name = "stdin" if given.event_file == "-" else given.event_file
    try:
        text = sys.stdin.buffer.read() if given.event_file == "-" else Path(given.event_file).read_bytes()
        return live_event(text, project.settings, given.now or datetime.now(UTC), os.environ, "event")
    except OSError as error:
        raise click.UsageError(f"{given.event_file}: {(error.strerror or 'cannot be read').lower()}") from None
    except EventError as error:
        raise click.UsageError(f"{name}: {error}") from None


@contextmanager
def _directories(project: Project, replaced: tuple[str, ...], remote: tuple[str, ...] | None) -> Iterator[Directories]:
    """The project's directories: some in other files, by --directory NAME=FILE, some where `remote` allows to look."""
    from nac import api
    from nac.diagnostics import did_you_mean

    overrides: dict[str, Path] = {}
    for one in replaced:
        name, _, file = one.partition("=")
        if not file:
            raise click.UsageError("--directory takes NAME=FILE")
        if name not in project.settings.directories:
            hint = did_you_mean(name, project.settings.directories) or "nac.yaml declares none of that name"
            raise click.UsageError(f"there is no directory '{name}': {hint}")
        if not Path(file).is_file():
            raise click.UsageError(f"--directory {name}: there is no file {file}")
        overrides[name] = Path(file)
    opened = api.directories(project, overrides, allow_remote=remote)
    try:
        yield opened
    finally:
        getattr(opened, "close", lambda: None)()
