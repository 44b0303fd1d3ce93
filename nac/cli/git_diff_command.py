"""`nac git-diff`"""

from __future__ import annotations

import os
import sys

import click


@click.command(
    "git-diff",
    context_settings={"ignore_unknown_options": True},
    epilog="Example: git config diff.nac.command 'nac git-diff', with `notifications/** diff=nac` in .gitattributes",
)
@click.argument("given", nargs=-1, type=click.UNPROCESSED,
                metavar="PATH [OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE]")  # fmt: skip
def command(given: tuple[str, ...]) -> None:
    """Show what a file's change does to what is sent, as `git diff` calls it.

    Configured as below, `git diff`, `git show --ext-diff` and `git log -p --ext-diff` show it in the place of
    lines, with everything else as it is in the work tree. What cannot be read that way is shown as lines. Always exits
    with 0: git would stop otherwise.
    """
    from nac.cli.git_diffing import Asked, told
    from nac.cli.output import style
    from nac.report.terminal import Style

    if not given:
        raise click.UsageError("git calls this: see `nac git-diff --help`")
    look = style()
    if os.environ.get("GIT_PAGER_IN_USE") and not os.environ.get("NO_COLOR"):
        look = Style(True)
    lines = told(Asked.of(given), os.environ, look)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
