"""Any text that Jinja takes → a function of a scope."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateRuntimeError, UndefinedError
from jinja2.runtime import Undefined

from nac.diagnostics import EXPRESSION_FAILED, EXPRESSION_LIMIT, UNDEFINED_VARIABLE
from nac.expressions.budget import MAX_WORK, room, size, spend, work
from nac.expressions.errors import ExpressionError, undefined
from nac.expressions.results import as_json
from nac.expressions.sandbox import COMPILER, ENVIRONMENT, bind_limits, parse
from nac.expressions.values import Scope
from nac.expressions.wording import at_piece, plain


def compile_jinja(text: str) -> Callable[[Scope], Any]:
    """A text as a function of a scope; raises ExpressionError when it is not a valid one."""
    work.left = MAX_WORK  # Jinja evaluates what is constant while it compiles
    try:
        function = _compile(text)
    except ExpressionError as error:
        raise at_piece(error, text, _compile) from None

    def evaluate(scope: Scope) -> Any:
        work.left = MAX_WORK
        try:
            return function(scope)
        except ExpressionError as error:
            if work.left < 0:  # nothing is left to try the parts with
                raise
            raise at_piece(_locate(error, text, scope), text, lambda piece: _compile(piece)(scope)) from None

    return evaluate


def _compile(text: str) -> Callable[[Scope], Any]:
    tree = parse(text)
    lone = _lone(parse(text.strip()))
    if lone is not None:
        tree = nodes.Template([nodes.Assign(nodes.Name("result", "store"), lone, lineno=1)], lineno=1)
        tree.set_environment(ENVIRONMENT)
    bind_limits(tree)
    try:
        template = COMPILER.from_string(tree)
    except (SyntaxError, RecursionError, TemplateAssertionError):
        raise ExpressionError(EXPRESSION_LIMIT, "this expression is nested too deeply") from None

    def evaluate(scope: Scope) -> Any:
        try:
            context = template.new_context(scope)
            output = []
            total = 0
            for piece in template.root_render_func(context):
                total += len(piece)
                room(total)
                spend(1)
                output.append(piece)
            if lone is None:
                return "".join(output)
            result = context.vars["result"]
            if isinstance(result, Undefined):
                str(result)  # raises, with what was looked up
                raise ExpressionError(EXPRESSION_FAILED, "this has no value when its `if` does not hold", None,
                                      "add an `else`")  # fmt: skip
            size(result)
            return as_json(result)
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


def _locate(error: ExpressionError, text: str, scope: Scope) -> ExpressionError:
    """Give a failed look-up the whole path that was written, when the text shows it."""
    if error.rule is UNDEFINED_VARIABLE and error.needle:
        for found in re.finditer(r"(?<![\w.'\"])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", text):
            steps = tuple(found[0].split("."))
            if error.needle in steps and steps[0] in scope:
                try:
                    return undefined(steps, scope)
                except AssertionError:
                    continue
        words = re.escape(error.needle)
        # Of the item of a loop, or behind brackets, only the last name is known: point at what stands before it too.
        written = re.search(rf"(?:(?<![\w.])[A-Za-z_][\w.]*)?\.{words}(?!\w)", text)
        if written and not re.search(rf"(?<![\w.]){words}(?!\w)", text):
            error.needle = written[0]
    return error


@lru_cache(maxsize=4096)
def jinja_roots(text: str) -> set[tuple[str, ...]]:
    """As `nac.expressions.roots`, for any text that Jinja takes."""
    tree = parse(text)
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
