"""The names that each sample renders a template with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from nac.preview.scene import Scene, names_of
from nac.rules.view import View
from nac.templates.template import Template

# People of one sample whose properties are looked at.
MAX_PEOPLE = 20


class Named(NamedTuple):
    """One rendering: `event` is the sample's name, "mock_data.json" for the payload beside the template."""

    event: str
    names: Mapping[str, Any]


class Contexts:
    """What the templates of a view are rendered with, each worked out when it is first asked for."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[str, tuple[Named, ...]] = {}

    def of(self, template: Template) -> tuple[Named, ...]:
        """For every sample of every trigger that uses it, and every recipient; then the template's mock data."""
        if template.slug not in self._found:
            self._found[template.slug] = tuple(self._named(template))
        return self._found[template.slug]

    def _named(self, template: Template) -> Iterator[Named]:
        view = self._view
        tenants = view.project.tenants
        now = None
        for trigger in view.triggers_of(template.slug):
            for sampled in view.samples(trigger):
                now = sampled.event.now
                if sampled.fields is None:
                    continue
                data = sampled.fields.get("data")
                scene = Scene(
                    data if isinstance(data, Mapping) else {},
                    sampled.fields.get("actor"),
                    sampled.event.now,
                    translations=view.translations,
                    tenants=tenants,
                )
                tenant = sampled.fields.get("tenant_id") or sampled.fields.get("brand_id")
                for person in sampled.people[:MAX_PEOPLE] or (None,):
                    recipient = person.recipient if person else None
                    yield Named(
                        sampled.event.name, names_of(scene, recipient, tenant if isinstance(tenant, str) else None)
                    )
        if template.mock_data is not None:
            from nac.event import SAMPLE_NOW

            scene = Scene(template.mock_data, None, now or SAMPLE_NOW, translations=view.translations, tenants=tenants)
            yield Named("mock_data.json", names_of(scene, None, None))


def contexts_of(view: View) -> Contexts:
    """For `view.once`."""
    return Contexts(view)
