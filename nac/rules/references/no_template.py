"""NAC413: a trigger whose messages are written in a template that the project has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule, did_you_mean
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.workflow_files import workflows

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC413", "trigger-without-template", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    slugs = frozenset(view.all_slugs)
    if not slugs:
        return  # templates are kept elsewhere
    known = view.once(workflows)
    for trigger in view.triggers:
        slug = trigger.template
        if slug in slugs or is_template(slug):
            continue
        runs = known.get(trigger.runs) if trigger.model.kind == "workflow" else None
        if runs and runs.templates:
            continue  # it says itself what it sends: NAC412
        if known and runs is None and trigger.model.kind == "workflow" and not trigger.model.template:
            continue  # the workflow is not known: NAC410
        key = "template" if trigger.model.template else "workflow"
        yield Diagnostic(
            RULE,
            f"there is no template `{slug[:80]}`: nothing of what this sends can be previewed or checked",
            trigger.at(key).label(),
            help=did_you_mean(slug, slugs) or "pull it with SuprSend's CLI, or name the right one under `template:`",
        )


CHECK = Check(RULE, find)
