"""An email's HTML → the text that somebody reads whose program shows no HTML.

One pass over the tags, without a tree: an email that is huge, or a hundred thousand tags deep, costs its length.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nac.preview.html_tokens import tokens

MAX_HTML = 500_000
"""In characters; what comes behind is left out."""

_LEFT_OUT = frozenset("script style head title template noscript svg math object iframe select textarea".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_LINES = frozenset(
    "address article aside body center dd div dl dt fieldset figcaption figure footer form header html main nav "
    "section tbody tfoot thead tr".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 blockquote pre table".split())
# Not `font-size: 0`, which layout tables have on every cell, and take back inside.
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?\s*(?:;|\Z)", re.IGNORECASE)
# What fills an inbox's preview line so that the body does not show in it: nobody sees it.
_FILLER = re.compile("[\u00ad\u034f\u200b\u2060-\u2064\ufeff]")
# Joiners are a part of a word or an emoji that they stand within, and marks of direction of one that they stand at.
_ASTRAY = re.compile(
    r"(?<!\S)[\u061c\u200c-\u200f]+(?!\S)|(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)|[\u200c\u200d]{2,}"
)
_SPACE = re.compile(r"[ \t\r\n\f\xa0\u2007]+")


@lru_cache(maxsize=1024)
def plain_text(html: str) -> str:
    """Links as `text (url)`, items of a list after a `-` or their number, the cells of a row on one line.

    Never raises; deterministic.
    """
    writer = _Writer()
    for token in tokens(html[:MAX_HTML]):
        if token.kind == "start":
            writer.start(token.value, token.attributes)
        elif token.kind == "end":
            writer.end(token.value)
        else:
            writer.data(token.value)
    writer.break_line()
    return "\n".join(writer.lines)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parts: list[str] = []  # of the line that is open
        self.prefix = ""
        self.gap = False  # whether an empty line comes before the next one
        self.left_out = ""  # the tag that is open and left out with all that it holds
        self.depth = 0  # and how many of its name are open in it
        self.lists: list[int] = []  # the number of the last item, -1 in a list without numbers
        self.link: tuple[str, int] | None = None  # where it leads, and where in `parts` its text begins
        self.pre = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.left_out:
            self.depth += tag == self.left_out
            if (self.left_out, tag) != ("head", "body"):
                return
            self.left_out = ""
        if tag in _LEFT_OUT or (tag not in _VOID and _is_hidden(attributes)):
            self.left_out, self.depth = tag, 1
        elif tag == "br":
            self.break_line(keep=True)
        elif tag == "hr":
            self.break_line()
            self.lines.append("---")
        elif tag == "img":
            self.parts.append(attributes.get("alt", ""))
        elif tag == "a":
            self.end_link()
            self.link = (attributes.get("href", "").strip(), len(self.parts))
        elif tag in ("ul", "ol"):
            self.break_line()
            self.gap = self.gap or not self.lists
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self.break_line()
            self.prefix = self._bullet()
        elif tag in ("td", "th"):
            self.parts.append(" ")
        else:
            self.block(tag)
            self.pre += tag == "pre"

    def end(self, tag: str) -> None:
        if self.left_out:
            self.depth -= tag == self.left_out
            if self.depth == 0:
                self.left_out = ""
        elif tag == "a":
            self.end_link()
        elif tag in ("ul", "ol"):
            self.break_line()
            if self.lists:
                self.lists.pop()
            self.gap = self.gap or not self.lists
        elif tag == "li":
            self.break_line()
            self.prefix = ""
        else:
            self.block(tag)
            self.pre -= tag == "pre" and self.pre > 0

    def data(self, text: str) -> None:
        if self.left_out:
            return
        if not self.pre:
            self.parts.append(_SPACE.sub(" ", text))
            return
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.parts.append(first)
        for line in rest:
            self.break_line(keep=True)
            self.parts.append(line)

    def block(self, tag: str) -> None:
        if tag in _SPACED or tag in _LINES:
            self.break_line()
            self.gap = self.gap or tag in _SPACED

    def _bullet(self) -> str:
        indent = "  " * min(len(self.lists) - 1, 8)
        if not self.lists or self.lists[-1] < 0:
            return f"{indent}- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1]}. "

    def end_link(self) -> None:
        if self.link is None:
            return
        (url, begins), self.link = self.link, None
        shown = _SPACE.sub(" ", "".join(self.parts[begins:])).strip()
        if url[:7].lower() == "mailto:" and url[7:].split("?")[0] == shown:
            return
        if url and url[0] != "#" and url.rstrip("/") != shown.rstrip("/"):
            self.parts.append(f" ({url})" if shown else url)

    def break_line(self, keep: bool = False) -> None:
        """Close the line that is open; with `keep` an empty one too."""
        if self.link and "".join(self.parts[self.link[1] :]).strip():
            self.end_link()  # at the first of its lines
        line = _ASTRAY.sub("", _FILLER.sub("", "".join(self.parts)))
        self.parts.clear()
        if self.link:
            self.link = (self.link[0], 0)
        line = line.rstrip() if self.pre else _SPACE.sub(" ", line).strip()
        if not line:
            self.gap = self.gap or (keep and bool(self.lines) and not self.prefix)
            return
        if self.gap and self.lines:
            self.lines.append("")
        self.lines.append(self.prefix + line)
        self.gap, self.prefix = False, ""


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "hidden" in attributes or ("style" in attributes and _HIDDEN.search(attributes["style"]) is not None)
