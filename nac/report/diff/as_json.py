"""A Diff as JSON. `docs/diff.md` describes it; VERSION changes when something in it is renamed, removed or retyped."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, TypedDict

from nac.diff.changes import CLASSES, Change, Diff, Place

VERSION = 1


class Report(TypedDict):
    """The top of the report. `head` is null for the work tree; `class` is that of the most severe change."""

    version: int
    base: str
    head: str | None
    counts: dict[str, int]
    files: int
    notes: list[str]
    changes: list[dict[str, Any]]


def diff_json(found: Diff) -> str:
    """One JSON object, and a line feed."""
    return json.dumps(report(found), ensure_ascii=False, indent=1) + "\n"


def report(found: Diff) -> dict[str, Any]:
    """The report as plain data; the keys of `Report`, and `class`."""
    counts = {cls: sum(one.cls == cls for one in found.changes) for cls in CLASSES[1:]}
    return {
        "version": VERSION, "base": found.base, "head": found.head, "class": found.cls, "counts": counts,
        "files": found.files, "notes": list(found.notes), "changes": [change(one) for one in found.changes],
    }  # fmt: skip


def change(one: Change) -> dict[str, Any]:
    """One change: its `kind` and `class`, then its own fields by their names."""
    made: dict[str, Any] = {"kind": one.kind, "class": one.cls}
    made |= {item.name: _plain(getattr(one, item.name)) for item in fields(one) if item.name not in ("cls", "shown")}
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Change):
        return change(value)
    if isinstance(value, Place):
        return {name: one for name, one in value._asdict().items() if one is not None}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
