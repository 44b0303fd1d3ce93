"""What `nac preview` is to show: its options, checked, and the previews of one run."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from nac.cli.output import note
from nac.cli.running import Run, event_of_file

if TYPE_CHECKING:
    from nac.api.templates import Templates
    from nac.event import Event
    from nac.preview.result import Previewed
    from nac.project import Trigger

SHARED = ("notifications/nac.yaml", "notifications/tenants/")
"""What every template is previewed with, whatever its trigger."""

LIMIT, LIMIT_OF_ALL = 5, 100
_PATIENCE = 2.0  # seconds before somebody at a terminal is told how far it is
_EVERY = 0.2


@dataclass(frozen=True)
class Asked:
    """The options of `nac preview`, as they were written."""

    triggers: tuple[str, ...]
    template: str | None
    mock: bool
    every: bool
    channels: tuple[str, ...]
    recipient: str | None
    locale: str | None
    tenant: str | None
    form: str | None
    limit: int | None
    why: bool
    opened: bool


def show(run: Run, templates: Templates, asked: Asked) -> list[Previewed]:
    """The previews, or a usage error for what is not there."""
    _check_options(run, asked)
    recipient = _recipient(asked.recipient)
    alone = _alone(run, templates, asked)
    _check_places(run, templates, asked, alone)
    options: dict[str, Any] = {
        "channel": asked.channels or None, "recipient": recipient, "locale": asked.locale, "tenant": asked.tenant,
        "every": asked.every, "templates": templates,
    }  # fmt: skip
    with Progress() as progress:
        options["tick"] = progress.tick
        if alone is not None:
            shown = list(_templates(run, templates, alone, asked, options))
        else:
            options["limit"] = asked.limit or (LIMIT_OF_ALL if asked.every else LIMIT)
            shown = list(_triggers(run, templates, asked, options))
    if recipient is not None and shown and not any(one.readers for one in shown):
        message = (
            f"the selectors find nobody called '{asked.recipient}': `nac recipients` shows who gets it; to show it to "
            'somebody else, describe them: --recipient \'{"distinct_id": …, "name": …}\''
        )
        if not run.findings and not any(one.diagnostics for one in shown):
            raise click.UsageError(message)
        note(message)  # beside the findings, which may be why
    return shown


def _check_options(run: Run, asked: Asked) -> None:
    from nac.diagnostics import did_you_mean
    from nac.vocabulary import CHANNELS

    if asked.template is not None and asked.triggers:
        raise click.UsageError("--template shows a template by itself, without a trigger: name one or the other")
    if asked.template is not None and run.given.sample is not None:
        raise click.UsageError("--sample belongs to a trigger; a template by itself takes --event or its mock data")
    if asked.mock and (run.given.event_file is not None or run.given.sample is not None):
        raise click.UsageError("--mock excludes --event and --sample")
    for channel in asked.channels:
        if channel not in CHANNELS:
            hint = did_you_mean(channel, CHANNELS) or f"there are {', '.join(CHANNELS)}"
            raise click.UsageError(f"there is no channel '{channel}': {hint}")


def _recipient(text: str | None) -> Any:
    """An id, or the user or object that a JSON object describes."""
    if text is None or not text.lstrip().startswith("{"):
        return text
    from pydantic import TypeAdapter

    from nac.event import EventError, parse_event
    from nac.people import Object, User
    from nac.schema import mistakes

    try:
        found = parse_event(text)
    except EventError as error:
        raise click.UsageError(f"--recipient: {str(error).replace('an event', 'a recipient')}") from None
    adapter: TypeAdapter[Any] = TypeAdapter(Object if "object_type" in found else User)
    for path, _, message, help in mistakes(adapter, found):
        at = ".".join(map(str, path))
        raise click.UsageError(f"--recipient: {at + ': ' if at else ''}{message}{f' ({help})' if help else ''}")
    return found


def _alone(run: Run, templates: Templates, asked: Asked) -> list[str] | None:
    """The templates to show by themselves; None for a run over triggers."""
    if asked.template is not None:
        if asked.template not in templates.slugs:
            raise click.UsageError(f"there is no template '{asked.template}': {templates.advice(asked.template)}")
        return [asked.template]
    if asked.triggers or run.triggers or run.findings or not templates.slugs:
        return None
    if run.given.event_file is not None or run.given.sample is not None:
        raise click.UsageError("there are no triggers: name a template with --template")
    note("there are no triggers: every template is shown with its mock_data.json")
    return templates.slugs


def _check_places(run: Run, templates: Templates, asked: Asked, alone: list[str] | None) -> None:
    """A locale that nothing is written in, or a tenant that nothing knows, is a slip of the pen."""
    from nac.diagnostics import did_you_mean
    from nac.templates.translations import normal

    if asked.locale is None and asked.tenant is None:
        return
    slugs = alone if alone is not None else [one.template for one in run.triggers]
    known = [templates.load(slug)[0] for slug in dict.fromkeys(slugs)]
    if asked.locale is not None:
        locales = sorted({one for template in known for one in templates.locales(template)})
        languages = {normal(one).split("-")[0] for one in locales}
        if locales and normal(asked.locale).split("-")[0] not in languages:
            hint = did_you_mean(asked.locale, locales) or f"there are {', '.join(locales)}"
            raise click.UsageError(f"nothing is written in '{asked.locale}': {hint}")
    if asked.tenant is not None:
        tenants = sorted({"default", *(one for template in known for one in templates.tenants(template))})
        if asked.tenant not in tenants:
            hint = did_you_mean(asked.tenant, tenants) or (
                f"there are {', '.join(tenants)}; describe others in notifications/tenants/<id>.yaml"
            )
            raise click.UsageError(f"there is no tenant '{asked.tenant}': {hint}")


def _templates(
    run: Run, templates: Templates, slugs: list[str], asked: Asked, options: dict[str, Any]
) -> Iterator[Previewed]:
    from nac import api

    event = None if run.given.event_file is None else event_of_file(run.project, run.given)
    for slug in slugs:
        try:
            yield api.preview_template(run.project, slug, event, **options)
        except api.NacError as error:
            run.findings += templates.load(slug)[1]
            note(str(error).replace("`", "'"))


def _triggers(run: Run, templates: Templates, asked: Asked, options: dict[str, Any]) -> Iterator[Previewed]:
    from nac import api

    for trigger, event in _events(run, templates, asked):
        try:
            yield api.preview(run.project, trigger, event, run.people, **options)
        except api.NacError as error:
            note(f"{trigger.name}: {str(error).replace('`', chr(39))}")


def _events(run: Run, templates: Templates, asked: Asked) -> list[tuple[Trigger, Event | None]]:
    """The events of every trigger in turn; None where it is shown with its template's mock data."""
    mocked = {one.name for one in run.triggers if asked.mock or _has_mock_alone(run, templates, one)}
    if not asked.mock:
        for name in sorted(mocked):
            note(f"{name}: no samples; shown with its template's mock_data.json")
    others = replace(run, triggers=[one for one in run.triggers if one.name not in mocked])
    found: dict[str, list[tuple[Trigger, Event | None]]] = {one.name: [] for one in run.triggers}
    for trigger, event in others.events():
        found[trigger.name].append((trigger, event))
    for one in run.triggers:
        if one.name in mocked:
            found[one.name].append((one, None))
    return [each for events in found.values() for each in events]


def _has_mock_alone(run: Run, templates: Templates, trigger: Trigger) -> bool:
    if run.given.event_file is not None or run.given.sample is not None or trigger.model.samples:
        return False
    return templates.load(trigger.template)[0].mock_data is not None


class Progress:
    """How many readers are rendered, on a terminal's stderr, once it takes longer than somebody likes to wait."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.count = 0
        self.next = time.monotonic() + _PATIENCE
        self.written = False

    def __enter__(self) -> Progress:
        return self

    def tick(self) -> None:
        self.count += 1
        if self.shown and (now := time.monotonic()) >= self.next:
            self.next, self.written = now + _EVERY, True
            click.echo(f"\rrendering: {self.count:,} recipients", nl=False, err=True)

    def __exit__(self, *_: Iterable[object]) -> None:
        if self.written:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
