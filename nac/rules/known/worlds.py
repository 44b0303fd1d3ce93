"""What a trigger gives its template: once for each sample, and as far as the files alone tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Label
from nac.expressions import is_template
from nac.model import DirectorySelector, EachSelector, ObjectSelector, UserSelector
from nac.project import Trigger, Written
from nac.recipients import Person
from nac.rules.known.event_schema import EventSchema, schema_of
from nac.rules.known.expressions import is_text, lone_path
from nac.rules.known.values import ANY, SOME_TEXT, look_up

if TYPE_CHECKING:
    from nac.event import Event
    from nac.rules.view import View


@dataclass(frozen=True)
class World:
    """What one sample gives: `actor` is an id, a mapping, or None; `tenant` None where it names none."""

    name: str
    event: Event
    data: Any
    actor: Any
    tenant: str | None
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Selector:
    """Whom one selector finds. `properties` are those that the trigger (or nac.yaml) maps, None where that takes an
    event to know; `at` is where they are written. `transient`: SuprSend has no profile of them."""

    index: int
    at: Written
    properties: Mapping[str, Any] | None
    transient: bool = False

    @property
    def is_known(self) -> bool:
        """Whether what templates read of them is written here: of a mere id SuprSend alone knows more."""
        if self.properties is None:
            return False
        own = [name for name in self.properties if name[:1] != "$" and name not in _IDENTITY]
        return self.transient or bool(own)


_IDENTITY = frozenset({"distinct_id", "id", "object_type", "is_transient"})


@dataclass(frozen=True)
class Given:
    """What a trigger gives. `worlds` are those of the samples that could be filled in."""

    trigger: Trigger
    worlds: tuple[World, ...]
    schema: EventSchema | None
    view: View

    @cached_property
    def static(self) -> Any:
        """The data as the files tell it: mappings and literals as they are written, expressions as their kinds."""
        return self._form(self.trigger.model.data)

    @property
    def is_opaque(self) -> bool:
        """Whether all of the data is one expression."""
        return not isinstance(self.trigger.model.data, dict)

    def _form(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._form(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._form(one) for one in value]
        return self.form_of(value) if is_template(value) else value

    def form_of(self, text: str) -> Any:
        """What is known of an expression's value before any event is."""
        steps = lone_path(text)
        if steps is None:
            return SOME_TEXT if is_text(text) else ANY
        if steps[0] == "event" and self.schema is not None:
            seen = look_up(self.schema.form, steps[1:])
            return seen[0].value if seen and seen[0].gap is None else ANY
        return SOME_TEXT if steps[0] in ("env", "now") else ANY

    def key_label(self, steps: tuple[Any, ...], message: str = "") -> Label:
        """The deepest key of `data` on the way to a value: where it is made."""
        path: list[str] = []
        value: Any = self.trigger.model.data
        for step in steps:
            if not isinstance(step, str) or not isinstance(value, dict) or step not in value:
                break
            path.append(step)
            value = value[step]
        label = self.trigger.at("data", *path).label(key=True)
        return Label(label.path, label.span, message)

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        found = []
        for index, one in enumerate(getattr(self.trigger.model, "recipients", ())):
            at = self.trigger.at("recipients", index)
            value: Any = None
            if isinstance(one, ObjectSelector):
                value, at = one.object, at.below("object")
            elif isinstance(one, UserSelector):
                value, at = one.user, at.below("user")
            elif isinstance(one, EachSelector | DirectorySelector):
                value, at = (one.object, at.below("object")) if one.object else (one.user, at.below("user"))
                project = self.view.project
                if value is None and isinstance(one, DirectorySelector) and project.written is not None:
                    declared = project.settings.directories.get(one.from_)
                    if declared is not None and declared.user is not None:
                        value, at = declared.user, project.written.below("directories", one.from_, "user")
            known = value if isinstance(value, dict) else None
            found.append(Selector(index, at, known, bool(known and known.get("is_transient") is True)))
        return tuple(found)


def given(view: View, trigger: Trigger) -> Given:
    worlds = []
    for one in view.samples(trigger):
        if one.fields is not None:
            tenant = one.fields.get("tenant_id") or one.fields.get("brand_id")
            worlds.append(
                World(
                    one.event.name, one.event, one.fields.get("data", {}), one.fields.get("actor"),
                    tenant if isinstance(tenant, str) else None, one.people,
                )
            )  # fmt: skip
    return Given(trigger, tuple(worlds), schema_of(view, trigger), view)
