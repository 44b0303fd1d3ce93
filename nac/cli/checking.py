"""What `nac check` looks at, and how it makes fixes."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.changed import changed_since
from nac.cli.memory import rarely_collected
from nac.cli.running import load

if TYPE_CHECKING:
    from nac.check.fixes import Fixed
    from nac.diagnostics import Diagnostic, Rule
    from nac.project import Loaded
    from nac.tree import Tree, WorkTree


@dataclass(frozen=True)
class Asked:
    """What to look at. `paths` None: everything; `gone`: files that a change deleted; `codes` None: every rule."""

    root: str
    paths: frozenset[str] | None
    gone: frozenset[str]
    codes: frozenset[str] | None


def asked_for(root: str, targets: tuple[str, ...], since: str | None, words: tuple[str, ...]) -> Asked:
    """What the arguments mean. Raises click.UsageError."""
    rarely_collected()
    codes = frozenset(rule_named(word).code for word in words) or None
    paths = _paths(root, targets) if targets else None
    gone: frozenset[str] = frozenset()
    if since is not None:
        changes = changed_since(root, since)
        gone = frozenset(path for path, present in changes.items() if not present)
        changed = frozenset(changes) - gone
        paths = changed if paths is None else paths & changed
    return Asked(root, paths, gone, codes)


@dataclass(frozen=True)
class Answer:
    """The findings, and what a report needs to know of nac.yaml: the codes of the rules that ran."""

    findings: list[Diagnostic]
    rules: tuple[str, ...]
    strict: bool


def found(asked: Asked, *, cached: bool) -> Answer:
    """What is wrong with the project as it is now; `cached`: by what earlier runs found out, where that still holds."""
    if cached and asked.paths is None and not os.environ.get("NAC_NO_CACHE"):
        from nac.cli.check_cache import answer

        if (known := answer(asked)) is not None:
            return known
    return answer_of(asked, *find(asked))


def answer_of(asked: Asked, loaded: Loaded, found: list[Diagnostic]) -> Answer:
    from nac.check.levels import Levels
    from nac.rules import RULES

    levels = Levels(loaded.project, asked.codes)
    return Answer(found, tuple(one.code for one in RULES if levels.runs(one)), loaded.project.settings.strict)


def find(asked: Asked) -> tuple[Loaded, list[Diagnostic]]:
    """The project as it is now, and what is wrong with it."""
    from nac import api

    loaded = load(asked.root)
    directories = api.directories(loaded.project)
    try:
        found = api.check(loaded, directories, paths=asked.paths, gone=asked.gone, codes=asked.codes)
    finally:
        getattr(directories, "close", lambda: None)()
    return loaded, found


def rule_named(word: str) -> Rule:
    """The rule of that code or name. Raises click.UsageError."""
    from nac.diagnostics import did_you_mean
    from nac.rules import RULES, find_rule

    if rule := find_rule(word):
        return rule
    # A code that is written right but does not exist has no near one: its digits mean something.
    is_code = re.fullmatch(r"nac\d{3}", word.strip(), re.IGNORECASE)
    hint = None if is_code else did_you_mean(word, [name for rule in RULES for name in (rule.code, rule.name)])
    advice = (hint or "`nac explain` lists them").replace("`", "'")
    raise click.UsageError(f"there is no rule '{word}': {advice}")


def _paths(root: str, targets: tuple[str, ...]) -> frozenset[str]:
    """Triggers by name, files and folders by path → the paths of files, relative to the project."""
    from nac.diagnostics import did_you_mean
    from nac.project import FOLDER

    loaded = load(root)
    found: set[str] = set()
    for target in targets:
        if target in loaded.project.triggers:
            found |= _of_trigger(loaded, target)
        elif os.path.lexists(target):
            found.update(_below(Path(root), Path(target)))
        elif broken := [f"{FOLDER}/{target}{one}" for one in (".yaml", ".yml")
                        if loaded.project.tree.exists(f"{FOLDER}/{target}{one}")]:  # fmt: skip
            found.update(broken)
        else:
            hint = did_you_mean(target, loaded.project.triggers) or "`nac list` shows the triggers"
            advice = hint.replace("`", "'")
            raise click.UsageError(f"there is neither a file nor a trigger '{target}': {advice}")
    return frozenset(found)


def _of_trigger(loaded: Loaded, name: str) -> set[str]:
    """A trigger's file, and those of its template."""
    from nac.project import FOLDER

    project, trigger = loaded.project, loaded.project.triggers[name]
    folders = (f"{FOLDER}/templates/{trigger.template}/", f"{project.settings.suprsend}/templates/{trigger.template}/")
    files = (path for folder in folders for path in project.tree.files(folder.rstrip("/")))
    return {trigger.written.source.path, *(path for path in files if path.startswith(folders))}


def _below(root: Path, target: Path) -> Iterator[str]:
    """The files that a path means, relative to the project; those outside of it are left out."""
    top, place = os.path.abspath(root), os.path.abspath(target)
    if not Path(place).is_relative_to(top):
        top, place = os.path.realpath(root), os.path.realpath(target)
        if not Path(place).is_relative_to(top):
            return
    files = [place]
    if os.path.isdir(place):
        files = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names]
    for one in files:
        yield Path(one).relative_to(top).as_posix()


def line_of(tree: Tree) -> Callable[[str, int], str | None]:
    """A function that gives a line of a file, for reports."""
    from nac.source import SourceFile
    from nac.tree import TreeError

    files: dict[str, list[str]] = {}

    def line(path: str, number: int) -> str | None:
        if path not in files:
            try:
                files[path] = SourceFile(path, tree.read(path).decode("utf-8-sig", "replace")).lines
            except TreeError:
                files[path] = []
        return files[path][number - 1] if number <= len(files[path]) else None

    return line


def read_from(tree: Tree) -> Callable[[str], bytes | None]:
    """A function that gives the bytes of a file, None where there are none."""
    from nac.tree import TreeError

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except TreeError:
            return None

    return read


def write(tree: WorkTree, files: Sequence[Fixed]) -> None:
    """Put fixed files in the place of the old ones, each as a whole.

    Raises click.ClickException, before anything is written, where a file is no longer what the fixes were made for.
    """
    from nac.tree import TreeError

    for one in files:
        try:
            same = tree.read(one.path) == one.before
        except TreeError:
            same = False
        if not same:
            raise click.ClickException(f"{one.path} was changed meanwhile: nothing was fixed, run it again")
    for one in files:
        target = tree.locate(one.path)
        try:
            _replace(target, one.after)
        except OSError as error:
            raise click.ClickException(f"cannot write {one.path}: {(error.strerror or 'error').lower()}") from None


def _replace(target: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
