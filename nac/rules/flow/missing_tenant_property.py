"""NAC325: a template reads a property of the tenant's brand that a tenant of the project lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule, did_you_mean
from nac.expressions import is_template
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.worlds import Given
    from nac.rules.view import View
    from nac.templates.template import Template, Variant

RULE = Rule("NAC325", "missing-tenant-property", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.preview.scene import DEFAULT_TENANT
    from nac.rules.known.flow import flow_of
    from nac.rules.known.values import look_up

    flow = view.once(flow_of)
    tenants = view.project.tenants
    for template in view.templates if tenants else ():
        every = flow.all_given(template)
        for reading in flow.uses(template).readings if every else ():
            steps = reading.steps
            if not reading.rendered or reading.guarded or reading.condition or len(steps) < 2:
                continue
            if steps[0] not in ("$brand", "$organization", "$tenant") or steps[1] == "id":
                continue
            ids = (
                {DEFAULT_TENANT} if steps[0] == "$organization" else _reachable(view, template, reading.variant, every)
            )
            lacking = []
            for one in sorted(ids & set(tenants)):
                seen = look_up(tenants[one].brand, steps[1:])
                if any(each.gap is not None for each in seen):
                    lacking.append(one)
            if not lacking or flow.is_told(label := reading.label, template):
                continue
            properties = {name for one in tenants.values() for name in one.properties}
            last = str(steps[-1])
            who = ", ".join(f"`{one}`" for one in lacking[:5])
            yield Diagnostic(
                RULE,
                f"the tenant {who} has no `{'.'.join(map(str, steps[1:]))[:80]}`",
                label,
                tuple(Label(f"notifications/tenants/{one}.yaml", message="not here") for one in lacking[:3]),
                did_you_mean(last, properties - {last}) or "add it there, or write what stands here without it",
            )


def _reachable(view: View, template: Template, variant: Variant, every: list[Given]) -> set[str]:
    """The tenants whose readers may get this variant."""
    from nac.preview.scene import DEFAULT_TENANT
    from nac.templates.choice import default_locale
    from nac.templates.translations import normal

    if variant.tenant is not None:
        return {variant.tenant}
    found: set[str] = set()
    for give in every:
        model: Any = give.trigger.model
        for written in (model.tenant_id, getattr(model, "brand_id", None)):
            if written is not None and is_template(written):
                found |= set(view.project.tenants) - {DEFAULT_TENANT}
                found |= {one.tenant or DEFAULT_TENANT for one in give.worlds}
            elif written is not None:
                found.add(written)
        if model.tenant_id is None and getattr(model, "brand_id", None) is None:
            found.add(DEFAULT_TENANT)
    fallback = normal(default_locale(template, variant.channel))
    # Who has a variant of their own for every case never gets to the shared ones.
    own = [one for one in template.of(variant.channel) if not one.conditions and normal(one.locale) == fallback]
    return found - {one.tenant for one in own if one.tenant is not None}


CHECK = Check(RULE, find)
