"""Offsets → places, for rules that go through the text of a file."""

from __future__ import annotations

from collections.abc import Callable

from nac.source import SourceFile, Span


def places(source: SourceFile) -> Callable[[int, int], Span]:
    """A function of two offsets in the text; asking for many places takes no longer than reading the text once."""
    from nac.handlebars.source import Source

    lines = Source(source.text, source.path)
    return lambda start, end: Span(*lines.position(start), *lines.position(end))
