"""HTML, cut into tags and what stands between them; in one pass, whatever the text is.

The standard library's parser raises on some declarations, and looks to the end of the text from every `<` of a broken
one. This knows what a browser does with tags, comments and raw text, and nothing of which element may hold which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_SPACE = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_BARE = re.compile(r"[^\s>]*")

RAW = frozenset({"script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"})
"""Elements whose content is text up to their end tag."""

Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Token:
    """`kind`: "text", "start", "end", "comment" or "declaration"; `raw` as it stands. `name` in small letters, and
    `attributes` with their entities read, are those of a tag; the content of a raw element follows it as `within`."""

    kind: str
    raw: str
    name: str = ""
    attributes: Attributes | None = None
    within: str = ""


def tokens(html: str) -> Iterator[Token]:
    """What is not ended (a comment, a tag, a quoted value) goes to the end of the text and is left out."""
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            yield Token("text", html[at:])
            return
        if start > at:
            yield Token("text", html[at:start])
        found = _token(html, start)
        if found is None:
            return
        token, at = found
        yield token


def _token(html: str, start: int) -> tuple[Token, int] | None:
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return (Token("comment", html[start : end + 3]), end + 3) if end >= 0 else None
    if html.startswith(("<!", "<?"), start):
        end = html.find(">", start)
        return (Token("declaration", html[start : end + 1]), end + 1) if end >= 0 else None
    closing = html.startswith("</", start)
    name = _NAME.match(html, start + 1 + closing)
    if name is None:
        return Token("text", "&lt;"), start + 1
    if closing:
        end = html.find(">", start)
        return (Token("end", html[start : end + 1], name[0].lower()), end + 1) if end >= 0 else None
    found = _attributes(html, name.end())
    if found is None:
        return None
    attributes, end = found
    tag = name[0].lower()
    stop = _raw_end(html, tag, end) if tag in RAW else end
    return Token("start", html[start:end], tag, attributes, html[end:stop]), stop


def _attributes(html: str, at: int) -> tuple[Attributes, int] | None:
    """Up to and with `>`. Of two attributes of one name the first counts, as in a browser."""
    found: dict[str, str | None] = {}
    while True:
        at = _end(_SPACE, html, at)
        if at >= len(html):
            return None
        if html[at] == ">":
            return list(found.items()), at + 1
        end = _end(_ATTRIBUTE, html, at)
        name, at = html[at:end].lower(), end
        value = None
        equals = _EQUALS.match(html, at)
        if equals:
            at = equals.end()
            quote = html[at : at + 1]
            if quote and quote in "\"'":
                end = html.find(quote, at + 1)
                if end < 0:
                    return None
                value, at = html[at + 1 : end], end + 1
            else:
                end = _end(_BARE, html, at)
                value, at = html[at:end], end
        found.setdefault(name, None if value is None else unescape(value))


def _end(pattern: re.Pattern[str], html: str, at: int) -> int:
    found = pattern.match(html, at)
    return found.end() if found else at


def _raw_end(html: str, tag: str, at: int) -> int:
    found = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(html, at)
    return found.start() if found else len(html)
