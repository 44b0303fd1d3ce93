"""A template's own text, with what it only prints taken out. Every character stays at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nac.handlebars import nodes
from nac.rules.parsed import parsed

FILL = "\ue000"
"""Stands for each character of an expression that prints something: a private character, which no text has."""
_REVERSED = frozenset({"unless"})
_NOT_EQUAL = frozenset({"!=", "!=="})
_NOT_SPACE = re.compile(r"[^\r\n]")


@lru_cache(maxsize=256)
def literal(text: str, condition: bool | None = None) -> str | None:
    """The text with FILL for what is printed and spaces for tags of blocks and comments; None for what is no template.

    Of an `if` with an `else`, both; with a `condition`, only what is there when every condition is true, or false.
    """
    if "{{" not in text:
        return text
    if (program := parsed(text)) is None:
        return None
    parts: list[str] = []
    end = 0
    for start, stop, kept in _pieces(program, condition):
        parts.append(_NOT_SPACE.sub(" ", text[end:start]))
        parts.append(text[start:stop] if kept else _NOT_SPACE.sub(FILL, text[start:stop]))
        end = stop
    parts.append(_NOT_SPACE.sub(" ", text[end:]))
    return "".join(parts)


def programs(text: str) -> list[tuple[int, int]]:
    """The stretches of text that blocks hold, each before those within it."""
    program = parsed(text) if "{{" in text else None
    return sorted(set(_programs(program)), key=lambda one: (one[0], -one[1])) if program else []


def _programs(program: nodes.Program) -> Iterator[tuple[int, int]]:
    for node in program.body:
        for below in _below(node):
            if below is not None:
                yield below.span.start, below.span.end
                yield from _programs(below)


def _below(node: nodes.Statement) -> tuple[nodes.Program | None, ...]:
    if isinstance(node, nodes.Block):
        return (node.program, node.inverse)
    return (node.program,) if isinstance(node, nodes.PartialBlock | nodes.DecoratorBlock) else ()


def _pieces(program: nodes.Program, condition: bool | None) -> Iterator[tuple[int, int, bool]]:
    """What is kept (and whether as it is), in the order of the text."""
    for node in program.body:
        match node:
            case nodes.Content():
                yield node.span.start, node.span.end, True
            case nodes.Mustache() | nodes.Partial():
                yield node.span.start, node.span.end, False
            case nodes.Block():
                for below in _chosen(node, condition):
                    if below is not None:
                        yield from _pieces(below, condition)
            case nodes.PartialBlock() | nodes.DecoratorBlock():
                yield from _pieces(node.program, condition)


def _chosen(node: nodes.Block, condition: bool | None) -> tuple[nodes.Program | None, ...]:
    if condition is None:
        return (node.program, node.inverse)
    name = node.path.original if isinstance(node.path, nodes.Path) else ""
    operators = {one.value for one in node.params if isinstance(one, nodes.Literal) and isinstance(one.value, str)}
    reverse = name in _REVERSED or (name == "compare" and bool(operators & _NOT_EQUAL))
    return (node.program,) if condition is not reverse else (node.inverse,)
