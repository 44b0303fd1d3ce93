"""`<suprsend>/workflows/<slug>/workflow.json`, as the vendor's CLI pulls them: which workflows there are, and the
templates that their send nodes name. Source: the vendor's workflow schema, `tree_schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nac.json_reader import read_json

if TYPE_CHECKING:
    from nac.diagnostics import Diagnostic
    from nac.project import Written
    from nac.rules.view import View
    from nac.source import SourceFile

Path = tuple[str | int, ...]
MAX_PARTS = 50_000


@dataclass(frozen=True)
class Workflow:
    """One workflow file. `value` is what it holds; None where it is no JSON object, or cannot be read."""

    slug: str
    path: str
    source: SourceFile | None

    @cached_property
    def value(self) -> Mapping[str, Any] | None:
        try:
            found = json.loads(self.source.text) if self.source else None
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @cached_property
    def templates(self) -> tuple[tuple[str, Path], ...]:
        """The template of each send node, and the path to where it is named."""
        return tuple(_templates((self.value or {}).get("tree")))

    @property
    def is_disabled(self) -> bool:
        return (self.value or {}).get("is_enabled") is False

    @cached_property
    def read(self) -> tuple[Written | None, list[Diagnostic]]:
        """The file with its places, and what is wrong with its JSON. Takes longer than `value`."""
        from nac.project import Written

        if self.source is None:
            return None, []
        node, problems = read_json(self.source)
        return (Written(node, self.source) if node else None), problems


def workflows(view: View) -> Mapping[str, Workflow]:
    """Every workflow that lies in the vendor's folder, by slug; none where none was pulled."""
    folder = f"{view.suprsend}/workflows/"
    found = {}
    for path in view.all_files:
        steps = path.removeprefix(folder).split("/") if path.startswith(folder) else []
        if len(steps) == 2 and steps[1] == "workflow.json":
            found[steps[0]] = Workflow(steps[0], path, view.source(path))
    return found


def _templates(tree: Any) -> Iterator[tuple[str, Path]]:
    pending: list[tuple[Any, Path]] = [(tree, ("tree",))]
    parts = 0
    while pending and parts < MAX_PARTS:
        value, path = pending.pop()
        parts += 1
        if isinstance(value, dict):
            kind, properties = value.get("node_type"), value.get("properties")
            if isinstance(kind, str) and kind.startswith("send_") and isinstance(properties, dict):
                if isinstance(name := properties.get("template"), str) and name:
                    yield name, (*path, "properties", "template")
                continue
            pending += [(one, (*path, key)) for key, one in reversed(value.items())]
        elif isinstance(value, list):
            pending += [(one, (*path, index)) for index, one in reversed(list(enumerate(value)))]
