"""NAC411: a trigger of a workflow that is turned off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.references.workflow_files import workflows

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC411", "disabled-workflow", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    known = view.once(workflows)
    for trigger in view.triggers:
        workflow = known.get(trigger.runs) if trigger.model.kind == "workflow" else None
        if workflow is None or not workflow.is_disabled:
            continue
        written, _ = workflow.read
        place = written.below("is_enabled").label() if written else Label(workflow.path)
        yield Diagnostic(
            RULE,
            f"the workflow `{workflow.slug[:80]}` is disabled: this trigger sends nothing",
            trigger.at("workflow").label(),
            (Label(place.path, place.span, "it is turned off here"),),
            "enable it on SuprSend and pull it again, or remove the trigger",
        )


CHECK = Check(RULE, find)
