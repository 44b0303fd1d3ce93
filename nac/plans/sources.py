"""What a plan was made from, by digests, and whether it has changed since.

A text counts as unchanged where git has given it other line ends, as it does on Windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from nac.payload import canonical
from nac.project import FOLDER, SETTINGS, Project, Trigger
from nac.tree import MAX_FILE, Tree, TreeError, WorkTree

_CHUNK = 1 << 20
_SNIFFED = 8000  # bytes in which a NUL tells that a file is no text


def digests(project: Project, triggers: Iterable[Trigger]) -> dict[str, str]:
    """Path → sha256 of everything that a run of these triggers is made from and read with: the triggers, nac.yaml,
    their templates, the translations, the tenants, and attachments named by their path. For directories, see
    `directories_read`."""
    found: dict[str, str] = {}
    for path in sorted(set(_paths(project, triggers))):
        if (digest := _digest(project.tree, path)) is not None:
            found[path] = digest
    return found


class Recording:
    """A tree that remembers which files were read: nothing else tells an attachment that an event names."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.paths: set[str] = set()

    def files(self, under: str) -> Iterator[str]:
        return self._tree.files(under)

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        self.paths.add(path)
        return self._tree.read(path, limit)

    def exists(self, path: str) -> bool:
        return self._tree.exists(path)

    def digests(self) -> dict[str, str]:
        """Path → sha256 of what was read."""
        return {path: digest for path in sorted(self.paths) if (digest := _digest(self._tree, path)) is not None}


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
        content = tree.read(path)
    except TreeError:
        return None
    if b"\0" not in content[:_SNIFFED]:
        content = content.replace(b"\r\n", b"\n")
    return sha256(content).hexdigest()


def directories_read(
    project: Project, rows: Mapping[str, int], others: Mapping[str, Path], at: str, *, live: bool = True
) -> list[dict[str, Any]]:
    """What a manifest tells of the directories that people were looked up in, beside the plan: their `rows` by name.

    `file` and `sha256` are of a local one, `file` relative to the project, or as it is given by `others`, the files
    read instead of the declared ones. Of a database or a remote file, `read` is all: the time, which is `at`. None of
    it is in the plan's id: the people themselves are, and a fresh export with the same people is the same plan. `live`
    False: samples were read in the place of what is elsewhere.
    """
    found: list[dict[str, Any]] = []
    for name, count in sorted(rows.items()):
        told: dict[str, Any] = {"name": name, "rows": count, "read": at}
        path = others.get(name) or _declared(project, name, live)
        if path is not None and (digest := file_digest(path)) is not None:
            told |= {"file": shown_path(path, project), "sha256": digest}
        found.append(told)
    return found


def stale_directories(project: Project, told: object) -> tuple[list[str], list[str]]:
    """Which of the directories of a manifest have changed, and which cannot be compared, as sentences."""
    changed, unknown = [], []
    for one in told if isinstance(told, list) else ():
        name, file, digest = (one.get(key) if isinstance(one, dict) else None for key in ("name", "file", "sha256"))
        if not isinstance(name, str) or not isinstance(file, str):
            continue
        now = file_digest(full_path(file, project))
        if now is None:
            unknown.append(f"the directory `{name}` cannot be compared: {file} is not here")
        elif now != digest:
            changed.append(f"the directory `{name}` has changed ({file})")
    return changed, unknown


def shown_path(path: Path, project: Project) -> str:
    """A path as a manifest tells it: relative to the project where it is in it, so that it holds on other machines."""
    root = project.tree.root if isinstance(project.tree, WorkTree) else None
    real = path.resolve()
    return real.relative_to(root).as_posix() if root is not None and real.is_relative_to(root) else str(real)


def full_path(shown: str, project: Project) -> Path:
    """The path that `shown_path` told."""
    return (project.tree.root if isinstance(project.tree, WorkTree) else Path()) / shown


def file_digest(path: Path) -> str | None:
    """The sha256 of a file of any size; None where it cannot be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return _streamed(stream)
    except OSError:
        return None


def _streamed(stream: IO[bytes]) -> str:
    found = sha256()
    part = stream.read(_CHUNK)
    text = b"\0" not in part[:_SNIFFED]
    while part:
        if text:
            while part.endswith(b"\r") and (more := stream.read(1)):  # half of a line's end
                part += more
            part = part.replace(b"\r\n", b"\n")
        found.update(part)
        part = stream.read(_CHUNK)
    return found.hexdigest()


def _declared(project: Project, name: str, live: bool) -> Path | None:
    settings = project.settings.directories[name]
    if not settings.path or (live and settings.is_remote) or not isinstance(project.tree, WorkTree):
        return None
    try:
        return project.tree.locate(f"{FOLDER}/{settings.path}")
    except TreeError:
        return None
