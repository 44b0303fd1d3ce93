"""What `nac test` runs, and how it writes snapshots."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nac.cli.memory import rarely_collected
from nac.cli.output import writing
from nac.cli.running import chosen, load

if TYPE_CHECKING:
    from nac.diagnostics import Diagnostic
    from nac.expectations.snapshots import Planned
    from nac.project import Loaded, Project, Trigger


@dataclass(frozen=True)
class Chosen:
    """The triggers to test, with the samples of each that are asked for (None: all), and what was found beforehand.

    `whole`: nothing was left out of the project.
    """

    loaded: Loaded
    triggers: list[Trigger]
    samples: dict[str, set[str] | None]
    findings: list[Diagnostic]
    whole: bool

    @property
    def project(self) -> Project:
        return self.loaded.project


def choose(root: str, targets: tuple[str, ...], sample: str | None, words: tuple[str, ...]) -> Chosen:
    """What the arguments mean. Raises click.UsageError."""
    rarely_collected()
    loaded = load(root)
    names = _names(loaded, root, targets)
    if names is None:
        triggers, findings = chosen(loaded, ())
    elif names:
        triggers, findings = chosen(loaded, tuple(names))
    else:
        triggers, findings = [], []
    samples: dict[str, set[str] | None] = {}
    known: list[str] = []
    for trigger in triggers:
        own = [one.name for one in trigger.model.samples]
        known += own
        wanted = {one for one in own if sample in (None, one) and _is_asked_for(f"{trigger.name} · {one}", words)}
        samples[trigger.name] = None if len(wanted) == len(own) else wanted
    if sample is not None and sample not in known:
        from nac.diagnostics import did_you_mean

        hint = did_you_mean(sample, known) or "`nac test` lists them"
        raise click.UsageError(f"there is no sample '{sample}': {hint.replace('`', chr(39))}")
    if sample is not None or words:
        triggers = [one for one in triggers if samples[one.name] is None or samples[one.name]]
        triggers = [one for one in triggers if one.model.samples]
    return Chosen(loaded, triggers, samples, findings, names is None and sample is None and not words)


def _is_asked_for(text: str, words: tuple[str, ...]) -> bool:
    return not words or any(word.casefold() in text.casefold() for word in words)


def _names(loaded: Loaded, root: str, targets: tuple[str, ...]) -> list[str] | None:
    """Triggers by name, and those that files have to do with; None for all."""
    from nac.diagnostics import did_you_mean

    if not targets:
        return None
    found: dict[str, None] = {}
    everything = False
    for target in targets:
        if target in loaded.project.triggers or _is_broken(loaded, target):
            found[target] = None
        elif os.path.lexists(target):
            names = _concerned(loaded, _paths(Path(root), Path(target)))
            everything = everything or names is None
            found.update(dict.fromkeys(names or ()))
        else:
            hint = did_you_mean(target, loaded.project.triggers) or "`nac list` shows the triggers"
            raise click.UsageError(f"there is neither a trigger nor a file '{target}': {hint.replace('`', chr(39))}")
    return None if everything else sorted(found)


def _is_broken(loaded: Loaded, name: str) -> bool:
    """Whether there is a file of a trigger of that name, with mistakes."""
    from nac.project import FOLDER

    paths = {f"{FOLDER}/{name}{ending}" for ending in (".yaml", ".yml")}
    return any(one.label.path in paths for one in loaded.diagnostics)


def _concerned(loaded: Loaded, paths: Iterable[str]) -> list[str] | None:
    """The triggers that a change of these files can alter; None where that may be any."""
    from nac.expectations.snapshots import trigger_of
    from nac.load import is_trigger
    from nac.project import FOLDER
    from nac.templates.library import inside

    triggers = loaded.project.triggers
    suprsend = loaded.project.settings.suprsend
    folders = (f"{FOLDER}/templates/", inside(suprsend, "templates/"))
    found: set[str] = set()
    for path in paths:
        kept = trigger_of(path)
        if kept is not None:
            found |= {kept} & set(triggers)
        elif path.startswith(folders):
            using = {name for name, one in triggers.items() if _is_of(path, folders, one.template)}
            if not using and not _is_own(path, folders):
                return None
            found |= using
        elif path.startswith(f"{FOLDER}/") and is_trigger(path):
            name = path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0]
            if name in triggers or _is_broken(loaded, name):
                found.add(name)
            else:
                return None  # the data of a directory, say
        elif path.startswith((f"{FOLDER}/", inside(suprsend, ""))):
            return None
    return sorted(found)


def _is_of(path: str, folders: tuple[str, ...], slug: str) -> bool:
    return path.startswith(tuple(f"{folder}{slug}/" for folder in folders))


def _is_own(path: str, folders: tuple[str, ...]) -> bool:
    """Whether a file lies in the folder of one template, rather than where all of them may use it."""
    below = next(path.removeprefix(folder) for folder in folders if path.startswith(folder))
    return "/" in below and not below.startswith(("_", "."))


def _paths(root: Path, target: Path) -> Iterator[str]:
    """The files that a path means, relative to the project; those outside of it are left out."""
    top, place = os.path.realpath(root), os.path.realpath(target)
    if not Path(place).is_relative_to(top):
        return
    files = [place]
    if os.path.isdir(place):
        files = [os.path.join(folder, name) for folder, _, names in os.walk(place) for name in sorted(names)]
    for one in files:
        yield Path(one).relative_to(top).as_posix()


def in_ci() -> bool:
    """Whether a service runs this, which sets CI=true."""
    return os.environ.get("CI", "").casefold() not in ("", "0", "false", "no")


def write_snapshots(project: Project, planned: Iterable[Planned]) -> None:
    """Write or delete the files of snapshots, each as a whole. Raises click.ClickException."""
    from nac.tree import TreeError, WorkTree

    tree = project.tree
    assert isinstance(tree, WorkTree)
    for one in planned:
        try:
            target = tree.locate(one.path)
            if one.text is None:
                target.unlink(missing_ok=True)
                _remove_empty(target.parent)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with writing(str(target)) as stream:
                stream.write(one.text.encode())
        except TreeError as error:
            raise click.ClickException(f"cannot write {one.path}: {error}") from None
        except OSError as error:
            raise click.ClickException(f"cannot write {one.path}: {(error.strerror or 'error').lower()}") from None


def _remove_empty(folder: Path) -> None:
    """The folder and those above it, as long as nothing is in them, up to that of all snapshots."""
    while True:
        try:
            folder.rmdir()
        except OSError:
            return
        if folder.name == "__snapshots__":
            return
        folder = folder.parent
