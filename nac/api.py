"""The Python API: what the commands do, as functions.

```python
import nac

loaded = nac.load(".")
for payload in nac.compile(loaded.project, "new-comment", event={...}).payloads:
    print(payload.encoded)
```
What an author got wrong is in `diagnostics`, never raised. Misuse (an unknown trigger) raises `NacError`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.compile import compile_trigger
from nac.diagnostics import Diagnostic, did_you_mean, met_with, ordered
from nac.event import Event, sample_event
from nac.load import load as load_tree
from nac.payload import Payload
from nac.preview import Preview
from nac.preview import preview as preview_person
from nac.project import FOLDER, Loaded, Project, Trigger
from nac.recipients import Person
from nac.resolve import Resolved, resolve
from nac.templates.folder import load_template
from nac.templates.translation_files import load_translations
from nac.tree import WorkTree

if TYPE_CHECKING:
    from nac.directory import Directories


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
    """The project in a directory: the one that holds `notifications/`. Raises NacError when there is none."""
    root = Path(directory)
    if not (root / FOLDER).is_dir():
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


def directories(project: Project, overrides: Mapping[str, Path] | None = None) -> Directories:
    """The directories that nac.yaml declares; `overrides` puts other files in the place of theirs."""
    from nac.directories import open_directories

    assert isinstance(project.tree, WorkTree)
    return open_directories(project.settings, project.tree, overrides)


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


@dataclass(frozen=True)
class Previewed:
    """What the recipients of one event would read; `more` of them are not shown."""

    trigger: Trigger
    event: Event
    template: str
    channel: str | None
    channels: tuple[str, ...]
    people: tuple[tuple[Person, tuple[Preview, ...]], ...]
    more: int
    diagnostics: tuple[Diagnostic, ...]


def preview(
    project: Project,
    trigger: str | Trigger,
    event: Event | Mapping[str, Any],
    where: Directories | None = None,
    *,
    channel: str | None = None,
    recipient: str | None = None,
    limit: int | None = None,
) -> Previewed:
    """What each recipient would read, on every channel that the trigger's template has.

    `channel` and `recipient` (an id) narrow it down; `limit` is the most recipients to render for.
    """
    trigger, event = find(project, trigger), an_event(project, event)
    slug = trigger.template
    template, problems = load_template(project.tree, slug)
    translations, mistakes = load_translations(project.tree)
    problems += mistakes
    if channel is not None:
        template = replace(template, channels={k: v for k, v in template.channels.items() if k == channel})
    resolved = people(project, trigger, event, where)
    if isinstance(resolved, list):
        problems += met_with(event.name, resolved)
        return Previewed(trigger, event, slug, channel, tuple(template.channels), (), 0, tuple(ordered(problems)))
    shown: list[tuple[Person, tuple[Preview, ...]]] = []
    more = 0
    # Who is on a list, SuprSend knows: a broadcast is shown as somebody of whom nothing is known would read it.
    for person in resolved.people if trigger.model.kind != "broadcast" else [Person({}, "", -1)]:
        if recipient is not None and recipient not in (
            person.identity,
            person.identity.partition(" ")[2],
            person.shown,
        ):
            continue
        if limit is not None and len(shown) >= limit:
            more += 1
            continue
        shown.append((person, tuple(preview_person(resolved.fields, template, person, event.now, translations))))
    dropped = [each for _, previews in shown for one in previews for each in one.problems]
    problems += met_with(event.name, [*resolved.problems, *dropped])
    return Previewed(
        trigger, event, slug, channel, tuple(template.channels), tuple(shown), more, tuple(ordered(problems))
    )
