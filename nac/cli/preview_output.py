"""Where the previews go: stdout, a file, a directory of mails, and the program that opens them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.output import note, style, write_folder, writing

if TYPE_CHECKING:
    from nac.preview.result import Previewed

MAX_OPENED = 10


@dataclass(frozen=True)
class Output:
    """`form` is text, json, html or eml; `path` a file, or a directory for eml; `opened`: show what was written."""

    form: str
    path: str | None
    opened: bool = False
    why: bool = False

    def check(self) -> None:
        """Usage errors that need no project."""
        if self.form == "eml" and self.path is None and not self.opened:
            raise click.UsageError("--format eml writes files: name a directory with -o, or use --open")
        if self.opened and self.form not in ("html", "eml"):
            raise click.UsageError("--open goes with --format html or eml")
        if self.why and self.form not in ("text", "json"):
            raise click.UsageError("--why goes with --format text; json tells it always")

    def write(self, shown: Sequence[Previewed]) -> None:
        if self.form == "eml":
            self._write_mails(shown)
        elif self.form == "html":
            self._write_page(shown)
        else:
            from nac.report.previews import write_previews

            with writing(self.path) as stream:
                write_previews(stream.write, self.form, shown, style(file=self.path), width=self._width(), why=self.why)

    def _width(self) -> int | None:
        """The columns to draw cards in; None for somebody who reads through a pipe."""
        drawn = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        if self.path is not None or not (drawn or os.environ.get("FORCE_COLOR")):
            return None
        return shutil.get_terminal_size((100, 24)).columns

    def _write_mails(self, shown: Sequence[Previewed]) -> None:
        from nac.report.previews.eml import mail_files

        files = mail_files(shown)
        if not files:
            note("no email is sent: nothing was written")
            return
        paths = write_folder(self.path or tempfile.mkdtemp(prefix="nac-"), files)
        for path in paths:
            click.echo(path)
        if self.opened:
            for path in paths[:MAX_OPENED]:
                launch(path)
            if len(paths) > MAX_OPENED:
                note(f"opened the first {MAX_OPENED} of {len(paths):,}")

    def _write_page(self, shown: Sequence[Previewed]) -> None:
        from nac.report.page import preview_page

        page = preview_page(shown).encode("utf-8", "replace")
        path = self.path
        if path is None and self.opened:
            path = private("preview.html")
            click.echo(path)  # where nothing can open it, that shows only after nac has ended
        with writing(path) as stream:
            stream.write(page)
        if self.opened and path is not None:
            launch(Path(path))


def private(name: str) -> str:
    """A file in a directory that nobody else may look into: a page may hold people's data."""
    return os.path.join(tempfile.mkdtemp(prefix="nac-"), name)


def launch(path: Path) -> None:
    if click.launch(str(path.resolve())):
        note(f"nothing here opens {path}: open it yourself")
