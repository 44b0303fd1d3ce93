"""NAC348: a text, or a message, that is larger than the service or the channel takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.preview.result import Fact
    from nac.rules.view import View

RULE = Rule("NAC348", "text-over-limit", "error")
_FACTS = frozenset(
    "subject_length header_length body_length footer_length subtext_length sender_length buttons button_length "
    "text_length payload_size card_size".split()
)


def find(view: View) -> Iterator[Diagnostic]:
    from nac.preview.facts.slack import TEXT
    from nac.rules.content.measured import measured

    for one in measured(view, _is_over):
        if one.variant.channel == "slack" and one.fact.name != "text_length":
            continue  # blocks have a rule that knows which of them it is
        # What Slack says of texts between its two limits is advice.
        is_advice = one.variant.channel == "slack" and one.fact.limit == TEXT
        yield one.finding(RULE, "warning" if is_advice or one.fact.name == "sender_length" else None)


def _is_over(fact: Fact) -> bool:
    from nac.preview.facts.email import MAX_SUBJECT

    if fact.name == "subject_length":
        return fact.warning and fact.limit == MAX_SUBJECT
    return fact.warning and fact.name in _FACTS


CHECK = Check(RULE, find)
