"""Which variant is chosen: `choice/*.yaml`, and the rules stated once more, the slow way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.templates.choice import choose, default_locale
from nac.templates.conditions import holds
from nac.templates.template import Condition, Template, Variant

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "choice").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
WRITTEN: Any = None  # where a variant is written makes no difference


def variant_of(given: Mapping[str, Any], channel: str = "email") -> Variant:
    conditions = tuple(condition_of(text) for text in given.get("if", ()))
    return Variant(
        channel, given["id"], given.get("tenant"), given["locale"], {}, {}, WRITTEN, conditions, given.get("seq_no")
    )


def condition_of(text: str) -> Condition:
    name, operator, *value = text.split(" ", 2)
    namespace, _, variable = name.partition(".") if name.startswith("$") else ("", "", name)
    return Condition(namespace, variable, operator, value[0] if value else None)


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    order = {key: tuple(ids) for key, ids in case.get("order", {}).items()}
    elsewhere = variant_of({"id": "default", "locale": case["locale"]}, "sms")
    template = Template("t", (elsewhere, *map(variant_of, case["variants"])), order)
    choice = choose(template, "email", case.get("names", {}), tenant=case.get("tenant"), locale=case["locale"])
    shown = [
        f"{'=> ' if step.chosen else ''}{step.variant.name.removeprefix('email/')}: {step.reason}"
        for step in choice.steps
    ]
    assert shown == case["steps"]
    assert [step.variant for step in choice.steps if step.chosen] == [choice.variant] * (choice.variant is not None)


LOCALES = st.sampled_from(["en", "es", "es-MX", "es_mx", "fr"])
TENANTS = st.sampled_from([None, "acme", "globex"])
CONDITIONS = st.lists(st.sampled_from(["x == 1", "x != 1", "$recipient.plan == pro", "y EMPTY"]), max_size=2)
VARIANTS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["default", "default-en", "a", "b", "c"]),
            "locale": LOCALES,
            "tenant": TENANTS,
            "if": CONDITIONS | st.just([]),
            "seq_no": st.none() | st.integers(1, 3),
        }
    ),
    max_size=8,
    unique_by=lambda one: (one["tenant"], one["id"]),
)
ORDERS = st.dictionaries(
    st.sampled_from(["email", "email/acme", "sms"]),
    st.permutations(["default", "a", "b", "c"]).map(lambda ids: tuple(ids[:3])),
)
NAMES = st.fixed_dictionaries(
    {}, optional={"x": st.sampled_from([1, 2]), "$recipient": st.just({"plan": "pro"}), "y": st.just("y")}
)


def by_the_rules(template: Template, names: Mapping[str, Any], tenant: str | None, locale: str) -> Variant | None:
    """Level by level, candidate by candidate, and at last the fallback of the channel, whatever its locale."""

    def same(one: str, other: str) -> bool:
        return one.lower().replace("_", "-") == other.lower().replace("_", "-")

    def fits(variant: Variant) -> bool:
        return all(holds(condition, names).holds for condition in variant.conditions)

    def place(variant: Variant) -> tuple[int, int, str]:
        ids = template.order.get("email" if variant.tenant is None else f"email/{variant.tenant}", ())
        at = ids.index(variant.id) if variant.id in ids else 99
        return at, 99 if variant.seq_no is None else variant.seq_no, variant.id

    fallback = default_locale(template, "email")
    for level_tenant, level_locale in [(tenant, locale), (tenant, fallback), (None, locale), (None, fallback)]:
        level = [
            one for one in template.variants
            if one.tenant == level_tenant and same(one.locale, level_locale)
        ]  # fmt: skip
        for variant in sorted((one for one in level if one.id != "default"), key=place):
            if fits(variant):
                return variant
        for variant in level:
            if variant.id == "default" and fits(variant):
                return variant
    for variant in template.variants:
        if variant.id == "default" and variant.tenant is None and fits(variant):
            return variant
    return None


@settings(max_examples=500, deadline=None)
@given(variants=VARIANTS, order=ORDERS, names=NAMES, tenant=TENANTS, locale=LOCALES)
def test_the_rules(
    variants: list[dict[str, Any]],
    order: dict[str, tuple[str, ...]],
    names: dict[str, Any],
    tenant: str | None,
    locale: str,
) -> None:
    template = Template("t", tuple(map(variant_of, variants)), order)
    choice = choose(template, "email", names, tenant=tenant, locale=locale)
    assert choice.variant is by_the_rules(template, names, tenant, locale)
    # Each variant once, with a reason; what was looked at before the chosen one failed a condition.
    assert sorted(id(step.variant) for step in choice.steps) == sorted(map(id, template.variants))
    assert all(step.reason for step in choice.steps)
    assert [step.variant for step in choice.steps if step.chosen] == ([choice.variant] if choice.variant else [])
    for step in choice.steps:
        if step.chosen:
            break
        if step.variant.tenant in (tenant, None) and not step.reason.startswith("locale is"):
            assert not all(holds(one, names).holds for one in step.variant.conditions)
    # The order that the variants are read in makes no difference.
    turned = Template("t", template.variants[::-1], order)
    assert choose(turned, "email", names, tenant=tenant, locale=locale) == choice


def test_the_default_locale_is_that_of_the_default_variant() -> None:
    variants = [{"id": "a", "locale": "fr"}, {"id": "default", "locale": "pt_BR"}]
    assert default_locale(Template("t", tuple(map(variant_of, variants))), "email") == "pt_BR"
    assert default_locale(Template("t"), "email") == "en"
