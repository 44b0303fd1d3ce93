"""A test run as JSON of our own, for scripts: docs/testing.md describes it. VERSION grows when a reader would break."""

from __future__ import annotations

import json
from typing import Any

from nac.diagnostics import Diagnostic, Label
from nac.expectations import Failure, Outcome
from nac.report.terminal import Style
from nac.report.tested import Tested

VERSION = 1


def render(tested: Tested, style: Style) -> str:
    passed = sum(one.passed for one in tested.outcomes)
    document = {
        "version": VERSION,
        "nac": tested.version,
        "passed": not tested.failed,
        "summary": {"samples": len(tested.outcomes), "passed": passed, "failed": len(tested.outcomes) - passed},
        "results": [_outcome(one) for one in tested.outcomes],
        "findings": [_finding(one) for one in tested.findings],
        "unsampled": list(tested.unsampled),
        "snapshots": {
            "new": tested.new,
            "written": tested.written,
            "deleted": tested.deleted,
            "obsolete": list(tested.obsolete),
            "problems": list(tested.problems),
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "trigger": one.trigger,
        "sample": one.sample,
        "passed": one.passed,
        "snapshot": one.state,
        "location": _label(one.place),
        "failures": [_failure(each) for each in one.failures],
        "findings": [_finding(each) for each in one.findings],
    }


def _failure(one: Failure) -> dict[str, Any]:
    return {
        "message": one.message,
        "location": _label(one.label),
        "related": [_label(each) for each in one.related],
        "expected": one.expected,
        "actual": one.actual,
        "help": one.help,
    }


def _finding(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.rule.code,
        "name": one.rule.name,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "location": _label(one.label),
    }


def _label(label: Label) -> dict[str, Any]:
    names = ("line", "column", "end_line", "end_column")
    return {"path": label.path, **dict(zip(names, label.span or (None,) * 4, strict=True))}
