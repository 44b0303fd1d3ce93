"""NAC414: a tenant that the project does not describe, though it describes others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, did_you_mean
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.sample_places import SamplePlaces

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC414", "unknown-tenant", "warning")
DEFAULT = "default"
_KEYS = ("tenant_id", "brand_id")


def find(view: View) -> Iterator[Diagnostic]:
    known = view.once(_known)
    if not known:
        return
    for trigger in view.triggers:
        yield from _in_trigger(view, trigger, known)
    for template in view.templates:
        told = set()
        for variant in template.variants:
            if variant.tenant and variant.tenant not in known and variant.tenant not in told:
                told.add(variant.tenant)
                place, value = variant.written, variant.written.value
                named = isinstance(value, dict) and value.get("tenant_id") == variant.tenant
                label = place.below("tenant_id").label() if named else Label(place.source.path)
                yield _finding(variant.tenant, label, known, "no message is ever sent in this variant")
    written = view.project.written
    if written is None or written.source.path not in view.files:
        return
    for name, workspace in view.project.settings.workspaces.items():
        for index, tenant in enumerate(workspace.tenants or ()):
            if tenant not in known:
                label = written.below("workspaces", name, "tenants", index).label()
                yield _finding(tenant, label, known, "nothing is sent for it")


def _in_trigger(view: View, trigger: Trigger, known: frozenset[str]) -> Iterator[Diagnostic]:
    without = "templates read nothing of it as `$brand`"
    told = set()
    for key in _KEYS:
        value = getattr(trigger.model, key, None)
        if isinstance(value, str) and not is_template(value):
            if value not in known and value not in told:
                told.add(value)
                yield _finding(value, trigger.at(key).label(), known, without)
            continue
        for index, sampled in enumerate(view.samples(trigger)):
            tenant = (sampled.fields or {}).get(key)
            if not isinstance(tenant, str) or tenant in known or tenant in told:
                continue
            told.add(tenant)
            written = view.once(SamplePlaces).of(trigger, index, tenant)
            label = (written or trigger.at(key)).label()
            related = (trigger.at(key).label(),) if written else ()
            yield _finding(tenant, label, known, without, related)


def _finding(tenant: str, label: Label, known: frozenset[str], why: str, related: tuple[Label, ...] = ()) -> Diagnostic:
    from nac.project import FOLDER

    message = f"there is no tenant `{tenant[:80]}` in {FOLDER}/tenants: {why}"
    help = did_you_mean(tenant, sorted(known)) or f"describe it in {FOLDER}/tenants/{tenant[:64]}.yaml"
    return Diagnostic(RULE, message, label, related, help)


def _known(view: View) -> frozenset[str]:
    """The tenants that are described, those included whose file has a mistake; none where none is."""
    from nac.project import FOLDER

    folder = f"{FOLDER}/tenants/"
    files = (path.removeprefix(folder) for path in view.all_files if path.startswith(folder))
    names = {name.rsplit(".", 1)[0] for name in files if name.endswith((".yaml", ".yml"))}
    return frozenset({*names, DEFAULT}) if names else frozenset()


CHECK = Check(RULE, find)
