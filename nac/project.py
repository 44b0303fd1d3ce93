"""The project as it was read: settings, triggers, and where each part of them was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nac.diagnostics import Diagnostic, Label
from nac.expressions import ExpressionError
from nac.model import AnyTrigger, DynamicTrigger, Settings, Tenant, WorkflowTrigger
from nac.source import Node, Path, SourceFile
from nac.tree import Tree

FOLDER = "notifications"
SETTINGS = f"{FOLDER}/nac.yaml"


@dataclass(frozen=True)
class Written:
    """A value of a YAML file and where it was written: `path` leads to it from the file's root."""

    node: Node
    source: SourceFile
    path: tuple[str | int, ...] = ()

    @property
    def value(self) -> object:
        return self.node.at(self.path).value

    def below(self, *path: str | int) -> Written:
        return Written(self.node, self.source, (*self.path, *path))

    def label(self, needle: str | None = None, *, key: bool = False) -> Label:
        """Its place: that of the value, or of its key; with `needle`, where those words stand in it.

        What was not written is shown at the nearest thing above it that was.
        """
        if key:
            return Label(self.source.path, self.node.key_span(self.path))
        found = self.node.at(self.path)
        if found.children is not None:
            # A list or mapping of many lines is best pointed at by the key that names it.
            path: Path = self.path
            while path and self.node.at(path) is self.node.at(path[:-1]):  # what was not written
                path = path[:-1]
            in_list = bool(path) and isinstance(path[-1], int)
            first = next(iter((found.keys or {}).values()), found.span)
            return Label(self.source.path, self.node.key_span(path) if path and not in_list else first)
        span = self.source.find(needle, found.span) if needle else None
        return Label(self.source.path, span or found.span)

    def error(self, error: ExpressionError) -> Diagnostic:
        """The diagnostic for an expression below this value that could not be evaluated."""
        label = self.below(*error.path).label(error.needle)
        return Diagnostic(error.rule, error.message, label, help=error.help)


@dataclass(frozen=True)
class Trigger:
    """One trigger file: its name (the path below `notifications/`, no ending), what it says, and where."""

    name: str
    model: AnyTrigger
    written: Written

    def at(self, *path: str | int) -> Written:
        return self.written.below(*path)

    @property
    def runs(self) -> str:
        """What it runs: a workflow's slug, a dynamic workflow's name, a list's id."""
        model = self.model
        if isinstance(model, WorkflowTrigger):
            return model.workflow
        return model.name if isinstance(model, DynamicTrigger) else model.list_id

    @property
    def template(self) -> str:
        """The template its messages are written in: the one it names, else the workflow's slug."""
        return self.model.template or self.runs


@dataclass(frozen=True)
class Project:
    """Everything under `notifications/`. `written` is nac.yaml, where there is one; `tenants` are by their ids."""

    tree: Tree
    settings: Settings
    triggers: Mapping[str, Trigger]
    written: Written | None = None
    tenants: Mapping[str, Tenant] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """What could be read, and everything that is wrong. A trigger with a mistake is not in the project."""

    project: Project
    diagnostics: tuple[Diagnostic, ...]
