"""`nac check`"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from nac.cli.options import output_option, project_option
from nac.cli.output import Failed, check_output, note, style, writing

if TYPE_CHECKING:
    from nac.cli.checking import Answer, Asked

FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit"]
MAX_ROUNDS = 10  # of fixes; one can uncover another


@click.command("check", epilog="Example: nac check --since main --format github")
@click.argument("targets", nargs=-1, metavar="[FILES|TRIGGERS]...")
@click.option("--since", metavar="REF", help="Only what changed since this branch, tag or commit.")
@click.option("--fix", is_flag=True, help="Make the fixes that cannot change what is meant.")
@click.option("--diff", is_flag=True, help="With --fix: show the changes, and make none.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail too; as `strict: true` in nac.yaml.")
@click.option("--rule", "words", metavar="RULE", multiple=True, help="Only findings of this rule (code or name).")
@click.option(
    "--cache/--no-cache", default=True, help="Use what earlier runs found out, where it still holds; the default."
)
@output_option
@project_option
def command(
    targets: tuple[str, ...],
    since: str | None,
    fix: bool,
    diff: bool,
    form: str,
    strict: bool,
    words: tuple[str, ...],
    cache: bool,
    output: str | None,
    root: str,
) -> None:
    """Find what would go wrong, before anything is sent.

    Everything is read, every sample is compiled and previewed, and every rule is asked. `nac explain` lists the rules;
    nac.yaml turns them off or changes their severity. With FILES or TRIGGERS: only findings that point there. Exit 1
    with an error, or with a warning and --strict; with --format sarif always 0, so that the report can be uploaded.
    """
    from nac.cli.checking import asked_for, found

    if diff and not fix:
        raise click.UsageError("--diff goes with --fix")
    if output is not None:
        check_output(output)
    asked = asked_for(root, targets, since, words)
    if diff:
        _show(asked)
        return
    answer = _fixed(asked) if fix else found(asked, cached=cache)
    if _report(answer, asked, form, output, strict or answer.strict) and form != "sarif":
        raise Failed


def _show(asked: Asked) -> None:
    from nac.check.fixes import plan
    from nac.cli.checking import find, read_from
    from nac.report.terminal import safe

    loaded, found = find(asked)
    planned = plan(found, read_from(loaded.project.tree))
    for file in planned.files:
        for line in file.difference():
            click.echo(safe(line))
    if planned.files:
        raise Failed


def _fixed(asked: Asked) -> Answer:
    """What is found when no fix is left to be made."""
    from nac.check.fixes import plan
    from nac.cli.checking import answer_of, find, read_from, write
    from nac.tree import WorkTree

    loaded, found = find(asked)
    made = 0
    for _ in range(MAX_ROUNDS):
        tree = loaded.project.tree
        assert isinstance(tree, WorkTree)
        planned = plan(found, read_from(tree))
        if not planned.files:
            break
        write(tree, planned.files)
        made += len(planned.made)
        loaded, found = find(asked)
    note(f"fixed {made} finding{'s' if made != 1 else ''}" if made else "nothing to fix")
    return answer_of(asked, loaded, found)


def _report(answer: Answer, asked: Asked, form: str, output: str | None, strict: bool) -> bool:
    """Write the findings out; whether they fail the run."""
    from nac._version import __version__
    from nac.cli.checking import line_of
    from nac.report.checked import Checked, render
    from nac.report.rule_pages import page
    from nac.rules import RULES
    from nac.tree import WorkTree

    found = answer.findings
    rules = [rule for rule in RULES if rule.code in answer.rules]
    base = os.path.relpath(asked.root).replace(os.sep, "/")
    checked = Checked(found, rules, line_of(WorkTree(asked.root)), page, __version__,
                      base="" if base == "." else f"{base}/", strict=strict)  # fmt: skip
    look = style(file=output)
    with writing(output) as stream:
        stream.write(render(form, checked, look).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    if not found and form == "text":
        note("no findings")
    return any(checked.fails(one) for one in found)
