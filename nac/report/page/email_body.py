"""An email's HTML, made quiet for a preview: nothing in it asks for anything, and pictures have placeholders.

Safety does not rest on this: the frame has a sandbox without scripts, and the page's policy forbids every request.
Rewriting keeps the browser from reporting each attempt, and lets pictures that are not loaded be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from nac.report.page.html_tokens import Attributes, Token, tokens
from nac.report.page.markup import safe_url

LARGEST = 1_000_000
"""Characters. More is not drawn: Gmail shows a tenth of it."""

_DROPPED = frozenset({"script", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "link", "portal"})
_LOADS = frozenset(
    {
        "src",
        "srcset",
        "poster",
        "background",
        "data",
        "action",
        "formaction",
        "ping",
        "longdesc",
        "xlink:href",
        "manifest",
        "imagesrcset",
        "autofocus",
        "autoplay",
    }
)
_CSS_URL = re.compile(r"""url\(\s*+(?!['"]?data:)[^()]*\)""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_CSS_SET = re.compile(r"image-set\(", re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    """`html` for a frame; `images` counts the remote pictures; `links` are the addresses in order, each once."""

    html: str
    images: int
    links: tuple[str, ...]


def quiet(html: str) -> Body:
    if len(html) > LARGEST:
        return Body(f"<p>{len(html):,} characters: too much to draw.</p>", 0, ())
    found = _Quiet()
    return Body("".join(found.written(token) for token in tokens(html)), found.images, tuple(found.links))


class _Quiet:
    def __init__(self) -> None:
        self.images = 0
        self.links: dict[str, None] = {}

    def written(self, token: Token) -> str:
        if token.kind == "start":
            return self._start(token)
        if token.kind == "end":
            return "" if token.name in _DROPPED else token.raw
        if token.kind == "declaration":
            return token.raw if token.raw[:9].lower() == "<!doctype" else ""
        return token.raw

    def _start(self, token: Token) -> str:
        attrs = token.attributes or []
        if token.name in _DROPPED or (token.name == "meta" and _acts(attrs)):
            return ""
        kept = [(name, self._quiet(name, value)) for name, value in attrs if name not in _LOADS and name[:2] != "on"]
        if token.name in ("a", "area"):
            kept = [one for one in kept if one[0] not in ("href", "target", "rel")] + self._address(attrs)
        elif token.name in ("image", "use", "feimage", "form"):
            kept = [one for one in kept if one[0] not in ("href", "target")]
        elif token.name == "img":
            kept.append(("src", self._picture(dict(attrs))))
        elif any(name == "background" for name, _ in attrs):
            self.images += 1
        within = self._css(token.within) if token.name == "style" else token.within
        if kept == attrs:
            return token.raw + within
        tag = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept)
        return f"<{token.name}{tag}>{within}"

    def _quiet(self, name: str, value: str | None) -> str | None:
        return self._css(value) if name == "style" and value else value

    def _css(self, css: str) -> str:
        found, count = _CSS_URL.subn("none", _CSS_IMPORT.sub("", css))
        self.images += count
        return _CSS_SET.sub("none(", found)

    def _address(self, attrs: Attributes) -> Attributes:
        # `_blank` in a sandbox without popups: a click does nothing, and the frame stays what it is.
        url = safe_url(dict(attrs).get("href"))
        if url is None:
            return []
        self.links.setdefault(url)
        return [("href", url), ("target", "_blank"), ("rel", "noreferrer noopener")]

    def _picture(self, attrs: dict[str, str | None]) -> str:
        source = (attrs.get("src") or "").strip()
        if source.lower().startswith("data:image/"):
            return source
        self.images += 1
        name = source.partition("?")[0].rpartition("/")[2]
        return drawing(attrs.get("alt") or name or "image", _pixels(attrs.get("width")), _pixels(attrs.get("height")))


def _acts(attrs: Attributes) -> bool:
    """Whether a `meta` element is an order to the browser."""
    return any(name == "http-equiv" and (value or "").strip().lower() != "content-type" for name, value in attrs)


def _pixels(value: str | None) -> int | None:
    found = re.match(r"\s*(\d{1,4})\s*(?:px)?\s*\Z", value or "")
    return int(found[1]) if found else None


def drawing(label: str, width: int | None, height: int | None) -> str:
    """A grey picture that says what it stands for, as a data address; nothing at all for a tracking pixel."""
    if (width is not None and width <= 2) or (height is not None and height <= 2):
        return "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    wide = width or (min(600, height * 3) if height else 240)
    high = height or max(24, min(320, wide // 2 if wide > 160 else wide))
    words = label.strip()[: max(0, wide // 8)]
    size = max(9, min(14, high // 3))
    lettering = (
        (
            f'<text x="50%" y="50%" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="{size}" '
            f'fill="#6b7280">{escape(words)}</text>'
        )
        if high >= 16
        else ""
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<rect width="100%" height="100%" rx="4" fill="#eceef2"/>{lettering}</svg>'
    )
    return "data:image/svg+xml," + quote(svg.encode("utf-8", "replace"), safe=" ='/:;")
