"""What a template can read: the event's data, and everything that SuprSend puts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote

from nac.templates.jsonnet import Jsonnet
from nac.templates.template import DEFAULT_TENANT as DEFAULT_TENANT
from nac.templates.translations import Translations


class Tenant(Protocol):
    """What a tenant's file says (see `nac.model.Tenant`)."""

    @property
    def brand(self) -> dict[str, Any]: ...
    @property
    def hosted_preference_url(self) -> str | None: ...
    @property
    def embedded_preference_url(self) -> str | None: ...


@dataclass(frozen=True)
class Scene:
    """What every preview of one event is rendered with.

    `batch` is the data of every event that is batched, the first one included; empty stands for `data` alone. `now`
    is the render time, aware. `tenants` are those that the project describes, by id. Without `jsonnet` a text in
    JSONNET is a finding.
    """

    data: Mapping[str, Any]
    actor: Any
    now: datetime
    batch: tuple[Mapping[str, Any], ...] = ()
    translations: Translations = field(default_factory=lambda: Translations({}))
    tenants: Mapping[str, Tenant] = field(default_factory=dict)
    jsonnet: Jsonnet | None = None


def names_of(scene: Scene, recipient: Any, tenant: str | None) -> dict[str, Any]:
    """The names of one rendering: the data at the top, and SuprSend's own with a `$`.

    `recipient` is an id, a user or an object. What the data itself brings under one of SuprSend's names counts: the
    payload beside a template (`mock_data.json`) says what it is to be previewed with.
    """
    who = profile(recipient)
    name = tenant or DEFAULT_TENANT
    brand = brand_of(scene, name)
    batch = list(scene.batch) or [scene.data]
    return {
        "$recipient": who,
        "$actor": profile(scene.actor),
        "$brand": brand,
        "$organization": brand_of(scene, DEFAULT_TENANT),
        "$tenant": {"id": name, **brand},
        # What runs the template is known to SuprSend alone; its slug stands in what the editor writes by itself.
        "$workflow": {"slug": None, "$category": {"slug": None}},
        "$batched_events": batch,
        "$batched_events_count": len(batch),
        "$hosted_preference_url": _preference_url(scene, "hosted", name, who),
        "$embedded_preference_url": _preference_url(scene, "embedded", name, who),
        **scene.data,
    }


def profile(who: Any) -> dict[str, Any]:
    """What is known of somebody: all of a mapping, of an id no more than that."""
    if isinstance(who, str):
        return {"distinct_id": who}
    return dict(who) if isinstance(who, Mapping) else {}


def brand_of(scene: Scene, tenant: str) -> dict[str, Any]:
    """A tenant's brand. That of one nobody described has the standard names, and they print nothing."""
    described = scene.tenants.get(tenant)
    if described is not None:
        return described.brand
    standard = ("brand_name", "logo", "primary_color", "secondary_color", "tertiary_color")
    return {**dict.fromkeys(standard), "social_links": {}, "properties": {}}


def _preference_url(scene: Scene, form: str, tenant: str, who: Mapping[str, Any]) -> str:
    described = scene.tenants.get(tenant)
    if described is not None and (url := getattr(described, f"{form}_preference_url")):
        return str(url)
    person = str(who.get("distinct_id") or who.get("id") or "recipient")
    # A reserved domain (RFC 2606): nobody who presses it ends up at somebody else's page.
    return f"https://preferences.example.com/{form}/{_segment(tenant)}/{_segment(person)}"


@lru_cache(maxsize=1024)
def _segment(text: str) -> str:
    return quote(text[:200].encode("utf-8", "replace"), safe="")
