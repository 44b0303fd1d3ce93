"""Two states of a project in git, compared: neither is checked out, and nothing is written to the work tree.

commits → files that differ → triggers that they can alter → these alone loaded, compiled and rendered → compared
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.api.templates import Templates
from nac.api.triggers import NacError
from nac.diagnostics import Diagnostic, did_you_mean
from nac.diff.affected import Affected, Index, affected
from nac.diff.causes import Causes
from nac.diff.changes import Change, Diff
from nac.diff.compare import Options, Pair, compare, compare_templates
from nac.diff.findings import compare_findings
from nac.diff.grouping import in_order
from nac.diff.line_ends import same_text
from nac.diff.memo import Memo
from nac.diff.renames import renames
from nac.diff.side import Side
from nac.diff.workspaces import compare_limits, compare_workspaces
from nac.directory import Query
from nac.git import Entry, GitError, Objects, Repository
from nac.git_tree import CheckedIn, GitTree
from nac.load import load
from nac.payload import canonical
from nac.project import FOLDER, SETTINGS, Loaded, Trigger
from nac.templates.library import inside
from nac.templates.translation_files import load_translations
from nac.tree import Tree, TreeError, WorkTree

if TYPE_CHECKING:
    from nac.directories.engine import Engine
    from nac.templates.jsonnet import Jsonnet

# What git says where an object was not fetched.
_LACKS = ("is not in this clone", "lazy fetching", "promisor", "missing blob", "not a tree object")
MISSING = "fetch what this clone lacks: `git fetch --unshallow`, in a partial clone `git fetch --refetch --no-filter`"


@dataclass(frozen=True)
class Ends:
    """What is compared: ids of commits, `head` None for the work tree; and what to say about how they were found."""

    base: str
    head: str | None
    notes: tuple[str, ...] = ()


def diff(
    directory: str | os.PathLike[str] = ".",
    base: str | None = None,
    head: str | None = None,
    *,
    triggers: Collection[str] = (),
    channels: Collection[str] | None = None,
    markup: bool = False,
    names: bool = False,
    previews: bool = False,
) -> Diff:
    """What a change of the project in `directory` does to what is sent, to whom, and to what they read.

    Without `base`, HEAD and the work tree. `base` alone: where it and HEAD grew apart, and the work tree, as a pull
    request is looked at. Both: these two commits; `a..b` and `a...b` in `base` mean what they mean to git. Only the
    samples that are checked in are compiled; people of directories are shown by their names with `names` alone.
    `triggers` and `channels` narrow it down. `previews`: every change brings the messages it is about, for reports that
    draw them. Raises NacError where git cannot tell, and for a trigger on neither side.
    """
    root = Path(directory)
    if not root.is_dir():
        raise NacError(f"there is no directory {root}")
    try:
        repository = Repository(root)
    except GitError as error:
        raise NacError(f"`nac diff` compares commits, and {root} is in no git repository ({error})") from None
    try:
        ends = _ends(repository, base, head)
        with ExitStack() as stack:
            objects = stack.enter_context(repository.objects())
            old = _State(repository, objects, ends.base, stack)
            new = _State(repository, objects, ends.head, stack)
            options = Options(tuple(channels) if channels else None, None, markup, previews)
            return _Differ(old, new, ends, options, names).diff(triggers)
    except GitError as error:
        lacks = any(word in str(error) for word in _LACKS)
        raise NacError(f"{error}: {MISSING}" if lacks else str(error)) from None


def _ends(repository: Repository, base: str | None, head: str | None) -> Ends:
    if base is not None and head is None:
        for dots in ("...", ".."):
            one, found, other = base.partition(dots)
            if found:
                first, second = repository.commit(one or "HEAD"), repository.commit(other or "HEAD")
                return _grown_apart(repository, first, second, second) if dots == "..." else Ends(first, second)
    if base is not None and head is not None:
        return Ends(repository.commit(base), repository.commit(head))
    try:
        here = repository.commit("HEAD")
    except GitError:
        raise GitError("there is no commit here yet to compare with") from None
    if base is None:
        return Ends(here, None)
    return _grown_apart(repository, repository.commit(base), here, None)


def _grown_apart(repository: Repository, base: str, here: str, head: str | None) -> Ends:
    """Where `base` and `here` were one; `base` itself where this clone does not reach back to it."""
    common = repository.merge_base(base, here)
    if common is not None:
        return Ends(common, head)
    why = "this clone is shallow: `git fetch --unshallow` brings it" if repository.shallow else "they share no history"
    note = f"no commit was found that both sides grew from ({why}); compared with the base itself"
    return Ends(base, head, (note,))


class _State:
    """The project at one commit, or in the work tree for None."""

    def __init__(self, repository: Repository, objects: Objects, commit: str | None, stack: ExitStack) -> None:
        self.repository, self.objects, self.commit, self.stack = repository, objects, commit, stack
        self._ignored: set[str] = set()
        self._modules: set[str] = set()
        self._left_out: dict[str, Entry] = {}
        entries = self._listing((FOLDER,))
        self.settings = load(self._tree(entries), only=()).project.settings
        # A trigger may name a schema of the vendor's folder, and cannot be read without it.
        others = tuple(inside(self.settings.suprsend, one) for one in ("templates", "translations", "schemas"))
        self.entries: Mapping[str, Entry] = {**entries, **self._listing(others)}
        self.tree = self._tree(self.entries)
        self.index = Index(self.tree, self.settings)

    @cached_property
    def worktree(self) -> WorkTree:
        return WorkTree(self.repository.directory)

    def _tree(self, entries: Mapping[str, Entry]) -> Tree:
        if self.commit is not None:
            return GitTree(self.objects, entries)
        left_out = GitTree(self.objects, self._left_out) if self._left_out else None
        return CheckedIn(self.worktree, self._ignored, self._modules, left_out)

    def _listing(self, folders: tuple[str, ...]) -> dict[str, Entry]:
        if self.commit is not None:
            return self.repository.listing(self.commit, folders)
        found: dict[str, Entry] = {}
        self._ignored |= self.repository.ignored(folders)
        left_out, modules = self.repository.elsewhere(folders)
        self._modules |= modules
        inside_module = tuple(f"{one}/" for one in modules)
        for folder in folders:
            for path in self.worktree.files(folder):
                if path.endswith("/") or path in self._ignored or path.startswith(inside_module):
                    continue
                if entry := self._entry(path):
                    found[path] = entry
        left_out = {path: one for path, one in left_out.items() if path not in found}
        self._left_out |= left_out
        found |= left_out
        return found

    def _entry(self, path: str) -> Entry | None:
        """A file of the work tree as git would keep it."""
        real = self.worktree.root / path
        try:
            if real.is_symlink():
                target = os.fsencode(os.readlink(real))
                return Entry("link", self.repository.blob_id(target), len(target))
            data = self.worktree.read(path)
            return Entry("file", self.repository.blob_id(data), len(data))
        except (OSError, TreeError):
            return None

    def content(self, path: str) -> bytes | None:
        try:
            return self.tree.read(path)
        except TreeError:
            return None


class _Directories:
    """The directories of one side, from the files that are checked in there: copied out of git when one is asked."""

    def __init__(self, state: _State, names: Collection[str]) -> None:
        self.state, self.names = state, names

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        return self._engine.rows(query)

    @cached_property
    def _engine(self) -> Engine:
        from nac.directories import open_directories

        room = self.state.stack.enter_context(tempfile.TemporaryDirectory(prefix="nac-"))
        copies: dict[str, Path] = {}
        for number, (name, one) in enumerate(sorted(self.state.settings.directories.items())):
            if name in self.names and (data := self.state.content(f"{FOLDER}/{one.path}")) is not None:
                copies[name] = Path(room, f"{number}.data")
                copies[name].write_bytes(data)
        # Whatever was not copied is not there: the empty room is all that is left to look in.
        engine = open_directories(self.state.settings, WorkTree(room), copies)
        self.state.stack.callback(engine.close)
        return engine


class _Differ:
    def __init__(self, old: _State, new: _State, ends: Ends, options: Options, names: bool) -> None:
        self.old, self.new, self.ends, self.names = old, new, ends, names
        # The limit as it was: a change does not loosen the one that it is held to.
        reviews = [one for one in (old.settings.review, new.settings.review) if one.max_audience_growth is not None]
        self.options = replace(options, growth=reviews[0].max_audience_growth if reviews else None)

    def diff(self, triggers: Collection[str]) -> Diff:
        if triggers:
            self._check(triggers)
        if not self.old.entries and not self.new.entries:
            where = "on either side: run `nac init` to make one, or name another `--project`"
            raise NacError(f"there is no folder `{FOLDER}` in {self.old.repository.directory} {where}")
        changed = self.changed
        if not changed:
            return Diff(self.ends.base, self.ends.head, notes=self.ends.notes)
        before = affected(changed, self.old.index, self.new.index)
        after = affected(changed, self.new.index, self.old.index)
        every = {*before.causes, *after.causes}
        loaded = tuple(load(state.tree, only=every) for state in (self.old, self.new))
        pairs = list(self._pairs(loaded[0], loaded[1], before, after))
        if triggers:
            pairs = [one for one in pairs if {one.name, one.old_name} & set(triggers)]
        jsonnet = Memo(_once(self.new.stack))
        sides = [
            self._side(state, one, every, jsonnet) for state, one in zip((self.old, self.new), loaded, strict=True)
        ]
        found = list(compare((one for one in pairs if not _is_same(one)), sides[0], sides[1], self.options))
        if not triggers:
            found += compare_templates(self._alone(loaded, before, after), sides[0], sides[1], self.options)
            found += self._elsewhere(loaded)
            found += self._workspaces(loaded)
        notes = (*self.ends.notes, *_notes(pairs, found, sides[1]))
        looked = tuple(sorted({one.name for one in pairs}))
        return Diff(self.ends.base, self.ends.head, in_order(found), notes, len(changed), looked)

    def _check(self, triggers: Collection[str]) -> None:
        known = {*self.old.index.names, *self.new.index.names}
        for name in triggers:
            if name not in known:
                advice = did_you_mean(name, sorted(known)) or "`nac list` shows those that there are"
                raise NacError(f"there is no trigger `{name}` on either side: {advice}")

    @cached_property
    def changed(self) -> frozenset[str]:
        """The paths of the files that differ in more than their line ends."""
        old, new = self.old.entries, self.new.entries
        return frozenset(path for path in {*old, *new} if self._differs(path, old.get(path), new.get(path)))

    def _differs(self, path: str, old: Entry | None, new: Entry | None) -> bool:
        if old is None or new is None:
            return True
        if (old.kind, old.oid) == (new.kind, new.oid):
            # What a link leads to may have changed though the link did not.
            return old.kind == "link" and self.old.content(path) != self.new.content(path)
        one, other = self.old.content(path), self.new.content(path)
        if one is None or other is None:
            return one is not other
        # An attachment is sent as it is; in a work tree, git may have given it other line ends.
        if self.new.commit is None or _is_read_as_text(path) or self._is_table(path):
            return not same_text(one, other)
        return one != other

    def _is_table(self, path: str) -> bool:
        """Whether it is a directory of lines: how a line ends is none of what it says."""
        settings = (self.old.settings, self.new.settings)
        declared = {f"{FOLDER}/{one.path}" for each in settings for one in each.directories.values()}
        return path in declared and path.endswith((".csv", ".ndjson", ".jsonl"))

    def _pairs(self, old: Loaded, new: Loaded, before: Affected, after: Affected) -> Iterator[Pair]:
        names = {*before.causes, *after.causes}
        known, now = self.old.index.names, self.new.index.names
        gone = [one for name, one in old.project.triggers.items() if name in names and name not in now]
        came = [one for name, one in new.project.triggers.items() if name in names and name not in known]
        moved = renames(gone, came)
        for name in sorted(names - set(moved.values())):
            old_name = moved.get(name, name)
            paths = {*before.causes.get(old_name, ()), *after.causes.get(name, ()), *before.causes.get(name, ())}
            yield Pair(name, old.project.triggers.get(old_name), new.project.triggers.get(name), tuple(sorted(paths)),
                       old_name)  # fmt: skip

    def _side(self, state: _State, loaded: Loaded, wanted: Collection[str], jsonnet: Memo) -> Side:
        project = loaded.project
        broken: dict[str, tuple[Diagnostic, ...]] = {}
        for name, path in state.index.names.items():
            if name in wanted and name not in project.triggers:
                # What its own file does not explain, the settings do.
                found = tuple(one for one in loaded.diagnostics if one.label.path == path.rstrip("/"))
                found = found or tuple(one for one in loaded.diagnostics if one.label.path == SETTINGS)
                if found:
                    broken[name] = found
        written = "\n".join(one.written.source.text for one in project.triggers.values())
        used = {name for name in state.settings.directories if name in written}
        templates = self.new.stack.enter_context(Templates(project))
        return Side(project, templates, _Directories(state, used), broken, self.names, jsonnet)

    def _alone(self, loaded: tuple[Loaded, ...], before: Affected, after: Affected) -> dict[str, tuple[str, ...]]:
        """The templates that changed and that no trigger uses, with the changed files."""
        used = {one.template for side in loaded for one in side.project.triggers.values()}
        slugs = {*before.slugs, *after.slugs} - used
        return {slug: tuple(sorted({*before.slugs.get(slug, ()), *after.slugs.get(slug, ())})) for slug in slugs}

    def _workspaces(self, loaded: tuple[Loaded, ...]) -> Iterator[Change]:
        """How the limits of sending differ, where both sides can be read."""
        broken = any(problem.label.path == SETTINGS for one in loaded for problem in one.diagnostics)
        if SETTINGS in self.changed and not broken:
            old, new = self.old.settings.workspaces, self.new.settings.workspaces
            yield from compare_workspaces(old, new, (SETTINGS,))
            yield from compare_limits(self.old.settings.review, self.new.settings.review, (SETTINGS,))

    def _elsewhere(self, loaded: tuple[Loaded, ...]) -> Iterator[Change]:
        """Findings in files that are no trigger's and no template's: settings, tenants, translations."""
        found: list[dict[str, list[Diagnostic]]] = []
        for one, state in zip(loaded, (self.old, self.new), strict=True):
            triggers = {path.rstrip("/") for path in state.index.names.values()}
            problems = list(one.diagnostics)
            if any("/translations/" in path for path in self.changed):
                problems += load_translations(state.tree, state.settings.suprsend)[1]
            by_path: dict[str, list[Diagnostic]] = {}
            for each in problems:
                if each.label.path not in triggers:
                    by_path.setdefault(each.label.path, []).append(each)
            found.append(by_path)
        for path in sorted({*found[0], *found[1]}):
            yield from compare_findings(path, found[0].get(path, ()), found[1].get(path, ()), Causes((path,)))


def _once(stack: ExitStack) -> Callable[[], Jsonnet]:
    """One evaluator for both sides, started when it is first needed."""

    @cache
    def make() -> Jsonnet:
        from nac.jsonnet import evaluator

        return stack.enter_context(evaluator())

    return make


def _is_read_as_text(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".json", ".hbs", ".html", ".txt", ".jsonnet", ".libsonnet", ".md")) and (
        "/attachments/" not in path
    )


def _is_same(pair: Pair) -> bool:
    """Whether nothing but the trigger's own file changed, and that says the same as before."""
    if pair.old is None or pair.new is None or pair.renamed:
        return False
    own = {pair.old.written.source.path, pair.new.written.source.path}
    return own.issuperset(pair.paths) and _said(pair.old) == _said(pair.new)


def _said(trigger: Trigger) -> str:
    from nac.diff.reads import tidy

    return canonical(dict(sorted(tidy(trigger.written.node.value).items())))


def _notes(pairs: Iterable[Pair], found: Iterable[Change], new: Side) -> Iterator[str]:
    """The triggers that could not be compared, or whose messages could not."""
    changed = {one.trigger for one in found}
    unread = [one.name for one in pairs if one.old is None and one.new is None and one.name not in changed]
    if unread:
        yield f"not compared, because neither side can be read: {_some(unread)}; `nac check` says why"
    unsampled = [one for one in pairs if one.new and not one.new.model.samples]
    names = [one.name for one in unsampled if one.name in changed]
    if names:
        yield f"no samples: {_some(names)}; add some to see who gets what"
    others = (one for one in unsampled if one.name not in changed and not _is_same(one))
    names = [one.name for one in others if one.new and not new.samples(one.new)]
    if names:
        yield f"messages not compared, because there is no sample: {_some(names)}; add one to see what they say"


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
