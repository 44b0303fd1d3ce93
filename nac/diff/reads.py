"""What the expressions of a trigger need of an event: the paths without which they fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nac.expressions import ExpressionError, texts
from nac.expressions.paths import split
from nac.expressions.values import is_template

if TYPE_CHECKING:
    from jinja2 import nodes

Path = tuple[str, ...]
ITEM = "[]"
"""The step from a list to any of its items."""
_ROOTS = ("event", "env")
_NOT_READ = frozenset({"samples", "description", "kind"})
# An expression between its braces, with the text literals in it: spaces around anything else mean nothing.
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SQL = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\w+|\w+|\s+|.""", re.DOTALL)
_DOLLARS = re.compile(r"\$\w*+\$")  # a text literal begins or ends: $$Bob$$, $name$Bob$name$
# What no space stands before, or behind; operators of two marks.
_CLOSE, _OPEN, _PAIRS = frozenset(".,)]:"), frozenset(".(["), frozenset("=<>!/*")
_PIECE = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\w+|\s+|.""", re.DOTALL)


def required(trigger: Mapping[str, Any]) -> dict[Path, str]:
    """The paths that the trigger's file reads without a fallback, such as ("event", "mentions", "[]", "id"), each with
    the key of the file that reads it."""
    found: dict[Path, str] = {}
    for key, value in trigger.items():
        if key == "recipients" and isinstance(value, list):
            for index, selector in enumerate(value):
                for path in _of_selector(selector):
                    found.setdefault(path, f"recipients[{index}]")
        elif key == "data" and isinstance(value, dict):
            for name, one in value.items():
                for path in _of_value(one, {}):
                    found.setdefault(path, f"data.{name}")
        elif key not in _NOT_READ:
            for path in _of_value(value, {}):
                found.setdefault(path, key)
    return found


def newly_required(before: Iterable[Path], after: Iterable[Path]) -> list[Path]:
    """The paths that only `after` needs: neither they nor anything below them was needed before. Of two that lie one
    below the other, the deeper."""
    known = list(before)
    new = {one for one in after if not any(old[: len(one)] == one for old in known)}
    return sorted(one for one in new if not any(other != one and other[: len(one)] == one for other in new))


def in_words(path: Path) -> str:
    """`event.mentions[].id`"""
    return ".".join(path).replace(f".{ITEM}", ITEM)


def tidy(value: Any) -> Any:
    """A value as it was written, with its expressions spaced in one way: what is equal then means the same."""
    if isinstance(value, str):
        return _EXPRESSION.sub(lambda found: _spaced(found[0]), value) if is_template(value) else value
    if isinstance(value, dict):
        return {key: tidy(one) for key, one in value.items()}
    return [tidy(one) for one in value] if isinstance(value, list) else value


def tidy_sql(text: str) -> str:
    """A part of a SQL statement with one space between its words, and its words in small letters."""
    if any(mark in text for mark in ("--", "/*", "\\")) or _DOLLARS.search(text):
        return text
    made = ""
    space = False
    for one in _SQL.findall(text):
        if one.isspace():
            space = True
            continue
        # Only where a word meets a mark, a space between them means nothing.
        if space and made and (_is_word(made[-1]) == _is_word(one[0]) or "." in (made[-1], one[0])):
            made += " "
        made += one if one[0] in "'\"$" else one.lower()
        space = False
    return made


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_'\"$"


def _spaced(expression: str) -> str:
    # A minus in the braces trims the text around them, so it stays where it is.
    head = re.match(r"\{[{%#][-+]?", expression)
    tail = re.search(r"[-+]?[}%#]\}\Z", expression)
    assert head is not None
    assert tail is not None
    if expression[1] == "#" or tail.start() < head.end():
        return expression if expression[1] != "#" else f"{head[0]}{tail[0]}"
    made = last = ""
    for one in _PIECE.findall(expression[head.end() : tail.start()]):
        if not one.isspace():
            close = one in _CLOSE or last in _OPEN or {one, last} <= _PAIRS or (one in "([" and last.isalnum())
            made += one if not made or close else f" {one}"
            last = one
    return f"{head[0]} {made} {tail[0]}"


def _of_selector(selector: Any) -> set[Path]:
    if not isinstance(selector, dict):
        return set()
    found: set[Path] = set()
    alias: dict[str, Path | None] = {"row": None}
    if isinstance(selector.get("each"), str):
        source = _of_value(selector["each"], {})
        found |= source
        item = next(iter(source)) if len(source) == 1 else None
        alias[str(selector.get("as", "item"))] = (*item, ITEM) if item else None
    for key, value in selector.items():
        if key not in ("each", "as", "where", "order_by", "from"):
            found |= _of_value(value, alias)
    return found


def _of_value(value: Any, alias: Mapping[str, Path | None]) -> set[Path]:
    found: set[Path] = set()
    for text in texts(value):
        if is_template(text):
            for path in _paths(text):
                if path[0] in alias:
                    base = alias[path[0]]
                    if base is not None:
                        found.add((*base, *path[1:]))
                elif path[0] in _ROOTS:
                    found.add(path)
    return found


@lru_cache(maxsize=4096)
def _paths(text: str) -> frozenset[Path]:
    """The paths that a text needs, from whatever name they start."""
    if (plain := split(text)) is not None:
        return frozenset(plain[1])
    from nac.expressions.sandbox import parse

    try:
        tree = parse(text)
    except ExpressionError:
        return frozenset()
    return frozenset(_needed(tree, {}))


def _needed(node: nodes.Node, loops: Mapping[str, Path | None]) -> Iterator[Path]:
    from jinja2 import nodes

    if isinstance(node, nodes.For):
        source = _chain(node.iter, loops)
        names = [node.target] if isinstance(node.target, nodes.Name) else list(node.target.find_all(nodes.Name))
        inner = {**loops, **dict.fromkeys((one.name for one in names), None), "loop": None}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = (*source, ITEM) if source else None
        yield from _needed(node.iter, loops)
        for one in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _needed(one, inner)
        return
    if isinstance(node, nodes.Filter) and node.name in ("default", "d") and node.node is not None:
        # What has a fallback may be missing itself, not what it lies in.
        path = _chain(node.node, loops)
        if path is not None and len(path) > 2:
            yield path[:-1]
        for one in (*node.args, *(pair.value for pair in node.kwargs)):
            yield from _needed(one, loops)
        if path is None:
            yield from _needed(node.node, loops)
        return
    if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
        path = _chain(node.node, loops)
        if path is not None and len(path) > 2:
            yield path[:-1]
        return
    if isinstance(node, (nodes.CondExpr, nodes.If)):
        tested = {path for test in node.test.find_all(nodes.Test) if (path := _chain(test.node, loops)) is not None}
        tested |= {path for test in [node.test] if isinstance(test, nodes.Test)
                   and (path := _chain(test.node, loops)) is not None}  # fmt: skip
        for path in (found for child in node.iter_child_nodes() for found in _needed(child, loops)):
            if not any(path[: len(one)] == one for one in tested):
                yield path
        return
    path = _chain(node, loops)
    if path is not None:
        yield path
        return
    if isinstance(node, nodes.Filter) and node.name == "map" and node.node is not None:
        source = _chain(node.node, loops)
        attribute = next((pair.value for pair in node.kwargs if pair.key == "attribute"), None)
        fallback = any(pair.key == "default" for pair in node.kwargs)
        if source is not None and isinstance(attribute, nodes.Const) and not fallback:
            yield (*source, ITEM, *str(attribute.value).split("."))
    for child in node.iter_child_nodes():
        yield from _needed(child, loops)


def _chain(node: nodes.Node | None, loops: Mapping[str, Path | None]) -> Path | None:
    """`event.a["b"][0]` as a path; None for anything that is no chain of constant steps, or starts from no root."""
    from jinja2 import nodes

    steps: list[str] = []
    while True:
        if isinstance(node, nodes.Getattr):
            steps.append(node.attr)
            node = node.node
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            steps.append(ITEM if isinstance(node.arg.value, int) else str(node.arg.value))
            node = node.node
        elif isinstance(node, nodes.Name):
            break
        else:
            return None
    if node.name not in loops:
        return (node.name, *reversed(steps))
    base = loops[node.name]
    return None if base is None else (*base, *reversed(steps))
