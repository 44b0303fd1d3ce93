"""The project's translations, each with its place, and who asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nac import handlebars
from nac.diagnostics import Label
from nac.handlebars import HandlebarsError, nodes
from nac.project import FOLDER
from nac.source import Node, Span
from nac.templates.translations import FORMS, normal

if TYPE_CHECKING:
    from nac.rules.known.uses import Asking
    from nac.rules.view import View

Path = tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """One message of a file: a text, or the forms of a plural by their names. `key` as templates write it."""

    key: str
    path: Path
    value: Any
    span: Span
    forms: Mapping[str, Span] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        values = self.value.values() if isinstance(self.value, dict) else [self.value]
        return [one for one in values if isinstance(one, str)]

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that stand in any of its texts."""
        return frozenset(name for text in self.texts for name in placeholders(text))

    def placeholders_of(self, form: str) -> frozenset[str]:
        """The names that stand in one form of a plural."""
        text = self.value.get(form) if isinstance(self.value, dict) else None
        return placeholders(text) if isinstance(text, str) else frozenset()


@dataclass(frozen=True)
class File:
    """One file. `groups` are the places of the mappings in it, by their paths; () is its first key's."""

    path: str
    locale: str
    namespace: str
    messages: Mapping[Path, Message]
    groups: Mapping[Path, Span]

    def nearest(self, path: Path) -> Label:
        """Where a message of that path would stand."""
        while path and path not in self.groups:
            path = path[:-1]
        return Label(self.path, self.groups.get(path))


@dataclass(frozen=True)
class Messages:
    """Every file by namespace and locale. `asked`: the calls of `t` of every template; `dynamic`: some of the keys, or
    of what asks for them, cannot be known."""

    files: Mapping[str, Mapping[str, File]]
    asked: tuple[Asking, ...]
    dynamic: bool

    def is_asked(self, key: str) -> bool:
        return any(
            one.key == key or (one.prefix and one.key is not None and key.startswith(one.key)) for one in self.asked
        )


def files_of(view: View) -> Mapping[str, Mapping[str, File]]:
    """Every file by namespace and locale: `view.once(files_of)`."""
    files: dict[str, dict[str, File]] = {}
    for file in _files(view):
        files.setdefault(file.namespace, {}).setdefault(file.locale, file)
    return files


def messages_of(view: View) -> Messages:
    """`view.once(messages_of)`: it reads every template of the project."""
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    files = view.once(files_of)
    asked: list[Asking] = []
    dynamic = False
    for slug in view.all_slugs if files else ():
        uses = flow.uses(view.template(slug))
        asked += uses.asked
        dynamic = dynamic or uses.opaque or any(one.key is None for one in uses.asked)
        dynamic = dynamic or bool(view.library.load(slug)[1])
    return Messages(files, tuple(asked), dynamic)


def _files(view: View) -> Iterator[File]:
    from nac.json_reader import read_json

    for folder in (f"{FOLDER}/translations/", f"{view.suprsend}/translations/"):
        for path in view.all_files:
            if not path.startswith(folder) or not path.endswith(".json"):
                continue
            namespace, _, locale = path.rsplit("/", 1)[-1].removesuffix(".json").rpartition(".")
            locale = normal(locale)
            if namespace not in view.translations.files.get(locale, {}) or not (source := view.source(path)):
                continue
            node, _ = read_json(source)
            if node is not None and isinstance(node.value, dict):
                messages: dict[Path, Message] = {}
                groups: dict[Path, Span] = {}
                _walk(node, (), namespace, messages, groups)
                first = next(iter((node.keys or {}).values()), None)
                yield File(path, locale, namespace, messages, groups | ({(): first} if first else {}))


def _walk(node: Node, above: Path, namespace: str, messages: dict[Path, Message], groups: dict[Path, Span]) -> None:
    if not isinstance(node.children, dict):
        return
    for name, below in node.children.items():
        path = (*above, name)
        span = (node.keys or {})[name]
        plain = ".".join(path)
        key = f"{namespace}:{plain}" if namespace else plain
        if isinstance(below.value, dict) and not (below.value and set(below.value) <= set(FORMS)):
            groups[path] = span
            _walk(below, path, namespace, messages, groups)
        else:
            messages[path] = Message(key, path, below.value, span, below.keys or {})


def placeholders(text: str) -> frozenset[str]:
    """The names in a message; none where it is no Handlebars."""
    if "{{" not in text:
        return frozenset()
    try:
        program = handlebars.parse(text)
    except HandlebarsError:
        return frozenset()
    return frozenset(
        one.path.parts[0]
        for one in program.body
        if isinstance(one, nodes.Mustache) and isinstance(one.path, nodes.Path) and one.path.parts
    )
