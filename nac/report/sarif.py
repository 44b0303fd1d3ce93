"""Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change.

Places count from 1 in code points with the end exclusive, in SARIF as in nac.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from nac.diagnostics import Diagnostic, Fix, Label, Rule
from nac.report.checked import Checked
from nac.report.terminal import Style, safe
from nac.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def render(checked: Checked, style: Style) -> str:
    rules = sorted({one.rule for one in checked.findings}, key=lambda rule: rule.code)
    index = {rule: number for number, rule in enumerate(rules)}
    driver = {
        "name": "nac",
        "semanticVersion": checked.version,
        "rules": [_rule(rule, checked.page(rule)) for rule in rules],
    }
    marks = checked.fingerprints
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(one, index[one.rule], mark, checked) for one, mark in zip(checked.findings, marks, strict=True)
        ],
    }
    text = json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _rule(rule: Rule, page: str) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(one: Diagnostic, index: int, fingerprint: str, checked: Checked) -> dict[str, Any]:
    met = f" (with {', '.join(one.events)})" if one.events else ""
    text = _text(one.message + met + (f"\n{one.help}" if one.help else ""))
    result: dict[str, Any] = {
        "ruleId": one.rule.code,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": _place(one.label, checked)}],
        "partialFingerprints": {"nacFinding/v1": fingerprint},
    }
    if one.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(label, checked),
                "message": {"text": _text(label.message or "related")},
            }
            for number, label in enumerate(one.related, 1)
        ]
    if one.fix:
        result["fixes"] = [_fix(one.fix, checked)]
    return result


def _fix(fix: Fix, checked: Checked) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.replacement}}
        changes.setdefault(edit.path, []).append(replacement)
    return {
        "description": {"text": fix.description},
        "artifactChanges": [
            {"artifactLocation": _artifact(path, checked), "replacements": each} for path, each in changes.items()
        ],
    }


def _place(label: Label, checked: Checked) -> dict[str, Any]:
    # Of a whole file, its first line: code hosts show nothing that has no line.
    region = _region(label.span) if label.span else {"startLine": 1}
    return {"artifactLocation": _artifact(label.path, checked), "region": region}


def _artifact(path: str, checked: Checked) -> dict[str, str]:
    uri = quote(checked.path(path).encode("utf-8", "surrogateescape"), safe="/")
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column,
    }  # fmt: skip


def _text(text: str) -> str:
    """Text that is shown as it is: `[words](place)` would be a link (§3.11.6)."""
    return _LINK.sub(r"\\[", safe(text))
