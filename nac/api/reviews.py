"""Everything that a reviewer asks of a change, from one call: what is wrong, which samples fail, and what differs.

commits → the project at HEAD, loaded once → checked, its samples run → compared with the base → people covered up
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nac.api.checks import check
from nac.api.covering import People
from nac.api.diffs import MISSING, diff
from nac.api.git_directories import GitDirectories
from nac.api.testing import Runner
from nac.api.triggers import NacError, directories, load
from nac.diagnostics import Diagnostic, Label
from nac.diff.changes import Diff
from nac.expectations import Outcome, Result
from nac.git import GitError, Repository
from nac.git_tree import GitTree
from nac.load import load as load_tree
from nac.model import DirectorySelector, Sample
from nac.project import FOLDER, Loaded, Project, Trigger
from nac.source import SourceFile
from nac.templates.library import inside
from nac.tree import TreeError

if TYPE_CHECKING:
    from nac.directory import Directories

# The folders of SuprSend's own CLI that anything is read from.
_VENDOR = ("templates", "translations", "workflows", "schemas", "events", "categories")


@dataclass(frozen=True)
class Reviewed:
    """A change, looked at. `loaded` is the project at its head.

    `findings` are everything that is wrong with it, `outcomes` what became of its samples, in both of them people who
    come from directories are covered up. `touched` are the findings, by their indices, that point at a file which the
    change touches. `unsampled` are the triggers without samples, `snapshots` the obsolete ones. `prefix` leads from the
    top of the repository to the project: "" or "a/b/". `lines` are those of the files that any of them points at, but
    for directories: a line there is somebody.
    """

    loaded: Loaded
    findings: Sequence[Diagnostic]
    outcomes: Sequence[Outcome]
    diff: Diff
    touched: frozenset[int] = frozenset()
    unsampled: Sequence[str] = ()
    snapshots: Sequence[str] = ()
    prefix: str = ""
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)


def review(
    directory: str | os.PathLike[str] = ".",
    base: str | None = None,
    head: str | None = None,
    *,
    names: bool = False,
    strict: bool = False,
    previews: bool = False,
) -> Reviewed:
    """`nac check`, `nac test` and `nac diff` of the project in `directory`; `base` and `head` mean what they mean to
    `diff`. With a `head`, the project is read from that commit, and the work tree is not looked at.

    People of directories are shown with `names` alone. `strict`: a sample without a snapshot fails, in a project that
    keeps them. `previews`: for a report that draws messages. Raises NacError where there is no project, no repository,
    or no such commit.
    """
    found = diff(directory, base, head, names=names, previews=previews)
    with ExitStack() as stack:
        try:
            repository = Repository(directory)
            changed = _changed(repository, found)
            loaded, where = stack.enter_context(_opened(repository, found.head))
            findings = check(loaded, where)
            runner = _Meeting(loaded.project, where, strict=strict)
            stack.enter_context(runner)
            triggers = [one for _, one in sorted(loaded.project.triggers.items())]
            outcomes = [outcome for one in triggers for outcome in runner.run(one)]
            lines = _lines(loaded.project, {one.path for one in _labels(findings, outcomes)})
            stale = [f"{one.name} · {name}" for one in triggers for name in runner.obsolete(one)] + runner.orphans()
        except GitError as error:
            raise NacError(f"{error}: {MISSING}") from None
    people = People() if names else runner.met
    paths = [{label.path for label in (one.label, *one.related)} for one in findings]
    touched = frozenset(index for index, each in enumerate(paths) if not changed.isdisjoint(each))
    return Reviewed(
        loaded, [people.covered_finding(one) for one in findings], [people.covered_outcome(one) for one in outcomes],
        found, touched, [one.name for one in triggers if not one.model.samples], stale, repository.prefix, lines,
    )  # fmt: skip


@contextmanager
def _opened(repository: Repository, head: str | None) -> Iterator[tuple[Loaded, Directories]]:
    """The project and its directories, at a commit or in the work tree."""
    if head is None:
        loaded = load(repository.directory)
        where = directories(loaded.project)
        try:
            yield loaded, where
        finally:
            getattr(where, "close", lambda: None)()
        return
    with repository.objects() as objects:
        entries = repository.listing(head, (FOLDER,))
        settings = load_tree(GitTree(objects, entries), only=()).project.settings
        folders = tuple(inside(settings.suprsend, one) for one in _VENDOR)
        loaded = load_tree(GitTree(objects, {**entries, **repository.listing(head, folders)}))
        with GitDirectories(settings, loaded.project.tree) as found:
            yield loaded, found


def _labels(findings: Sequence[Diagnostic], outcomes: Sequence[Outcome]) -> Iterator[Label]:
    for one in outcomes:
        for failure in one.failures:
            yield from (failure.label, *failure.related)
    for finding in (*findings, *(each for one in outcomes for each in one.findings)):
        yield from (finding.label, *finding.related)


def _lines(project: Project, paths: Collection[str]) -> dict[str, Sequence[str]]:
    hidden = {f"{FOLDER}/{one.path}" for one in project.settings.directories.values()}
    found: dict[str, Sequence[str]] = {}
    for path in sorted(set(paths) - hidden):
        try:
            found[path] = SourceFile(path, project.tree.read(path).decode("utf-8-sig", "replace")).lines
        except TreeError:
            continue
    return found


def _changed(repository: Repository, found: Diff) -> frozenset[str]:
    """The files below the project's directory that the change touches."""
    if found.head is None:
        return frozenset(repository.changes(found.base))
    old, new = (repository.listing(one, ("",) if repository.prefix else (".",)) for one in (found.base, found.head))
    return frozenset(path for path in {*old, *new} if old.get(path) != new.get(path))


class _Meeting(Runner):
    """A runner that remembers whom it met in directories."""

    def __init__(self, project: Project, where: Directories, *, strict: bool) -> None:
        super().__init__(project, where, strict=strict)
        self.met = People()

    def result(self, trigger: Trigger, sample: Sample) -> Result:
        found = super().result(trigger, sample)
        selectors = getattr(trigger.model, "recipients", ())
        for person in found.people:
            if isinstance(selectors[person.selector], DirectorySelector):
                self.met.add(person.recipient, person.identity, person.shown)
        return found
