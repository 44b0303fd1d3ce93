"""`nac preview`"""

from __future__ import annotations

import click

from nac.cli.options import Given, complete_trigger, given_options
from nac.cli.output import check_output
from nac.cli.running import running


@click.command("preview", epilog="Example: nac preview new_comment --channel email --format html -o page.html")
@click.argument("triggers", nargs=-1, shell_complete=complete_trigger)
@click.option("--template", metavar="SLUG", help="A template by itself, with its mock_data.json or with --event.")
@click.option("--mock", is_flag=True, help="The templates' mock_data.json instead of the triggers' samples.")
@click.option("--all", "every", is_flag=True, help="Every locale and every tenant that there is.")
@click.option("--channel", "channels", metavar="CHANNEL", multiple=True, help="Only this channel; may be repeated.")
@click.option("--recipient", metavar="ID|JSON", help='Only this recipient, or whoever {"distinct_id": …} describes.')
@click.option("--locale", metavar="LOCALE", help="In this language.  [default: the recipient's own, else en]")
@click.option("--tenant", metavar="ID", help="For this tenant.  [default: the one that the trigger names]")
@click.option("--format", "form", type=click.Choice(["text", "json", "html", "eml"]),
              help="html is one page of its own; eml is mail files.  [default: text; with --open: html]")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), metavar="N",
              help="Recipients to show for each event.  [default: 5; with --all: 100]")  # fmt: skip
@click.option("--why", is_flag=True, help="Which variants were looked at, and why each was chosen or not (text).")
@click.option("-o", "--output", metavar="FILE|DIR", type=click.Path(), help="Write there: a directory for eml.")
@click.option("--open", "opened", is_flag=True, help="Open what was written: the page, or the mails.")
@given_options
def command(triggers: tuple[str, ...], given: Given, output: str | None, **options: object) -> None:
    """Show what each recipient would see.

    The trigger's template is rendered for each recipient as SuprSend would, on every channel that it has. A message
    that SuprSend would drop, because a variable is missing, is a finding; what can be shown is shown, and written, all
    the same. Without TRIGGERS: all of them, or, where there are none, all templates.
    """
    from nac import api
    from nac.cli.preview_output import Output
    from nac.cli.previewing import SHARED, Asked, show

    asked = Asked(triggers=triggers, **options)  # type: ignore[arg-type]  # the options above
    out = Output(asked.form or ("html" if asked.opened else "text"), output, opened=asked.opened, why=asked.why)
    out.check()
    if output is not None:
        check_output(output, folder=out.form == "eml")
    names = None if asked.template is not None else triggers
    with running(given, names, also=SHARED) as run, api.Templates(run.project) as templates:
        shown = show(run, templates, asked)
        out.write(shown)
        run.findings += [finding for one in shown for finding in one.diagnostics]
