"""Jinja2, kept to what a trigger needs: no calls, no attributes of Python, no files, nothing without an end.

- Only the syntax nodes in `_NODES`: no macros, imports, includes, assignments or calls.
- `a.b` and `a[b]` look up keys and items of JSON values, and nothing else.
- Filters and tests are those listed here; the ones that can multiply text check the size first.
- `+ * ** %` check the size of what they would build; `for` may nest twice, each turns MAX_LOOPS times at most.
- A text holds at most MAX_TEXT characters, a result at most MAX_OUTPUT.
- Every turn of a loop costs the size of its body, every filter, test and comparison the items it is given, out of
  MAX_WORK for one evaluation.

Together these bound time and memory, whatever the event holds: no single step may build more than MAX_OUTPUT
characters or items, and all of them together take about a second at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing as absent

from nac.diagnostics import EXPRESSION_FAILED, EXPRESSION_LIMIT, INVALID_EXPRESSION, UNDEFINED_VARIABLE, did_you_mean
from nac.expressions.budget import charged, room, spend
from nac.expressions.errors import ExpressionError
from nac.expressions.filters import FILTERS, TESTS
from nac.expressions.values import as_text
from nac.expressions.wording import in_words

MAX_LOOPS = 10_000
MAX_LOOP_DEPTH = 2
MAX_DEPTH = 100  # of brackets, operators and blocks: Jinja and Python recurse into each
MAX_INTEGER_BITS = 4096

_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Const, nodes.Tuple, nodes.List,
    nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Getitem, nodes.Getattr,
    nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.BinExpr, nodes.UnaryExpr, nodes.If, nodes.For,
)  # fmt: skip
_WORDS = {
    nodes.Call: "a call", nodes.Macro: "a macro", nodes.Import: "an import", nodes.FromImport: "an import",
    nodes.Include: "an include", nodes.Extends: "`extends`", nodes.Assign: "`set`", nodes.AssignBlock: "`set`",
    nodes.Block: "`block`", nodes.With: "`with`", nodes.FilterBlock: "`filter`", nodes.CallBlock: "`call`",
}  # fmt: skip
_LOOP = (
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "depth",
    "previtem",
    "nextitem",
)


class _Undefined(StrictUndefined):
    """Keeps what was looked up where, so that the error can name the nearest key."""

    def __init__(self, hint: Any = None, obj: Any = absent, name: Any = None, exc: Any = None) -> None:
        def fail(message: str | None = None) -> ExpressionError:
            if isinstance(name, int) and isinstance(obj, (list, tuple, str)):
                return ExpressionError(UNDEFINED_VARIABLE, f"there is no item {name}: there are {len(obj)}", None,
                                       "the first item is `[0]`")  # fmt: skip
            known = list(obj) if isinstance(obj, dict) else []
            help = did_you_mean(str(name), known)
            return ExpressionError(UNDEFINED_VARIABLE, f"`{name}` is not defined", str(name), help)

        super().__init__(hint, obj, name, fail)  # type: ignore[arg-type]  # called like an exception class


class _Environment(SandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    # What an expression may never reach is decided here alone: keys and items of JSON values.

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict):
            if isinstance(argument, (str, int)) and argument in obj:
                return obj[argument]
        elif isinstance(obj, (list, tuple, str)) and type(argument) is int:
            if -len(obj) <= argument < len(obj):
                return obj[argument]
        elif isinstance(obj, LoopContext) and argument in _LOOP:
            return getattr(obj, argument)
        elif isinstance(obj, Undefined):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if operator == "+" and not numbers:
            if isinstance(left, (str, list)) and type(left) is type(right):
                room(len(left) + len(right))
                spend(len(left) + len(right))
        elif not numbers and not isinstance(left, Undefined) and not isinstance(right, Undefined):
            raise ExpressionError(EXPRESSION_FAILED, f"`{operator}` takes numbers")
        elif operator == "**":
            bits = max(int(left).bit_length(), 1) * max(abs(int(right)), 1) if abs(right) < MAX_INTEGER_BITS else None
            if bits is None or bits > MAX_INTEGER_BITS:
                raise ExpressionError(EXPRESSION_LIMIT, "this power is too large")
        return super().call_binop(context, operator, left, right)


def _bounded(items: Any, cost: int) -> Iterator[Any]:
    for count, item in enumerate(items, 1):
        spend(cost)
        if count > MAX_LOOPS:
            raise ExpressionError(EXPRESSION_LIMIT, f"a loop may turn {MAX_LOOPS:,} times")
        yield item


def _concat(parts: Iterable[Any]) -> str:
    found = [as_text(one) for one in parts]
    room(sum(map(len, found)))
    return "".join(found)


def _counted(value: Any) -> Any:
    return value


def finalize(value: Any) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises, with what was looked up
    return as_text(value)


ENVIRONMENT = _Environment(undefined=_Undefined, finalize=finalize, autoescape=False, keep_trailing_newline=True)
ENVIRONMENT.globals.clear()
ENVIRONMENT.filters.clear()
ENVIRONMENT.filters.update(FILTERS)
ENVIRONMENT.tests.clear()
ENVIRONMENT.tests.update(TESTS)
_INTERNAL = {"__nac_bounded": _bounded, "__nac_concat": charged(_concat), "__nac_counted": charged(_counted)}


def parse(text: str) -> nodes.Template:
    try:
        tree = ENVIRONMENT.parse(text)
        _restrict(tree)
    except TemplateSyntaxError as error:
        message, help = in_words(error.message or "syntax error")
        raised = ExpressionError(INVALID_EXPRESSION, message, None, help)
        raised.line = text.split("\n")[error.lineno - 1].strip() or None
        raise raised from None
    except RecursionError:
        raise ExpressionError(EXPRESSION_LIMIT, "this expression is nested too deeply") from None
    return tree


def _restrict(tree: nodes.Template) -> None:
    pending: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while pending:
        node, depth, below = pending.pop()
        if below > MAX_DEPTH:
            raise ExpressionError(EXPRESSION_LIMIT, "this expression is nested too deeply")
        if not isinstance(node, _NODES):
            what = _WORDS.get(type(node), f"`{type(node).__name__.lower()}`")
            help = "use a filter, e.g. `{{ event.name | upper }}`" if isinstance(node, nodes.Call) else None
            raise ExpressionError(INVALID_EXPRESSION, f"{what} is not allowed in an expression", None, help)
        if isinstance(node, nodes.For):
            depth += 1
            if depth > MAX_LOOP_DEPTH or node.recursive:
                raise ExpressionError(EXPRESSION_LIMIT, f"loops may nest {MAX_LOOP_DEPTH} deep, and may not recurse")
        for kind, known in ((nodes.Filter, FILTERS), (nodes.Test, TESTS)):
            if isinstance(node, kind) and node.name not in known:
                name = f"{kind.__name__.lower()} `{node.name}`"
                help = did_you_mean(node.name, known) or f"there are {', '.join(sorted(known))}"
                raise ExpressionError(INVALID_EXPRESSION, f"there is no {name}", node.name, help)
        pending.extend((child, depth, below + 1) for child in node.iter_child_nodes())


def bind_limits(tree: nodes.Node) -> None:
    """Route what can run or grow without bound through the functions above."""
    for operand in list(tree.find_all(nodes.Operand)):
        operand.expr = nodes.Filter(operand.expr, "__nac_counted", [], [], None, None, lineno=operand.lineno)
    for item in list(tree.find_all(nodes.Getitem)):
        if isinstance(item.arg, nodes.Slice):
            item.node = nodes.Filter(item.node, "__nac_counted", [], [], None, None, lineno=item.lineno)
    for node in list(tree.find_all(nodes.For)):
        cost = [nodes.Const(4 * (1 + sum(1 for _ in node.find_all(nodes.Node))), lineno=node.lineno)]
        node.iter = nodes.Filter(node.iter, "__nac_bounded", cost, [], None, None, lineno=node.lineno)
    for field, holder in _concats(tree):
        concat = getattr(holder, field)
        if isinstance(concat, nodes.Concat):
            items = nodes.List(concat.nodes, lineno=concat.lineno)
            setattr(holder, field, nodes.Filter(items, "__nac_concat", [], [], None, None, lineno=concat.lineno))
        else:
            for index, one in enumerate(concat):
                if isinstance(one, nodes.Concat):
                    items = nodes.List(one.nodes, lineno=one.lineno)
                    concat[index] = nodes.Filter(items, "__nac_concat", [], [], None, None, lineno=one.lineno)


def _concats(tree: nodes.Node) -> list[tuple[str, nodes.Node]]:
    found, pending = [], [tree]
    while pending:
        node = pending.pop()
        for field, value in node.iter_fields():
            if isinstance(value, nodes.Concat) or (
                isinstance(value, list) and any(isinstance(one, nodes.Concat) for one in value)
            ):
                found.append((field, node))
        pending.extend(node.iter_child_nodes())
    return found[::-1]


COMPILER = ENVIRONMENT.overlay()
COMPILER.filters = {**FILTERS, **_INTERNAL}
