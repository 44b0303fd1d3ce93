"""Where a place in what a template printed comes from in the template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nac import handlebars
from nac.handlebars import HandlebarsError, nodes
from nac.handlebars.source import Span
from nac.templates import HELPERS, Context
from nac.templates.template import Text

# Noncharacters (Unicode, 23.7): no text has a reason to hold them.
_OPEN, _END = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([0-9]+){_OPEN}|{_END}")
_NEAR = 24


@dataclass(frozen=True)
class Origin:
    """Offsets in the template, and what to do when it is an expression that printed it."""

    start: int
    end: int
    help: str | None = None


def origin(text: Text, context: Context, printed: str, at: int) -> Origin:
    """What printed the character `printed[at]`: an expression, or a place in the text; the whole where it is unclear.

    The template is printed once more, with a mark on each side of every expression.
    """
    source = text.value
    if source == printed:
        return Origin(min(at, len(source)), min(at + 1, len(source)))
    whole = Origin(0, len(source))
    try:
        expressions = list(_expressions(handlebars.parse(source)))
        marked = handlebars.compile(_marked(source, expressions), helpers=HELPERS).render(context)
    except HandlebarsError:
        return whole
    if _MARK.sub("", marked) != printed or _OPEN in source or _END in source:
        return whole
    before, passed = Span(expressions[0].source, 0, 0) if expressions else None, 0
    if before is None:
        return whole
    for start, end, index in _ranges(marked):
        span = expressions[index]
        # An unescaped quote at the end of a value is noticed one character later.
        breaks = json.dumps(printed[start:end], ensure_ascii=False)[1:-1] != printed[start:end]
        if start <= at < end or (breaks and end <= at <= end + 1):
            name = span.text.strip("{}&~ ")
            call = f"{{{{{{jsonStringify {name}}}}}}}"
            help = f"the value breaks the JSON around it: `{call}` prints it as JSON, quotes included"
            return Origin(span.start, span.end, help)
        if start > at:
            break
        before, passed = span, end
    # Of what stands between two expressions only the end is looked for: tags that print nothing may lie in it.
    near = printed[max(passed, at - _NEAR) : at]
    found = source.find(near, before.end)
    place = before.end if found < 0 else found + len(near)
    return Origin(min(place, len(source)), min(place + 1, len(source)))


def _expressions(program: nodes.Program) -> Iterator[Span]:
    for one in program.body:
        if isinstance(one, nodes.Mustache):
            yield one.span
        elif isinstance(one, nodes.Block):
            for below in (one.program, one.inverse):
                if below is not None:
                    yield from _expressions(below)


def _marked(source: str, expressions: list[Span]) -> str:
    parts, begins = [], 0
    for index, span in enumerate(expressions):
        parts += [source[begins : span.start], f"{_OPEN}{index}{_OPEN}", source[span.start : span.end], _END]
        begins = span.end
    return "".join([*parts, source[begins:]])


def _ranges(marked: str) -> Iterator[tuple[int, int, int]]:
    """What each expression printed: from, to, and which one it was, in offsets without the marks."""
    marks = start = index = 0
    for found in _MARK.finditer(marked):
        place = found.start() - marks
        if found[1] is None:
            yield start, place, index
        else:
            start, index = place, int(found[1])
        marks += len(found[0])
