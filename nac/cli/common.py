"""What the commands share: options, loading a project, telling findings, writing results."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from nac.diagnostics import Diagnostic
    from nac.directory import Directories
    from nac.event import Event
    from nac.project import Loaded, Project, Trigger
    from nac.report.terminal import Style

Command = TypeVar("Command", bound=Callable[..., Any])


def project_options(command: Command) -> Command:
    """--project and --directory."""
    for option in (
        click.option("--directory", "replaced", multiple=True, metavar="NAME=FILE",
                     help="Read a declared directory from another file, e.g. a fresh export."),
        click.option("--project", "root", default=".", type=click.Path(file_okay=False), metavar="DIR",
                     help="The directory that holds notifications/.  [default: .]"),
    ):  # fmt: skip
        command = option(command)
    return command


def event_options(command: Command) -> Command:
    """--event, --sample and --now."""
    for option in (
        click.option("--now", metavar="TIME", callback=_now, help="The time that expressions see (ISO 8601)."),
        click.option("--sample", metavar="NAME", help="Only the sample of this name."),
        click.option("--event", "event_file", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
                     help="A JSON file with the event, - for stdin. Without it: the trigger's samples."),
    ):  # fmt: skip
        command = option(command)
    return command


output_option = click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False),
                             help="Write there instead of to stdout; only when all went well.")  # fmt: skip


def complete_trigger(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Trigger names for the shell; file names alone, so that it stays quick."""
    folder = Path(ctx.params.get("root") or ".") / "notifications"
    names = (path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml"))
    return sorted(name for name in names if name.startswith(incomplete) and name != "nac")


def _now(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    from nac.event import parse_now

    found = parse_now(value)
    if found is None:
        raise click.BadParameter("write it as 2026-01-31T09:00:00Z", ctx, param)
    return found


def style(stream: IO[Any] | None = None) -> Style:
    """Colour or none, for stdout or another stream. click.echo has a mind of its own: pass it `color=style.colour`."""
    from nac.report.terminal import Style, wants_colour

    return Style(wants_colour(stream or sys.stdout))


def note(message: str) -> None:
    """A line for the person at the terminal, on stderr."""
    click.echo(message, err=True)


def load(root: str) -> Loaded:
    from nac import api

    try:
        return api.load(root)
    except api.NacError as error:
        raise click.UsageError(str(error)) from None


def tell(project: Project, diagnostics: Iterable[Diagnostic]) -> bool:
    """Print findings to stderr; whether there were any."""
    from nac.diagnostics import ordered
    from nac.report.findings import findings_text
    from nac.tree import TreeError

    files: dict[str, list[str]] = {}

    def line(path: str, number: int) -> str | None:
        if path not in files:
            try:
                files[path] = project.tree.read(path).decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
            except TreeError:
                files[path] = []
        return files[path][number - 1] if number <= len(files[path]) else None

    found = ordered(diagnostics)
    if found:
        look = style(sys.stderr)
        click.echo(findings_text(found, line, look), err=True, nl=False, color=look.colour)
    return bool(found)


def chosen(loaded: Loaded, names: tuple[str, ...]) -> tuple[list[Trigger], list[Diagnostic]]:
    """The named triggers (without names: all), and the findings that concern them or the settings."""
    from nac import api
    from nac.project import FOLDER, SETTINGS

    project = loaded.project
    if not names:
        return [project.triggers[name] for name in sorted(project.triggers)], list(loaded.diagnostics)
    concerned = {SETTINGS, *(f"{FOLDER}/{name}{ending}" for name in names for ending in (".yaml", ".yml"))}
    findings = [one for one in loaded.diagnostics if one.label.path in concerned]
    broken = {one.label.path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0] for one in findings}
    try:
        return [api.find(project, name) for name in names if name not in broken], findings
    except api.NacError as error:
        raise click.UsageError(str(error)) from None


def events(
    project: Project, triggers: list[Trigger], event_file: str | None, sample: str | None, now: datetime | None
) -> Iterator[tuple[Trigger, Event]]:
    """What to run with: the event of a file for the one trigger, or the samples of each."""
    from nac import api
    from nac.diagnostics import did_you_mean
    from nac.event import EventError, live_event

    if event_file is not None:
        if sample is not None:
            raise click.UsageError("--event and --sample exclude each other")
        if len(triggers) != 1:
            raise click.UsageError("--event goes with exactly one trigger")
        try:
            text = sys.stdin.buffer.read() if event_file == "-" else Path(event_file).read_bytes()
            yield triggers[0], live_event(text, project.settings, now or datetime.now(UTC), os.environ, "event")
        except OSError as error:
            raise click.UsageError(f"{event_file}: {(error.strerror or 'cannot be read').lower()}") from None
        except EventError as error:
            raise click.UsageError(f"{'stdin' if event_file == '-' else event_file}: {error}") from None
        return
    names: list[str] = []
    for trigger in triggers:
        found = api.samples(project, trigger, now)
        names += [one.name for one in found]
        if not found:
            note(f"{trigger.name}: no samples; add some, or pass --event")
        yield from ((trigger, one) for one in found if sample is None or one.name == sample)
    if sample is not None and sample not in names:
        hint = did_you_mean(sample, names) or (
            f"there are {', '.join(sorted(set(names)))}" if names else "there are none"
        )
        raise click.UsageError(f"there is no sample '{sample}': {hint}")


@contextmanager
def directories(project: Project, replaced: tuple[str, ...]) -> Iterator[Directories]:
    """The project's directories, some read from other files by --directory NAME=FILE."""
    from nac import api
    from nac.diagnostics import did_you_mean

    overrides: dict[str, Path] = {}
    for one in replaced:
        name, _, file = one.partition("=")
        if not file:
            raise click.UsageError("--directory takes NAME=FILE")
        if name not in project.settings.directories:
            hint = did_you_mean(name, project.settings.directories) or "nac.yaml declares none of that name"
            raise click.UsageError(f"there is no directory '{name}': {hint}")
        if not Path(file).is_file():
            raise click.UsageError(f"--directory {name}: there is no file {file}")
        overrides[name] = Path(file)
    opened = api.directories(project, overrides)
    try:
        yield opened
    finally:
        getattr(opened, "close", lambda: None)()


@contextmanager
def writing(path: str | None) -> Iterator[IO[bytes]]:
    """stdout, or a file that takes its new content as a whole, when nothing went wrong."""
    if path is None:
        yield sys.stdout.buffer
        return
    target = Path(path).resolve()
    if target.exists() and not target.is_file():  # a pipe or a device, /dev/null say, is written to and never replaced
        with target.open("wb") as stream:
            yield stream
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {(error.strerror or 'error').lower()}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class Failed(click.ClickException):
    """Findings were told, or a send failed: exit 1 with nothing more to say."""

    def __init__(self) -> None:
        super().__init__("")

    def show(self, file: IO[Any] | None = None) -> None:
        pass
