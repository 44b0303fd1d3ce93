"""`<suprsend>/templates/<slug>/` as the vendor's own CLI writes and reads it → Template, and what is wrong with it.

The path is authoritative for a variant's channel, id and tenant. A variant whose values have the wrong types, or whose
conditions are wrong, is left out; one that lacks a key, or says too much, is not: it can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nac import json_reader
from nac.diagnostics import (
    INVALID_VALUE,
    TEMPLATE_OUT_OF_STEP,
    UNKNOWN_FILE,
    UNKNOWN_KEY,
    UNREADABLE,
    WRONG_TYPE,
    Diagnostic,
    Label,
    describe,
    did_you_mean,
)
from nac.json_reader import read_json
from nac.project import Written
from nac.schema import mistakes
from nac.source import Node
from nac.templates.content import CONTENT, VARIANTS
from nac.templates.order import read_template_file
from nac.templates.sidecars import NAMES, Filled, fill
from nac.templates.template import Condition, Path, Template, Variant
from nac.text_file import read_text
from nac.tree import Tree, TreeError

CHANNELS = tuple(CONTENT)
TENANTS = "_tenants"
VARIANT, TEMPLATE, OLD_TEMPLATE, MOCK_DATA = "variant.json", "template.json", "main.json", "mock_data.json"
_DEEPEST = 4
"""Steps to the folder of a variant: `sms/_tenants/acme/default`."""


@dataclass(frozen=True)
class Place:
    """Where a variant lies, which says what it is a variant of."""

    channel: str
    tenant: str | None
    id: str
    folder: str

    @property
    def order_key(self) -> str:
        return f"{self.channel}/{self.tenant}" if self.tenant else self.channel


def is_vendor_folder(names: list[str]) -> bool:
    """Whether files, relative to their folder, are those of a template in the vendor's form."""
    own = (VARIANT, *NAMES)
    return any(name in (TEMPLATE, OLD_TEMPLATE) or ("/" in name and name.rsplit("/", 1)[-1] in own) for name in names)


def load_vendor_folder(tree: Tree, slug: str, folder: str, names: list[str]) -> tuple[Template, list[Diagnostic]]:
    """The template in `folder`, whose files are `names`, relative to it."""
    found: list[Diagnostic] = []
    places = dict(_places(folder, names))
    found += _unknown_channels(folder, places)
    found += _misplaced(folder, names)
    variants: list[Variant] = []
    for place, files in places.items():
        if place.channel not in CHANNELS:
            continue
        if VARIANT in files:
            variant, problems = _load_variant(tree, place, files)
            found += problems
            variants += [variant] if variant else []
        elif bodies := sorted(NAMES & set(files)):
            message = f"there is no {VARIANT} beside this body"
            found.append(Diagnostic(UNKNOWN_FILE, message, Label(f"{place.folder}/{bodies[0]}"),
                                    help="add it, or delete the folder"))  # fmt: skip
    known = {place: files for place, files in places.items() if place.channel in CHANNELS and VARIANT in files}
    links = _Links(tree, folder)
    for channel in sorted(set(CHANNELS) - {place.channel for place in places}):
        links.cut_off(channel)
    on_disk: dict[str, list[str]] = {}
    for place in known:
        on_disk.setdefault(place.order_key, []).append(place.id)
    file = next((name for name in (TEMPLATE, OLD_TEMPLATE) if name in names), None)
    enabled: frozenset[str] | None = None
    order: Mapping[str, tuple[str, ...]] = {}
    if file is None:
        first = Label(f"{folder}/{min(names, key=lambda one: (not one.endswith(f'/{VARIANT}'), one))}")
        message = f"this template's folder has no {TEMPLATE}"
        found.append(Diagnostic(UNKNOWN_FILE, message, first, help=f"add {folder}/{TEMPLATE}"))
    else:
        enabled, order, problems = read_template_file(
            tree, f"{folder}/{file}", slug, on_disk, lost=links.cut_off, old=file == OLD_TEMPLATE
        )
        found += problems
    found += links.found.values()
    mock_data, problems = _load_mock_data(tree, f"{folder}/{MOCK_DATA}") if MOCK_DATA in names else (None, [])
    found += problems
    variants.sort(key=lambda one: (CHANNELS.index(one.channel), one.tenant or "", _rank(one, order), one.id))
    return Template(slug, tuple(variants), order, enabled, mock_data, folder), found


def _rank(variant: Variant, order: Mapping[str, tuple[str, ...]]) -> int:
    ids = order.get(f"{variant.channel}/{variant.tenant}" if variant.tenant else variant.channel, ())
    return ids.index(variant.id) if variant.id in ids else len(ids)


def _places(folder: str, names: list[str]) -> Iterator[tuple[Place, set[str]]]:
    """Every folder that is a variant's by its depth, with its files."""
    found: dict[Place, set[str]] = {}
    for name in names:
        match name.split("/"):
            case [channel, tenants, tenant, id, file] if tenants == TENANTS:
                place = Place(channel, tenant, id, f"{folder}/{channel}/{tenants}/{tenant}/{id}")
            case [channel, id, file] if id != TENANTS:
                place = Place(channel, None, id, f"{folder}/{channel}/{id}")
            case _:
                continue
        found.setdefault(place, set()).add(file)
    yield from found.items()


def _unknown_channels(folder: str, places: Mapping[Place, set[str]]) -> Iterator[Diagnostic]:
    told = set()
    for place, files in places.items():
        if place.channel not in CHANNELS and VARIANT in files and place.channel not in told:
            told.add(place.channel)
            help = did_you_mean(place.channel, CHANNELS) or f"one of {', '.join(CHANNELS)}"
            message = f"the folder `{place.channel[:40]}` is not a channel"
            yield Diagnostic(INVALID_VALUE, message, Label(f"{place.folder}/{VARIANT}"), help=help)


def _misplaced(folder: str, names: list[str]) -> Iterator[Diagnostic]:
    """Each variant.json of a channel at a depth where there are no variants, so that nothing reads it."""
    for name in names:
        match name.split("/"):
            case [channel, *_, file] if file != VARIANT or channel not in CHANNELS:
                continue
            case [channel, tenants, tenant, _] if tenants == TENANTS:
                where = f"{channel}/{TENANTS}/{tenant}/<variant>/"
            case [_, id, _] if id != TENANTS:
                continue
            case [_, tenants, _, _, _] if tenants == TENANTS:
                continue
            case [channel, *_, _]:
                where = f"{channel}/<variant>/ or {channel}/{TENANTS}/<tenant>/<variant>/"
            case _:
                continue
        message = f"this is not where a variant lies: nothing reads this {VARIANT}"
        yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, Label(f"{folder}/{name}"), help=f"move it into {where}")


class _Links:
    """Folders of the template that are links out of the project: they are not listed, so they are asked for."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self.tree, self.folder = tree, folder
        self.found: dict[str, Diagnostic] = {}

    def cut_off(self, path: str) -> bool:
        """Whether a folder, such as `email/default`, or one that it lies in is such a link: `found` tells it once."""
        steps = path.split("/")
        if len(steps) > _DEEPEST:  # a name in `variant_order` may hold a million of them
            return False
        for end in range(1, len(steps) + 1):
            at = f"{self.folder}/{'/'.join(steps[:end])}"
            if at in self.found:
                return True
            if reason := leads_out(self.tree, at):
                self.found[at] = Diagnostic(UNREADABLE, f"this folder cannot be read: {reason}", Label(at))
                return True
        return False


def leads_out(tree: Tree, path: str) -> str | None:
    """Why a folder cannot be read, where it is a link that leads out of the project."""
    try:
        tree.read(path, 0)
    except TreeError as error:
        return str(error) if "link" in str(error) else None
    return None


def _load_variant(tree: Tree, place: Place, files: set[str]) -> tuple[Variant | None, list[Diagnostic]]:
    source = read_text(tree, f"{place.folder}/{VARIANT}", json_reader.MAX_BYTES)
    if isinstance(source, Diagnostic):
        return None, [source]
    node, found = read_json(source)
    if node is None:
        return None, found
    if not isinstance(node.value, dict):
        message = f"{VARIANT} holds a mapping, not {describe(node.value)}"
        return None, [*found, Diagnostic(WRONG_TYPE, message, Label(source.path, node.span))]
    written = Written(node, source)
    found += _disagreements(place, written)
    whole = _with(node, channel=place.channel, id=place.id, tenant_id=place.tenant)
    content = node.child("content")
    filled = Filled(Node({}, node.span, {}, {}))
    if content is None and NAMES & files:  # its bodies may be there without it
        whole = _with(whole, content=filled.node)
        content = whole.child("content")
    if content is not None and isinstance(content.value, dict):
        filled = fill(tree, place.folder, files, place.channel, Written(whole, source).below("content"))
        found += filled.found
        whole = _with(whole, content=filled.node)
    problems = list(_check(place.channel, Written(whole, source), filled))
    found += [one for _, one in problems]
    # A condition that cannot be understood cannot be left out: the variant would be chosen where it should not be.
    if any(path[:1] == ("conditions",) or one.rule is WRONG_TYPE for path, one in problems):
        return None, found
    value = whole.value
    locale, seq_no = value.get("locale"), value.get("seq_no")
    return Variant(
        channel=place.channel,
        id=place.id,
        tenant=place.tenant,
        locale=locale if isinstance(locale, str) else "en",
        content=filled.node.value,
        texts=filled.texts(source),
        written=written,
        conditions=tuple(_conditions(value.get("conditions"))),
        seq_no=int(seq_no) if isinstance(seq_no, (int, float)) else None,
        sidecars=filled.files,
        lost=tuple(sorted(filled.lost, key=str)),
    ), found


def _disagreements(place: Place, written: Written) -> Iterator[Diagnostic]:
    """What variant.json says of itself, against where it lies."""
    said = written.node.value
    for key, is_ in (("channel", place.channel), ("id", place.id), ("tenant_id", place.tenant)):
        if key in said and said[key] != is_:
            here = f"`{said[key][:80]}`" if isinstance(said[key], str) else describe(said[key])
            by_folder = f"`{is_}`" if is_ is not None else "that of every tenant"
            message = f"`{key}` is {here} here, and {by_folder} by its folder, which counts"
            yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, written.below(key).label(),
                             help="correct it here, or move the folder")  # fmt: skip


def _check(channel: str, whole: Written, filled: Filled) -> Iterator[tuple[Path, Diagnostic]]:
    """What is wrong with the variant by the vendor's schema, and the path of that.

    What is wrong with a body is shown in the file that it lies in.
    """
    lost = {("content", *path) for path in filled.lost}
    files: dict[Path, str] = {("content", *path): one.path for path, one in filled.files.items()}
    for path, rule, message, help in mistakes(VARIANTS[channel], whole.value):
        if path not in lost:
            written = whole.below(*path).label(key=rule is UNKNOWN_KEY)
            yield path, Diagnostic(rule, message, Label(files[path]) if path in files else written, help=help)


def _with(node: Node, **values: Any) -> Node:
    """A mapping with other values, each at the place of the one it stands for."""
    assert isinstance(node.children, dict)
    below = {key: one if isinstance(one, Node) else Node(one, node.at((key,)).span) for key, one in values.items()}
    children = {**node.children, **below}
    return Node({key: one.value for key, one in children.items()}, node.span, children, node.keys, node.size)


def _conditions(entries: Any) -> Iterator[Condition]:
    """The comparisons of all entries, in the order they are written: every one must hold."""
    for entry in entries or ():
        for one in entry["expression_v1"]["args"]:
            yield Condition(one.get("variable_ns", ""), one["variable"], one["op"], one.get("value"))


def _load_mock_data(tree: Tree, path: str) -> tuple[Mapping[str, Any] | None, list[Diagnostic]]:
    """The sample payload: a mapping, by itself or as the only key `data`."""
    source = read_text(tree, path, json_reader.MAX_BYTES)
    if isinstance(source, Diagnostic):
        return None, [source]
    node, found = read_json(source)
    if node is None:
        return None, found
    if not isinstance(node.value, dict):
        message = f"{MOCK_DATA} holds a mapping, not {describe(node.value)}"
        return None, [*found, Diagnostic(WRONG_TYPE, message, Label(path, node.span))]
    wrapped = node.value.get("data")
    return (wrapped if list(node.value) == ["data"] and isinstance(wrapped, dict) else node.value), found
