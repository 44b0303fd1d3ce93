"""NAC356: blocks that Slack refuses, and the message with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC356", "invalid-blocks")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.blocks import problems

    for one in problems(view):
        yield one.finding(RULE)


CHECK = Check(RULE, find)
