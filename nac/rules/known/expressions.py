"""The paths that an expression of a trigger reads, to the last step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nac.expressions import ExpressionError, is_template
from nac.expressions.paths import split

EACH_ITEM = "[]"
"""The step into any item of a list."""

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathRead:
    """`event.order.lines[].net`: the steps from the root on. `written` is how it stands in the text; `handled`: the
    expression says what happens where there is nothing."""

    steps: Steps
    written: str
    handled: bool


def lone_path(text: str) -> Steps | None:
    """The path of a text that is one path and nothing else, so that its value keeps its kind."""
    found = split(text)
    if found is None or len(found[1]) != 1 or any(one.strip() for one in found[0]):
        return None
    return found[1][0]


def is_text(text: str) -> bool:
    """Whether the value of such a text is always text: it holds more than one expression."""
    bare = text.strip()
    lone = bare.startswith("{{") and bare.endswith("}}") and bare.count("{{") == 1
    return not lone


@lru_cache(maxsize=16_384)
def reads(text: str) -> tuple[PathRead, ...]:
    """Every path that a text reads; none where it is no expression."""
    if not is_template(text):
        return ()
    if (found := split(text)) is not None:
        return tuple(PathRead(steps, ".".join(steps), False) for steps in found[1])
    from nac.expressions.sandbox import parse

    try:
        tree = parse(text)
    except ExpressionError:
        return ()
    return tuple(_in_jinja(tree))


def _in_jinja(tree: Any) -> Iterator[PathRead]:
    from jinja2 import nodes

    loops: dict[str, Steps] = {}

    def path_of(node: Any) -> Steps | None:
        if isinstance(node, nodes.Name):
            return loops.get(node.name, (node.name,))
        if isinstance(node, nodes.Getattr):
            below = path_of(node.node)
            return None if below is None else (*below, node.attr)
        if isinstance(node, nodes.Getitem):
            below = path_of(node.node)
            step = getattr(node.arg, "value", None)
            if below is None or isinstance(node.arg, nodes.Slice) or step is None:
                return None
            return (*below, step) if isinstance(step, str) else (*below, EACH_ITEM)
        if isinstance(node, nodes.Filter) and node.name in ("default", "d", "sort", "list", "reverse", "unique"):
            return path_of(node.node)
        return None

    def walk(node: Any, handled: bool) -> Iterator[PathRead]:
        if isinstance(node, nodes.For):
            items = path_of(node.iter)
            if items and isinstance(node.target, nodes.Name):
                loops[node.target.name] = (*items, EACH_ITEM)
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            steps = path_of(node)
            if steps is not None and getattr(node, "ctx", "load") == "load":
                yield PathRead(steps, _written(node), handled)
                if isinstance(node, nodes.Getitem):
                    yield from walk(node.arg, handled)
                return
        if isinstance(node, nodes.Filter) and node.node is not None:
            fallback = node.name in ("default", "d")
            items = path_of(node.node)
            for name in _attributes(node):
                if items:
                    yield PathRead((*items, EACH_ITEM, *name.split(".")), name, False)
            yield from walk(node.node, handled or fallback)
            for one in node.args:
                yield from walk(one, handled)
            return
        if isinstance(node, nodes.Test):
            yield from walk(node.node, handled or node.name in ("defined", "undefined"))
            return
        for child in node.iter_child_nodes():
            yield from walk(child, handled)

    yield from walk(tree, False)


def _written(node: Any) -> str:
    """A path as it stands in the text: `one.net` for the item of a loop; behind brackets, `.net` alone."""
    from jinja2 import nodes

    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.insert(0, node.attr)
        node = node.node
    if isinstance(node, nodes.Getitem) and not names:
        return _written(node.node)
    return ".".join([node.name if isinstance(node, nodes.Name) else "", *names])


def _attributes(node: Any) -> Iterator[str]:
    """The names that `map(attribute='title')` and its like read of each item."""
    named: Mapping[str, Any] = {one.key: getattr(one.value, "value", None) for one in node.kwargs or ()}
    if node.name in ("map", "sum", "sort", "unique", "min", "max") and isinstance(named.get("attribute"), str):
        yield named["attribute"]
    if node.name in ("selectattr", "rejectattr") and node.args:
        name = getattr(node.args[0], "value", None)
        if isinstance(name, str):
            yield name
