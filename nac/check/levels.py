"""What nac.yaml says of rules: `rules: {NAC501: off, undefined-variable: warning}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import cast

from nac.diagnostics import UNKNOWN_RULE, Diagnostic, Rule, Severity, did_you_mean
from nac.project import Project
from nac.rules import RULES, find_rule


class Levels:
    """The severities of a project, and which rules are to run at all. `codes`: only these."""

    def __init__(self, project: Project, codes: Collection[str] | None = None) -> None:
        self._project, self._codes = project, codes
        self._levels: dict[str, str] = {}
        for word, level in project.settings.rules.items():
            if rule := find_rule(word):
                self._levels[rule.code] = level

    def runs(self, rule: Rule) -> bool:
        return self._levels.get(rule.code) != "off" and (self._codes is None or rule.code in self._codes)

    def applied(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings at the severities that nac.yaml gives them."""
        for one in found:
            level = self._levels.get(one.rule.code)
            yield one if level is None else replace(one, level=cast("Severity", level))

    def problems(self) -> Iterator[Diagnostic]:
        """The names in `rules` and `ignore` that no rule has."""
        written, settings = self._project.written, self._project.settings
        if written is None:
            return
        for word in settings.rules:
            if find_rule(word) is None:
                yield unknown_rule(word, Diagnostic(UNKNOWN_RULE, "", written.below("rules", word).label(key=True)))
        for index, one in enumerate(settings.ignore):
            if find_rule(one.rule) is None:
                label = written.below("ignore", index, "rule").label()
                yield unknown_rule(one.rule, Diagnostic(UNKNOWN_RULE, "", label))


def unknown_rule(word: str, finding: Diagnostic) -> Diagnostic:
    """`finding` with the words for a rule that there is not."""
    names = [name for rule in RULES for name in (rule.code, rule.name)]
    # A code that is written right but does not exist has no near one: its digits mean something.
    help = None if re.fullmatch(r"NAC\d{3}", word) else did_you_mean(word, names)
    help = help or "`nac explain` lists the rules"
    return replace(finding, message=f"there is no rule `{word[:60]}`", help=help)
