"""`nac check` with what the last run found out: what has not changed is not looked at again.

A whole answer holds while every file of the project, and all else in `nac.cache.environment`, is what it was. When
files of a few parts changed (`nac.check.parts`), those parts alone are checked. Everything else is checked anew, and so
is what cannot be proved to be independent: an answer that is late is better than one that is wrong.
"""

from __future__ import annotations

import json
import os
import time
from bisect import bisect
from collections.abc import Collection, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nac.cache.environment import environment
from nac.cache.files import Files, NotPlainError, digests, is_racy, scan
from nac.cache.findings import from_json, to_json
from nac.cache.store import Store, folder
from nac.cli.checking import Answer, answer_of
from nac.diagnostics import UNREADABLE_DIRECTORY
from nac.tree import MAX_FILE, SKIPPED, WorkTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nac.check.parts import Part
    from nac.cli.checking import Asked
    from nac.diagnostics import Diagnostic
    from nac.project import Loaded
    from nac.rules.view import View

FORM = 1
FOLDERS = ("notifications", "suprsend")
MAX_PARTS = 50
"""Parts that are checked alone: of more, the whole is checked as quickly."""

# What these say, as an unreadable directory, may be otherwise next time: the machine was busy, or a file locked.
_PASSING = ("takes longer than", "seconds", "memory")


@dataclass(frozen=True)
class Entry:
    """What is kept of a run. `taken`: when the look at `files` began. `outside`: findings in files of no part.
    `parts` are as JSON: most runs do without."""

    folders: tuple[str, ...]
    taken: int
    files: Files
    answer: Answer
    outside: tuple[str, ...] = ()
    parts: Mapping[str, Any] | None = None


class _Tree(WorkTree):
    """A work tree whose folders are known already, and that knows which places were asked for."""

    def __init__(self, root: str, known: Files) -> None:
        super().__init__(root)
        self.asked: set[str] = set()
        self.read_paths: set[str] = set()
        self._known, self._sorted = known, sorted(known)

    def files(self, under: str) -> Iterator[str]:
        above = f"{under}/"
        if above not in self._known or _is_left_out(under):
            yield from super().files(under)
            return
        found = []
        for path in self._sorted[bisect(self._sorted, above) :]:
            if not path.startswith(above):
                break
            if path.endswith("/"):
                if path.endswith((".yaml/", ".yml/")) and not _is_left_out(path[len(above) : -1].rpartition("/")[0]):
                    found.append(path)
            elif not _is_left_out(path[len(above) :].rpartition("/")[0]):
                found.append(path)
        yield from sorted(found)

    def real(self, path: str) -> str:
        self.asked.add(path)
        return super().real(path)

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        self.read_paths.add(path)
        return super().read(path, limit)

    def stays_in(self, folders: Collection[str]) -> bool:
        return all(path in folders or path.startswith(tuple(f"{one}/" for one in folders)) for path in self.asked)


def _is_left_out(folder: str) -> bool:
    """Whether nothing is looked for in a folder: as `WorkTree.files` has it."""
    return any(step in SKIPPED or step.endswith((".yaml", ".yml")) for step in folder.split("/"))


def answer(asked: Asked) -> Answer | None:
    """What a check of the whole project finds; None where it is no project whose files can be compared."""
    root = os.path.realpath(asked.root)
    codes = sorted(asked.codes or ())
    store, key = Store(folder()), json.dumps([root, codes])
    kind = environment(root, *codes)
    entry = _read(store.read(key), kind)
    folders = entry.folders if entry else FOLDERS
    taken = time.time_ns()
    try:
        files = scan(root, folders, entry.files if entry else None, entry.taken if entry else 0)
    except NotPlainError:
        return None
    if not any(f"{one}/" in files for one in FOLDERS):
        return None  # there is no project, which is told elsewhere
    if entry is not None and digests(files) == digests(entry.files):
        if any(is_racy(one, entry.taken) for one in entry.files.values()) or files != entry.files:
            store.write(key, _written(replace(entry, files=files, taken=taken), kind))
        return entry.answer
    new = _in_parts(asked, root, entry, files) if entry is not None else None
    if new is None:
        found, new = _whole(asked, root, folders, files)
        if new is None:
            return found
    with suppress(NotPlainError):
        # Only what was the same before and after is what was checked.
        again = time.time_ns()
        if scan(root, new.folders, new.files, taken) == new.files:
            store.write(key, _written(replace(new, taken=again), kind))
    return new.answer


def _whole(asked: Asked, root: str, folders: tuple[str, ...], files: Files) -> tuple[Answer | None, Entry | None]:
    """The answer, and what to keep of it, None where it depends on something else than the files."""
    from nac.check import examine
    from nac.check.parts import parts_of

    with _viewing(root, files) as (loaded, tree, view):
        named = tuple(dict.fromkeys((FOLDERS[0], view.suprsend)))
        if named != folders:
            if any(step in ("", ".", "..") for one in named for step in one.split("/")):
                return None, None
            try:
                return _whole(asked, root, named, scan(root, named))
            except NotPlainError:
                return None, None
        examined = examine(view, loaded.diagnostics, asked.codes)
        found = answer_of(asked, loaded, examined.told)
        if not tree.stays_in(folders) or _is_passing(examined.raw):
            return found, None
        parts = parts_of(view, examined.raw, not loaded.diagnostics)
        owned = {path for one in (parts or {}).values() for path in one.files}
        outside = _texts(one for one in examined.raw if one.label.path not in owned) if parts is not None else ()
        written = None if parts is None else {slug: _part(one) for slug, one in parts.items()}
        return found, Entry(folders, 0, files, found, outside, written)


def _in_parts(asked: Asked, root: str, entry: Entry, files: Files) -> Entry | None:
    """The answer of the last run with that of the parts that changed since, checked alone; None where that is not
    known to be the answer of the whole."""
    before, now = digests(entry.files), digests(files)
    if entry.parts is None or before.keys() != now.keys():
        return None

    from nac.check import examine
    from nac.check.parts import Part, differs, part

    try:
        parts = {
            slug: Part(tuple(one[0]), tuple(one[1]), one[2], tuple(one[3]), one[4]) for slug, one in entry.parts.items()
        }
    except (TypeError, LookupError, AttributeError):
        return None
    owners = {path: slug for slug, one in parts.items() for path in one.files}
    changed = [path for path in now if now[path] != before[path]]
    slugs = sorted({owners.get(path, "") for path in changed})
    if len(slugs) > MAX_PARTS or any(slug not in parts or parts[slug].entangled for slug in slugs):
        return None
    if any(path not in owners for path in changed):
        return None
    wanted = frozenset(path for slug in slugs for path in parts[slug].files)
    if any(_has_ignore(f"{root}/{path}") for path in wanted):
        return None  # one that nothing needs any more is a finding of the whole

    names = {path.split("/", 1)[1].rsplit(".", 1)[0] for slug in slugs for path in parts[slug].triggers}
    with _viewing(root, files, names, wanted) as (loaded, tree, view):
        if loaded.diagnostics or len(loaded.project.triggers) != len(names):
            return None
        if any(one.template not in slugs for one in loaded.project.triggers.values()):
            return None
        examined = examine(view, (), asked.codes)
        new = {slug: part(view, slug, parts[slug].files) for slug in slugs}
        settled = {sign for slug, one in parts.items() if slug not in new for sign in one.signs}
        for slug in slugs:
            others = settled.union(*(new[one].signs for one in slugs if one != slug))
            others.update(*(parts[one].signs for one in slugs if one != slug))
            if differs(parts[slug], new[slug], others):
                return None
        if not tree.stays_in(entry.folders) or _is_passing(examined.raw):
            return None
        # Another part's file was read, or a finding lies or leads elsewhere: they are not apart after all.
        if any(owners.get(path, slugs[0]) not in slugs for path in tree.read_paths):
            return None
        for one in examined.raw:
            if any(owners.get(label.path, owners.get(one.label.path)) != owners.get(one.label.path)
                   for label in one.related):  # fmt: skip
                return None
        if not {*_texts(one for one in examined.raw if one.label.path not in wanted)} <= {*entry.outside}:
            return None
        told = [one for one in entry.answer.findings if one.label.path not in wanted]
        told += [one for one in examined.told if one.label.path in wanted]
        told.sort(key=lambda one: one.sort_key)
        answer = replace(entry.answer, findings=told)
        return replace(
            entry, files=files, answer=answer, parts={**entry.parts, **{slug: _part(new[slug]) for slug in slugs}}
        )


@contextmanager
def _viewing(
    root: str, files: Files, only: Collection[str] | None = None, wanted: frozenset[str] | None = None
) -> Iterator[tuple[Loaded, _Tree, View]]:
    from nac import api
    from nac.api.checks import viewing
    from nac.load import load

    tree = _Tree(root, files)
    loaded = load(tree, only)
    directories = api.directories(loaded.project)
    try:
        with viewing(loaded, directories, wanted=wanted) as view:
            yield loaded, tree, view
    finally:
        getattr(directories, "close", lambda: None)()


def _is_passing(raw: Iterable[Diagnostic]) -> bool:
    return any(one.rule == UNREADABLE_DIRECTORY or any(word in one.message for word in _PASSING) for one in raw)


def _has_ignore(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            return b"nac: ignore" in stream.read()
    except OSError:
        return True


def _texts(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Findings as texts to compare, whichever events they were met with."""
    return tuple(sorted({json.dumps(one) for one in to_json(replace(one, events=()) for one in found)}))


def _written(entry: Entry, kind: str) -> dict[str, Any]:
    return {
        "form": FORM,
        "environment": kind,
        "folders": entry.folders,
        "taken": entry.taken,
        "files": entry.files,
        "answer": [to_json(entry.answer.findings), entry.answer.rules, entry.answer.strict],
        "outside": entry.outside,
        "parts": entry.parts,
    }


def _read(written: Any, kind: str) -> Entry | None:
    try:
        if written["form"] != FORM or written["environment"] != kind:
            return None
        found, rules, strict = written["answer"]
        return Entry(
            tuple(map(str, written["folders"])),
            int(written["taken"]),
            {path: (str(digest), tuple(seen)) for path, (digest, seen) in written["files"].items()},
            Answer(from_json(found), tuple(map(str, rules)), strict is True),
            tuple(map(str, written["outside"])),
            written["parts"],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _part(one: Part) -> list[Any]:
    return [one.triggers, one.files, one.same, one.signs, one.entangled]
