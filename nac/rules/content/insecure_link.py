"""NAC353: a link or an image by http: who passes it on can read and change it, and programs warn of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.places import places

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.templated import Templated
    from nac.rules.view import View
    from nac.source import Node, SourceFile

RULE = Rule("NAC353", "insecure-link", "warning")
_LINK = re.compile(r"(?<![A-Za-z0-9+.-])http://[^\s\"'<>(){}\[\]\\|`]*", re.IGNORECASE)
# Names of vocabularies, which nobody opens.
_NAMES = re.compile(
    r"http://(?:www\.w3\.org|schemas\.|schema\.org|adaptivecards\.io/schemas|json-schema\.org|purl\.org)", re.I
)
_NAMING = re.compile(r"xmlns(?::\w+)?\s*=\s*[\"']?\Z")
_COMMENTS = re.compile(r"\{\{~?!--.*?--~?\}\}|\{\{~?!.*?\}\}|<!--.*?-->", re.DOTALL)
_LINE_COMMENT = re.compile(r"(?m)^[ \t]*(?:#|//)")
MAX_TOLD = 20  # in one text: whoever has more of them replaces them all
_FOLDERS = ("notifications/tenants/", "notifications/translations/")


def find(view: View) -> Iterator[Diagnostic]:
    for template in view.templates:
        for templated in view.texts(template):
            if "ttp://" in templated.text.value.lower():
                yield from islice(_in_text(templated), MAX_TOLD)
    for trigger in view.triggers:
        yield from _in_trigger(trigger)
    folders = (*_FOLDERS, f"{view.suprsend}/translations/")
    for path in view.files:
        if path.startswith(folders) and (source := view.source(path)) and "ttp://" in source.text.lower():
            yield from islice(_in_file(source), MAX_TOLD)


def _in_text(templated: Templated) -> Iterator[Diagnostic]:
    if templated.path[-1] == "$schema":
        return
    text = templated.text
    comments = [found.span() for found in _COMMENTS.finditer(text.value)]
    span = places(text.source)
    for start, end in _links(text.value):
        if not any(first <= start < last for first, last in comments) and not _is_commented(text.value, start):
            yield _finding(Label(text.source.path, span(text.places[start], text.places[end])))


def _in_file(source: SourceFile) -> Iterator[Diagnostic]:
    span = places(source)
    for start, end in _links(source.text):
        if not _is_commented(source.text, start):
            yield _finding(Label(source.path, span(start, end)))


def _in_trigger(trigger: Trigger) -> Iterator[Diagnostic]:
    """What a trigger writes into its data."""
    for path, text in _texts(trigger.at("data").node.at(("data",)), ("data",)):
        for start, end in _links(text):
            yield _finding(trigger.at(*path).label(text[start:end]))


def _texts(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(node.children, dict):
        for key, below in node.children.items():
            yield from _texts(below, (*path, key))
    elif isinstance(node.children, list):
        for index, below in enumerate(node.children):
            yield from _texts(below, (*path, index))
    elif isinstance(node.value, str) and "ttp://" in node.value.lower():
        yield path, node.value


def _links(text: str) -> Iterator[tuple[int, int]]:
    for found in _LINK.finditer(text):
        if not _NAMES.match(found[0]) and not _NAMING.search(text, max(0, found.start() - 40), found.start()):
            yield found.start(), found.start() + len(found[0].rstrip(".,;:!?"))


def _is_commented(text: str, offset: int) -> bool:
    begins = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return _LINE_COMMENT.match(text, begins) is not None


def _finding(label: Label) -> Diagnostic:
    return Diagnostic(
        RULE,
        "this link is http: whoever passes it on can read it and change it, and programs warn of it",
        label,
        help="write https",
    )


CHECK = Check(RULE, find)
