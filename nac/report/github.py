"""Findings as workflow commands, which GitHub Actions shows beside the lines of a change.

GitHub shows 10 of each kind for a step, so the errors come first. `%`, CR and LF are escaped everywhere, `:` and `,` in
properties.
"""

from __future__ import annotations

from collections.abc import Mapping

from nac.diagnostics import SEVERITIES, Diagnostic
from nac.report.checked import Checked
from nac.report.terminal import Style, safe

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(checked: Checked, style: Style) -> str:
    findings = sorted(checked.findings, key=lambda one: SEVERITIES.index(one.severity))
    return "".join(_command(one, checked) + "\n" for one in findings)


def _command(one: Diagnostic, checked: Checked) -> str:
    properties = {"file": checked.path(one.label.path)}
    if span := one.label.span:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # columns of a place of several lines are refused
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = str(one.rule)
    lines = [one.message, *([f"with: {', '.join(one.events)}"] if one.events else [])]
    lines += [f"help: {one.help}"] if one.help else []
    return command(_COMMANDS[one.severity], properties, "\n".join(lines))


def command(name: str, properties: Mapping[str, str], text: str) -> str:
    """A workflow command, without the line feed that ends it."""
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
