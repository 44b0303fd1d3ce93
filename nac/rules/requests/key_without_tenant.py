"""NAC512: an idempotency key of a number that each tenant counts for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.requests.keys import pieces, read_paths, value_of

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC512", "key-without-tenant", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        key, tenant = trigger.model.idempotency_key, trigger.model.tenant_id
        if key is None or tenant is None or not (is_template(key) and is_template(tenant)):
            continue
        of_tenant = [steps for steps in read_paths(tenant) if steps[0] == "event"]
        if any(steps[: len(one)] == one[: len(steps)] for steps in read_paths(key) for one in of_tenant):
            continue
        samples = [one for one in view.samples(trigger) if one.fields is not None]
        tenants = {str((one.fields or {}).get("tenant_id")) for one in samples}
        numbers = {_number(key, one.event.scope) for one in samples}
        if len(tenants) < 2 or None in numbers:
            continue
        yield Diagnostic(
            RULE,
            "this key is no more than a number, and tenants differ: two of them may come to the same one",
            trigger.at("idempotency_key").label(),
            (trigger.at("tenant_id").label(),),
            f"add the tenant to it: `{tenant.strip()[:80]}`",
        )


def _number(key: str, scope: dict[str, object]) -> str | None:
    """The digits of a key whose expressions all give small numbers; of any other None."""
    values = [str(value_of(piece, scope)) for piece in pieces(key)]
    return "-".join(values) if all(re.fullmatch(r"\d{1,6}", one) for one in values) else None


CHECK = Check(RULE, find)
