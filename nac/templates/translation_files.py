"""`[<namespace>.]<locale>.json` in the project's translations and the vendor's → Translations, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nac.diagnostics import (
    DUPLICATE_NAME,
    INVALID_JSON,
    INVALID_TEMPLATE,
    INVALID_VALUE,
    WRONG_TYPE,
    Diagnostic,
    Label,
    describe,
)
from nac.json_reader import MAX_BYTES, read_json
from nac.project import FOLDER
from nac.source import Node, SourceFile, Span
from nac.templates.library import SUPRSEND, inside
from nac.templates.translations import Messages, Translations, check_message, normal
from nac.text_file import read_text
from nac.tree import Tree, TreeError

TRANSLATIONS = f"{FOLDER}/translations"

_NAME = re.compile(r"(?:(?P<namespace>[\w-]+)\.)?(?P<locale>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.json", re.ASCII)


def load_translations(tree: Tree, suprsend: str = SUPRSEND) -> tuple[Translations, list[Diagnostic]]:
    """Every translation of the project, and every finding. A file with a mistake in its JSON is left out.

    They lie in `notifications/translations` and in `<suprsend>/translations`; of a file in both, the former counts.
    """
    found: list[Diagnostic] = []
    files: dict[str, dict[str, Messages]] = {}
    paths: dict[tuple[str, str], str] = {}
    for path in dict.fromkeys([*_paths(tree, TRANSLATIONS), *_paths(tree, inside(suprsend, "translations"))]):
        name = _NAME.fullmatch(path.rsplit("/", 1)[-1])
        if name is None:
            help = "call it en.json, es-MX.json or, with a namespace, auth.en.json"
            found.append(
                Diagnostic(INVALID_VALUE, "this is not the name of a translation file", Label(path), help=help)
            )
            continue
        locale, namespace = normal(name["locale"]), name["namespace"] or ""
        if (locale, namespace) in paths:
            other = Label(paths[locale, namespace], message="the other one")
            found.append(Diagnostic(DUPLICATE_NAME, "two files hold the same translations", Label(path), (other,)))
            continue
        paths[locale, namespace] = path
        source = read_text(tree, path, MAX_BYTES)
        if isinstance(source, Diagnostic):
            found.append(source)
            continue
        node, problems = read_json(source)
        found += problems
        if node is None or any(one.rule is INVALID_JSON for one in problems):
            continue
        if not isinstance(node.value, dict):
            message = f"a translation file holds a mapping, not {describe(node.value)}"
            found.append(Diagnostic(WRONG_TYPE, message, Label(source.path)))
            continue
        found += _check(node, source)
        files.setdefault(locale, {})[namespace] = node.value
    return Translations(files), found


def _paths(tree: Tree, folder: str) -> list[str]:
    try:
        return [path for path in tree.files(folder) if path.endswith(".json")]
    except TreeError:
        return []


def _check(node: Node, source: SourceFile, key: Span | None = None) -> Iterator[Diagnostic]:
    """What is no translation, at the key of it."""
    if isinstance(node.children, dict):
        for name, below in node.children.items():
            yield from _check(below, source, (node.keys or {})[name])
    elif not isinstance(node.value, str):
        yield Diagnostic(WRONG_TYPE, f"a translation is text, not {describe(node.value)}", Label(source.path, key))
    elif problem := check_message(node.value):
        yield Diagnostic(INVALID_TEMPLATE, problem, Label(source.path, key))
