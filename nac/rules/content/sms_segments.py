"""NAC346: an SMS that is sent, and paid for, in many segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.preview.result import Fact
    from nac.rules.view import View

RULE = Rule("NAC346", "many-sms-segments", "warning")
# Two or three are what a sentence and a long link take.
MAX_SEGMENTS = 3


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.measured import measured
    from nac.rules.content.shown import field_label

    for one in measured(view, _is_long):
        yield Diagnostic(
            RULE,
            f"this SMS is sent in {one.fact.value} segments, and each of them is paid for",
            field_label(one.variant, one.path),
            help=f"up to {MAX_SEGMENTS} are usual: shorten it, or put the rest behind a link",
            events=one.events,
        )


def _is_long(fact: Fact) -> bool:
    return fact.name == "segments" and isinstance(fact.value, int) and fact.value > MAX_SEGMENTS


CHECK = Check(RULE, find)
