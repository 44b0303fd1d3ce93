"""A view of a project → every finding, as nac.yaml and the ignores in the files want them told. Pure.

load, templates, samples, rules → levels of nac.yaml → ignores → sorted
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nac.check.gone import naming
from nac.check.ignores import Ignores
from nac.check.levels import Levels
from nac.check.met import Met
from nac.check.same_place import once_a_place
from nac.check.samples import Compiler
from nac.diagnostics import Diagnostic, ordered
from nac.rules import CHECKS
from nac.rules.view import View

__all__ = ["Compiler", "Examined", "check", "concerning", "examine", "naming"]


@dataclass(frozen=True)
class Examined:
    """`told` is what `check` gives; `raw` is all of it before nac.yaml and the ignores had their say."""

    raw: tuple[Diagnostic, ...]
    told: list[Diagnostic]


def check(view: View, loaded: Iterable[Diagnostic] = (), codes: Collection[str] | None = None) -> list[Diagnostic]:
    """Every finding about what the view looks at, sorted.

    `loaded` is what was found when the project was read. `codes`: only findings of these rules. Findings may lie
    outside the wanted files of a narrowed view; `concerning` leaves those out.
    """
    return examine(view, loaded, codes).told


def examine(view: View, loaded: Iterable[Diagnostic] = (), codes: Collection[str] | None = None) -> Examined:
    """The same, with what was found on the way."""
    levels = Levels(view.project, codes)
    met = Met(view, loaded)
    raw = (*met.findings, *(one for each in CHECKS if levels.runs(each.rule) for one in each.run(view)))
    found = once_a_place(ordered(one for one in raw if levels.runs(one.rule)))
    ignores = Ignores(view, {one.label.path for one in found})
    told = ignores.left(found)
    about = [*levels.problems(), *ignores.problems(lambda path, rule: levels.runs(rule) and met.is_sure(path))]
    return Examined(raw, ordered(levels.applied([*told, *(one for one in about if levels.runs(one.rule))])))


def concerning(found: Iterable[Diagnostic], paths: Collection[str]) -> list[Diagnostic]:
    """The findings that point at one of these files, as their place or as a related one."""
    return [one for one in found if any(label.path in paths for label in (one.label, *one.related))]
