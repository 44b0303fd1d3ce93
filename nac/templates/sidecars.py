"""Bodies that lie beside variant.json: which file holds which field, by the names that the vendor's CLI gives them.

A field is in a file of its own when it is absent (or empty) and the file exists, or when it holds `"@<file>"`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nac import json_reader
from nac.diagnostics import TEMPLATE_OUT_OF_STEP, UNKNOWN_FILE, Diagnostic, Label, did_you_mean
from nac.json_reader import read_json
from nac.project import Written
from nac.source import Node, SourceFile
from nac.templates.template import Path, Text
from nac.text_file import read_text
from nac.tree import Tree

_FOLDER = r"(?:[\w.~/\\-]*[/\\])"
REFERENCE = re.compile(rf"@(?P<file>{_FOLDER}?[\w][\w.\-]*\.(?:json|html|txt|jsonnet|md))")
ANY_REFERENCE = re.compile(rf"@(?P<file>[\w][\w.\-]*\.[A-Za-z]\w*|{_FOLDER}[\w.\-]*)")
"""A file of any other kind, where a text of such a form can be nothing else: `@john.smith` may greet somebody. A path
with folders is a mistake in both: no file but those of the folder itself is ever read."""
MAX_BODY = 4 * 1024 * 1024
DESIGN = ("body", "designer", "design_json")
"""The one field in a file of its own that is no text: the editor's own form of an email, never rendered."""

_BLOCKS = ("body.block.json", "body.block.jsonnet")
SLOTS: Mapping[str, Mapping[Path, tuple[str, ...]]] = {
    "email": {
        ("body", "raw", "html"): ("body.raw.html",),
        ("body", "raw", "text"): ("body.raw.txt",),
        ("body", "designer", "html"): ("body.designer.html",),
        ("body", "designer", "text"): ("body.designer.txt",),
        DESIGN: ("design.json", "body.designer.json"),
        ("body", "plain_text", "text"): ("body.plain_text.txt",),
    },
    "slack": {("body_block",): _BLOCKS},
    "ms_teams": {("body_card",): _BLOCKS},
    "inbox": {("body",): ("body.md",)},
}
"""By channel, the fields that the CLI keeps in files, and the names of those."""

NAMES = frozenset(name for slots in SLOTS.values() for names in slots.values() for name in names)
_BODIES = frozenset({"body", "body_text", "body_block", "body_card", "html", "text", "design_json"})


@dataclass
class Filled:
    """A variant's content with its bodies in place.

    `node` is the content as if it had been written in one file; `files` has the source of each part that was not;
    `lost` are the fields that should be there and cannot be read.
    """

    node: Node
    files: dict[Path, SourceFile] = field(default_factory=dict)
    lost: set[Path] = field(default_factory=set)
    found: list[Diagnostic] = field(default_factory=list)

    def texts(self, source: SourceFile) -> dict[Path, Text]:
        """Every text of the content, by its path in it."""
        found = {}
        for path, node in _leaves(self.node, ()):
            if path in self.files:
                found[path] = Text.whole(self.files[path])
            elif isinstance(node.value, str):
                places = json_reader.places(source, node)
                found[path] = Text(node.value, source, places if places is not None else [0] * (len(node.value) + 1))
        return found


def fill(tree: Tree, folder: str, names: Collection[str], channel: str, content: Written) -> Filled:
    """The content at `content` with the bodies that lie in `folder`, whose files are `names`."""
    filled = Filled(content.node.at(content.path))
    reader = _Bodies(tree, folder, frozenset(names), content, filled)
    for path, node in list(_leaves(filled.node, ())):
        kept_in_file = path in SLOTS.get(channel, {}) and channel != "inbox"
        form = ANY_REFERENCE if kept_in_file else REFERENCE
        if isinstance(node.value, str) and (reference := form.fullmatch(node.value)):
            reader.refer(path, reference["file"])
    for path, candidates in SLOTS.get(channel, {}).items():
        reader.look_beside(path, candidates)
    reader.settle_language()
    return filled


class _Bodies:
    def __init__(self, tree: Tree, folder: str, names: frozenset[str], content: Written, filled: Filled) -> None:
        self.tree, self.folder, self.names, self.content, self.filled = tree, folder, names, content, filled
        self.referred: set[Path] = set()

    def refer(self, path: Path, name: str) -> None:
        """A field that holds `@<file>`."""
        if name in self.names:
            self.referred.add(path)
            self._take(path, name)
        elif path[-1] in _BODIES:
            self.referred.add(path)
            last = re.split(r"[/\\]", name)[-1]
            beside = self.names - {"variant.json"}
            help = f"write `@{last}`" if last in beside else did_you_mean(last, beside)
            help = help or f"it belongs into {self.folder}"
            label = self.content.below(*path).label()
            self.filled.found.append(Diagnostic(UNKNOWN_FILE, f"there is no file `{name}` beside it", label, help=help))
            self._lose(path)

    def look_beside(self, path: Path, candidates: tuple[str, ...]) -> None:
        """A field whose file may lie there without being named."""
        present = [name for name in candidates if name in self.names]
        if not present or path in self.referred or not self._applies(path):
            return
        wanted = ".jsonnet" if self.filled.node.at(("templating_language",)).value == "jsonnet" else ".json"
        name = next((one for one in present if one.endswith(wanted)), present[0])
        if len(present) > 1:
            other = Label(self._path(next(one for one in present if one != name)), None, "and here")
            message = f"`{'.'.join(map(str, path))}` lies here a second time: `{name}` counts"
            self.filled.found.append(Diagnostic(TEMPLATE_OUT_OF_STEP, message, other, (Label(self._path(name)),),
                                                help="delete one of them"))  # fmt: skip
        inline = _at(self.filled.node, path)
        self._take(path, name)
        if inline is not None and inline.value not in (None, "") and path not in self.filled.lost:
            kept = _at(self.filled.node, path)
            if kept is not None and kept.value != inline.value:
                message = f"`{path[-1]}` is written here and in `{name}`, which counts"
                self.filled.found.append(
                    Diagnostic(TEMPLATE_OUT_OF_STEP, message, self.content.below(*path).label(),
                               (Label(self._path(name), None, "the other one"),), "remove it from variant.json")
                )  # fmt: skip

    def settle_language(self) -> None:
        """The ending .jsonnet says it too."""
        if not any(one.path.endswith(".jsonnet") for one in self.filled.files.values()):
            return
        said = (
            self.filled.node.at(("templating_language",)).value
            if _has(self.filled.node, "templating_language")
            else None
        )
        if said == "jsonnet":
            return
        if said is not None:
            message = f"`templating_language` is `{str(said)[:40]}`, and the body is a .jsonnet file"
            label = self.content.below("templating_language").label()
            self.filled.found.append(Diagnostic(TEMPLATE_OUT_OF_STEP, message, label, help="write `jsonnet`"))
        self._set(("templating_language",), Node("jsonnet", self.filled.node.span))

    def _applies(self, path: Path) -> bool:
        """An email keeps bodies of several types; that of another type than its own is used if it is there at all."""
        if len(path) < 3:
            return True
        body = _at(self.filled.node, path[:1])
        if body is None or not isinstance(body.value, dict):
            return False
        own = body.value.get(path[1])
        return isinstance(own, dict) or (own is None and body.value.get("type") == path[1])

    def _take(self, path: Path, name: str) -> None:
        source = read_text(self.tree, self._path(name), MAX_BODY)
        if isinstance(source, Diagnostic):
            self.filled.found.append(source)
            self._lose(path)
            return
        span = self.filled.node.at(path).span
        if path[-1] != DESIGN[-1]:
            self._set(path, Node(Text.whole(source).value, span))
        else:
            node, problems = read_json(source)
            self.filled.found += problems
            if node is None:
                self._lose(path)
                return
            self._set(path, Node(node.value, span))
        self.filled.files[path] = source

    def _lose(self, path: Path) -> None:
        self.filled.lost.add(path)
        self._set(path, Node({} if path[-1] == DESIGN[-1] else "", self.filled.node.at(path).span))

    def _set(self, path: Path, new: Node) -> None:
        self.filled.node = _replaced(self.filled.node, path, new)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"


def _has(node: Node, key: str) -> bool:
    return isinstance(node.children, dict) and key in node.children


def _at(node: Node, path: Path) -> Node | None:
    found: Node | None = node
    for step in path:
        found = found.child(step) if found else None
    return found


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Every value that is neither a list nor a mapping, and each design, with its path."""
    if path[-1:] == DESIGN[-1:] or node.children is None:
        if path[-1:] != DESIGN[-1:] or isinstance(node.value, str):
            yield path, node
    elif isinstance(node.children, dict):
        for key, below in node.children.items():
            yield from _leaves(below, (*path, key))
    else:
        for index, below in enumerate(node.children):
            yield from _leaves(below, (*path, index))


def _replaced(node: Node, path: Path, new: Node) -> Node:
    """The same node with `new` at `path`; what is missing on the way there becomes a mapping."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    below = node.child(step) or Node(None, node.span)
    if isinstance(node.children, list) and isinstance(step, int):
        items = [*node.children]
        items[step] = _replaced(below, rest, new)
        return Node([one.value for one in items], node.span, items, None, node.size)
    pairs: dict[str, Node] = dict(node.children) if isinstance(node.children, dict) else {}
    pairs[str(step)] = _replaced(below, rest, new)
    value: dict[str, Any] = {key: one.value for key, one in pairs.items()}
    return Node(value, node.span, pairs, dict(node.keys or {}), node.size)
