"""What a reader sees before and after → the words that went and those that came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, NamedTuple

Kind = Literal["same", "removed", "added"]

MAX_TOKENS = 20_000
"""A longer text is compared by its lines: what a comparison costs grows with the square of what it goes through."""
MAX_LINES = 20_000
"""One with even more lines, or lines that never end, is only said to be different."""
_TOKEN = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Part(NamedTuple):
    """A stretch of text that both have ("same"), that only the first has ("removed"), or only the second ("added")."""

    kind: Kind
    text: str


Words = tuple[Part, ...]


def words(before: str, after: str) -> Words:
    """The differences of two texts, word by word: what was removed stands in front of what was added in its place.

    Put together, the "same" and "removed" parts are `before`, the "same" and "added" ones `after`, but that a white
    space which differs between two equal words counts as the second's. Equal texts are one part, two empty ones none.
    """
    if before == after:
        return (Part("same", after),) if after else ()
    return tuple(_tidied(chain.from_iterable(_compared(before, after))))


def seen(text: str) -> list[str]:
    """The words and marks of a text, without the space between them: what counts as the same to a reader."""
    return text.split()


def _compared(before: str, after: str) -> Iterator[list[Part]]:
    pieces = [_TOKEN.findall(text) for text in (before, after)]
    if max(map(len, pieces)) > MAX_TOKENS:
        pieces = [_LINE.findall(text) for text in (before, after)]
        if max(map(len, pieces)) > MAX_LINES:
            yield [Part("removed", before), Part("added", after)]
            return
    old, new = pieces
    # Both ends first: most changes are small, and matching is the costly part.
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield [Part("same", "".join(new[:start]))]
    middle = old[start : len(old) - end], new[start : len(new) - end]
    keys = [[_key(one) for one in side] for side in middle]
    junk = len(keys[0]) + len(keys[1]) > 2000
    for tag, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=junk).get_opcodes():
        if tag == "equal":
            yield [Part("same", "".join(middle[1][c:d]))]
        else:
            yield [Part("removed", "".join(middle[0][a:b])), Part("added", "".join(middle[1][c:d]))]
    yield [Part("same", "".join(new[len(new) - end :]))]


def _key(token: str) -> str:
    return " " if token.isspace() else token


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _tidied(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind in one part, and a change that only a space interrupts as one change."""
    old: list[str] = []
    new: list[str] = []
    same: list[str] = []
    for part in parts:
        if not part.text:
            continue
        if part.kind == "same":
            same.append(part.text)
            continue
        between = "".join(same)
        if same and (old or new) and between.isspace() and "\n" not in between:
            old.append(between)
            new.append(between)
        elif same:
            yield from _changed(old, new)
            yield Part("same", between)
            old, new = [], []
        same = []
        (old if part.kind == "removed" else new).append(part.text)
    yield from _changed(old, new)
    if same:
        yield Part("same", "".join(same))


def _changed(old: list[str], new: list[str]) -> Iterator[Part]:
    removed, added = "".join(old), "".join(new)
    if removed and removed == added:
        yield Part("same", added)
        return
    if removed:
        yield Part("removed", removed)
    if added:
        yield Part("added", added)
