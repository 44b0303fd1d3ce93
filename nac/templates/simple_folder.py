"""The simple form, `notifications/templates/<slug>/<channel>.hbs` → Template, and what is wrong with its files.

A file is one variant: `email.hbs` the default one, `email.es.hbs` that of a locale. It holds the body; front matter
holds the rest, by the names of the vendor's schemas (an email's in one level: `preheader` stands beside `subject`).
Nothing is required. `slack.jsonnet` and `ms_teams.jsonnet` are blocks and cards in JSONNET.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from nac.diagnostics import (
    DUPLICATE_NAME,
    INVALID_VALUE,
    MISSING_KEY,
    UNKNOWN_KEY,
    Diagnostic,
    Label,
    did_you_mean,
)
from nac.project import Written
from nac.schema import mistakes
from nac.source import Node, SourceFile, Span
from nac.templates.content import CONTENT
from nac.templates.front_matter import split, yaml_text
from nac.templates.sidecars import MAX_BODY
from nac.templates.template import DEFAULT, Path, Template, Text, Variant
from nac.text_file import read_text
from nac.tree import Tree
from nac.vocabulary import CHANNELS

LOCALE = "en"
"""The locale of a file that names none."""

_NAME = re.compile(r"(?P<channel>[^.]+)(?:\.(?P<locale>[^.]+))?\.(?P<ending>hbs|jsonnet)")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_EMAIL_BODY = frozenset({"preheader", "email_markup", "type", "text"})
_MARKUP = re.compile(r"<(?:[a-zA-Z][a-zA-Z0-9]*[\s/>]|!doctype|!--)", re.IGNORECASE)
_BODY: Mapping[str, Path] = {"whatsapp": ("body", "text")}
_JSONNET = {"slack": "body_block", "ms_teams": "body_card"}
_LEFT_OUT = frozenset({"$schema", "templating_language", "schema_version", "subcategory"})
_ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def simple_names(names: Iterable[str]) -> list[str]:
    """The names of files that are of this form."""
    return [name for name in names if "/" not in name and _NAME.fullmatch(name)]


def load_simple_folder(tree: Tree, slug: str, folder: str, names: list[str]) -> tuple[Template, list[Diagnostic]]:
    """The template of the files `names` in `folder`."""
    found: list[Diagnostic] = []
    variants: dict[tuple[str, str], Variant] = {}
    for name in sorted(names, key=lambda one: (one.count("."), one)):
        variant = _load_file(tree, f"{folder}/{name}", found)
        if variant is None:
            continue
        key = (variant.channel, variant.locale.replace("_", "-").lower() if variant.id != DEFAULT else DEFAULT)
        if key in variants:
            first = Label(variants[key].written.source.path, None, "the other one")
            message = f"two files hold the same message of `{variant.channel}`"
            label = Label(variant.written.source.path)
            found.append(Diagnostic(DUPLICATE_NAME, message, label, (first,), "delete one of them"))
        else:
            variants[key] = variant
    in_order = sorted(variants.values(), key=lambda one: (CHANNELS.index(one.channel), one.id != DEFAULT, one.id))
    order: dict[str, tuple[str, ...]] = {}
    for one in in_order:
        if one.id != DEFAULT:
            order[one.channel] = (*order.get(one.channel, ()), one.id)
    return Template(slug, tuple(in_order), order, folder=folder), found


def _load_file(tree: Tree, path: str, found: list[Diagnostic]) -> Variant | None:
    name = _NAME.fullmatch(path.rsplit("/", 1)[-1])
    assert name is not None
    channel, locale = name["channel"], name["locale"]
    jsonnet = name["ending"] == "jsonnet"
    problem = _check_name(path, channel, locale, jsonnet)
    source = problem or read_text(tree, path, MAX_BODY)
    if isinstance(source, Diagnostic):
        found.append(source)
        return None
    # JSONNET has no front matter: what would stand there belongs into the text.
    head, body, problems = (None, Text.whole(source), []) if jsonnet else split(source)
    written = Written(head or Node({}, Span(1, 1, 1, 1), {}, {}), source)
    problems += _check(channel, written, body)
    found += problems
    wrong = {one.label for one in problems}
    places = _content_paths(channel, written, body, jsonnet)
    content: dict[str, Any] = {}
    texts: dict[Path, Text] = {}
    for at, path_in_content in places.items():
        node = written.node.at(at)
        if written.below(*at).label() in wrong or written.below(*at).label(key=True) in wrong:
            continue
        for deeper, leaf in _leaves(node, ()):
            if isinstance(leaf.value, str):
                texts[(*path_in_content, *deeper)] = yaml_text(source, leaf)
        _put(content, path_in_content, node.value)
    _put_body(channel, content, texts, body, source, jsonnet)
    return Variant(channel, locale or DEFAULT, None, locale or LOCALE, content, texts, written)


def _check_name(path: str, channel: str, locale: str | None, jsonnet: bool) -> Diagnostic | None:
    if channel not in CHANNELS:
        help = did_you_mean(channel, CHANNELS) or f"one of {', '.join(CHANNELS)}"
        return Diagnostic(INVALID_VALUE, f"`{channel[:40]}` is not a channel", Label(path), help=help)
    if locale is not None and not _LOCALE.fullmatch(locale):
        return Diagnostic(INVALID_VALUE, f"`{locale[:40]}` is not a locale", Label(path),
                          help=f"call it {channel}.hbs, or {channel}.es.hbs for a language")  # fmt: skip
    if jsonnet and channel not in _JSONNET:
        message = "only the blocks of slack and the cards of ms_teams are written in JSONNET"
        return Diagnostic(INVALID_VALUE, message, Label(path), help=f"write {channel}.hbs")
    return None


def _check(channel: str, written: Written, body: Text) -> Iterator[Diagnostic]:
    """The front matter against the channel's content; nothing is required at its top."""
    known = _keys(channel)
    for key in written.node.value:
        if key not in known:
            label = written.below(key).label(key=True)
            help = did_you_mean(key, known) or (f"known here: {', '.join(sorted(known))}" if known else None)
            yield Diagnostic(UNKNOWN_KEY, f"the key `{key[:80]}` is not known here", label, help=help)
    if channel not in CONTENT:
        return
    # Held against the model as a whole, so that a key that needs another one says so.
    shape: dict[str, Any] = {}
    back: dict[Path, Path] = {}
    for at, path in _content_paths(channel, written, body, jsonnet=False).items():
        _put(shape, path, written.below(*at).value)
        back[path] = at
    for path, rule, message, help in mistakes(_adapter(channel), shape):
        start = next((one for one in sorted(back, key=len, reverse=True) if path[: len(one)] == one), None)
        if start is None or (rule is MISSING_KEY and (len(path) == 1 or path[0] == "body")):
            continue
        at = (*back[start], *path[len(start) :])
        yield Diagnostic(rule, message, written.below(*at).label(), help=help)
    if channel == "email" and written.node.value.get("type") == "designer":
        message = "`type` is one of raw, plain_text here: what the editor designs lies in the vendor's form"
        yield Diagnostic(INVALID_VALUE, message, written.below("type").label())
    if channel == "email" and written.node.value.get("text") is not None and not _is_html(written, body):
        message = "`text` stands beside an HTML body, and this body is text itself"
        yield Diagnostic(INVALID_VALUE, message, written.below("text").label(key=True),
                         help="remove it, or write the body as HTML")  # fmt: skip


def _adapter(channel: str) -> TypeAdapter[Any]:
    if channel not in _ADAPTERS:
        _ADAPTERS[channel] = TypeAdapter(CONTENT[channel])
    return _ADAPTERS[channel]


def _keys(channel: str) -> set[str]:
    """What front matter may say: the keys of the channel's content but for the body itself."""
    model = CONTENT.get(channel)
    keys = {field.alias or name for name, field in model.model_fields.items()} if model else set()
    return (keys | (_EMAIL_BODY if channel == "email" else set())) - _LEFT_OUT - {
        "body", "body_text", "body_block", "body_card"
    }  # fmt: skip


def _content_paths(channel: str, written: Written, body: Text, jsonnet: bool) -> dict[Path, Path]:
    """Where each key of the front matter goes in the content."""
    found: dict[Path, Path] = {}
    kind = "raw" if channel == "email" and _is_html(written, body) else "plain_text"
    for key in written.node.value:
        if key not in _keys(channel):
            continue
        if channel != "email" or key not in _EMAIL_BODY:
            found[key,] = (key,)
        elif key != "text":
            found[key,] = ("body", key)
        elif kind == "raw":
            found[key,] = ("body", "raw", "text")
    if jsonnet:
        found.pop(("body_type",), None)
    return found


def _is_html(written: Written, body: Text) -> bool:
    said = written.node.value.get("type")
    return said == "raw" if said in ("raw", "plain_text") else _MARKUP.search(body.value) is not None


def _put_body(
    channel: str, content: dict[str, Any], texts: dict[Path, Text], body: Text, source: SourceFile, jsonnet: bool
) -> None:
    """The body, and what says which kind of body it is."""
    path = _BODY.get(channel, ("body",))
    if channel == "email":
        kind = content.get("body", {}).get("type")
        if kind not in ("raw", "plain_text"):
            kind = "raw" if _MARKUP.search(body.value) else "plain_text"
        _put(content, ("body", "type"), kind)
        path = ("body", "raw", "html") if kind == "raw" else ("body", "plain_text", "text")
    elif channel in _JSONNET:
        kind = _JSONNET[channel].removeprefix("body_") if jsonnet else content.get("body_type", "text")
        content["body_type"] = kind
        path = (f"body_{kind}",)
        if jsonnet:
            content["templating_language"] = "jsonnet"
    elif channel == "sms":
        content.setdefault("type", "basic")
    _put(content, path, body.value)
    texts[path] = body


def _put(content: dict[str, Any], path: Path, value: Any) -> None:
    *parents, last = path
    for step in parents:
        content = content.setdefault(str(step), {})
    content[str(last)] = value


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    if isinstance(node.children, dict):
        for key, below in node.children.items():
            yield from _leaves(below, (*path, key))
    elif isinstance(node.children, list):
        for index, below in enumerate(node.children):
            yield from _leaves(below, (*path, index))
    else:
        yield path, node
