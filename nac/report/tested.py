"""What every format of `nac test` is made from, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from nac.diagnostics import Diagnostic, ordered
from nac.expectations import Failure, Outcome
from nac.report.findings import Lines
from nac.report.terminal import PLAIN, Style

# Each is `nac.report.<module>.render(tested, style) -> str`.
FORMATS = {"text": "tested_text", "json": "tested_json", "junit": "tested_junit"}


@dataclass(frozen=True)
class Tested:
    """The outcome of a test run.

    `findings` are those of the project and its triggers, met before any sample ran. `unsampled` are triggers without
    samples; of snapshots, `written` and `deleted` are how many an update did, `obsolete` names those that belong to
    nothing, `problems` says which could not be kept. `seconds` is the time taken, None where it is not to be told.
    """

    outcomes: Sequence[Outcome]
    findings: Sequence[Diagnostic]
    line: Lines
    version: str
    base: str = ""
    unsampled: Sequence[str] = ()
    written: int = 0
    deleted: int = 0
    obsolete: Sequence[str] = ()
    problems: Sequence[str] = ()
    seconds: float | None = None

    @property
    def failed(self) -> bool:
        broken = any(one.severity == "error" for one in self.findings)
        return broken or bool(self.problems) or not all(one.passed for one in self.outcomes)

    @property
    def all_findings(self) -> list[Diagnostic]:
        """Each once, with the samples that it was met with."""
        return ordered([*self.findings, *(one for each in self.outcomes for one in each.findings)])

    @property
    def new(self) -> int:
        return sum(one.state == "new" for one in self.outcomes)


def why(failure: Failure) -> list[str]:
    """What was expected and what was found instead, as lines without styles, where a report has no other way."""
    lines = []
    for name, text in (("expected", failure.expected), ("actual", failure.actual)):
        if text is not None:
            lines += [f"{name}:", *(f"  {line}" for line in text.split("\n"))]
    return lines


def render(form: str, tested: Tested, style: Style = PLAIN) -> str:
    """The outcome in a format of FORMATS."""
    module = import_module(f"nac.report.{FORMATS[form]}")
    return cast("str", module.render(tested, style))
