"""NAC412: a workflow whose send nodes name another template than its trigger, or one that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, did_you_mean
from nac.rules.check import Check
from nac.rules.references.workflow_files import Path, Workflow, workflows

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC412", "workflow-out-of-step", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    known, slugs = view.once(workflows), frozenset(view.all_slugs)
    if not slugs:
        return  # templates are kept elsewhere
    files = frozenset(view.files) if known else frozenset()
    triggers: dict[str, list[Trigger]] = {}
    for trigger in view.triggers:
        if trigger.model.kind == "workflow":
            triggers.setdefault(trigger.runs, []).append(trigger)
    for workflow in known.values():
        users = triggers.get(workflow.slug, [])
        if not (users or workflow.path in files) or not workflow.templates:
            continue
        for name, path in workflow.templates:
            if name not in slugs:
                label = _label(workflow, path)
                message = f"the workflow sends the template `{name[:80]}`, and there is none of that name"
                help = did_you_mean(name, slugs) or "pull it with SuprSend's CLI, if it is there"
                yield Diagnostic(RULE, message, label, help=help)
        there = [(name, path) for name, path in workflow.templates if name in slugs]
        for trigger in users if there else ():
            if trigger.template not in dict(there):
                yield _differs(trigger, workflow, *there[0])


def _differs(trigger: Trigger, workflow: Workflow, name: str, path: Path) -> Diagnostic:
    place = _label(workflow, path, "the workflow names it here")
    key = "template" if trigger.model.template else "workflow"
    message = (
        f"the workflow sends the template `{name[:80]}`, and this trigger is previewed with `{trigger.template[:80]}`"
    )
    return Diagnostic(RULE, message, trigger.at(key).label(), (place,), f"write `template: {name[:80]}`")


def _label(workflow: Workflow, path: Path, message: str = "") -> Label:
    written, _ = workflow.read
    span = written.below(*path).label().span if written else None
    return Label(workflow.path, span, message)


CHECK = Check(RULE, find)
