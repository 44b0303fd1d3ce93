"""Jinja2, kept to what a trigger needs: no calls, no attributes of Python, no files, nothing without an end.

- Only the syntax nodes in `_NODES`: no macros, imports, includes, assignments or calls.
- `a.b` and `a[b]` look up keys and items of JSON values, and nothing else.
- Filters and tests are those listed here; the ones that can multiply text check the size first.
- `+ * ** %` check the size of what they would build; `for` may nest twice, each turns MAX_LOOPS times at most.
- A text holds at most MAX_TEXT characters (`nac.expressions`), a result at most MAX_OUTPUT.
- Every turn of a loop costs the size of its body, every filter, test and comparison the items it is given, out of
  MAX_WORK for one evaluation.

Together these bound time and memory, whatever the event holds: no single step may build more than MAX_OUTPUT
characters or items, and all of them together take about a second at most.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import filters as jinja_filters
from jinja2 import tests as jinja_tests
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing as absent
from jinja2.utils import pass_environment

from nac.diagnostics import (
    EXPRESSION_FAILED,
    EXPRESSION_LIMIT,
    INVALID_EXPRESSION,
    UNDEFINED_VARIABLE,
    did_you_mean,
)
from nac.expressions import MAX_OUTPUT, ExpressionError, Scope, as_text
from nac.jinja_errors import at_piece, in_words, plain

MAX_WORK = 5_000_000
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


class _Work(threading.local):
    left = MAX_WORK


_work = _Work()


def _spend(steps: int) -> None:
    _work.left -= steps
    if _work.left < 0:
        raise ExpressionError(EXPRESSION_LIMIT, "this expression takes too many steps", None,
                              "hand over less in the event, or prepare it there")  # fmt: skip


def _charged(function: Callable[..., Any], price: int = 1) -> Callable[..., Any]:
    """A filter or test that pays for the characters and items it is given and gives back, `price` steps each."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        _spend(1 + price * sum(len(one) for one in args if isinstance(one, (str, list, tuple, dict))))
        result = function(*args, **kwargs)
        if isinstance(result, (str, list)):
            _spend(len(result))
        return result

    return run


def _size(value: Any) -> int:
    """Characters and items in a JSON value; stops counting soon after MAX_OUTPUT."""
    total, stack = 0, [value]
    while stack:
        one = stack.pop()
        total += len(one) if isinstance(one, (str, list, tuple, dict)) else 1
        if total > MAX_OUTPUT:
            raise ExpressionError(
                EXPRESSION_LIMIT, f"this expression would build more than {MAX_OUTPUT:,} characters or items"
            )
        if isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, (list, tuple)):
            stack.extend(one)
    _spend(total)
    return total


def _room(size: int) -> None:
    if size > MAX_OUTPUT:
        raise ExpressionError(
            EXPRESSION_LIMIT, f"this expression would build more than {MAX_OUTPUT:,} characters or items"
        )


def _replace(value: Any, old: Any, new: Any, count: int | None = None) -> str:
    text, old, new = str(value), str(old), str(new)
    times = text.count(old) if count is None or count < 0 else min(text.count(old), int(count))
    _room(len(text) + times * len(new))
    return text.replace(old, new, times)


@pass_environment
def _sum(environment: Any, value: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
    if not isinstance(start, (int, float)):  # lists would be copied for each that is added
        raise ExpressionError(EXPRESSION_FAILED, "`sum` takes numbers")
    return jinja_filters.FILTERS["sum"](environment, value, attribute, start)


def _join(value: Iterable[Any], separator: Any = "", attribute: Any = None) -> str:
    if attribute is not None:
        raise ExpressionError(
            INVALID_EXPRESSION, "`join` takes no attribute here", help="use `| map(attribute='…') | join(…)`"
        )
    parts = [as_text(one) for one in value]
    _room(sum(map(len, parts)) + len(parts) * len(str(separator)))
    return str(separator).join(parts)


def _round(value: Any, precision: int = 0, method: str = "common") -> Any:
    if not -15 <= precision <= 15:
        raise ExpressionError(EXPRESSION_FAILED, "`round` takes a precision from -15 to 15")
    result = jinja_filters.do_round(value, precision, method)  # type: ignore[arg-type]
    return int(result) if precision <= 0 else result


def _truncate(value: Any, length: int = 255, killwords: bool = False, end: str = "...") -> str:
    text = str(value)
    _room(len(text) + len(end))
    if len(text) <= length:
        return text
    cut = text[: max(0, length - len(end))]
    return (cut if killwords else cut.rsplit(" ", 1)[0]) + end


def _tojson(value: Any) -> str:
    _size(value)
    return json.dumps(_json(value), ensure_ascii=False)


def _string(value: Any) -> str:
    return as_text(value)


_FILTERS: dict[str, Callable[..., Any]] = {
    "replace": _replace, "join": _join, "round": _round, "tojson": _tojson, "string": _string, "truncate": _truncate,
    "sum": _sum,
    **{
        name: jinja_filters.FILTERS[name]
        for name in (
            "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last",
            "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr",
            "sort", "title", "trim", "unique", "upper", "urlencode", "wordcount",
        )
    },
}  # fmt: skip
# What takes longer for each item than the rest.
_DEAR = {
    "sort": 24, "dictsort": 24, "unique": 8, "title": 4, "min": 4, "max": 8, "map": 4,
    "select": 12, "reject": 12, "selectattr": 16, "rejectattr": 16,
}  # fmt: skip
FILTERS = {name: _charged(function, _DEAR.get(name, 1)) for name, function in _FILTERS.items()}
TESTS = {
    name: _charged(jinja_tests.TESTS[name])  # type: ignore[arg-type]  # they are called "function" there
    for name in (
        "boolean", "defined", "divisibleby", "eq", "==", "equalto", "even", "false", "float", "ge", ">=", "gt", ">",
        "greaterthan", "in", "integer", "le", "<=", "lessthan", "lower", "lt", "<", "mapping", "ne", "!=", "none",
        "number", "odd", "sequence", "string", "true", "undefined", "upper",
    )
}  # fmt: skip


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
                _room(len(left) + len(right))
                _spend(len(left) + len(right))
        elif not numbers and not isinstance(left, Undefined) and not isinstance(right, Undefined):
            raise ExpressionError(EXPRESSION_FAILED, f"`{operator}` takes numbers")
        elif operator == "**":
            bits = max(int(left).bit_length(), 1) * max(abs(int(right)), 1) if abs(right) < MAX_INTEGER_BITS else None
            if bits is None or bits > MAX_INTEGER_BITS:
                raise ExpressionError(EXPRESSION_LIMIT, "this power is too large")
        return super().call_binop(context, operator, left, right)


def _bounded(items: Any, cost: int) -> Iterator[Any]:
    for count, item in enumerate(items, 1):
        _spend(cost)
        if count > MAX_LOOPS:
            raise ExpressionError(EXPRESSION_LIMIT, f"a loop may turn {MAX_LOOPS:,} times")
        yield item


def _concat(parts: Iterable[Any]) -> str:
    found = [as_text(one) for one in parts]
    _room(sum(map(len, found)))
    return "".join(found)


def _counted(value: Any) -> Any:
    return value


def _finalize(value: Any) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises, with what was looked up
    return as_text(value)


_ENVIRONMENT = _Environment(undefined=_Undefined, finalize=_finalize, autoescape=False, keep_trailing_newline=True)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.filters.update(FILTERS)
_ENVIRONMENT.tests.clear()
_ENVIRONMENT.tests.update(TESTS)
_INTERNAL = {"__nac_bounded": _bounded, "__nac_concat": _charged(_concat), "__nac_counted": _charged(_counted)}


def _parse(text: str) -> nodes.Template:
    try:
        tree = _ENVIRONMENT.parse(text)
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


def _bind_limits(tree: nodes.Node) -> None:
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


def compile_jinja(text: str) -> Callable[[Scope], Any]:
    """A text as a function of a scope; raises ExpressionError when it is not a valid one."""
    _work.left = MAX_WORK  # Jinja evaluates what is constant while it compiles
    try:
        function = _compile(text)
    except ExpressionError as error:
        raise at_piece(error, text, _compile) from None

    def evaluate(scope: Scope) -> Any:
        _work.left = MAX_WORK
        try:
            return function(scope)
        except ExpressionError as error:
            if _work.left < 0:  # nothing is left to try the parts with
                raise
            raise at_piece(_locate(error, text, scope), text, lambda piece: _compile(piece)(scope)) from None

    return evaluate


def _compile(text: str) -> Callable[[Scope], Any]:
    tree = _parse(text)
    lone = _lone(_parse(text.strip()))
    if lone is not None:
        tree = nodes.Template([nodes.Assign(nodes.Name("result", "store"), lone, lineno=1)], lineno=1)
        tree.set_environment(_ENVIRONMENT)
    _bind_limits(tree)
    try:
        template = _COMPILER.from_string(tree)
    except (SyntaxError, RecursionError, TemplateAssertionError):
        raise ExpressionError(EXPRESSION_LIMIT, "this expression is nested too deeply") from None

    def evaluate(scope: Scope) -> Any:
        try:
            context = template.new_context(scope)
            output = []
            total = 0
            for piece in template.root_render_func(context):
                total += len(piece)
                _room(total)
                _spend(1)
                output.append(piece)
            if lone is None:
                return "".join(output)
            result = context.vars["result"]
            if isinstance(result, Undefined):
                str(result)  # raises, with what was looked up
                raise ExpressionError(EXPRESSION_FAILED, "this has no value when its `if` does not hold", None,
                                      "add an `else`")  # fmt: skip
            _size(result)
            return _json(result)
        except ExpressionError:
            raise
        except (UndefinedError, SecurityError, TemplateRuntimeError) as error:
            raise ExpressionError(EXPRESSION_FAILED, f"cannot be evaluated: {error.message}") from None
        except RecursionError:
            raise ExpressionError(EXPRESSION_LIMIT, "this expression is nested too deeply") from None
        except Exception as error:  # Python's own complaints about an author's operands: 1/0, 'a' + 1, max([])
            raise ExpressionError(EXPRESSION_FAILED, f"cannot be evaluated: {plain(error)}") from None

    return evaluate


def _lone(tree: nodes.Template) -> nodes.Expr | None:
    """The expression, when the text is one expression and nothing around it."""
    if len(tree.body) == 1 and isinstance(tree.body[0], nodes.Output) and len(tree.body[0].nodes) == 1:
        only = tree.body[0].nodes[0]
        return None if isinstance(only, nodes.TemplateData) else only
    return None


def _json(value: Any) -> Any:
    """Jinja's tuples, generators and markup as the JSON value they stand for."""
    if isinstance(value, dict):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, str):
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise ExpressionError(EXPRESSION_FAILED, "the result holds half of a surrogate pair, which is not text")
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_json(one) for one in value]
    if value is None or isinstance(value, (bool, int, float)):
        if isinstance(value, float) and not (float("-inf") < value < float("inf")):
            raise ExpressionError(EXPRESSION_FAILED, "the result is not a number that JSON can hold")
        return value
    if isinstance(value, Iterable):
        items = [_json(one) for one in _bounded_result(value)]
        _size(items)
        return items
    raise ExpressionError(EXPRESSION_FAILED, "the result is not a JSON value")


def _bounded_result(values: Iterable[Any]) -> Iterator[Any]:
    for count, value in enumerate(values):
        _room(count)
        yield value


def _locate(error: ExpressionError, text: str, scope: Scope) -> ExpressionError:
    """Give a failed look-up the whole path that was written, when the text shows it."""
    if error.rule is UNDEFINED_VARIABLE and error.needle:
        from nac.expressions import undefined

        for found in re.finditer(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", text):
            steps = tuple(found[0].split("."))
            if error.needle in steps and steps[0] in scope:
                try:
                    return undefined(steps, scope)
                except AssertionError:
                    continue
    return error


@lru_cache(maxsize=4096)
def jinja_roots(text: str) -> set[tuple[str, ...]]:
    """As `nac.expressions.roots`, for any text that Jinja takes."""
    tree = _parse(text)
    bound = {name.name for loop in tree.find_all(nodes.For) for name in loop.target.find_all(nodes.Name)}
    bound |= {loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)} | {"loop"}
    names = {(one.name,) for one in tree.find_all(nodes.Name) if one.ctx == "load" and one.name not in bound}
    steps = set()
    look_ups: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for one in look_ups:
        if isinstance(one.node, nodes.Name) and one.node.name not in bound:
            step = one.attr if isinstance(one, nodes.Getattr) else getattr(one.arg, "value", None)
            steps.add((one.node.name, str(step)))
    return names | steps


_COMPILER = _ENVIRONMENT.overlay()
_COMPILER.filters = {**FILTERS, **_INTERNAL}
