"""HTML out of values: every text is escaped, and what could run or restyle the page cannot be written.

Everything that comes from a message is hostile. `h` escapes children and attributes (markupsafe), and refuses the
attributes that would let a value act: `style`, `srcdoc`, addresses and event handlers. Those have one door each:
`link` for addresses, `frame` for a message's own HTML, the attribute `tint` for a colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from nac.report.terminal import safe

Child = str | int | None | Iterable[Any]
Attribute = str | int | bool | None

_VOID = frozenset({"br", "hr", "input"})
_GUARDED = re.compile(r"style|srcdoc|href|src|srcset|action|formaction|background|on.*", re.IGNORECASE)
_SAFE_URL = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
NOTHING = Markup("")


def h(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """One element. `class_` is `class`, `aria_label` is `aria-label`; None and False leave an attribute out.

    Children: text (escaped), Markup (as it is), None (nothing), or any iterable of those. `tint` is a colour for the
    style sheet to use; one that is not `#` and hexadecimal digits is left out.
    """
    return _element(tag, children, attributes)


def _element(tag: str, children: Iterable[Child], attributes: dict[str, Attribute], raw: str = "") -> Markup:
    written = [f"<{tag}", raw]
    for key, value in attributes.items():
        if value is not None and value is not False:
            written.append(_attribute(key, value))
    written.append(">")
    if tag not in _VOID:
        _put(children, written)
        written.append(f"</{tag}>")
    return Markup("".join(written))  # noqa: S704 - put together from escaped parts only


@lru_cache(4096, typed=True)
def _attribute(key: str, value: str | int) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name == "tint":
        return f' style="--tint:{value}"' if is_colour(value) else ""
    if _GUARDED.fullmatch(name):
        raise ValueError(f"`{name}` is not written from a value")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def joined(children: Iterable[Child]) -> Markup:
    parts: list[str] = []
    _put(children, parts)
    return Markup("".join(parts))  # noqa: S704 - as above


def _put(children: Iterable[Child], parts: list[str]) -> None:
    for child in children:
        if isinstance(child, str | int):
            parts.append(child if isinstance(child, Markup) else escape(child))
        elif child is not None:
            _put(child, parts)


def safe_url(url: object) -> str | None:
    """The address when it is one that a reader may follow: http, https, mailto or tel. None for all else."""
    text = url.strip() if isinstance(url, str) else ""
    return text if _SAFE_URL.fullmatch(text) else None


def link(url: object, *children: Child, **attributes: Attribute) -> Markup:
    """A link that opens elsewhere and tells nothing about this page; plain text where the address is not safe."""
    attributes.setdefault("title", shown(url) if isinstance(url, str) and url else None)
    found = safe_url(url)
    if found is None:
        return h("span", *children, **attributes)
    raw = f' href="{escape(found)}" target="_blank" rel="noreferrer noopener"'
    return _element("a", children, attributes, raw)


def frame(title: str, document: str, *, short: bool = False) -> Markup:
    """A message's own HTML in a frame of its own: no scripts, no origin, no popups, no way to the page around it.

    Nobody can ask such a frame how high its page is; `short` says that little will do.
    """
    raw = f' sandbox="" srcdoc="{escape(document)}"'
    class_ = "paper is-short" if short else "paper"
    return _element("iframe", (), {"title": title, "class_": class_, "loading": "lazy"}, raw)


def is_colour(value: object) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def shown(text: str) -> str:
    """A name or address on one line, with what would reorder or hide it written out, for labels and places."""
    return safe(text).replace("\n", "\\n").replace("\t", " ")


def text(value: str, **attributes: Attribute) -> Markup:
    """What somebody reads, in its own direction: marks that reorder text end where it ends."""
    return h("span", value, dir="auto", class_=f"text {attributes.pop('class_', None) or ''}".rstrip(), **attributes)


def coded(message: str) -> Markup:
    """A finding's sentence, what stands in backticks as code."""
    parts = shown(message).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    return joined(h("code", part) if number % 2 else part for number, part in enumerate(parts))
