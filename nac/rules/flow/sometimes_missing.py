"""NAC321: a template reads what only some triggers or samples give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.flow import Verdict
    from nac.rules.known.worlds import Given
    from nac.rules.view import View

RULE = Rule("NAC321", "sometimes-missing-variable", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of, holder_is_wrong

    flow = view.once(flow_of)
    for template in view.templates:
        every = flow.all_given(template)
        for reading in flow.uses(template).readings:
            if not reading.rendered or reading.guarded or reading.condition is not None or not reading.steps:
                continue
            if isinstance(reading.steps[0], str) and reading.steps[0].startswith("$"):
                continue
            verdicts = [(give, flow.verdict(reading, give, template)) for give in every]
            if not any(one.given for _, one in verdicts) or any(
                one.gap is not None and holder_is_wrong(one.gap) for _, one in verdicts
            ):
                continue
            lacking = [_lack(give, one) for give, one in verdicts]
            found = [one for one in lacking if one]
            if found and not flow.is_told(label := reading.label, template, around=True):
                related = tuple(
                    give.key_label(
                        reading.steps, "it comes from here" if one.given else "this trigger does not give it"
                    )
                    for give, one in verdicts
                    if _lack(give, one)
                )[:3]
                yield _finding(reading.name[:80], label, found, related)


def _lack(give: Given, verdict: Verdict) -> str | None:
    """Who does not give it, in words."""
    name = f"`{give.trigger.name}`"
    if not verdict.given:
        return name if verdict.gap is not None else None
    if verdict.lacks:
        return f"{name} with {', '.join(f'“{one[:40]}”' for one in verdict.lacks[:3])}"
    return f"the event schema of {name}, where it is optional" if verdict.optional else None


def _finding(name: str, label: Label, lacking: list[str], related: tuple[Label, ...]) -> Diagnostic:
    who = ", ".join(lacking[:4]) + (f" and {len(lacking) - 4} more" if len(lacking) > 4 else "")
    message = f"`{name}` is not always given: not by {who}"
    help = 'say what to print without it, by `{{#if …}}` or `{{default … "…"}}`: without a value the message is dropped'
    return Diagnostic(RULE, message, label, related, help)


CHECK = Check(RULE, find)
