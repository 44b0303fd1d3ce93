"""What every format of `nac check` is made from, and the table of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import cast

from nac.diagnostics import Diagnostic, Rule
from nac.report.findings import Lines, masked
from nac.report.terminal import PLAIN, Style

# Each is `nac.report.<module>.<function>(checked, style) -> str`.
FORMATS = {
    "text": "checked_text",
    "json": "checked_json",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
}


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    `rules`: those that ran, by code. `line` gives a line of a file. `base` leads from the folder that a service shows
    files relative to, the one nac runs in, to the project: "" or "sub/". `strict`: warnings fail too. `page` gives the
    documentation of a rule in Markdown. `version` is nac's own.
    """

    findings: Sequence[Diagnostic]
    rules: Sequence[Rule]
    line: Lines
    page: Callable[[Rule], str]
    version: str
    base: str = ""
    strict: bool = False

    def fails(self, one: Diagnostic) -> bool:
        return one.severity == "error" or (self.strict and one.severity == "warning")

    def path(self, path: str) -> str:
        return self.base + path

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """For each finding a text that stays when lines above it come or go, and tells it from all others.

        It is made of the rule, the file, the line's own text and how many alike stand before it; what a rule says may
        change from version to version.
        """
        line = masked(self.findings, self.line)
        seen: Counter[tuple[str, str, str]] = Counter()
        found = []
        for one in self.findings:
            text = (line(one.label.path, one.label.span.line) or "").strip() if one.label.span else ""
            same = (one.rule.code, one.label.path, text)
            whole = "\0".join((*same, str(seen[same])))
            found.append(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32])
            seen[same] += 1
        return tuple(found)


def render(form: str, checked: Checked, style: Style = PLAIN) -> str:
    """The findings in a format of FORMATS."""
    module = import_module(f"nac.report.{FORMATS[form]}")
    return cast("str", module.render(checked, style))
