"""A variant as the vendor knows it: the whole object as its API takes it, and the files as its CLI keeps them."""

from __future__ import annotations

import copy
import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

from nac.project import Written
from nac.source import SourceFile
from nac.templates.template import Condition, Path, Variant


def assembled(variant: Variant) -> dict[str, Any]:
    """The vendor's JSON object: its envelope as written, with what the folder says, and the content with all bodies.

    It satisfies the vendor's `variant_schema.json` where nothing was found to be wrong with the variant. Of a simple
    template it has what its file says, and the keys that the envelope needs.
    """
    said = _envelope(variant)
    content = {"content": copy.deepcopy(dict(variant.content))} if variant.content or "content" in said else {}
    own = {"channel": variant.channel, "id": variant.id, "tenant_id": variant.tenant, "locale": variant.locale}
    return {**own, "conditions": _conditions(variant, said), **_without(said, *own, "conditions", "content"), **content}


def files(variant: Variant) -> dict[str, bytes]:
    """The variant's files by their paths, in the layout that it was read from, as UTF-8.

    What has not changed is as it was read. JSON that has is written anew, with two spaces of indentation.
    Raises ValueError for a simple template whose front matter would have to change.
    """
    if not variant.written.source.path.endswith(".json"):
        return {variant.written.source.path: _simple(variant)}
    found: dict[str, bytes] = {}
    content = copy.deepcopy(dict(variant.content))
    before = variant.written.node.value.get("content")
    for path, source in variant.sidecars.items():
        found[source.path] = _body(source, _at(content, path))
        as_read = found[source.path] == _bytes(source, source.text)
        _restore(content, before, path, as_read)
    for path in variant.lost:
        if _at(content, path) in ("", {}):
            _restore(content, before, path, as_read=True)
    _restore_language(content, before, variant.sidecars)
    said = _envelope(variant)
    value = {**said, **({"content": content} if content or "content" in said else {})}
    found[variant.written.source.path] = _json(variant.written.source, variant.written.node.value, value)
    return dict(sorted(found.items()))


def _envelope(variant: Variant) -> dict[str, Any]:
    """What variant.json says, with those values changed that were changed in the variant."""
    if not variant.written.source.path.endswith(".json"):
        return {"needs_vendor_approval": False} if variant.channel == "sms" else {}
    said = dict(variant.written.node.value)
    if said.get("locale", variant.locale) != variant.locale:
        said["locale"] = variant.locale
    if said.get("seq_no") != variant.seq_no and not (said.get("seq_no") is None and variant.seq_no is None):
        said["seq_no"] = variant.seq_no
    if _read_conditions(said.get("conditions")) != variant.conditions:
        said["conditions"] = _conditions(variant, said)
    return said


def _conditions(variant: Variant, said: Mapping[str, Any]) -> list[Any] | None:
    written = said.get("conditions")
    if _read_conditions(written) == variant.conditions:
        return copy.deepcopy(written)
    args = [
        {"variable_ns": one.namespace, "variable": one.variable, "op": one.operator}
        | ({"value": one.value} if one.value is not None else {})
        for one in variant.conditions
    ]
    return [{"type": "expression_v1", "expression_v1": {"op": "AND", "args": args}}]


def _read_conditions(entries: Any) -> tuple[Condition, ...]:
    return tuple(
        Condition(one.get("variable_ns", ""), one["variable"], one["op"], one.get("value"))
        for entry in entries or ()
        for one in entry["expression_v1"]["args"]
    )


def _without(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: copy.deepcopy(one) for key, one in value.items() if key not in keys}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _body(source: SourceFile, value: Any) -> bytes:
    """A body's file with another body, its last line break as before."""
    if isinstance(value, str):
        kept = source.text.removesuffix("\n").removesuffix("\r")
        return _bytes(source, value + source.text[len(kept) :])
    return _json(source, json.loads(source.text), value)


def _json(source: SourceFile, before: Any, value: Any) -> bytes:
    if value == before:
        return _bytes(source, source.text)
    end = "\n" if source.text.endswith("\n") else ""
    return _bytes(source, json.dumps(value, ensure_ascii=False, indent=2) + end)


def _bytes(source: SourceFile, text: str) -> bytes:
    """UTF-8, with the byte order mark that was there."""
    return (BOM_UTF8 if source.mark else b"") + text.encode()


def _restore(content: Any, before: Any, path: Path, as_read: bool) -> None:
    """In the place of a body that has a file of its own, what variant.json had there.

    A body that stands there as well stays there as it is while the file is `as_read`.
    """
    *parents, last = path
    trail = []
    for step in parents:
        trail.append((content, step, before))
        content, before = content[step], _below(before, step)
    kept = _below(before, last)
    if kept is None and not (isinstance(before, dict) and last in before):
        del content[last]
    elif as_read or kept in (None, "") or (isinstance(kept, str) and kept.startswith("@")):
        content[last] = kept
    # A mapping that is there for its bodies' sake alone was not written: nothing, or null, stood in its place.
    for parent, step, was in reversed(trail):
        if parent[step] == {} and not isinstance(_below(was, step), dict):
            if isinstance(was, dict) and step in was:
                parent[step] = was[step]
            else:
                del parent[step]


def _restore_language(content: dict[str, Any], before: Any, sidecars: Mapping[Path, SourceFile]) -> None:
    """The ending .jsonnet said it, not variant.json."""
    if any(one.path.endswith(".jsonnet") for one in sidecars.values()):
        if isinstance(before, dict) and "templating_language" in before:
            content["templating_language"] = before["templating_language"]
        else:
            content.pop("templating_language", None)


def _below(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _simple(variant: Variant) -> bytes:
    """The file of a simple template: its front matter as it is, and the body."""
    written: Written = variant.written
    body = next(
        text
        for text in reversed(list(variant.texts.values()))
        if isinstance(text.places, range) and text.source is written.source
    )
    path = next(path for path, text in variant.texts.items() if text is body)
    start, end = body.places[0], body.places[-1]
    for other, text in variant.texts.items():
        if other != path and _at(variant.content, other) != text.value:
            raise ValueError(f"the front matter of {written.source.path} would have to change")
    whole = written.source.text
    return _bytes(written.source, whole[:start] + str(_at(variant.content, path)) + whole[end:])
