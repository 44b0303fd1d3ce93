"""Journals as commands use them: which one is meant, opened without making one, and what they say with a plan."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nac.cli.safeguards import Refused

if TYPE_CHECKING:
    from nac.journal import Journal

FOLDER = ".nac"


class Opened:
    """A journal whose errors are told as those of a command. None where nothing was ever sent: reading makes none."""

    def __init__(self, where: str, make: Callable[[], Journal]) -> None:
        self._where, self._make = where, make
        self._journal: Journal | None = None

    def __enter__(self) -> Journal | None:
        from nac.journal import JournalError
        from nac.journal.journal import is_server

        if not is_server(self._where) and not Path(self._where).exists():
            return None
        try:
            self._journal = self._make()
        except JournalError as error:
            raise click.ClickException(str(error)) from None
        return self._journal

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        from nac.journal import JournalError

        if self._journal is not None:
            self._journal.close()
        if isinstance(error, JournalError):
            raise click.ClickException(str(error)) from None


def place_of(root: str, workspace: str | None, option: str | None, *, typed: bool) -> str:
    """Where the journal is that is meant. UsageError for a file that is named and not there."""
    from nac import api
    from nac.cli.planning import workspace_of
    from nac.journal.journal import is_server

    if option is not None:
        where = journal_place(root, option, typed, None)
        if not is_server(where) and not Path(where).is_file():
            raise click.UsageError(f"there is no journal {where}")
        return where
    if workspace is not None:
        try:
            setting = workspace_of(api.load(root).project, workspace).journal
        except api.NacError as error:
            raise click.UsageError(str(error)) from None
        if setting is not None:
            return journal_place(root, None, typed, setting)
    return str(Path(root).absolute() / FOLDER / "journal.sqlite")


def journal_place(root: str, option: str | None, given_on_command_line: bool, setting: str | None) -> str:
    """Where the journal is: the option's or the environment's, the workspace's in nac.yaml, else a file in `.nac`."""
    from urllib.parse import urlsplit

    from nac.journal.journal import is_server

    if option == "":  # a variable that is not set: with another journal than was meant, people get it twice
        raise click.UsageError("--journal is empty: name a file or a postgresql:// address, or leave it out")
    where = option or setting
    if where is None:
        return str(private_folder(root) / "journal.sqlite")
    public = given_on_command_line or option is None
    if is_server(where):
        try:
            parts = urlsplit(where)
        except ValueError:
            raise click.UsageError("the journal's address is not a postgresql:// URL: percent-encode what is special "
                                   "in it") from None  # fmt: skip
        if public and (parts.password or "password" in parts.query):
            raise click.UsageError("a journal's password is not for the command line or nac.yaml: use PGPASSWORD, "
                                   "~/.pgpass or NAC_JOURNAL")  # fmt: skip
        return where
    return where if option is not None else str(Path(root) / where)


def private_folder(root: str) -> Path:
    """The folder `.nac` beside notifications/, for its owner alone and ignored by git."""
    folder = Path(root).absolute() / FOLDER
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise Refused(f"cannot make {folder}: {(error.strerror or 'error').lower()}; name another place with --journal"
                      ) from None  # fmt: skip
    return folder


def elsewhere(root: str) -> list[str]:
    """The workspaces of nac.yaml that have a journal of their own."""
    from nac import api

    try:
        project = api.load(root).project
    except api.NacError:
        return []
    return sorted(name for name, one in project.settings.workspaces.items() if one.journal)


def places_in(file: str) -> set[tuple[int, int]]:
    """The batch and position of each line of an export. UsageError for what is none."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise click.UsageError(f"{file}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not UTF-8") from None
    found = set()
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            found.add((int(told["batch"]), int(told["position"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise click.UsageError(f"{file}, line {number}: this is no line of `nac journal export`") from None
    return found


def kept_plan(root: str, plan: str) -> str:
    """How to name a plan for `nac dispatch`: where it was kept, or in words."""
    folder = Path(root) / FOLDER / "plans" / plan[:16]
    return (
        shlex.quote(f"{folder}/")
        if folder.is_dir()
        else "with the plan's directory, or with the same triggers and event again"
    )


def with_keys(rows: Iterable[dict[str, Any]], folder: str, plan: str) -> Iterator[dict[str, Any]]:
    """Rows of a journal, in order, with what the plan says of them. Raises UsageError where it is another plan."""
    from nac.plan import Batch
    from nac.plans import PlanError, open_plan

    try:
        stored = open_plan(folder)
        if stored.id != plan:
            raise click.UsageError(f"{folder} is the plan {stored.id[:12]}, not {plan[:12]}")
        files = iter(stored.manifest.files)
        batches: dict[int, Batch] = {}
        for row in rows:
            while row["batch"] not in batches:
                batches = {one.number: one for one in stored.batches(next(files))}
            batch = batches[row["batch"]]
            key = json.loads(batch.records[row["position"]]).get("$idempotency_key")
            yield {**row, "trigger": _trigger(batch, row["position"]), "idempotency_key": key}
    except (PlanError, StopIteration) as error:
        raise click.ClickException(f"{folder}: {error}") from None


def _trigger(batch: Any, position: int) -> str:
    seen = 0
    for part in batch.parts:
        seen += part.records
        if position < seen:
            return str(part.trigger)
    return ""
