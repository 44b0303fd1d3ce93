"""Which triggers a set of changed files can have an effect on, and through which of them.

What a file means is not asked here, only whether its name or its keys occur in what refers to it: a trigger too many
costs time, one too few would hide a change. A file in which a name could be written another way (an escape in YAML, a
translation key put together at run time) counts as one that refers to everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nac.load import is_trigger
from nac.model import Settings
from nac.project import FOLDER, SETTINGS
from nac.templates.library import inside
from nac.tree import Tree, TreeError

MAX_BYTES = 4 * 1024 * 1024
_DYNAMIC_KEY = re.compile(rb"(?:\{\{[#~]*|\()\s*t\s+(?![\"'])|\bt\(\s*(?![\"'][^\"']*[\"']\s*[,)])")
_DYNAMIC_FILE = re.compile(rb"\bfile\s*[\"']?\s*:[^\n]*\{\{")
_BRAND = (b"$brand", b"$organization", b"$tenant", b"_preference_url")


@dataclass
class Affected:
    """The names of triggers on one side, each with the changed files that can alter what it sends; `slugs` likewise
    the templates."""

    causes: dict[str, set[str]] = field(default_factory=dict)
    slugs: dict[str, set[str]] = field(default_factory=dict)

    def add(self, triggers: Iterable[str], cause: str) -> None:
        for name in triggers:
            self.causes.setdefault(name, set()).add(cause)

    def add_templates(self, slugs: Iterable[str], side: Index, cause: str) -> None:
        """Templates, and every trigger that may use them."""
        for slug in slugs:
            self.slugs.setdefault(slug, set()).add(cause)
            self.add(side.naming(slug), cause)


class Index:
    """The triggers and templates of one side as bytes, read once and only when something asks for them."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        self.tree, self.settings = tree, settings
        self._triggers: dict[str, bytes] | None = None

    @property
    def triggers(self) -> dict[str, bytes]:
        if self._triggers is None:
            self._triggers = {name: self.read(path) for name, path in self.names.items()}
        return self._triggers

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of the triggers, and the files they are in."""
        data = {f"{FOLDER}/{one.path}" for one in self.settings.directories.values()}
        return {name_of(path): path for path in self.tree.files(FOLDER) if is_trigger(path) and path not in data}

    def naming(self, word: str) -> list[str]:
        """The triggers in whose file a word occurs, or could."""
        needle = word.encode("utf-8", "surrogateescape")
        return [name for name, text in self.triggers.items() if needle in text or b"\\" in text]

    def templates(self) -> Iterator[tuple[str, bytes]]:
        """Each template's slug, once for each of its files."""
        simple, vendor = self.template_folders
        for path in self.tree.files(simple):
            yield _simple_slug(path), self.read(path)
        for path in self.tree.files(vendor):
            yield path.removeprefix(f"{vendor}/").split("/")[0], self.read(path)

    @property
    def template_folders(self) -> tuple[str, ...]:
        return (f"{FOLDER}/templates", inside(self.settings.suprsend, "templates"))

    def read(self, path: str) -> bytes:
        try:
            return self.tree.read(path.rstrip("/"), MAX_BYTES)
        except TreeError:
            return b"\\"  # what cannot be read refers to everything


def affected(changed: Collection[str], side: Index, other: Index) -> Affected:
    """The triggers of `side` that these changed paths can alter; `other` is the side it is compared with."""
    found = Affected()
    settings = SETTINGS in changed and side.settings != other.settings
    for path in sorted(changed):
        if path == SETTINGS:
            found.add(_by_settings(side, other) if settings else (), path)
        elif slugs := _slugs(path, side):
            found.add_templates(slugs, side, path)
        elif path.startswith((f"{FOLDER}/translations/", inside(side.settings.suprsend, "translations/"))):
            found.add_templates(_reading_keys(side, _changed_keys(path, side, other)), side, path)
        elif path.startswith(f"{FOLDER}/tenants/"):
            tenant = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
            found.add_templates(_reading(side, _BRAND) | _with_variants_for(side, tenant), side, path)
        elif names := [n for n, one in side.settings.directories.items() if f"{FOLDER}/{one.path}" == path]:
            found.add((trigger for name in names for trigger in side.naming(name)), path)
        elif is_trigger(path):
            found.add([name_of(path)] if name_of(path) in side.names else (), path)
        elif path.startswith(schemas := inside(side.settings.suprsend, "schemas/")):
            found.add(side.naming(path.removeprefix(schemas).split("/")[0].removesuffix(".json")), path)
        elif path.startswith(f"{FOLDER}/"):
            found.add(side.naming(path.rsplit("/", 1)[-1]), path)
            found.add((name for name, text in side.triggers.items() if _DYNAMIC_FILE.search(text)), path)
    return found


def name_of(path: str) -> str:
    """`notifications/teams/invitation.yaml` → `teams/invitation`."""
    return path.removeprefix(f"{FOLDER}/").rsplit(".", 1)[0]


def _slugs(path: str, side: Index) -> list[str]:
    """The templates that a file may be of: in the simple form, a slug may have several steps."""
    simple, vendor = side.template_folders
    if path.startswith(f"{simple}/"):
        return list(dict.fromkeys((path.split("/")[2], _simple_slug(path))))
    return [path.removeprefix(f"{vendor}/").split("/")[0]] if path.startswith(f"{vendor}/") else []


def _simple_slug(path: str) -> str:
    """`notifications/templates/a/b/sms.hbs` → `a/b`."""
    return path.split("/", 2)[2].rpartition("/")[0] or path.split("/")[2]


def _by_settings(side: Index, other: Index) -> Collection[str]:
    """Directories and environment variables that differ have readers; where templates lie concerns everybody."""
    if side.settings.suprsend != other.settings.suprsend:
        return side.names
    names: set[str] = set()
    for mine, theirs in ((side.settings.directories, other.settings.directories), _environments(side, other)):
        names |= {name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)}
    return {trigger for name in names for trigger in side.naming(name)}


def _environments(side: Index, other: Index) -> tuple[Mapping[str, object], Mapping[str, object]]:
    one, two = (
        env if isinstance(env, dict) else dict.fromkeys(env, "") for env in (side.settings.env, other.settings.env)
    )
    return one, two


def _changed_keys(path: str, side: Index, other: Index) -> set[str] | None:
    """The translation keys whose messages differ, by their last names; None for all, where a file cannot be read."""
    try:
        texts = (one.read(path) if one.tree.exists(path) else b"{}" for one in (side, other))
        mine, theirs = (_leaves(json.loads(text)) for text in texts)
    except (ValueError, RecursionError):
        return None
    return {key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key)}


def _leaves(value: object) -> dict[str, list[object]]:
    """Every text of nested mappings, by the name it goes by in a template: a plural's form goes by the name above."""
    found: dict[str, list[object]] = {}
    pending: list[tuple[str, object]] = [("", value)]
    while pending:
        name, one = pending.pop()
        if isinstance(one, dict):
            pending.extend((key if key not in ("zero", "one", "other") else name, below) for key, below in one.items())
        else:
            found.setdefault(name, []).append(one)
    return found


def _reading_keys(side: Index, keys: set[str] | None) -> set[str]:
    if keys is None:
        return {slug for slug, _ in side.templates()}
    needles = [key.encode() for key in keys]
    return {
        slug
        for slug, text in side.templates()
        if any(needle in text for needle in needles) or (keys and _DYNAMIC_KEY.search(text))
    }


def _reading(side: Index, words: Iterable[bytes]) -> set[str]:
    return {slug for slug, text in side.templates() if any(word in text for word in words)}


def _with_variants_for(side: Index, tenant: str) -> set[str]:
    mark = f"/_tenants/{tenant}/"
    return {
        path.removeprefix(folder).split("/")[1]
        for folder in side.template_folders
        for path in side.tree.files(folder)
        if mark in path
    }
