"""Slack's rich text: sections, lists, quotes and preformatted parts, made of styled pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from nac.report.page.markup import h, is_colour, joined, link, shown
from nac.report.page.mrkdwn import plain
from nac.report.page.shapes import items, mapping, string

_STYLES = {"bold": "b", "italic": "i", "strike": "s", "code": "code", "underline": "u"}


def rich_text(elements: Sequence[Any]) -> Iterator[Markup]:
    for found in elements:
        one = mapping(found)
        kind, parts = string(one.get("type")), items(one.get("elements"))
        if kind == "rich_text_list":
            indent = one.get("indent")
            depth = min(indent, 5) if isinstance(indent, int) and indent > 0 else 0
            lines = (h("li", map(_piece, items(mapping(each).get("elements"))), dir="auto") for each in parts)
            tag = "ol" if string(one.get("style")) == "ordered" else "ul"
            yield h(tag, lines, class_=f"indent-{depth}" if depth else None)
        elif kind == "rich_text_quote":
            yield h("blockquote", map(_piece, parts), dir="auto")
        elif kind == "rich_text_preformatted":
            yield h("pre", map(_piece, parts))
        elif kind == "rich_text_section":
            yield h("p", map(_piece, parts), dir="auto")
        else:
            yield h(
                "div",
                h("span", "part ", h("code", shown(kind) or "without a type"), class_="unknown-name"),
                class_="unknown",
            )


def _piece(found: Any) -> Markup:
    one = mapping(found)
    kind = string(one.get("type"))
    written = _written(kind, one)
    style = one.get("style")
    for name, tag in _STYLES.items():
        if isinstance(style, dict) and style.get(name) is True:
            written = h(tag, written)
    return written


def _written(kind: str, one: dict[str, Any]) -> Markup:
    if kind == "text":
        return plain(string(one.get("text")))
    if kind == "link":
        url = string(one.get("url"))
        return link(url, string(one.get("text")) or url)
    if kind == "emoji":
        return h("span", f":{string(one.get('name'))}:", class_="emoji")
    if kind in ("user", "usergroup", "broadcast", "channel"):
        names = ("user_id", "usergroup_id", "range", "channel_id")
        name = next((found for key in names if (found := string(one.get(key)))), "")
        return h("span", ("#" if kind == "channel" else "@") + name, class_="mention")
    if kind == "date":
        return joined([string(one.get("fallback")) or string(one.get("timestamp"))])
    if kind == "color":
        value = string(one.get("value"))
        return h("span", h("span", class_="swatch", tint=value) if is_colour(value) else None, value)
    return h("code", shown(kind) or "?", class_="unknown-name")
