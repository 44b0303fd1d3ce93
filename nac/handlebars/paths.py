"""Names as they are written: `a.b`, `a/b`, `../a`, `this`, `@index`, `a.[any text]`."""

from __future__ import annotations

import re

from nac.handlebars import nodes
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import TemplateSyntaxError
from nac.handlebars.source import Span
from nac.handlebars.values import UNDEFINED

_BRACKETED = re.compile(r"\[[^\n\r\u2028\u2029]*\]")
_ESCAPED = re.compile(r"\\([\\\]])")
_SCOPED = re.compile(r"^\.|this(?![A-Za-z0-9_])")


def unbracket(segment: str) -> tuple[str, bool]:
    """A segment's name, and whether it was written in brackets: then `this` and `..` are names like others.

    A bracketed segment that goes over a line's end keeps its brackets, as in handlebars.js.
    """
    if not segment.startswith("["):
        return segment, False
    segment = _ESCAPED.sub(r"\1", segment)
    return (segment[1:-1], True) if _BRACKETED.fullmatch(segment) else (segment, False)


def make_path(data: bool, segments: list[tuple[str, str]], span: Span) -> nodes.Path:
    """Put a path together from its segments, each with the separator before it.

    Raises TemplateSyntaxError where `this`, `.` or `..` stands after a name.
    """
    original = "@" if data else ""
    parts: list[str] = []
    depth = 0
    for separator, segment in segments:
        name, literal = unbracket(segment)
        original += separator + name
        if literal or name not in ("..", ".", "this"):
            parts.append(name)
        elif parts:
            message = f"`{name}` can only stand at the start of a path: `{original}`"
            raise TemplateSyntaxError(message, span)
        elif name == "..":
            depth += 1
    return nodes.Path(data, depth, parts, original, span)


def as_path(name: nodes.Path | nodes.Literal) -> nodes.Path:
    """A literal in the place of a name is one: `{{"first name"}}`, `{{12}}`."""
    if isinstance(name, nodes.Path):
        return name
    text = to_string(name.value)
    return nodes.Path(False, 0, [text], text, name.span)


def original(name: nodes.Expression) -> object:
    """What a block's closing tag must repeat; handlebars.js knows no name for a sub-expression."""
    if isinstance(name, nodes.SubExpression):
        return UNDEFINED
    return name.original if isinstance(name, nodes.Path) else name.value


def is_scoped(path: nodes.Path) -> bool:
    """Whether a path says where to look (`this.a`, `./a`), so that no helper or block parameter is meant.

    handlebars.js looks for the letters `this` at the end of any word of the path; so does this.
    """
    return bool(_SCOPED.search(path.original))


def is_simple(path: nodes.Path) -> bool:
    """Whether a path is a single name, which may be a helper's."""
    return len(path.parts) == 1 and not path.depth and not is_scoped(path)
