"""What somebody reads of Slack's blocks or of a Teams card: their texts in order, one line a block.

The JSON is whatever a template made: what has another shape than the two formats describe is passed over. Sources:
"Reference: Block Kit" at docs.slack.dev, and the Adaptive Cards schema explorer at adaptivecards.io.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

MAX_DEPTH = 32

_LINK = re.compile(r"<(?P<url>(?:https?|mailto|tel):[^|>]*)(?:\|(?P<shown>[^>]*))?>")
_MENTION = re.compile(r"<(?P<kind>[@#!])(?P<id>[^|>]*)(?:\|(?P<shown>[^>]*))?>")
_RULE = "───"


def slack_text(text: str) -> str:
    """mrkdwn without its links and escapes: `<https://a.example|here>` → `here (https://a.example)`."""
    text = _LINK.sub(lambda one: f"{one['shown']} ({one['url']})" if one["shown"] else one["url"], text)
    text = _MENTION.sub(lambda one: _mention(one["kind"], one["id"], one["shown"]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mention(kind: str, name: str, shown: str | None) -> str:
    if kind == "!":
        return shown or "@" + name.partition("^")[0]
    return f"{kind}{shown or name}"


def slack_blocks(blocks: Sequence[Any]) -> str:
    return _joined(_block(one, 0) for one in blocks)


def _block(block: Any, depth: int) -> Iterator[str]:
    if not isinstance(block, Mapping) or depth > MAX_DEPTH:
        return
    kind = block.get("type")
    if kind == "divider":
        yield _RULE
    elif kind == "context" or kind == "actions":
        yield " ".join(text for one in _list(block, "elements") if (text := _element(one)))
    elif kind == "image":
        yield _picture(_slack(block.get("title")) or _str(block, "alt_text"))
    elif kind == "video":
        yield _slack(block.get("title"))
        yield _slack(block.get("description"))
    elif kind == "input":
        yield f"{_slack(block.get('label'))}: ____"
    elif kind == "rich_text":
        yield from (_rich(one, depth + 1) for one in _list(block, "elements"))
    elif kind == "table":
        for row in _list(block, "rows"):
            yield " | ".join(_rich_cell(cell, depth + 1) for cell in (row if isinstance(row, list) else ()))
    else:
        yield _slack(block.get("text"))
        yield from (_slack(one) for one in _list(block, "fields"))
        yield _element(block.get("accessory"))


def _element(element: Any) -> str:
    """Something in a block: a button, a select, a picture, a text."""
    if not isinstance(element, Mapping):
        return ""
    kind = element.get("type")
    if kind == "image":
        return _picture(_str(element, "alt_text"))
    if kind in ("plain_text", "mrkdwn"):
        return _slack(element)
    shown = _slack(element.get("text")) or _slack(element.get("placeholder"))
    return f"[{shown}]" if shown else ""


def _slack(text: Any) -> str:
    """A text object, or a bare text."""
    if isinstance(text, Mapping):
        value = _str(text, "text")
        return value if text.get("type") == "plain_text" else slack_text(value)
    return slack_text(text) if isinstance(text, str) else ""


def _rich_cell(cell: Any, depth: int) -> str:
    if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
        return " ".join(_rich(one, depth + 1) for one in _list(cell, "elements"))
    return _str(cell, "text") if isinstance(cell, Mapping) else ""


def _rich(element: Any, depth: int) -> str:
    if not isinstance(element, Mapping) or depth > MAX_DEPTH:
        return ""
    kind = element.get("type")
    if kind == "rich_text_list":
        ordered = element.get("style") == "ordered"
        items = enumerate(_list(element, "elements"), 1)
        return "\n".join(f"{f'{number}.' if ordered else '•'} {_rich(one, depth + 1)}" for number, one in items)
    if isinstance(element.get("elements"), list):
        return "".join(_rich(one, depth + 1) for one in _list(element, "elements"))
    if kind == "link":
        text, url = _str(element, "text"), _str(element, "url")
        return f"{text} ({url})" if text and url else text or url
    if kind == "emoji":
        return f":{_str(element, 'name')}:"
    if kind in ("user", "channel", "usergroup", "broadcast"):
        who = _str(element, f"{kind}_id") or _str(element, "range")
        return f"{'#' if kind == 'channel' else '@'}{who}"
    return _str(element, "text")


def adaptive_card(card: Mapping[str, Any]) -> str:
    """The card, or the first of a message that carries cards as attachments."""
    if card.get("type") == "message":
        return _joined(_item(_get(one, "content"), 0) for one in _list(card, "attachments"))
    return _joined([_item(card, 0)])


def _item(item: Any, depth: int) -> Iterator[str]:
    if not isinstance(item, Mapping) or depth > MAX_DEPTH:
        return
    kind = item.get("type")
    below = depth + 1
    if kind == "FactSet":
        yield from (f"{_str(one, 'title')}: {_str(one, 'value')}" for one in _list(item, "facts"))
    elif kind == "Image":
        yield _picture(_str(item, "altText"))
    elif kind == "ImageSet":
        yield " ".join(line for one in _list(item, "images") for line in _item(one, below))
    elif kind == "ColumnSet":
        for column in _list(item, "columns"):
            yield from _item(column, below)
    elif kind == "Table":
        for row in _list(item, "rows"):
            cells = (" ".join(filter(None, _item(cell, below))) for cell in _list(row, "cells"))
            yield " | ".join(cells)
    elif isinstance(kind, str) and kind.startswith("Input."):
        yield f"{_str(item, 'label') or _str(item, 'title') or _str(item, 'placeholder')}: ____"
    else:
        yield _str(item, "text")
        yield "".join(one if isinstance(one, str) else _str(one, "text") for one in _list(item, "inlines"))
        for name in ("body", "items"):
            for one in _list(item, name):
                yield from _item(one, below)
    yield " ".join(f"[{title}]" for one in _list(item, "actions") if (title := _str(one, "title")))


def _picture(alt: str) -> str:
    return f"[image: {alt}]" if alt else ""


def _joined(parts: Iterable[Iterable[str]]) -> str:
    return "\n".join(line.rstrip() for part in parts for line in part if line.strip())


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _list(value: Any, name: str) -> Sequence[Any]:
    found = _get(value, name)
    return found if isinstance(found, list) else ()


def _str(value: Any, name: str) -> str:
    found = _get(value, name)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found)
