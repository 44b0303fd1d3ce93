"""What one file's change does, with everything else as it is in the work tree: for `git diff` of that file.

path → the project it lies in → that project with the file as it was, and as it is → compared
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nac.api.git_directories import GitDirectories
from nac.api.templates import Templates
from nac.diagnostics import Diagnostic
from nac.diff.affected import Index, affected, name_of
from nac.diff.changes import Change
from nac.diff.compare import Pair, compare, compare_templates
from nac.diff.grouping import in_order
from nac.diff.side import Side
from nac.load import is_trigger, load
from nac.model import Settings
from nac.project import FOLDER, SETTINGS, Loaded
from nac.tree import MAX_FILE, Tree, TreeError, TreeSizeError, WorkTree


@dataclass(frozen=True)
class FileDiff:
    """`changes` are sorted, None where one of the two cannot be read: `problems` say why."""

    changes: tuple[Change, ...] | None
    problems: tuple[Diagnostic, ...] = ()


def file_diff(top: Path, path: str, before: bytes | None, after: bytes | None) -> FileDiff | None:
    """What it does that a file of the repository at `top` is `after` and was `before`; None for no file.

    `path` is relative to `top`. None where it is no file that the messages of a project depend on.
    """
    found = _project(top, path)
    if found is None:
        return None
    root, own = found
    tree = WorkTree(root)
    trees = (_With(tree, own, before), _With(tree, own, after))
    settings = [load(one, only=()).project.settings for one in trees]
    sides = [Index(one, each) for one, each in zip(trees, settings, strict=True)]
    old, new = affected({own}, *sides), affected({own}, *reversed(sides))
    names, slugs = {*old.causes, *new.causes}, {*old.slugs, *new.slugs}
    if not names and not slugs:
        return None
    loaded = [load(one, only=names) for one in trees]
    if problems := _unread(own, loaded, trees):
        return FileDiff(None, problems)
    used = {one.template for side in loaded for one in side.project.triggers.values()}
    with ExitStack() as stack:
        one, other = (_side(stack, *each) for each in zip(loaded, settings, trees, strict=True))
        triggers = [one.project.triggers for one in loaded]
        pairs = [Pair(name, triggers[0].get(name), triggers[1].get(name), (own,), name) for name in sorted(names)]
        changes = list(compare((each for each in pairs if each.old or each.new), one, other))
        changes += compare_templates(dict.fromkeys(sorted(slugs - used), (own,)), one, other)
        return FileDiff(tuple(in_order(changes)))


def _project(top: Path, path: str) -> tuple[Path, str] | None:
    """The directory of the project that a file lies in, and its path there: the outermost one that has the folder."""
    steps = PurePosixPath(path).parts
    for count in range(len(steps) - 1):
        root = top.joinpath(*steps[:count])
        own = "/".join(steps[count:])
        if (root / FOLDER).is_dir() and (steps[count] == FOLDER or _is_vendor(root, own)):
            return root, own
    return None


def _is_vendor(root: Path, own: str) -> bool:
    from nac.templates.library import inside

    settings = load(WorkTree(root), only=()).project.settings
    return own.startswith((inside(settings.suprsend, "templates/"), inside(settings.suprsend, "translations/")))


def _unread(own: str, loaded: Collection[Loaded], trees: Collection[_With]) -> tuple[Diagnostic, ...]:
    """Why a trigger or the settings cannot be read, on the first side that it is so; nothing where both can be."""
    if own != SETTINGS and not is_trigger(own):
        return ()
    for one, tree in zip(loaded, trees, strict=True):
        found = tuple(each for each in one.diagnostics if each.label.path == own)
        if found and tree.exists(own) and (own == SETTINGS or name_of(own) not in one.project.triggers):
            return found
    return ()


def _side(stack: ExitStack, loaded: Loaded, settings: Settings, tree: Tree) -> Side:
    templates = stack.enter_context(Templates(loaded.project))
    where = stack.enter_context(GitDirectories(settings, tree))
    return Side(loaded.project, templates, where, names=True, jsonnet=templates.jsonnet)


class _With:
    """A tree in which one file has another content, or is not there for None."""

    def __init__(self, tree: WorkTree, path: str, data: bytes | None) -> None:
        self.tree, self.path, self.data = tree, path, data

    def files(self, under: str) -> Iterator[str]:
        found = {one for one in self.tree.files(under) if one != self.path}
        if self.data is not None and self.path.startswith(under.rstrip("/") + "/"):
            found.add(self.path)
        return iter(sorted(found))

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        if path != self.path:
            return self.tree.read(path, limit)
        if self.data is None:
            raise TreeError("there is no such file")
        if len(self.data) > limit:
            raise TreeSizeError(f"it holds {len(self.data):,} bytes; at most {limit:,} are read")
        return self.data

    def exists(self, path: str) -> bool:
        return self.data is not None if path == self.path else self.tree.exists(path)
