"""Findings as JSON of our own, for scripts: docs/check.md describes it. VERSION grows when a reader would break."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from nac.diagnostics import SEVERITIES, Diagnostic, Fix, Label
from nac.report.checked import Checked
from nac.report.terminal import Style
from nac.source import Span

VERSION = 1


def render(checked: Checked, style: Style) -> str:
    counts = Counter(one.severity for one in checked.findings)
    document = {
        "version": VERSION,
        "nac": checked.version,
        "summary": {one: counts[one] for one in SEVERITIES},
        "findings": [_finding(one, mark) for one, mark in zip(checked.findings, checked.fingerprints, strict=True)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def _finding(one: Diagnostic, fingerprint: str) -> dict[str, Any]:
    return {
        "code": one.rule.code,
        "name": one.rule.name,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        "location": _label(one.label),
        "related": [{**_label(label), "message": label.message} for label in one.related],
        "events": list(one.events),
        "fix": _fix(one.fix) if one.fix else None,
        "fingerprint": fingerprint,
    }


def _label(label: Label) -> dict[str, Any]:
    return {"path": label.path, **_span(label.span)}


def _span(span: Span | None) -> dict[str, int | None]:
    return dict(zip(("line", "column", "end_line", "end_column"), span or (None,) * 4, strict=True))


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"path": one.path, **_span(one.span), "replacement": one.replacement} for one in fix.edits]
    return {"description": fix.description, "edits": edits}
