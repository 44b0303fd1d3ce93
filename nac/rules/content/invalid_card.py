"""NAC357: an Adaptive Card that Teams does not show, or not all of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC357", "invalid-card")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.cards import problems

    for one in problems(view):
        if one.kind != "alt":
            yield one.finding(RULE)


CHECK = Check(RULE, find)
