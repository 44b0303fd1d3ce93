"""NAC320: a template reads what no trigger that uses it gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, Severity, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.uses import Reading
    from nac.rules.known.values import Seen
    from nac.rules.known.worlds import Given
    from nac.rules.view import View

RULE = Rule("NAC320", "missing-variable")
# Told as NAC324 and NAC325.
_OTHERS = frozenset({"$recipient", "$actor", "$brand", "$organization", "$tenant"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of, holder_is_wrong

    flow = view.once(flow_of)
    for template in view.templates:
        every = flow.all_given(template)
        if not every:
            continue
        for reading in flow.uses(template).readings:
            if not reading.rendered or not reading.steps or reading.steps[0] in _OTHERS:
                continue
            verdicts = [flow.verdict(reading, give, template) for give in every]
            gaps = [gap for one in verdicts if (gap := one.gap or one.elsewhere) is not None]
            if not gaps or any(one.given for one in verdicts) or any(map(holder_is_wrong, gaps)):
                continue
            if reading.guarded and not all(one.certain for one in verdicts):
                continue
            label = reading.label
            if not flow.is_told(label, template, around=True):
                yield _finding(reading, label, every, gaps[0])


def _finding(reading: Reading, label: Label, every: list[Given], gap: Seen) -> Diagnostic:
    from nac.rules.known.values import names_in

    assert gap.gap is not None
    steps = reading.steps[: gap.gap]
    step = reading.steps[gap.gap]
    name = reading.name[:80]
    near = nearest(str(step), [one for one in names_in(gap.holder) if isinstance(one, str)])
    related = tuple(
        give.key_label((*steps, near) if near else steps, "did you mean this?" if near else "what it gives")
        for give in every[:3]
    )
    help = f"did you mean `{near}`?" if near else "give it in the trigger's `data`, or take it out of the template"
    level: Severity | None = None
    who = f"the trigger `{every[0].trigger.name}` does" if len(every) == 1 else f"none of its {len(every)} triggers do"
    message = f"`{name}` is given by nobody: {who}{' not' if len(every) == 1 else ''}"
    if reading.condition is not None:
        level, message = "warning", f"this condition never holds: `{name}` is given by no trigger of this template"
    elif reading.guarded:
        level, message = "info", f"`{name}` is given by no trigger of this template: it always counts as empty here"
    elif any(give.is_opaque for give in every):
        level = "warning"
    return Diagnostic(RULE, message, label, related, help, level=level)


CHECK = Check(RULE, find)
