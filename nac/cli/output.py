"""Where results and messages go: stdout or a file, and stderr."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from nac.report.terminal import Style


def style(stream: IO[Any] | None = None, *, file: str | None = None) -> Style:
    """Colour or none, for stdout, another stream, or a file. To click.echo, pass `color=style.colour` too."""
    from nac.report.terminal import PLAIN, Style, wants_colour

    return PLAIN if file is not None else Style(wants_colour(stream or sys.stdout))


def note(message: str) -> None:
    """A line for the person at the terminal, on stderr."""
    click.echo(message, err=True)


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


def check_output(path: str, *, folder: bool = False) -> None:
    """Complain before the work is done, rather than after, about an output that could never be written."""
    target = Path(path)
    if folder and target.exists() and not target.is_dir():
        raise click.UsageError(f"cannot write {path}: it is a file, and the mails need a directory")
    if not folder and target.is_dir():
        raise click.UsageError(f"cannot write {path}: it is a directory")
    if not folder and not target.resolve().parent.is_dir():
        raise click.UsageError(f"cannot write {path}: no such file or directory")


def write_folder(path: str, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a directory, which is made where there is none; each appears whole, or not at all."""
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        near = target if target.is_dir() else target.parent
        with tempfile.TemporaryDirectory(dir=near, prefix=".nac-", ignore_cleanup_errors=True) as made:
            for name, content in files.items():
                Path(made, name).write_bytes(content)
            target.mkdir(exist_ok=True)
            for name in files:
                os.replace(Path(made, name), target / name)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        raise click.UsageError(f"cannot write {path}: {(error.strerror or 'error').lower()}") from None
    return [target / name for name in files]


class Failed(click.ClickException):
    """Findings were told, or a send failed: exit 1 with nothing more to say."""

    def __init__(self) -> None:
        super().__init__("")

    def show(self, file: IO[Any] | None = None) -> None:
        pass
