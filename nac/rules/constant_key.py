"""NAC602: an idempotency key that is the same for every event, so that only the first is ever sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC602", "constant-idempotency-key")
# What is the same in every event: an expression that reads only these gives one key for ever.
_CONSTANT_ROOTS = frozenset({"env"})


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        key = trigger.model.idempotency_key
        if key is not None and _is_constant(key):
            yield Diagnostic(
                RULE,
                "this idempotency key is the same for every event: SuprSend would skip all but the first",
                trigger.at("idempotency_key").label(),
                help="build it from an id of the event, such as `{{ event.id }}`",
            )


def _is_constant(key: str) -> bool:
    from nac.expressions import ExpressionError, is_template, roots

    if not is_template(key):
        return True
    try:
        return {steps[0] for steps in roots(key)} <= _CONSTANT_ROOTS
    except ExpressionError:
        return False  # told as NAC302


CHECK = Check(RULE, find)
