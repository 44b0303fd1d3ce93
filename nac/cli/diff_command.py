"""`nac diff`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.options import complete_trigger, project_option

if TYPE_CHECKING:
    from nac.diff.changes import Diff

_CLASSES = ["none", "cosmetic", "content", "audience", "breaking"]


@click.command("diff", epilog="Example: nac diff origin/main --fail-on breaking --format markdown -o comment.md")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--fail-on", type=click.Choice(_CLASSES), default="none", show_default=True,
              help="Exit 1 when a change is of this class or a more severe one; none: never.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), default="text",
              show_default=True, help="markdown is for the comment of a pull request, html to look at.")  # fmt: skip
@click.option("--trigger", "triggers", metavar="NAME", multiple=True, shell_complete=complete_trigger,
              help="Only this trigger; may be repeated.")  # fmt: skip
@click.option("--channel", "channels", metavar="CHANNEL", multiple=True, help="Only this channel; may be repeated.")
@click.option("--markup", is_flag=True, help="Show how the markup of messages differs, too.")
@click.option("--names", is_flag=True, help="Do not cover up people who come from directories.")
@project_option
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write there, not to stdout.")
@click.option("--open", "opened", is_flag=True, help="Show the page in the browser, with --format html.")
@click.option("--screenshots", metavar="DIR", type=click.Path(file_okay=False),
              help="Write pictures of the messages, and of what differs, by a Chromium of this machine.")  # fmt: skip
def command(
    base: str | None, head: str | None, fail_on: str, form: str, triggers: tuple[str, ...], channels: tuple[str, ...],
    markup: bool, names: bool, root: str, output: str | None, opened: bool, screenshots: str | None,
) -> None:  # fmt: skip
    """Show what a change does to what is sent.

    Without BASE: what the work tree changes. BASE: what it and its commits change since they grew apart from BASE, as
    a pull request. BASE and HEAD, or BASE..HEAD: what differs between two commits. The samples that are checked in
    are compiled and rendered on both sides, straight from git, and what differs is told with how much it matters.
    """
    from nac import api
    from nac.cli.memory import rarely_collected
    from nac.cli.output import Failed, check_output, style, writing
    from nac.cli.preview_output import launch, private
    from nac.report.diff import write_diff
    from nac.vocabulary import CHANNELS

    for one in channels:
        if one not in CHANNELS:
            from nac.diagnostics import did_you_mean

            hint = (did_you_mean(one, CHANNELS) or f"there are {', '.join(CHANNELS)}").replace("`", "'")
            raise click.UsageError(f"there is no channel '{one}': {hint}")
    if opened and form != "html":
        raise click.UsageError("--open goes with --format html")
    if output is not None:
        check_output(output)
    if screenshots is not None:
        check_output(screenshots, folder=True)
    rarely_collected()
    try:
        found = api.diff(
            root,
            base,
            head,
            triggers=triggers,
            channels=channels or None,
            names=names,
            markup=markup or form == "html",
            previews=form == "html" or screenshots is not None,
        )
    except api.NacError as error:
        raise click.UsageError(str(error)) from None
    if screenshots is not None:
        _screenshots(found, screenshots)
    output = output or (private("diff.html") if opened else None)
    with writing(output) as stream:
        write_diff(stream.write, form, found, style(file=output))
    if opened and output is not None:
        launch(Path(output))
    if found.reaches(fail_on):  # type: ignore[arg-type]  # click.Choice lets no other word through
        raise Failed


def _screenshots(found: Diff, folder: str) -> None:
    from nac.cli.output import note, write_folder
    from nac.report.diff.page.screenshots import MAX_MESSAGES, ScreenshotError, screenshots

    total = sum(len(one.shown) for one in found.changes)
    if not total:
        note("no message differs: no picture was written")
        return
    try:
        files = screenshots(found)
    except ScreenshotError as error:
        raise click.UsageError(str(error)) from None
    write_folder(folder, files)
    of = f" of the first {MAX_MESSAGES} of {total:,} messages" if total > MAX_MESSAGES else ""
    note(f"wrote {len(files) - 1:,} pictures{of} to {folder}")
