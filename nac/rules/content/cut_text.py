"""NAC347: a subject, a preheader or a notification that is longer than what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.preview.result import Fact
    from nac.rules.view import View

RULE = Rule("NAC347", "cut-off-text", "warning")
_FACTS = frozenset({"subject_length", "preheader_length", "header_shown", "body_shown"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.measured import measured

    for one in measured(view, _is_cut):
        yield one.finding(RULE)


def _is_cut(fact: Fact) -> bool:
    from nac.preview.facts.email import MAX_SUBJECT

    # A subject that is missing, or refused, is told by other rules.
    return fact.warning and fact.name in _FACTS and fact.value != 0 and fact.limit != MAX_SUBJECT


CHECK = Check(RULE, find)
