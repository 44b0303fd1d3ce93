"""template.json (or main.json): what it says of its template, held against what lies on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nac import json_reader
from nac.diagnostics import (
    DUPLICATE_NAME,
    INVALID_VALUE,
    TEMPLATE_OUT_OF_STEP,
    UNKNOWN_KEY,
    WRONG_TYPE,
    Diagnostic,
    Label,
    describe,
    did_you_mean,
)
from nac.json_reader import read_json
from nac.project import Written
from nac.schema import mistakes
from nac.templates.content import CONTENT, MAIN_FILE, TEMPLATE_FILE
from nac.templates.template import DEFAULT
from nac.text_file import read_text
from nac.tree import Tree

Order = Mapping[str, tuple[str, ...]]
OnDisk = Mapping[str, list[str]]
"""Variant ids by `<channel>` or `<channel>/<tenant>`."""


def read_template_file(
    tree: Tree, path: str, slug: str, on_disk: OnDisk, *, lost: Callable[[str], bool], old: bool
) -> tuple[frozenset[str] | None, Order, list[Diagnostic]]:
    """The channels that are enabled (None: unknown), the order of the variants, and what is wrong.

    `lost` says whether a folder, such as `email/default`, is there and cannot be read: the caller tells that. `old`:
    the file is main.json.
    """
    source = read_text(tree, path, json_reader.MAX_BYTES)
    if isinstance(source, Diagnostic):
        return None, {}, [source]
    node, found = read_json(source)
    if node is None:
        return None, {}, found
    if not isinstance(node.value, dict):
        message = f"{path.rsplit('/', 1)[-1]} holds a mapping, not {describe(node.value)}"
        return None, {}, [*found, Diagnostic(WRONG_TYPE, message, Label(path, node.span))]
    written = Written(node, source)
    for at, rule, message, help in mistakes(MAIN_FILE if old else TEMPLATE_FILE, node.value):
        is_key = rule is UNKNOWN_KEY or (rule is INVALID_VALUE and len(at) == 2 and at[0] == "variant_order")
        found.append(Diagnostic(rule, message, written.below(*at).label(key=is_key), help=help))
    said = node.value.get("slug")
    if isinstance(said, str) and said and said != slug:
        message = f"`slug` is `{said[:80]}` here, and `{slug}` by its folder, which counts"
        found.append(Diagnostic(TEMPLATE_OUT_OF_STEP, message, written.below("slug").label(),
                                help="correct it here, or rename the folder"))  # fmt: skip
    found += _check_enabled(written, on_disk, lost)
    found += _check_order(written, on_disk, lost)
    listed = node.value.get("enabled_channels")
    enabled = frozenset(CONTENT).intersection(listed) if listed is not None and _are_texts(listed) else None
    return enabled, {key: tuple(dict.fromkeys(ids)) for key, ids, _ in _orders(written)}, found


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _orders(written: Written) -> Iterator[tuple[str, list[str], Written]]:
    """The lists of `variant_order` that are lists of texts."""
    orders = written.node.value.get("variant_order")
    for key, ids in orders.items() if isinstance(orders, dict) else ():
        if _are_texts(ids):
            yield key, ids, written.below("variant_order", key)


def _check_enabled(written: Written, on_disk: OnDisk, lost: Callable[[str], bool]) -> Iterator[Diagnostic]:
    listed, at = written.node.value.get("enabled_channels"), written.below("enabled_channels")
    if not _are_texts(listed):
        return
    assert isinstance(listed, list)
    there = list(dict.fromkeys(key.split("/")[0] for key in on_disk))
    for index, channel in enumerate(listed):
        if channel in CONTENT and channel not in there and not lost(f"{channel}/{DEFAULT}"):
            message = f"`{channel}` is enabled, and there is no variant of it in its folder"
            yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, at.below(index).label(),
                             help=f"add {channel}/{DEFAULT}/variant.json, or remove it here")  # fmt: skip
    for channel in there:
        if channel not in listed:
            message = f"there are variants of `{channel}`, and it is not enabled here"
            yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, at.label(key=True), help="list it, or delete its folder")


def _check_order(written: Written, on_disk: OnDisk, lost: Callable[[str], bool]) -> Iterator[Diagnostic]:
    orders = written.node.value.get("variant_order")
    if not isinstance(orders, dict):
        return
    for key, ids, at in _orders(written):
        channel, _, tenant = key.partition("/")
        if channel not in CONTENT:
            continue  # the schema says so
        folder = f"{channel}/_tenants/{tenant}" if tenant else channel
        if key not in on_disk:
            if ids and not any(lost(f"{folder}/{name}") for name in ids):
                message = f"`{key[:80]}` has no variants on the disk"
                yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, at.label(key=True),
                                 help=did_you_mean(key, on_disk) or "remove it, or add the folder")  # fmt: skip
            continue
        first: dict[str, Label] = {}
        for index, name in enumerate(ids):
            label = at.below(index).label()
            if name in first:
                related = (Label(first[name].path, first[name].span, "the first is here"),)
                yield Diagnostic(DUPLICATE_NAME, f"`{name[:80]}` stands twice in this order", label, related)
            elif name not in on_disk[key] and not lost(f"{folder}/{name}"):
                message = f"there is no variant `{name[:80]}` in {key}"
                help = did_you_mean(name, on_disk[key]) or "remove it, or add its folder"
                yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, label, help=help)
            first.setdefault(name, label)
    for key, there in on_disk.items():
        listed = orders.get(key, [])
        if isinstance(listed, list):
            for name in sorted(set(there) - {DEFAULT} - {one for one in listed if isinstance(one, str)}):
                at = written.below("variant_order", key) if key in orders else written.below("variant_order")
                message = f"the variant `{name[:80]}` of {key} is not in this order: it is tried last"
                yield Diagnostic(TEMPLATE_OUT_OF_STEP, message, at.label(key=True), help=f"list it under `{key}`")
