"""Findings for somebody at a terminal."""

from __future__ import annotations

from nac.report.checked import Checked
from nac.report.findings import findings_text
from nac.report.terminal import Style


def render(checked: Checked, style: Style) -> str:
    return findings_text(checked.findings, checked.line, style)
