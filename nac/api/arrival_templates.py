"""Which of a project's templates a received record was written for, as the project's files are at one moment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from nac.api.templates import Templates
from nac.api.triggers import load
from nac.limits import Kind
from nac.project import FOLDER, Project
from nac.report.arrivals import shortened
from nac.sandbox.view import About
from nac.tree import WorkTree

MOST_FILES = 20_000  # looked at for whether one has changed
ABOUT = 10_000  # names whose template is remembered
NAMES: dict[Kind, str] = {"workflow": "workflow", "dynamic": "name", "broadcast": "list_id"}


@dataclass
class Known:
    """A project as it was read, and what was found out with it. `templates` None: there is no project."""

    stamp: str
    templates: Templates | None = None
    wrong: int = 0  # findings
    triggers: dict[str, list[str]] = field(default_factory=dict)  # a workflow's slug → templates, each once
    _about: dict[tuple[Kind, str, str], About] = field(default_factory=dict)

    @property
    def project(self) -> Project | None:
        return self.templates.project if self.templates else None

    def close(self) -> None:
        if self.templates:
            self.templates.close()

    def about(self, kind: Kind, body: object) -> About:
        """What a list shows of a record without rendering it."""
        key = kind, text(body, NAMES[kind]), text(body, "template") if kind != "workflow" else ""
        found = self._about.get(key)
        if found is None:
            slug, _ = self.template(kind, {"workflow": key[1], "template": key[2]})
            channels = self.templates.load(slug)[0].channels if slug is not None and self.templates else ()
            found = About(shortened(key[1], 120), slug, tuple(channels))
            if len(self._about) >= ABOUT:
                self._about.clear()
            self._about[key] = found
        return found

    def template(self, kind: Kind, body: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """The template of a record, and what to say of it: why there is none, or that it might be another."""
        if self.templates is None:
            return None, "There is no project here: start `nac sandbox` in one, or with `--project DIR`."
        if kind != "workflow":
            slug = text(body, "template")
            if slug in self.templates.slugs:
                return slug, None
            return None, f"This project has no template `{shortened(slug, 80)}`, which the record names."
        workflow = text(body, "workflow")
        slugs = [one for one in self.triggers.get(workflow, ()) if one in self.templates.slugs]
        if not slugs and workflow in self.templates.slugs:
            return workflow, "No trigger here runs this workflow: this is the template of the same name."
        if not slugs:
            wrong = f" (`nac check` has {self.wrong} findings, which may keep one out)" if self.wrong else ""
            return None, f"No trigger here with a template runs the workflow `{shortened(workflow, 80)}`{wrong}."
        if len(slugs) > 1:
            others = ", ".join(f"`{one}`" for one in slugs[1:6])
            return slugs[0], f"Other triggers run this workflow with other templates: {others}."
        return slugs[0], None


def read(root: Path, stamp: str) -> Known:
    """The project in a directory. Raises NacError where there is none."""
    loaded = load(root)
    known = Known(stamp, Templates(loaded.project), len(loaded.diagnostics))
    for trigger in loaded.project.triggers.values():
        if trigger.model.kind == "workflow":
            slugs = known.triggers.setdefault(trigger.runs, [])
            if trigger.template not in slugs:
                slugs.append(trigger.template)
    return known


def stamped(root: Path, project: Project | None) -> str:
    """Another text after every change to a file that a preview may come from."""
    tree, digest, left = WorkTree(root), sha256(), MOST_FILES
    for folder in (FOLDER, project.settings.suprsend if project else "suprsend"):
        for path in tree.files(folder):
            if left == 0:
                break
            left -= 1
            try:
                found = os.stat(tree.root / path)
            except OSError:
                continue
            digest.update(f"{path}\0{found.st_mtime_ns}\0{found.st_size}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def text(body: object, key: str) -> str:
    """A text in a body that may be anything; empty where there is none."""
    found = body.get(key) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else ""
