"""`nac explain`"""

from __future__ import annotations

import shutil

import click

from nac.cli.output import style


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from nac.rules import RULES

    return [word for rule in RULES for word in (rule.code, rule.name) if word.startswith(incomplete)]


@click.command("explain", epilog="Example: nac explain NAC301")
@click.argument("rule", required=False, shell_complete=_complete)
def command(rule: str | None) -> None:
    """Show what a rule is about, by its code or its name.

    Without RULE: all of them.
    """
    from nac.cli.checking import rule_named
    from nac.report.rule_pages import page_text, rules_table

    look = style()
    text = page_text(rule_named(rule), look, shutil.get_terminal_size().columns) if rule else rules_table(look)
    click.echo(text, nl=not text.endswith("\n"), color=look.colour)
