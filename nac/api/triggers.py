"""Projects, triggers, and the requests and recipients that come of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.compile import compile_trigger
from nac.diagnostics import Diagnostic, did_you_mean, met_with, ordered
from nac.event import Event, sample_event
from nac.load import load as load_tree
from nac.payload import Payload
from nac.project import FOLDER, Loaded, Project, Trigger
from nac.recipients import Person
from nac.resolve import Resolved, resolve
from nac.tree import WorkTree

if TYPE_CHECKING:
    from nac.directory import Directories


VENDOR_TEMPLATES = "suprsend/templates"
"""Where SuprSend's CLI keeps templates, unless nac.yaml says otherwise."""


class NacError(Exception):
    """The API was asked for something that is not there; the message says what there is."""


@dataclass(frozen=True)
class Compiled:
    """The requests of one trigger for one event, and what is wrong. With any diagnostic, send none of them."""

    payloads: tuple[Payload, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class Stream:
    """The same one by one; `diagnostics` is complete when `payloads` has been read to its end."""

    payloads: Iterator[Payload]
    diagnostics: list[Diagnostic] = field(default_factory=list)


def load(directory: str | os.PathLike[str] = ".") -> Loaded:
    """The project in a directory: the one that holds `notifications/`, or the templates of SuprSend's own CLI.

    Raises NacError when there is neither.
    """
    root = Path(directory)
    if not (root / FOLDER).is_dir() and not (root / VENDOR_TEMPLATES).is_dir():
        raise NacError(
            f"there is no folder `{FOLDER}` in {root}: run `nac init` to make one, or name another `--project`"
        )
    return load_tree(WorkTree(root))


def find(project: Project, trigger: str | Trigger) -> Trigger:
    """The trigger of that name. Raises NacError."""
    if isinstance(trigger, Trigger):
        return trigger
    if trigger in project.triggers:
        return project.triggers[trigger]
    advice = did_you_mean(trigger, project.triggers) or "`nac list` shows those that there are"
    raise NacError(f"there is no trigger `{trigger}`: {advice}")


def samples(project: Project, trigger: str | Trigger, now: datetime | None = None) -> list[Event]:
    """The events of a trigger's samples, in the order they are written."""
    return [sample_event(one, project.settings, now) for one in find(project, trigger).model.samples]


def an_event(
    project: Project,
    event: Event | Mapping[str, Any],
    now: datetime | None = None,
    env: Mapping[str, str] | None = None,
) -> Event:
    """A dict as an Event, at the time `now` (else the clock's), with those of `env` that nac.yaml allows."""
    if isinstance(event, Event):
        return event
    allowed = {name: value for name, value in (env or {}).items() if name in project.settings.env}
    return Event("event", event, now or datetime.now(UTC), allowed)


def directories(
    project: Project,
    overrides: Mapping[str, Path] | None = None,
    *,
    allow_remote: Iterable[str] | None = None,
) -> Directories:
    """The directories that nac.yaml declares; `overrides` puts other files in the place of theirs.

    With `allow_remote`, those that nac.yaml has a URL for are read where they are, if their URL starts with one of
    these prefixes (`postgresql://db.example.com/app`), with the credentials of the environment; without it, nothing
    but files is read, and their samples stand in for them. Raises NacError for what is no prefix. It has a `close`.
    """
    from nac.directories import Access, open_directories
    from nac.remote_url import RemoteURLError

    assert isinstance(project.tree, WorkTree)
    try:
        access = None if allow_remote is None else Access(allow_remote)
    except RemoteURLError as error:
        raise NacError(f"`allow_remote` holds what is no prefix of an address: {error}") from None
    return open_directories(project.settings, project.tree, overrides, access)


def people(
    project: Project, trigger: str | Trigger, event: Event | Mapping[str, Any], where: Directories | None = None
) -> Resolved | list[Diagnostic]:
    """Who would get it: `Resolved.people`, to be read once, and `Resolved.problems` after that."""
    return resolve(project, find(project, trigger), an_event(project, event), where or directories(project))


def stream(
    project: Project, trigger: str | Trigger, event: Event | Mapping[str, Any], where: Directories | None = None
) -> Stream:
    """The requests of one trigger for one event, one by one and in constant memory."""
    resolved = people(project, trigger, event, where)
    if isinstance(resolved, list):
        return Stream(iter(()), resolved)
    return Stream(compile_trigger(resolved), resolved.problems)


def compile(  # noqa: A001 - `nac.compile` is what it is called
    project: Project, trigger: str | Trigger, event: Event | Mapping[str, Any], where: Directories | None = None
) -> Compiled:
    """The requests of one trigger for one event, all of them."""
    event = an_event(project, event)
    found = stream(project, trigger, event, where)
    payloads = tuple(found.payloads)
    return Compiled(payloads, tuple(ordered(met_with(event.name, found.diagnostics))))


def recipients(
    project: Project, trigger: str | Trigger, event: Event | Mapping[str, Any], where: Directories | None = None
) -> tuple[tuple[Person, ...], tuple[Diagnostic, ...]]:
    """Who would get it, each with the selector that found them, and what is wrong."""
    event = an_event(project, event)
    resolved = people(project, trigger, event, where)
    if isinstance(resolved, list):
        return (), tuple(ordered(met_with(event.name, resolved)))
    found = tuple(resolved.people)
    return found, tuple(ordered(met_with(event.name, resolved.problems)))
