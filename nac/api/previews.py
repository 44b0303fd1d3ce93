"""What recipients see: every channel of a trigger's template, or of a template by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from nac.api.templates import Templates
from nac.api.triggers import NacError, an_event, find, people
from nac.diagnostics import Diagnostic, met_with, ordered
from nac.event import SAMPLE_NOW, Event
from nac.identity import identity_of
from nac.payload import PEOPLE
from nac.preview import preview as preview_person
from nac.preview.result import Preview, Previewed, Reader
from nac.preview.scene import DEFAULT_TENANT, Scene
from nac.project import Project, Trigger
from nac.recipients import Person
from nac.resolve import Resolved
from nac.templates.template import Template
from nac.templates.translations import DEFAULT, normal

if TYPE_CHECKING:
    from nac.directory import Directories

MOCK = "mock_data.json"
"""The sample payload beside a template; what is previewed with it bears its name."""

MAX_NAME = 80
"""Characters of a recipient's name that a heading shows."""

_Recipient = str | Mapping[str, Any]
_NOBODY = Person({}, "", -1)


@dataclass(frozen=True)
class _Wanted:
    """What was asked for. `every`: all locales and tenants that there are, where none is named."""

    channels: Collection[str] | None
    recipient: _Recipient | None
    locale: str | None
    tenant: str | None
    limit: int | None
    every: bool
    tick: Callable[[], object] | None


def preview(
    project: Project,
    trigger: str | Trigger,
    event: Event | Mapping[str, Any] | None,
    where: Directories | None = None,
    *,
    channel: str | Collection[str] | None = None,
    recipient: _Recipient | None = None,
    locale: str | None = None,
    tenant: str | None = None,
    limit: int | None = None,
    every: bool = False,
    templates: Templates | None = None,
    tick: Callable[[], object] | None = None,
) -> Previewed:
    """What each recipient of one event would see, on every channel that the trigger's template has.

    `channel` (or several) and `recipient` narrow it down; a recipient is an id that the selectors find, or a mapping
    as the API takes it, shown whether they find it or not. `locale` is by default the recipient's own, `tenant` the
    one that the trigger names; with `every`, all there are. `limit` is the most recipients to render for. `event` None:
    the template's mock_data.json. `templates` are those of a longer run; `tick` is called for every reader rendered.
    Raises NacError for an unknown trigger, and for mock data that is not there.
    """
    trigger = find(project, trigger)
    wanted = _Wanted(_channels(channel), recipient, locale, tenant, limit, every, tick)
    with nullcontext(templates) if templates else Templates(project) as kept:
        if event is None:
            return _by_data(kept, trigger.template, None, wanted, trigger)
        return _by_event(kept, trigger, an_event(project, event), where, wanted)


def preview_resolved(
    resolved: Resolved, templates: Templates, where: Directories | None = None, *, limit: int | None = None
) -> Previewed:
    """What those people of an event would see who were found already: `preview` without finding them again.

    The problems of `resolved` are not among the diagnostics.
    """
    wanted = _Wanted(None, None, None, None, limit, every=False, tick=None)
    return _by_people(templates, replace(resolved, problems=[]), where, wanted)


def preview_template(
    project: Project,
    slug: str,
    event: Event | Mapping[str, Any] | None = None,
    *,
    channel: str | Collection[str] | None = None,
    recipient: _Recipient | None = None,
    locale: str | None = None,
    tenant: str | None = None,
    every: bool = False,
    templates: Templates | None = None,
    tick: Callable[[], object] | None = None,
) -> Previewed:
    """What a template by itself would show: `event` is the payload, None for the template's mock_data.json.

    The payload's own `$recipient`, `$actor`, `$brand` … are used; those it lacks are taken from the mock data. The
    other arguments are those of `preview`. Raises NacError for an unknown template, or one without mock data.
    """
    wanted = _Wanted(_channels(channel), recipient, locale, tenant, None, every, tick)
    with nullcontext(templates) if templates else Templates(project) as kept:
        if slug not in kept.slugs:
            raise NacError(f"there is no template `{slug}`: {kept.advice(slug)}")
        return _by_data(kept, slug, event, wanted, None)


def readers_of(kind: str, body: Mapping[str, Any]) -> list[Person]:
    """Who a request of this kind goes to, as it describes them; it may be one that the service would refuse."""
    if kind == "broadcast":
        return [_NOBODY]
    found = body.get(PEOPLE.get(kind, ""))
    return [_somebody(one) for one in found] if isinstance(found, list) else []


def preview_request(
    templates: Templates, slug: str, body: Mapping[str, Any], person: Person, via: str, now: datetime
) -> Previewed:
    """What one person would see of a request, by a template, on all of its channels: knowing what the request says.

    `person` is one of `readers_of`. The diagnostics are those of the template's files; what is wrong with a message
    is in its preview.
    """
    template, problems = templates.load(slug)
    data = body["data"] if isinstance(body.get("data"), Mapping) else {}
    event = Event("request", {}, now)
    scene = _scene(templates, template, data, body.get("actor"), event, ())
    tenant = body.get("tenant_id") or body.get("brand_id")
    named = body.get("channels")  # of a broadcast, which goes to these alone
    channels = [one for one in named if isinstance(one, str)] if isinstance(named, list) else None
    wanted = _Wanted(channels, None, None, None, None, every=False, tick=None)
    reader = _reader(templates, template, person, via, scene, tenant, wanted)
    return _previewed(slug, template, event.name, [reader], 0, list(problems), now)


def _channels(channel: str | Collection[str] | None) -> Collection[str] | None:
    return (channel,) if isinstance(channel, str) else channel


def _by_event(
    templates: Templates, trigger: Trigger, event: Event, where: Directories | None, wanted: _Wanted
) -> Previewed:
    resolved = people(templates.project, trigger, event, where)
    if isinstance(resolved, Resolved):
        return _by_people(templates, resolved, where, wanted)
    template, problems = templates.load(trigger.template)
    found = [*problems, *templates.translation_problems, *met_with(event.name, resolved)]
    return _previewed(trigger.name, template, event.name, (), 0, found, event.now)


def _by_people(templates: Templates, resolved: Resolved, where: Directories | None, wanted: _Wanted) -> Previewed:
    trigger, event = resolved.trigger, resolved.event
    template, problems = templates.load(trigger.template)
    found = [*problems, *templates.translation_problems]
    data = resolved.fields["data"]
    batch, mistakes = _batch(templates, trigger, event, where)
    scene = _scene(templates, template, data, resolved.fields.get("actor"), event, (data, *batch) if batch else ())
    tenant = resolved.fields.get("tenant_id") or resolved.fields.get("brand_id")
    readers: list[Reader] = []
    more = 0
    for person, via in _asked(trigger, resolved.people, wanted.recipient):
        if wanted.limit is not None and len(readers) >= wanted.limit:
            more += 1
        else:
            readers.append(_reader(templates, template, person, via, scene, tenant, wanted))
    found += met_with(event.name, [*mistakes, *resolved.problems, *_problems(readers)])
    return _previewed(trigger.name, template, event.name, readers, more, found, event.now)


def _by_data(
    templates: Templates, slug: str, event: Event | Mapping[str, Any] | None, wanted: _Wanted, trigger: Trigger | None
) -> Previewed:
    """With a payload as it is, rather than one that a trigger makes."""
    template, problems = templates.load(slug)
    mock = template.mock_data
    if event is None:
        if mock is None:
            raise NacError(f"the template `{slug}` has no {MOCK}: add one beside it, or pass --event")
        event = Event(MOCK, mock, SAMPLE_NOW)
    event = an_event(templates.project, event)
    data = {**{name: one for name, one in (mock or {}).items() if name.startswith("$")}, **event.data}
    scene = _scene(templates, template, data, data.get("$actor"), event, ())
    if wanted.recipient is not None:
        # Whoever is asked for counts, but an id of somebody whom the payload describes is that somebody.
        scene = replace(scene, data={name: one for name, one in data.items() if name != "$recipient"})
        described = _somebody(data.get("$recipient"))
        known = wanted.recipient in _names(described)
        person, via = (described, event.name) if known else _given(wanted.recipient)
    else:
        person, via = _somebody(data.get("$recipient")), event.name
    reader = _reader(templates, template, person, via, scene, None, wanted)
    found = [*problems, *templates.translation_problems, *met_with(event.name, _problems([reader]))]
    name = trigger.name if trigger else slug
    made = _previewed(name, template, event.name, [reader], 0, found, event.now)
    return made if trigger else replace(made, alone=True)


def _previewed(
    name: str, template: Template, event: str, readers: Iterable[Reader], more: int, found: list[Diagnostic], now: Any
) -> Previewed:
    return Previewed(
        name, template.slug, event, template.channels, tuple(readers), more, tuple(ordered(found)), now
    )  # fmt: skip


def _scene(
    templates: Templates, template: Template, data: Mapping[str, Any], actor: Any, event: Event, batch: tuple[Any, ...]
) -> Scene:
    return Scene(
        data=data, actor=actor, now=event.now, batch=batch, translations=templates.translations,
        tenants=templates.project.tenants, jsonnet=templates.jsonnet if _uses_jsonnet(template) else None,
    )  # fmt: skip


def _uses_jsonnet(template: Template) -> bool:
    """Whether a process to evaluate JSONNET in is worth starting: only these two channels can hold any."""
    return any(one.channel in ("slack", "ms_teams") for one in template.variants)


def _batch(
    templates: Templates, trigger: Trigger, event: Event, where: Directories | None
) -> tuple[list[Mapping[str, Any]], list[Diagnostic]]:
    """The data of the events that are batched with this one."""
    made: list[Mapping[str, Any]] = []
    problems: list[Diagnostic] = []
    for one in event.batch:
        resolved = people(templates.project, trigger, replace(event, data=one, batch=()), where)
        if isinstance(resolved, list):
            problems += resolved
        else:
            made.append(resolved.fields["data"])
    return made, problems


def _asked(trigger: Trigger, found: Iterator[Person], recipient: _Recipient | None) -> Iterator[tuple[Person, str]]:
    """The readers, each with how they came to be one. `found` is read to its end, unless it is not needed."""
    from nac.report.recipients import selector_name

    if isinstance(recipient, Mapping):
        yield _given(recipient)
    elif trigger.model.kind == "broadcast":
        # Who is on a list, SuprSend knows: it is shown as somebody of whom nothing is known would read it.
        if recipient is None:
            yield _NOBODY, "everyone on the list"
    else:
        for person in found:
            if recipient is None or recipient in _names(person):
                yield person, selector_name(trigger, person.selector)


def _names(person: Person) -> tuple[str, ...]:
    """What somebody may be asked for by."""
    return person.identity, person.identity.partition(" ")[2], person.shown


def _given(recipient: _Recipient) -> tuple[Person, str]:
    return _somebody(recipient), "given"


def _somebody(recipient: Any) -> Person:
    """Somebody as a payload or an option describes them, which may be anything."""
    if isinstance(recipient, str) and recipient:
        return Person(recipient, f"user {recipient}", -1)
    if not isinstance(recipient, Mapping):
        return _NOBODY
    known = dict(recipient)
    if "object_type" in known and "id" not in known:
        known["id"] = ""
    return Person(known, identity_of(known), -1)


def _reader(
    templates: Templates, template: Template, person: Person, via: str, scene: Scene, tenant: Any, wanted: _Wanted
) -> Reader:
    own = _own_locale(person)
    mine = tenant if isinstance(tenant, str) else None
    locales = [wanted.locale or own]
    tenants = [wanted.tenant if wanted.tenant is not None else mine]
    if wanted.every and wanted.locale is None:
        locales = _each([own], templates.different_locales(template), normal)
    if wanted.every and wanted.tenant is None:
        # None stands for the tenant `default`.
        others = templates.different_tenants(template)
        tenants = _each([mine, *([None] if others else []), *others], (), lambda one: one or DEFAULT_TENANT)
    shown: list[list[Preview]] = [
        preview_person(template, person, scene, locale=locale, tenant=one, channels=wanted.channels)
        for one in tenants
        for locale in locales
    ]
    if wanted.tick:
        wanted.tick()
    return Reader(person.shown, person.identity, via, tuple(chain.from_iterable(shown)), _name(person))


def _name(person: Person) -> str | None:
    known = person.recipient if isinstance(person.recipient, dict) else {}
    name = known.get("name")
    return " ".join(name.split())[:MAX_NAME] or None if isinstance(name, str) else None


def _own_locale(person: Person) -> str:
    known = person.recipient if isinstance(person.recipient, dict) else {}
    written = (known.get("$locale"), known.get("$preferred_language"))
    return next((one for one in written if isinstance(one, str) and one), DEFAULT)


def _each(first: list[Any], others: Iterable[Any], key: Callable[[Any], str]) -> list[Any]:
    """Each once, those that are the reader's own first."""
    found: dict[str, Any] = {}
    for one in (*first, *others):
        found.setdefault(key(one), one)
    return list(found.values())


def _problems(readers: Iterable[Reader]) -> list[Diagnostic]:
    return [problem for reader in readers for one in reader.previews for problem in one.problems]
