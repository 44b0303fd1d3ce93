"""What a trigger's event schema says that every event holds. It is never sent: the application keeps to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from nac.diff.reads import ITEM, Path
from nac.project import Project, Trigger
from nac.rules.known.event_schema import form_of
from nac.rules.known.values import LIST, Typed
from nac.structure import schema_paths
from nac.tree import TreeError

MAX_BYTES = 1024 * 1024
MAX_PATHS = 10_000
MAX_DEPTH = 30


def promised(project: Project, trigger: Trigger) -> frozenset[Path] | None:
    """The paths that its event schema requires; None without a schema that can be read."""
    declared = trigger.model.event_schema
    schema = _file(project, declared) if isinstance(declared, str) else declared
    if not isinstance(schema, dict):
        return None
    found: set[Path] = set()
    for path in _required(form_of(schema), ("event",), MAX_DEPTH):
        found.add(path)
        if len(found) >= MAX_PATHS:
            break
    return frozenset(found)


def _file(project: Project, name: str) -> Any:
    for path in schema_paths(name, project.settings.suprsend):
        try:
            return json.loads(project.tree.read(path, MAX_BYTES))
        except (TreeError, ValueError, RecursionError):
            continue
    return None


def _required(form: Any, path: Path, depth: int) -> Iterator[Path]:
    """What is always there below a value that is always there."""
    if not isinstance(form, Typed) or not depth:
        return
    for name in sorted(form.required or ()):
        yield (*path, name)
        yield from _required(form.fields.get(name), (*path, name), depth - 1)
    if form.kinds == frozenset({LIST}):
        yield from _required(form.items, (*path, ITEM), depth - 1)
