"""The cards of a page, each kept once, and what they have in common kept once as well.

Thousands of emails of a few templates differ in a name and a number. Cut into pieces, those that are the same have the
same pieces, and the page grows with what differs, not with how many there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

_PIECE = re.compile(r"(?:\n|&lt;/(?:p|tr|td|div|table|style|li|head)&gt;|</(?:p|div|li|article|header|footer)>)+")
_SHORTEST = 120
"""Characters of a piece: below that, its number in every card would cost more than it saves."""


class Store:
    def __init__(self) -> None:
        self._cards: dict[str, int] = {}
        self._pieces: dict[str, int] = {}
        self._written: list[list[int]] = []

    def add(self, card: Markup) -> int:
        """The number of this card on the page."""
        found = self._cards.get(card)
        if found is None:
            found = self._cards[card] = len(self._written)
            self._written.append([self._pieces.setdefault(each, len(self._pieces)) for each in pieces(card)])
        return found

    def value(self) -> dict[str, Any]:
        """`cards[n]` lists the numbers of the pieces that card n is put together from."""
        return {"pieces": list(self._pieces), "cards": self._written}


def pieces(text: str) -> Iterator[str]:
    start = 0
    for found in _PIECE.finditer(text):
        if found.end() - start >= _SHORTEST:
            yield text[start : found.end()]
            start = found.end()
    if start < len(text):
        yield text[start:]


def island(value: Any) -> Markup:
    """JSON that may stand in a `script` element: no `<`, so that nothing in it ends the element or opens another."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704
