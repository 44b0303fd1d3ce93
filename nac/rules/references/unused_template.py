"""NAC417: a template that no trigger and no workflow sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.references.mentions import mentions

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC417", "unused-template", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    unsent = [one for one in view.templates if one.variants and not view.triggers_of(one.slug)]
    if not unsent or not view.project.triggers:
        return
    used = view.once(mentions)
    for template in unsent if not used.is_open else ():
        if template.slug in used.templates or used.may_mean(template.slug):
            continue
        # The vendor's folder may hold the templates of a whole workspace, and other applications send them too.
        of_vendor = (template.folder or "").startswith(f"{view.suprsend}/")
        yield Diagnostic(
            RULE,
            f"no trigger sends the template `{template.slug[:80]}`",
            Label(_file(view, template.folder) or template.variants[0].written.source.path),
            help="delete it, or name it under `template:` in a trigger",
            level="info" if of_vendor else None,
        )


def _file(view: View, folder: str | None) -> str | None:
    path = f"{folder}/template.json"
    return path if path in view.all_files else None


CHECK = Check(RULE, find)
