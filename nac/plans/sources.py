"""The files that a plan was made from, by their digests, and whether they have changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from nac.payload import canonical
from nac.project import FOLDER, SETTINGS, Project, Trigger
from nac.tree import Tree, TreeError


def digests(project: Project, triggers: Iterable[Trigger]) -> dict[str, str]:
    """Path → sha256 of everything that a run of these triggers is made from and read with: the triggers, nac.yaml,
    their templates, the translations, the tenants, and attachments named by their path. Directories are not among
    them: people come and go."""
    found: dict[str, str] = {}
    for path in sorted(set(_paths(project, triggers))):
        if (digest := _digest(project.tree, path)) is not None:
            found[path] = digest
    return found


def event_digest(data: Mapping[str, Any]) -> str:
    """The sha256 of an event's data."""
    return sha256(canonical(data).encode("utf-8", "surrogatepass")).hexdigest()


def stale(tree: Tree, sources: Mapping[str, str]) -> list[str]:
    """What has changed since, as sentences; [] where nothing has. A file that is new is not seen: what a plan sends
    does not depend on it."""
    changed = []
    for path, digest in sources.items():
        now = _digest(tree, path)
        if now != digest:
            changed.append(f"{path} {'is gone' if now is None else 'has changed'}")
    return changed


def _paths(project: Project, triggers: Iterable[Trigger]) -> Iterator[str]:
    tree, suprsend = project.tree, project.settings.suprsend
    yield SETTINGS
    for folder in (f"{FOLDER}/translations", f"{suprsend}/translations", f"{FOLDER}/tenants"):
        yield from tree.files(folder)
    for trigger in triggers:
        yield trigger.written.source.path
        for folder in (f"{FOLDER}/templates", f"{suprsend}/templates"):
            yield from tree.files(f"{folder}/{trigger.template}")
        for one in trigger.model.attachments:
            if one.file is not None and "{{" not in one.file:
                yield f"{FOLDER}/{one.file}"


def _digest(tree: Tree, path: str) -> str | None:
    try:
        return sha256(tree.read(path)).hexdigest()
    except TreeError:
        return None
