"""HTML → its texts and tags, in time that grows with its length whatever it holds.

What a browser does with broken HTML is kept to as far as a text needs it ("13.2.5 Tokenization" of the HTML standard):
a comment or a tag without an end swallows the rest. `html.parser` takes quadratic time over such texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

_TEXT = re.compile(r"(?:[^<]|<(?![a-zA-Z/!?]))++")
_COMMENT = re.compile(r"<!--(?:-?>|(?>.*?--!?>))", re.DOTALL)
_OTHER = re.compile(r"<[!?/][^>]*+>")
_VALUE = r"""(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s>"'][^\s>]*+)|)"""
_ATTRIBUTE = re.compile(rf"[\s/]*+(?P<name>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+{_VALUE})?+")
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_CLOSE = re.compile(r"[\s/]*+>")
_RAW = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}


@dataclass(slots=True)
class Token:
    """`value` is a text, with its entities decoded, or the name of a tag in lower case."""

    kind: Literal["text", "start", "end"]
    value: str
    attributes: dict[str, str] = field(default_factory=dict)


def tokens(html: str) -> Iterator[Token]:
    at = 0
    while at < len(html):
        if found := _TEXT.match(html, at):
            yield Token("text", unescape(found[0]))
            at = found.end()
        elif found := _NAME.match(html, at):
            name = found[2].lower()
            attributes, end = _attributes(html, found.end())
            if end is None:
                return
            at = end
            yield Token("end" if found[1] else "start", name, attributes)
            if not found[1] and name in _RAW:
                close = _RAW[name].search(html, at)
                at = close.start() if close else len(html)
        else:
            found = (_COMMENT if html.startswith("<!--", at) else _OTHER).match(html, at)
            if found is None:
                return
            at = found.end()


def _attributes(html: str, at: int) -> tuple[dict[str, str], int | None]:
    """Those of a tag, and where it ends; None where it has no end."""
    attributes: dict[str, str] = {}
    while (close := _CLOSE.match(html, at)) is None:
        found = _ATTRIBUTE.match(html, at)
        if found is None:
            return attributes, None
        value = found["double"] or found["single"] or found["bare"] or ""
        attributes.setdefault(found["name"].lower(), unescape(value))
        at = found.end()
    return attributes, close.end()
