"""The documentation page of each rule: in an installed nac beside the rules, in a checkout in docs/rules."""

from __future__ import annotations

import io
import re
from importlib.resources import files
from pathlib import Path

from nac.diagnostics import Rule
from nac.report.table import table
from nac.report.terminal import PLAIN, Style
from nac.rules import RULES, page_name


def page(rule: Rule) -> str:
    """The page in Markdown."""
    packaged = files("nac.rules") / "pages" / page_name(rule)
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "docs" / "rules" / page_name(rule)).read_text(encoding="utf-8")


def page_text(rule: Rule, style: Style = PLAIN, columns: int = 100) -> str:
    """The page for a terminal; without colour, the Markdown itself."""
    if not style.colour:
        return page(rule)
    from rich.console import Console
    from rich.markdown import Markdown

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=min(columns, 100), color_system="standard", highlight=False)
    # The path of an example stands in its fence, which a terminal does not show.
    text = re.sub(r'^```(\w+) title="([^"]+)"$', r"*\2*\n\n```\1", page(rule), flags=re.MULTILINE)
    console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))
    return out.getvalue()


def rules_table(style: Style = PLAIN) -> str:
    """Every rule: its code, its name, its severity, and the first sentence of its page."""
    rows = [(rule.code, rule.name, rule.severity, page(rule).split("\n")[2]) for rule in RULES]
    return table(("code", "name", "severity", "what it means"), rows, style)
