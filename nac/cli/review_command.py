"""`nac review`"""

from __future__ import annotations

import os
import sys

import click

from nac.cli.options import project_option

_CLASSES = ["none", "cosmetic", "content", "audience", "breaking"]


@click.command("review", epilog="Example: nac review origin/main --report nac-report --fail-on audience")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--fail-on", type=click.Choice(_CLASSES), default="breaking", show_default=True,
              help="Fail when a change is of this class or a more severe one; none: never.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings fail too; as `strict: true` in nac.yaml.")
@click.option("--report", "folder", metavar="DIR", type=click.Path(file_okay=False),
              help="Write the reports there: Markdown, HTML, JSON, SARIF, JUnit and Code Quality.")  # fmt: skip
@click.option("--github/--no-github", default=None,
              help="Annotations, step summary and outputs for a GitHub workflow.  [default: in one]")  # fmt: skip
@click.option("--names", is_flag=True, help="Do not cover up people who come from directories.")
@project_option
def command(
    base: str | None, head: str | None, fail_on: str, strict: bool, folder: str | None, github: bool | None,
    names: bool, root: str,
) -> None:  # fmt: skip
    """Check, test and compare a change: everything that a pull request needs, with one exit code.

    BASE and HEAD mean what they mean to `nac diff`; with a HEAD, the project is read from that commit. Without BASE it
    is what a CI service says that the change goes into, else HEAD, for what the work tree changes. Needs no network
    and no credentials. Exit 1 with an error, a sample that fails, or a change of the class --fail-on; 2 where the
    commits are not there.
    """
    from nac import api
    from nac.api.reviews import review
    from nac.cli.memory import rarely_collected
    from nac.cli.output import Failed, check_output, style, write_folder
    from nac.cli.reviewing import base_of, made_review, missing, on_github, tell_github
    from nac.cli.testing import in_ci
    from nac.report.review import report_files
    from nac.report.review.text import review_text
    from nac.report.review.workflow_commands import inert

    if folder is not None:
        check_output(folder, folder=True)
    rarely_collected()
    base, variable = (base, None) if base is not None else base_of(os.environ)
    try:
        reviewed = review(root, base, head, names=names, strict=in_ci(), previews=folder is not None)
    except api.NacError as error:
        raise click.UsageError(missing(error, base, variable)) from None
    made = made_review(reviewed, fail_on, strict)  # type: ignore[arg-type]  # click.Choice lets no other word through
    if folder is not None:
        write_folder(folder, report_files(made))
    github = on_github(os.environ) if github is None else github
    text = review_text(made, style())
    sys.stdout.buffer.write((inert(text) if github else text).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    if github:
        tell_github(made, os.environ, folder)
    if made.failed:
        raise Failed
