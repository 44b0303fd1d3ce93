"""`notifications/translations/[<namespace>.]<locale>.json` → Translations, and what is wrong with the files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nac.diagnostics import (
    DUPLICATE_KEY,
    DUPLICATE_NAME,
    INVALID_TEMPLATE,
    INVALID_VALUE,
    WRONG_TYPE,
    Diagnostic,
    Label,
    describe,
)
from nac.project import FOLDER
from nac.source import SourceFile, Span
from nac.templates.translations import Messages, Translations, check_message, normal
from nac.text_file import read_text
from nac.tree import Tree, TreeError

TRANSLATIONS = f"{FOLDER}/translations"
MAX_BYTES = 4 * 1024 * 1024

_NAME = re.compile(r"(?:(?P<namespace>[\w-]+)\.)?(?P<locale>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.json", re.ASCII)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]')

_Path = tuple[str, ...]


def load_translations(tree: Tree) -> tuple[Translations, list[Diagnostic]]:
    """Every translation of the project, and every finding. A file with a mistake in its JSON is left out."""
    found: list[Diagnostic] = []
    files: dict[str, dict[str, Messages]] = {}
    paths: dict[tuple[str, str], str] = {}
    for path in _paths(tree):
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
        messages = _read(source)
        if isinstance(messages, Diagnostic):
            found.append(messages)
            continue
        found += _check(messages, source)
        files.setdefault(locale, {})[namespace] = messages
    return Translations(files), found


def _paths(tree: Tree) -> list[str]:
    try:
        return [path for path in tree.files(TRANSLATIONS) if path.endswith(".json")]
    except TreeError:
        return []


def _read(source: SourceFile) -> Messages | Diagnostic:
    try:
        messages = json.loads(source.text)
    except json.JSONDecodeError as error:
        place = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
        return Diagnostic(INVALID_VALUE, f"this is not JSON: {error.msg}", Label(source.path, place))
    except (RecursionError, ValueError):
        return Diagnostic(INVALID_VALUE, "this JSON nests too deeply or holds too long a number", Label(source.path))
    if not isinstance(messages, dict):
        message = f"a translation file holds a mapping, not {describe(messages)}"
        return Diagnostic(WRONG_TYPE, message, Label(source.path))
    return messages


def _check(messages: Messages, source: SourceFile) -> Iterator[Diagnostic]:
    places: dict[_Path, Span] = {}
    for path, span in _keys(source):
        if path in places:
            first = Label(source.path, places[path], "first written here")
            message = f"the key `{path[-1]}` stands twice in one mapping"
            yield Diagnostic(DUPLICATE_KEY, message, Label(source.path, span), (first,))
        places[path] = span
    for path, value in _leaves(messages, ()):
        label = Label(source.path, places.get(path))
        if not isinstance(value, str):
            yield Diagnostic(WRONG_TYPE, f"a translation is text, not {describe(value)}", label)
        elif problem := check_message(value):
            yield Diagnostic(INVALID_TEMPLATE, problem, label)


def _leaves(value: object, path: _Path) -> Iterator[tuple[_Path, object]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    else:
        yield path, value


def _keys(source: SourceFile) -> Iterator[tuple[_Path, Span]]:
    """Every key of a JSON text that is known to be one, as the path that leads to it, and its place."""
    open_: list[str] = []  # a key for each mapping that is open, or `[` for a list
    key_next = False
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", source.text))]
    line = 0
    for token in _TOKEN.finditer(source.text):
        match token[0][0]:
            case "{":
                open_.append("")
                key_next = True
            case "[":
                open_.append("[")
                key_next = False
            case "}" | "]":
                open_.pop()
            case ",":
                key_next = open_[-1] != "["
            case _ if key_next:
                open_[-1] = json.loads(token[0])
                key_next = False
                while line + 1 < len(starts) and starts[line + 1] <= token.start():
                    line += 1
                column = token.start() - starts[line] + 1
                yield tuple(open_), Span(line + 1, column, line + 1, column + len(token[0]))
