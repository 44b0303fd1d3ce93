"""NAC418: a file that nothing uses: an attachment, a directory, an event schema, a body or partial of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.references.mentions import is_named, mentions

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC418", "unused-file", "warning")
# What people keep beside other files for themselves.
_NOTES = re.compile(r"(README|LICEN[CS]E|NOTICE|CHANGELOG|CODEOWNERS|Makefile)(\..*)?|.*\.(lock|bak|py|sh|sql)", re.I)
_OF_TEMPLATES = frozenset({"template.json", "mock_data.json", "variant.json", "variant_order.json"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.project import FOLDER, SETTINGS

    candidates = [path for path in view.files if _kind(view, path)]
    if not candidates:
        return
    told = _told(view)
    for path in candidates:
        kind = _kind(view, path)
        if path in told or (kind == "template" and path.rsplit("/", 1)[0] in told):
            continue
        if kind == "attachment":
            used = view.once(mentions)
            name = path.removeprefix(f"{FOLDER}/")
            if not used.attachments.fullmatch(name) and not used.may_mean(name.rsplit("/", 1)[-1]):
                yield _finding(path, "no trigger attaches this file")
        elif kind == "directory" and path not in view.data_files:
            settings = view.source(SETTINGS)
            name = path.rsplit("/", 1)[-1]
            if not (settings and is_named(name, [settings.text])):
                yield _finding(path, "nac.yaml declares no directory with this file")
        elif kind == "schema" and not _is_schema(view, path):
            yield _finding(path, "no trigger declares this as its `event_schema`")
        elif kind == "template" and path not in view.once(_of_templates):
            yield _finding(path, "no template uses this file")


def _kind(view: View, path: str) -> str | None:
    """What a file is by its place; None where it may be anything."""
    from nac.project import FOLDER

    steps = path.split("/")
    if any(step.startswith((".", "_")) and step != "_tenants" for step in steps) or _NOTES.fullmatch(steps[-1]):
        return None
    if path.startswith(view.template_folders):
        return None if _is_note(steps[-1]) else "template"
    kinds = {"attachments": "attachment", "directories": "directory", "schemas": "schema"}
    return kinds.get(steps[1]) if len(steps) > 2 and steps[0] == FOLDER else None


def _is_note(name: str) -> bool:
    """Whether a file in a template's folder has a meaning of its own, or is for people to read."""
    return name in _OF_TEMPLATES or (name.endswith(".md") and name != "body.md")


def _is_schema(view: View, path: str) -> bool:
    from nac.project import FOLDER

    used = view.once(mentions)
    name = path.rsplit("/", 1)[-1]
    others = [one for one in view.all_files if one.startswith(f"{FOLDER}/schemas/") and one != path]
    texts = [source.text for one in others if (source := view.source(one))]
    return path in used.schemas or used.may_mean(name) or is_named(name, texts)


def _of_templates(view: View) -> frozenset[str]:
    """Every file that a variant is made of."""
    found = set()
    for template in view.templates:
        for variant in template.variants:
            found.add(variant.written.source.path)
            found.update(text.source.path for text in variant.texts.values())
            found.update(one.path for one in variant.sidecars.values())
    return frozenset(found)


def _told(view: View) -> frozenset[str]:
    """The files of templates with a finding of their own, and their folders: what is beside them may be theirs."""
    paths = {label.path for one in view.loading() for label in (one.label, *one.related)}
    return frozenset(paths | {path.rsplit("/", 1)[0] for path in paths})


def _finding(path: str, message: str) -> Diagnostic:
    return Diagnostic(RULE, message, Label(path), help="delete it, or name it where it is meant to be used")


CHECK = Check(RULE, find)
