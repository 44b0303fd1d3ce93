"""The HTML of emails as the tags that it is written with, each at its place in the template.

Expressions are filled in before it is read, so that they are no part of any tag; comments, styles and scripts hold no
tags, and an image that Outlook alone sees in a comment is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nac.diagnostics import Label
from nac.rules.content.literal import FILL, literal
from nac.rules.escaping.kinds import HTML, kind_of
from nac.rules.templated import Templated
from nac.rules.view import View

MAX_LENGTH = 400_000
"""Characters; longer texts are not looked at. Gmail clips an email at a quarter of that."""
MAX_TAG = 8000
MAX_FAILED = 50
"""Tags that are never closed; with more of them, the rest is not looked at."""
VOID = frozenset("area base br col embed hr img input link meta param source track wbr basefont bgsound frame".split())

_NAME = re.compile(r"</?[a-zA-Z]")
_TAG = re.compile(r"""<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>"'<]*+)(?P<rest>(?:[^>"'<]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")
# What stands in these is no markup.
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "textarea")}


@dataclass(frozen=True, slots=True)
class Tag:
    """`text[start:end]`. `kind` is "open", "close", or "alone" for an element that has no end tag."""

    name: str
    kind: str
    start: int
    end: int
    attributes: tuple[tuple[str, str | None], ...] = ()

    def get(self, name: str) -> str | None:
        """An attribute's value, "" for one without; None where there is none."""
        return next((value or "" for key, value in self.attributes if key == name), None)

    @property
    def is_dynamic(self) -> bool:
        """Whether an expression prints attributes."""
        return any(FILL in name for name, _ in self.attributes)


@dataclass(frozen=True)
class Markup:
    """The HTML of one email."""

    templated: Templated
    text: str

    def label(self, start: int, end: int, message: str = "") -> Label:
        text = self.templated.text
        return Label(text.source.path, text.span(start, end), message)

    def tags(self, condition: bool | None = None) -> tuple[Tag, ...]:
        """Every tag, or those that are there when all conditions hold, or none does."""
        found = literal(self.text, condition)
        return _tags(found) if found is not None else ()


def markups(view: View) -> Iterator[Markup]:
    """The HTML of every email that is looked at."""
    for template in view.templates:
        for templated in view.texts(template):
            if templated.variant.channel != "email" or kind_of(templated) != HTML:
                continue
            text = templated.text.value
            if "<" in text and len(text) <= MAX_LENGTH:
                yield Markup(templated, text)


@lru_cache(maxsize=64)
def _tags(text: str) -> tuple[Tag, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[Tag]:
    """Every tag, in time that grows with the text alone: what is not closed is looked for once."""
    position = failed = 0
    while (start := text.find("<", position)) >= 0 and failed < MAX_FAILED:
        if text.startswith(("<!", "<?"), start):
            ending = "-->" if text.startswith("<!--", start) else ">"
            end = text.find(ending, start + 2)
            if end < 0:
                return
            position = end + len(ending)
            continue
        found = _TAG.match(text, start, start + MAX_TAG)
        if found is None:
            failed += _NAME.match(text, start) is not None
            position = start + 1
            continue
        position = found.end()
        name = found["name"].lower()
        if found["slash"]:
            yield Tag(name, "close", start, position)
            continue
        written = found["rest"]
        alone = name in VOID or written.endswith("/")
        yield Tag(name, "alone" if alone else "open", start, position, tuple(_attributes(written)))
        if name in _RAW and not alone:
            closing = _RAW[name].search(text, position)
            if closing is None:
                return
            position = closing.start()


def _attributes(text: str) -> Iterator[tuple[str, str | None]]:
    for found in _ATTRIBUTE.finditer(text):
        value = next((one for one in found.group(2, 3, 4) if one is not None), None)
        yield found[1].lower(), value


def program_of(programs: list[tuple[int, int]], offset: int) -> int:
    """The innermost of these stretches that an offset lies in, by its index; -1 for none."""
    index = bisect_right(programs, (offset, 1 << 60)) - 1
    while index >= 0:
        start, end = programs[index]
        if start <= offset < end:
            return index
        index -= 1
    return -1
