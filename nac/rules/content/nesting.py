"""Which tags are opened and never closed, closed and never opened, or closed in the wrong order.

HTML lets some end tags be left out (`</li>`, `</td>`): one of those is told only where a text closes the others of its
kind. In templates a tag may be opened under one condition and closed under the next. So the text is read twice, as it
is where every condition is true and where none is; what a condition leaves open is told only if the other reading is
in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nac.rules.content.html import Markup, Tag, program_of
from nac.rules.content.literal import programs

_OPTIONAL = frozenset(
    "html head body p li dt dd option optgroup rt rp colgroup caption thead tbody tfoot tr td th".split()
)
# Where the end of an element may be left out, the start of one of these is its end.
_ENDS = {
    "li": frozenset({"li"}), "dt": frozenset({"dt", "dd"}), "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option", "optgroup"}), "tr": frozenset({"tr", "tbody", "thead", "tfoot"}),
    "td": frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"}),
    "p": frozenset({"p"}),
}  # fmt: skip
# Elements that may not lie in one of their own kind: a program closes the outer one there.
_NEVER_IN_ITSELF = frozenset({"a", "button"})
_MOST = 20  # findings of one text
_LOOKED_AT = 200  # what is wrong in one reading of it


@dataclass(frozen=True)
class Broken:
    """`tag` is where it shows, `other` what it runs into. `kind`: "crossed", "unclosed", "unopened" or "nested"."""

    kind: str
    tag: Tag
    other: Tag | None = None


def broken(markup: Markup) -> list[Broken]:
    """Everything that is surely wrong, in the order of the text."""
    if "{{#" not in markup.text and "{{^" not in markup.text and "{{~" not in markup.text:
        return sorted(islice(_read(markup.tags()), _LOOKED_AT), key=lambda one: one.tag.start)[:_MOST]
    # Where nothing is wrong in either reading, which is nearly always, where blocks begin is of no interest.
    readings = [list(islice(_read(markup.tags(condition)), _LOOKED_AT)) for condition in (True, False)]
    if not any(readings):
        return []
    inside = programs(markup.text)
    found: dict[tuple[int, str], Broken] = {}
    for own, other in (readings, reversed(readings)):
        places = {(one.tag.start, one.kind) for one in other}
        for one in own:
            mine = program_of(inside, one.tag.start)
            both = one.other is not None and program_of(inside, one.other.start) == mine
            if (one.kind in ("crossed", "nested") and both) or (one.tag.start, one.kind) in places or not other:
                found.setdefault((one.tag.start, one.kind), one)
    return sorted(found.values(), key=lambda one: one.tag.start)[:_MOST]


def _read(tags: tuple[Tag, ...]) -> Iterator[Broken]:
    closed = Counter(tag.name for tag in tags if tag.kind == "close")
    stack: list[Tag] = []
    depth: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for tag in tags:
        if tag.kind == "open":
            # `</li>` is left out: the next `<li>` ends it.
            if stack and tag.name in _ENDS.get(stack[-1].name, ()):
                depth[stack[-1].name] -= 1
                yield from _left_out(stack.pop(), tag, closed)
            if tag.name in _NEVER_IN_ITSELF and depth[tag.name]:
                yield Broken("nested", tag, next(one for one in reversed(stack) if one.name == tag.name))
            stack.append(tag)
            depth[tag.name] += 1
        elif tag.kind == "close":
            yield from _close(tag, stack, depth, missing, closed)
    for tag in stack:
        yield from _left_out(tag, None, closed)


def _close(
    tag: Tag, stack: list[Tag], depth: Counter[str], missing: Counter[str], closed: Counter[str]
) -> Iterator[Broken]:
    if not depth[tag.name]:
        if missing[tag.name]:
            missing[tag.name] -= 1  # the one that was told as crossed
        else:
            yield Broken("unopened", tag)
        return
    # As many steps as elements that are closed by it: each is looked at once.
    while (one := stack.pop()).name != tag.name:
        depth[one.name] -= 1
        if one.name not in _OPTIONAL:
            missing[one.name] += 1
            yield Broken("crossed", one, tag)
        else:
            yield from _left_out(one, tag, closed)
            if closed[one.name]:
                missing[one.name] += 1
    depth[tag.name] -= 1


def _left_out(tag: Tag, by: Tag | None, closed: Counter[str]) -> Iterator[Broken]:
    if tag.name not in _OPTIONAL or (tag.name not in ("html", "head", "body") and closed[tag.name]):
        yield Broken("crossed" if by is not None and by.kind == "close" else "unclosed", tag, by)
