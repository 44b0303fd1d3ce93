"""NAC607: a selector that finds everybody in a directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC607", "everyone-selected", "warning")
FEW = 99  # people; a directory of no more is most likely a team
_TRUE = re.compile(r"\s*(?:\(\s*)?(?:true|1|(\w+|'[^']*')\s*=\s*\1)(?:\s*\))?\s*;?\s*(?:--.*)?", re.I)


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        for index, selector in enumerate(getattr(trigger.model, "recipients", ())):
            if getattr(selector, "from_", None) is None or selector.limit is not None:
                continue
            at = trigger.at("recipients", index)
            count = _reached(view, trigger, index)
            if selector.where is None and count > FEW:
                message = f"this reaches everybody in `{selector.from_[:80]}`: {count:,} people with the samples"
                help = "say who with `where:`, or how many with `limit:`"
                yield Diagnostic(RULE, message, at.below("from").label(), help=help, level="info")
            elif selector.where is not None and _TRUE.fullmatch(selector.where):
                message = f"this holds for every row: it reaches everybody in `{selector.from_[:80]}`"
                yield Diagnostic(RULE, message, at.below("where").label(), help="compare a column with a parameter")


def _reached(view: View, trigger: Trigger, index: int) -> int:
    """How many a sample found at most; 0 where that cannot be told from the people of other selectors."""
    counts = [0]
    for sampled in view.samples(trigger):
        if all(one.selector == index for one in sampled.people):
            counts.append(len(sampled.people) + sampled.more)
    return max(counts)


CHECK = Check(RULE, find)
