"""What one side gives, as plain values: what its triggers say, and what becomes of their checked-in samples. Pure.

Directories, templates and JSONNET come in from outside; no event but that of a sample is ever compiled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from nac.compile import compile_trigger
from nac.diagnostics import Diagnostic
from nac.diff.masking import label, secrets_of
from nac.diff.promised import promised
from nac.diff.reads import Path, required, tidy
from nac.diff.shown import Shown, shown
from nac.directory import Directories
from nac.event import SAMPLE_NOW, Event, sample_event
from nac.identity import identity_of
from nac.model import BroadcastTrigger, DirectorySelector, EachSelector, ObjectSelector, Sample
from nac.payload import canonical
from nac.preview import preview
from nac.preview.scene import DEFAULT_TENANT, Scene
from nac.project import Project, Trigger
from nac.recipients import Person
from nac.resolve import Resolved, resolve
from nac.templates.jsonnet import Jsonnet
from nac.templates.template import Template, Variant
from nac.templates.translations import DEFAULT, Translations, normal

MAX_READERS = 200
"""Of one sample's recipients, those that messages are rendered for; all of them are counted."""
MAX_EVERYWHERE = 20
"""Of these, those who are shown in every locale and for every tenant; the others in their own."""
MOCK = "mock_data.json"
OWN = "own"
_BRAND = ("brand", "organization", "tenant", "preference_url")
_NOBODY = Person({}, "", -1)


class Templates(Protocol):
    """The templates of one side (`nac.api.Templates`)."""

    def load(self, slug: str) -> tuple[Template, tuple[Diagnostic, ...]]: ...
    def locales(self, template: Template) -> list[str]: ...
    def tenants(self, template: Template) -> list[str]: ...
    @property
    def translations(self) -> Translations: ...


@dataclass(frozen=True)
class Facts:
    """What a trigger's file says.

    `value` is all of it as plain data, expressions spaced in one way; `data` the keys of `data` that can be seen
    without an event; `needs` the paths of the event that it cannot do without, each with what reads it, `promised`
    those that its event schema requires (None: it has none).
    """

    name: str
    path: str
    kind: str
    runs: str
    template: str
    value: Mapping[str, Any]
    data: tuple[str, ...]
    needs: Mapping[Path, str]
    selectors: tuple[str, ...]
    promised: frozenset[Path] | None = None


class Recipient(NamedTuple):
    """Somebody who gets it. `shown` may be reported; `identity`, `value` and `secrets` only where they are no secret.

    `selector` is the index of the one that found them, `masked`: it looked in a directory.
    """

    identity: str
    shown: str
    selector: int
    value: Any
    masked: bool
    secrets: tuple[str, ...] = ()


class Spot(NamedTuple):
    """Which message of a reader: OWN is the reader's own locale, and the tenant that the trigger names."""

    channel: str
    locale: str
    tenant: str


@dataclass(frozen=True)
class Sampled:
    """What became of one sample.

    `event` is what the author wrote, as canonical JSON. `fields` are those of the requests, people and keys apart;
    None where it could not be filled in, for the reasons in `findings`. `key` is the idempotency key of the trigger,
    `nothing` says that no request goes out. `messages` are by the recipient's identity and the spot.
    """

    name: str
    event: str
    fields: Mapping[str, Any] | None = None
    key: str | None = None
    tenant: str | None = None
    nothing: bool = False
    recipients: tuple[Recipient, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    messages: Mapping[tuple[str, Spot], Shown] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    more: int = 0


class Side:
    """One side. `broken`: what is wrong with the triggers that could not be read, by their names. `names`: people of
    directories are shown as they are."""

    def __init__(
        self,
        project: Project,
        templates: Templates,
        directories: Directories,
        broken: Mapping[str, tuple[Diagnostic, ...]] | None = None,
        names: bool = False,
        jsonnet: Jsonnet | None = None,
    ) -> None:
        self.project, self.templates, self.directories = project, templates, directories
        self.jsonnet = jsonnet
        self.broken = broken or {}
        self.names = names

    def facts(self, trigger: Trigger) -> Facts:
        value = trigger.written.node.value
        data = value.get("data")
        return Facts(
            trigger.name, trigger.written.source.path, trigger.model.kind, trigger.runs, trigger.template, tidy(value),
            tuple(data) if isinstance(data, dict) else (), required(value),
            tuple(_via(index, one) for index, one in enumerate(getattr(trigger.model, "recipients", ()))),
            promised(self.project, trigger),
        )  # fmt: skip

    def samples(self, trigger: Trigger) -> dict[str, Event]:
        """The events of a trigger's samples, and of its template's mock data where it has none."""
        found = {one.name: sample_event(one, self.project.settings) for one in trigger.model.samples}
        template = self.templates.load(trigger.template)[0]
        if not found and template.mock_data is not None:
            found[MOCK] = Event(MOCK, template.mock_data, SAMPLE_NOW)
        return found

    def sampled(self, trigger: Trigger, event: Event, wanted: Wanted) -> Sampled:
        """What becomes of an event. A trigger without samples is shown with its template's mock data."""
        written = next((one for one in trigger.model.samples if one.name == event.name), None)
        if event.name == MOCK and not trigger.model.samples:
            return self.mocked(trigger.template, event, wanted)
        return self._compiled(trigger, event, wanted, _written(written, event))

    def again(self, trigger: Trigger, sample: Sample, wanted: Wanted) -> Sampled:
        """What becomes of another side's sample here."""
        event = sample_event(sample, self.project.settings)
        return self._compiled(trigger, event, wanted, _written(sample, event))

    def mocked(self, slug: str, event: Event, wanted: Wanted) -> Sampled:
        """A template by itself, with its mock data as the payload."""
        template, problems = self.templates.load(slug)
        data = event.data
        scene = self._scene(template, data, data.get("$actor"), event, ())
        who = data.get("$recipient")
        person = Person(dict(who), identity_of(who) or "somebody", -1) if isinstance(who, Mapping) else _NOBODY
        reader = Recipient(person.identity, person.shown, -1, None, False)
        messages = dict(self._messages(template, person, reader, scene, None, wanted, everywhere=True))
        return Sampled(
            event.name, canonical(in_order(dict(event.data))), {}, channels=template.channels, recipients=(reader,),
            messages=messages, findings=tuple(problems),
        )  # fmt: skip

    def _compiled(self, trigger: Trigger, event: Event, wanted: Wanted, written: str) -> Sampled:
        template, problems = self.templates.load(trigger.template)
        resolved = resolve(self.project, trigger, event, self.directories)
        if isinstance(resolved, list):
            return Sampled(event.name, written, nothing=True, findings=(*problems, *resolved))
        people: list[Person] = []
        payloads = sum(1 for _ in compile_trigger(replace(resolved, people=_kept(resolved, people))))
        data = resolved.fields["data"]
        batch = list(self._batch(trigger, event))
        scene = self._scene(template, data, resolved.fields.get("actor"), event, (data, *batch) if batch else ())
        tenant = resolved.fields.get("tenant_id") or resolved.fields.get("brand_id")
        tenant = tenant if isinstance(tenant, str) else None
        recipients = tuple(self._recipient(trigger, one, index) for index, one in enumerate(people))
        broadcast = isinstance(trigger.model, BroadcastTrigger)
        if broadcast:
            people, recipients = [_NOBODY], (Recipient("", "everyone on the list", -1, None, False),)
        messages: dict[tuple[str, Spot], Shown] = {}
        for count, (person, reader) in enumerate(zip(people[:MAX_READERS], recipients, strict=False)):
            everywhere = count < MAX_EVERYWHERE
            messages.update(self._messages(template, person, reader, scene, tenant, wanted, everywhere=everywhere))
        return Sampled(
            event.name, written, resolved.fields, resolved.key, tenant, payloads == 0, recipients,
            _counts(trigger, people), template.channels, messages, (*problems, *resolved.problems),
            max(0, len(people) - MAX_READERS),
        )  # fmt: skip

    def _recipient(self, trigger: Trigger, person: Person, index: int) -> Recipient:
        selectors = getattr(trigger.model, "recipients", ())
        hidden = not self.names and isinstance(selectors[person.selector], DirectorySelector)
        secrets = secrets_of(person.recipient) if hidden and index < MAX_READERS else ()
        shown = label(person.shown) if hidden else person.shown
        return Recipient(person.identity, shown, person.selector, person.recipient, hidden, secrets)

    def _scene(
        self, template: Template, data: Mapping[str, Any], actor: Any, event: Event, batch: tuple[Any, ...]
    ) -> Scene:
        jsonnet = any(one.channel in ("slack", "ms_teams") for one in template.variants)
        return Scene(
            data, actor, event.now, batch, self.templates.translations, self.project.tenants,
            self.jsonnet if jsonnet else None,
        )  # fmt: skip

    def _batch(self, trigger: Trigger, event: Event) -> Iterator[Mapping[str, Any]]:
        for one in getattr(event, "batch", ()):
            resolved = resolve(self.project, trigger, replace(event, data=one, batch=()), self.directories)
            if not isinstance(resolved, list):
                yield resolved.fields["data"]

    def _messages(
        self, template: Template, person: Person, reader: Recipient, scene: Scene, tenant: str | None, wanted: Wanted,
        *, everywhere: bool,
    ) -> Iterator[tuple[tuple[str, Spot], Shown]]:  # fmt: skip
        known = person.recipient if isinstance(person.recipient, dict) else {}
        written = (known.get("$locale"), known.get("$preferred_language"))
        own = next((one for one in written if isinstance(one, str) and one), DEFAULT)
        locales = {normal(own): own, **(wanted.locales if everywhere else {})}
        mine = tenant or DEFAULT_TENANT
        channels: dict[str, Collection[str] | None] = {**(wanted.tenants if everywhere else {}), mine: wanted.channels}
        for one, asked in channels.items():
            for key, locale in locales.items():
                at = tenant if one == mine else one
                found = preview(template, person, scene, locale=locale, tenant=at, channels=asked)
                for each in found:
                    spot = Spot(each.channel, OWN if key == normal(own) else key, OWN if one == mine else one)
                    yield (reader.identity, spot), shown(each, locale, one)


@dataclass(frozen=True)
class Wanted:
    """What is rendered on both sides: locales by their normal form; tenants by their ids, with the channels that
    differ from one tenant to another. `channels` None: all."""

    locales: Mapping[str, str]
    tenants: Mapping[str, Collection[str]]
    channels: Collection[str] | None = None


def wanted(sides: Iterable[tuple[Side, str]], channels: Collection[str] | None = None) -> Wanted:
    """All locales and tenants that a template has on any side."""
    locales: dict[str, str] = {}
    tenants: dict[str, set[str]] = {DEFAULT_TENANT: set()}
    branded: set[str] = set()
    for side, slug in sides:
        template = side.templates.load(slug)[0]
        locales |= {normal(one): one for one in side.templates.locales(template)}
        for tenant in side.templates.tenants(template):
            tenants.setdefault(tenant, set())
        for one in template.variants:
            if one.tenant is not None:
                tenants[one.tenant].add(one.channel)
            if _is_branded(one):
                branded.add(one.channel)
    # In a variant for one tenant alone, the others see what is there without it.
    of_all = branded | tenants[DEFAULT_TENANT]
    shown = {tenant: {one for one in of_all | own if channels is None or one in channels}
             for tenant, own in sorted(tenants.items())}  # fmt: skip
    return Wanted(dict(sorted(locales.items())), shown, channels)


def _is_branded(variant: Variant) -> bool:
    """Whether what it says may depend on the tenant."""
    texts = [*(one.value for one in variant.texts.values()), *(one.namespace for one in variant.conditions)]
    return any(word in text for text in texts for word in _BRAND)


def _written(sample: Sample | None, event: Event) -> str:
    if sample is None:
        return canonical(in_order(dict(event.data)))
    return canonical(in_order(sample.model_dump(mode="json", exclude={"name", "expect"})))


def in_order(value: Any) -> Any:
    """The value with the keys of its mappings sorted: what is equal then says the same."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(one) for one in value] if isinstance(value, list) else value


def _kept(resolved: Resolved, people: list[Person]) -> Iterator[Person]:
    for person in resolved.people:
        people.append(person)
        yield person


def _counts(trigger: Trigger, people: Iterable[Person]) -> dict[int, int]:
    """How many people each selector of a directory finds."""
    found = Counter(one.selector for one in people)
    selectors = getattr(trigger.model, "recipients", ())
    return {index: found[index] for index, one in enumerate(selectors) if isinstance(one, DirectorySelector)}


def _via(index: int, selector: Any) -> str:
    """A selector in a few words: `recipients[0] (from people)`."""
    if isinstance(selector, DirectorySelector):
        what = f"from {selector.from_}"
    elif isinstance(selector, EachSelector):
        what = f"each {selector.as_}"
    else:
        what = "object" if isinstance(selector, ObjectSelector) else "user"
    return f"recipients[{index}] ({what})"
