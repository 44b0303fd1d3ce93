"""A view of a project → every finding, as nac.yaml and the ignores in the files want them told. Pure.

load, templates, samples, rules → levels of nac.yaml → ignores → sorted
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from nac.check.gone import naming
from nac.check.ignores import Ignores
from nac.check.levels import Levels
from nac.check.met import Met
from nac.check.samples import Compiler
from nac.diagnostics import Diagnostic, ordered
from nac.rules import CHECKS
from nac.rules.view import View

__all__ = ["Compiler", "check", "concerning", "naming"]


def check(view: View, loaded: Iterable[Diagnostic] = (), codes: Collection[str] | None = None) -> list[Diagnostic]:
    """Every finding about what the view looks at, sorted.

    `loaded` is what was found when the project was read. `codes`: only findings of these rules. Findings may lie
    outside the wanted files of a narrowed view; `concerning` leaves those out.
    """
    levels = Levels(view.project, codes)
    met = Met(view, loaded)
    found = [*met.findings, *(one for each in CHECKS if levels.runs(each.rule) for one in each.run(view))]
    found = ordered(one for one in found if levels.runs(one.rule))
    ignores = Ignores(view, {one.label.path for one in found})
    told = ignores.left(found)
    about = [*levels.problems(), *ignores.problems(lambda path, rule: levels.runs(rule) and met.is_sure(path))]
    return ordered(levels.applied([*told, *(one for one in about if levels.runs(one.rule))]))


def concerning(found: Iterable[Diagnostic], paths: Collection[str]) -> list[Diagnostic]:
    """The findings that point at one of these files, as their place or as a related one."""
    return [one for one in found if any(label.path in paths for label in (one.label, *one.related))]
