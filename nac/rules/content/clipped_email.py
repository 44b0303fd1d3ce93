"""NAC349: an email whose HTML is so long that Gmail clips it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.preview.result import Fact
    from nac.rules.view import View

RULE = Rule("NAC349", "clipped-email", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.measured import measured

    for one in measured(view, _is_clipped):
        yield one.finding(RULE)


def _is_clipped(fact: Fact) -> bool:
    return fact.warning and fact.name == "html_size"


CHECK = Check(RULE, find)
