"""NAC415: a partial, which SuprSend does not have. Where a sample renders the text, it is told as NAC310."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC415", "unknown-partial")
MAX_TOLD = 20


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.references.rendered import told_by_samples

    told = view.once(told_by_samples)
    for template in view.templates:
        for templated in view.texts(template):
            if ">" not in templated.text.value:
                continue
            for call in templated.usage.partials[:MAX_TOLD] if templated.usage else ():
                label = templated.label(call.name_span)
                if call.found or call.block or call.name is None or (label.path, label.span) in told:
                    continue
                yield Diagnostic(
                    RULE,
                    f"there is no partial `{call.name[:80]}`: SuprSend has none, and drops the message",
                    label,
                    help="write its text here",
                )


CHECK = Check(RULE, find)
