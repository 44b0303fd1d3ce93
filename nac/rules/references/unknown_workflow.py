"""NAC410: a trigger of a workflow that is not among those that were pulled from SuprSend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule, did_you_mean
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.workflow_files import workflows

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC410", "unknown-workflow")


def find(view: View) -> Iterator[Diagnostic]:
    known = view.once(workflows)
    files = frozenset(view.files) if known else frozenset()
    for one in known.values():
        if one.path in files and one.value is None:
            yield from one.read[1]
    for trigger in view.triggers:
        slug = trigger.runs
        if not known or trigger.model.kind != "workflow" or slug in known or is_template(slug):
            continue
        yield Diagnostic(
            RULE,
            f"there is no workflow `{slug[:80]}` in {view.suprsend}/workflows",
            trigger.at("workflow").label(),
            help=did_you_mean(slug, known) or "pull it with SuprSend's CLI, if it is there",
        )


CHECK = Check(RULE, find)
