"""Findings as a GitLab Code Quality report, an array in the form of Code Climate's issues."""

from __future__ import annotations

import json
from typing import Any

from nac.diagnostics import Diagnostic
from nac.report.checked import Checked
from nac.report.terminal import Style, safe

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(checked: Checked, style: Style) -> str:
    issues = [_issue(one, mark, checked) for one, mark in zip(checked.findings, checked.fingerprints, strict=True)]
    text = json.dumps(issues, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _issue(one: Diagnostic, fingerprint: str, checked: Checked) -> dict[str, Any]:
    first, last = (one.label.span.line, one.label.span.end_line) if one.label.span else (1, 1)
    return {
        "description": safe(f"{one.message} ({one.help})" if one.help else one.message),
        "check_name": str(one.rule),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[one.severity],
        "location": {"path": checked.path(one.label.path), "lines": {"begin": first, "end": last}},
    }
