"""Which variant a reader gets, and why not each of the others.

The service's rules (facts: the vendor's page on variants). Tenant and locale are soft: what is wanted is looked for
as tenant and locale, then tenant and default locale, then no tenant and locale, then no tenant and default locale.
In each of these, variants come in the order of `variant_order`, then of `seq_no`, then of their ids, the `default`
variant last; the first whose conditions all hold is chosen. Decided here, where nothing is published: the default
locale is that of the channel's `default` variant, else that of its first variant without conditions (both without
a tenant), else `en`. The id `default` is the only one that means anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nac.templates.conditions import holds
from nac.templates.template import DEFAULT, DEFAULT_TENANT, Template, Variant
from nac.templates.translations import DEFAULT as ENGLISH
from nac.templates.translations import normal


@dataclass(frozen=True)
class Step:
    """One variant that was looked at: whether it was chosen, and the reason in a few words."""

    variant: Variant
    chosen: bool
    reason: str


@dataclass(frozen=True)
class Choice:
    """The variant of a channel, None where none fits, and every variant of the channel with its reason, once each,
    in the order they were looked at."""

    variant: Variant | None
    steps: tuple[Step, ...]


def choose(template: Template, channel: str, names: Mapping[str, Any], *, tenant: str | None, locale: str) -> Choice:
    """The variant that SuprSend would pick for this tenant and locale (BCP 47, `-` or `_`).

    `names` are those that a template can read: the payload's keys, `$recipient`, `$actor`, `$brand`, `$organization`.
    Conditions on `now` need them to be a Context with the time.
    """
    tenant = tenant or None
    ordered = _ordered(template, channel)
    fallback = _default_locale(ordered)
    wanted = list(dict.fromkeys([normal(locale), normal(fallback)]))
    chosen: Variant | None = None
    steps: list[Step] = []
    for variant in _in_levels(ordered, tenant, wanted):
        if chosen is not None:
            steps.append(Step(variant, False, f"comes after {_label(chosen)}, which fits"))
            continue
        found = [holds(condition, names) for condition in variant.conditions]
        failing = [one.reason for one in found if not one.holds]
        if failing:
            steps.append(Step(variant, False, "; ".join(failing)))
        else:
            chosen = variant
            steps.append(Step(variant, True, _why(variant, tenant, wanted, [one.reason for one in found])))
    seen = {id(step.variant) for step in steps}
    steps += [
        Step(one, False, _why_not(one, tenant, [locale, fallback][: len(wanted)]))
        for one in ordered
        if id(one) not in seen
    ]
    return Choice(chosen, tuple(steps))


def default_locale(template: Template, channel: str) -> str:
    """The locale that a channel falls back to: its `default` variant's, so that this one is always reached."""
    return _default_locale(_ordered(template, channel))


def _default_locale(ordered: Iterable[Variant]) -> str:
    shared = [one for one in ordered if one.tenant is None]
    fallbacks = [one for one in shared if one.id == DEFAULT] or [one for one in shared if not one.conditions]
    return fallbacks[0].locale if fallbacks else ENGLISH


def _ordered(template: Template, channel: str) -> list[Variant]:
    """The variants of a channel, the `default` ones last."""

    def key(variant: Variant) -> tuple[bool, float, float, str, str]:
        listed = template.order.get(f"{channel}/{variant.tenant}" if variant.tenant else channel, ())
        place = listed.index(variant.id) if variant.id in listed else math.inf
        number = math.inf if variant.seq_no is None else variant.seq_no
        return variant.id == DEFAULT, place, number, variant.id, variant.tenant or ""

    return sorted(template.of(channel), key=key)


def _in_levels(ordered: Iterable[Variant], tenant: str | None, wanted: list[str]) -> list[Variant]:
    """Those for the tenant or for every tenant, in a locale that is wanted, the nearest first."""

    def level(variant: Variant) -> tuple[bool, int]:
        return variant.tenant is None, wanted.index(normal(variant.locale))

    fitting = [one for one in ordered if one.tenant in _tenants(tenant) and normal(one.locale) in wanted]
    return sorted(fitting, key=level)


def _tenants(tenant: str | None) -> tuple[str, None]:
    """Whose variants fit: whoever names no tenant is the tenant `default`."""
    return tenant or DEFAULT_TENANT, None


def _why(variant: Variant, tenant: str | None, wanted: list[str], found: list[str]) -> str:
    first = normal(variant.locale) == wanted[0]
    reason = f"locale {variant.locale}" if first else f"default locale {variant.locale}"
    if variant.tenant is not None:
        reason += f" and tenant {variant.tenant}"
    elif tenant is not None:
        reason += " and every tenant"
    return f"{reason}, conditions hold: {'; '.join(found)}" if found else reason


def _why_not(variant: Variant, tenant: str | None, locales: list[str]) -> str:
    if variant.tenant not in _tenants(tenant):
        return f"for tenant {variant.tenant}"
    return f"locale is {variant.locale}, wanted {', then '.join(locales)}"


def _label(variant: Variant) -> str:
    return f"{variant.tenant}/{variant.id}" if variant.tenant else variant.id
