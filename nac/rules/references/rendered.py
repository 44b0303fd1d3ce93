"""What rendering the samples has found already, so that a rule does not tell it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nac.diagnostics import INVALID_TEMPLATE

if TYPE_CHECKING:
    from nac.rules.view import View


def told_by_samples(view: View) -> frozenset[object]:
    """The path and span of every finding that a template is not valid."""
    return frozenset(
        (one.label.path, one.label.span)
        for trigger in view.triggers
        for sampled in view.samples(trigger)
        for one in sampled.diagnostics
        if one.rule is INVALID_TEMPLATE
    )
