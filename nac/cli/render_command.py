"""`nac render`"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nac.cli.options import output_option, project_option
from nac.cli.output import Failed, style, writing

if TYPE_CHECKING:
    from nac.handlebars import HandlebarsError
    from nac.templates import Context, Translations

_CALLS_T = re.compile(r"[{(#&~]\s*t\s")


@click.command("render", epilog="Example: echo 'Hi {{name}}' | nac render - --data person.json")
@click.argument("template", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--data", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
              help="A JSON file with the names that the template can read, - for stdin.")  # fmt: skip
@click.option("--lenient", is_flag=True, help="A missing variable prints nothing, and is no error.")
@click.option("--now", metavar="TIME", help='The time that `datetime-format "now"` prints (ISO 8601).  [default: now]')
@click.option("--locale", metavar="LOCALE", default="en", show_default=True, help="Whose translations `t` prints.")
@click.option("--engine", type=click.Choice(["nac", "pybars3"]), default="nac", show_default=True,
              help="pybars3 prints what it prints, never missing a variable.")  # fmt: skip
@output_option
@project_option
def command(
    template: str,
    data: str | None,
    lenient: bool,
    now: str | None,
    locale: str,
    engine: str,
    output: str | None,
    root: str,
) -> None:
    """Render one Handlebars template, - for stdin.

    SuprSend's helpers are there, and the translations in notifications/translations/. The output is the template's own,
    byte for byte, but on a terminal.
    """
    from nac.templates import Context

    if template == data == "-":
        raise click.UsageError("only one of the template and --data can come from stdin")
    name = "stdin" if template == "-" else template
    source = _text(template).removesuffix("\n").removesuffix("\r")
    translations = _translations(root) if _CALLS_T.search(source) else None
    context = Context(_data(data), now=_time(now), locale=locale, translations=translations)
    with writing(output) as stream:
        text = (
            _with_pybars3(source, name, context) if engine == "pybars3" else _render(source, name, context, not lenient)
        )
        if stream.isatty():
            from nac.report.terminal import safe

            text = safe(text) + "\n"
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()


def _render(source: str, name: str, context: Context, strict: bool) -> str:
    from nac import handlebars
    from nac.handlebars import HandlebarsError
    from nac.templates import HELPERS, problems

    try:
        return handlebars.compile(source, strict=strict, helpers=HELPERS, name=name).render(context)
    except HandlebarsError as error:
        raise _told(source, name, problems(source, context, name=name) if strict else [error]) from None


def _with_pybars3(source: str, name: str, context: Context) -> str:
    from nac.handlebars import HandlebarsError
    from nac.templates import HELPERS
    from nac.templates.pybars import EngineError, compile_pybars, is_installed

    if not is_installed():
        raise click.UsageError("--engine pybars3 needs pybars3: pip install 'nac[pybars3]'")
    try:
        return compile_pybars(source, helpers=HELPERS, name=name).render(context)
    except HandlebarsError as error:
        raise _told(source, name, [error]) from None
    except EngineError as error:
        raise click.ClickException(f"{name}: {error}") from None


def _told(source: str, name: str, errors: list[HandlebarsError]) -> Failed:
    """Print the errors to stderr as findings."""
    from nac.diagnostics import ordered
    from nac.report.findings import findings_text
    from nac.source import SourceFile
    from nac.templates.findings import finding_of

    look, file = style(sys.stderr), SourceFile(name, source)
    text = findings_text(ordered(map(finding_of, errors)), lambda _, number: file.line(number), look)
    click.echo(text, err=True, nl=False, color=look.colour)
    return Failed()


def _translations(root: str) -> Translations:
    from nac.cli.running import tell
    from nac.project import Project
    from nac.templates.translation_files import load_translations
    from nac.tree import WorkTree

    tree = WorkTree(root)
    translations, findings = load_translations(tree)
    if findings:
        from nac.model import Settings

        tell(Project(tree, Settings(), {}), findings)
        raise Failed
    return translations


def _text(path: str) -> str:
    try:
        return (sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError as error:
        name = "stdin" if path == "-" else path
        raise click.UsageError(f"{name}: the byte 0x{error.object[error.start]:02x} is not UTF-8") from None


def _data(path: str | None) -> dict[str, Any]:
    from nac.event import EventError, parse_event

    if path is None:
        return {}
    try:
        return parse_event(_text(path))
    except EventError as error:
        name = "stdin" if path == "-" else path
        raise click.UsageError(f"{name}: {str(error).replace('an event', 'the data')}") from None


def _time(text: str | None) -> datetime:
    from nac.event import parse_now

    found = datetime.now(UTC) if text is None else parse_now(text)
    if found is None:
        raise click.BadParameter("write it as 2026-01-31T09:00:00Z", param_hint="'--now'")
    return found
