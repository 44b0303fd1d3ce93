"""What can be wrong with a template.

HandlebarsError              at a place in a template
├── TemplateSyntaxError      it cannot be read
├── MissingVariable          it names something that the data does not hold
├── UnknownHelperError       it calls a helper that does not exist
└── LimitError               it asks for more than the named limits allow
HelperError                  raised by a helper, which does not know where it was called from
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nac.handlebars.source import Span


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a problem has to do with, and how."""

    message: str
    span: Span


class HandlebarsError(Exception):
    """A template that cannot be parsed or rendered, and where.

    `template` is the template's (or partial's) name; lines and columns count from 1, the end is exclusive. `related`
    are other places to look at. `str()` shows the message, the line it is about with a caret, the related places in
    the same way, and the help if there is any.
    """

    def __init__(self, message: str, span: Span, help: str | None = None, related: Sequence[Related] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.help = help
        self.related = tuple(related)

    @property
    def template(self) -> str:
        return self.span.source.name

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def column(self) -> int:
        return self.span.column

    @property
    def end_line(self) -> int:
        return self.span.end_line

    @property
    def end_column(self) -> int:
        return self.span.end_column

    def __str__(self) -> str:
        parts = [_shown(self.message, self.span), *(_shown(one.message, one.span) for one in self.related)]
        if self.help:
            parts.append(f"help: {self.help}")
        return "\n".join(parts)


def _shown(message: str, span: Span) -> str:
    """A message with its line and a caret."""
    line, column = span.line, span.column
    text = span.source.line(line)
    end = span.end_column - 1 if span.end_line == line else len(text)
    # Long lines are cut around the problem; tabs stay tabs, so that the caret stands below it.
    first = max(0, column - 61)
    shown = text[first : first + 120]
    indent = "".join("\t" if char == "\t" else " " for char in text[first : column - 1])
    carets = "^" * max(1, min(end, first + 120) - column + 1)
    gutter = " " * len(str(line))
    return f"{span.source.name}:{line}:{column}: {message}\n{line} | {shown}\n{gutter} | {indent}{carets}"


class TemplateSyntaxError(HandlebarsError):
    """A template that is not Handlebars."""


class MissingVariable(HandlebarsError):  # noqa: N818 - as often an item of a list as an exception
    """A name that the data does not hold, or a property of nothing.

    `path` is the part of the written path that could not be followed, such as `order.nmae`; `nearest` is the
    same path with the nearest name which does exist, or None.
    """

    def __init__(self, message: str, span: Span, path: str, nearest: str | None) -> None:
        super().__init__(message, span, f"did you mean `{nearest}`?" if nearest else None)
        self.path = path
        self.nearest = nearest


class UnknownHelperError(HandlebarsError):
    """A helper that does not exist; `name` as written."""

    def __init__(self, name: str, span: Span, known: Iterable[str]) -> None:
        near = nearest(name, known)
        super().__init__(
            f"there is no helper `{name}`, or it is not supported yet",
            span,
            f"did you mean `{near}`?" if near else None,
        )
        self.name = name


class LimitError(HandlebarsError):
    """A template that nests too deeply, prints too much or takes too long (see limits.py)."""


def no_stack(span: Span) -> LimitError:
    """For what would have been a RecursionError: the caller left less of the stack than the limits count on."""
    return LimitError("the template nests more deeply than there is stack left for", span)


class HelperError(Exception):
    """What a helper, or a conversion of a value, cannot do.

    Rendering turns it into a HandlebarsError at the place of the call, so it reaches nobody else.
    """


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name most like this one, if any is alike."""
    # A long name or a long list makes difflib slow, and nobody mistypes a hundred letters.
    if len(name) > 100:
        return None
    from difflib import get_close_matches  # only a mistake needs it, and it takes time to import

    candidates = [candidate for _, candidate in zip(range(1000), names, strict=False) if len(candidate) <= 100]
    return next(iter(get_close_matches(name, candidates, n=1)), None)
