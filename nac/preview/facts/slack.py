"""Slack: the limits that its reference of Block Kit and of chat.postMessage documents.

50 blocks; a section's text 3,000 characters, with ten fields of 2,000; a header 150; a button 75. A text message is
best under 4,000 characters, and cut after 40,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nac.messages import Slack
from nac.preview.result import Fact

BLOCKS = 50
SECTION = 3000
FIELDS = 10
FIELD = 2000
HEADER = 150
BUTTON = 75
TEXT = 4000
MAX_TEXT = 40_000

# What is measured: a fact's name, its limit, and what it is.
_TEXTS = (
    ("section_length", SECTION, "a section"),
    ("field_length", FIELD, "a field"),
    ("header_length", HEADER, "a header"),
    ("button_length", BUTTON, "a button"),
)


def slack(message: Slack) -> Iterator[Fact]:
    if message.body is not None:
        yield _text(len(message.body))
    if message.blocks is not None:
        yield from _blocks(message.blocks)


def _text(count: int) -> Fact:
    if count > MAX_TEXT:
        return Fact("text_length", count, "characters", MAX_TEXT, True, f"Slack cuts after {MAX_TEXT:,} characters.")
    note = f"Slack asks for texts of up to {TEXT:,} characters." if count > TEXT else None
    return Fact("text_length", count, "characters", TEXT, count > TEXT, note)


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Fact]:
    count = len(blocks)
    note = f"Slack refuses a message of more than {BLOCKS} blocks." if count > BLOCKS else None
    yield Fact("blocks", count, "blocks", BLOCKS, count > BLOCKS, note)
    longest: dict[str, tuple[int, int]] = {}
    most_fields = (0, 0)
    for number, block in enumerate(blocks, 1):
        for name, text in _texts(block):
            if len(text) > longest.get(name, (-1, 0))[0]:
                longest[name] = (len(text), number)
        fields = block.get("fields") if isinstance(block, Mapping) else None
        if isinstance(fields, list) and len(fields) > most_fields[0]:
            most_fields = (len(fields), number)
    for name, limit, what in _TEXTS:
        if name in longest:
            yield _longest(name, *longest[name], limit, what)
    if most_fields[0]:
        over = most_fields[0] > FIELDS
        note = f"Slack refuses more than {FIELDS} fields in a section: block {most_fields[1]}." if over else None
        yield Fact("fields", most_fields[0], "fields", FIELDS, over, note)


def _longest(name: str, count: int, number: int, limit: int, what: str) -> Fact:
    note = f"Slack refuses more than {limit:,} characters in {what}: block {number}." if count > limit else None
    return Fact(name, count, "characters", limit, count > limit, note)


def _texts(block: object) -> Iterator[tuple[str, str]]:
    """The texts of a block by the fact they count for. A block may be any JSON."""
    if not isinstance(block, Mapping):
        return
    kind = block.get("type")
    if kind in ("section", "header"):
        yield from _of(f"{kind}_length", block)
    fields, elements = block.get("fields"), block.get("elements")
    for field in fields if isinstance(fields, list) else []:
        yield from _of("field_length", {"text": field})
    for element in [*(elements if isinstance(elements, list) else []), block.get("accessory")]:
        if isinstance(element, Mapping) and element.get("type") == "button":
            yield from _of("button_length", element)


def _of(name: str, holder: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The text of `{"text": {"type": …, "text": …}}`."""
    text = holder.get("text")
    if isinstance(text, Mapping) and isinstance(text.get("text"), str):
        yield name, text["text"]
