"""Variants made in a test, with the places that their texts have in a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from nac.preview import Preview, Scene, preview
from nac.project import Written
from nac.recipients import Person
from nac.source import Node, SourceFile, Span
from nac.templates.template import Path, Template, Text, Variant

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def variant(channel: str, content: Mapping[str, Any], bodies: Mapping[Path, str] | None = None, **said: Any) -> Variant:
    """`bodies` are texts that have a file of their own; the rest stands in `variant.json`, indented by two."""
    folder = f"suprsend/templates/hello/{channel}/default"
    source = SourceFile(f"{folder}/variant.json", json.dumps(content, indent=2))
    texts = {path: _in_json(source, value) for path, value in _strings(content, ())}
    filled = json.loads(json.dumps(content))
    for path, body in (bodies or {}).items():
        *above, last = path
        place = filled
        for step in above:
            place = place[step]
        place[last] = body
        texts[path] = Text.whole(SourceFile(f"{folder}/body.{'.'.join(map(str, path))}", body))
    written = Written(Node(content, Span(1, 1, 1, 2)), source)
    said = {"id": "default", "tenant": None, "locale": "en", **said}
    return Variant(channel=channel, content=filled, texts=texts, written=written, **said)


def one(
    made: Variant,
    data: Mapping[str, Any] | None = None,
    recipient: Any = "u1",
    *,
    locale: str = "en",
    tenant: str | None = None,
    **scene: Any,
) -> Preview:
    """The preview of a template with this one variant."""
    about = Scene(**{"data": data or {}, "actor": "u9", "now": NOW, **scene})
    person = Person(recipient, "user u1", 0)
    [found] = preview(Template("hello", (made,)), person, about, locale=locale, tenant=tenant)
    return found


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _strings(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _strings(below, (*path, index))


def _in_json(source: SourceFile, value: str) -> Text:
    literal = json.dumps(value)
    begins = source.text.index(literal) + 1
    places, at = [], begins
    for char in value:
        places.append(at)
        # json.dumps writes what is beyond ASCII as one escape for each UTF-16 unit.
        at += len(json.dumps(char)) - 2
    return Text(value, source, [*places, at])


class TenantAs:
    """A tenant's file, as `nac.model.Tenant` reads it."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.hosted_preference_url = said.get("hosted_preference_url")
        self.embedded_preference_url = said.get("embedded_preference_url")
        standard = ("brand_name", "logo", "primary_color", "secondary_color", "tertiary_color")
        self.brand = {
            **{name: said.get(name) for name in standard},
            "social_links": said.get("social_links", {}),
            "properties": said.get("properties", {}),
        }
