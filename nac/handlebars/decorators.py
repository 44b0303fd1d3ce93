"""`{{#*inline "name"}} … {{/inline}}`, the only decorator there is.

handlebars.js runs a block's decorators when it makes the block ready for its helper, whether or not the helper will
render it, and with the context and the block parameters around the block; so does `Body`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from nac.handlebars import nodes
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import HandlebarsError, HelperError
from nac.handlebars.paths import as_path
from nac.handlebars.scope import Body, Scope
from nac.handlebars.source import Span
from nac.handlebars.values import UNDEFINED

if TYPE_CHECKING:
    from nac.handlebars.compiler import Compiler

Declare: TypeAlias = Callable[[Scope], tuple[str, Body | None]]


def compile_decorator(compiler: Compiler, node: nodes.Decorator | nodes.DecoratorBlock) -> Declare:
    """A function that declares an inline partial; None is one that hides a partial and is none."""
    program = compiler.program(node.program) if isinstance(node, nodes.DecoratorBlock) else None
    arguments = [*node.params, *(pair.value for pair in (node.hash.pairs if node.hash else ()))]
    values = [compiler.argument(param) for param in arguments]
    span = Span(node.span.source, node.span.start, node.path.span.end)
    wrong: tuple[str, Span] | None = None
    if as_path(node.path).original != "inline":
        wrong = ('the only decorator there is is `{{#*inline "name"}}`', span)
    for argument in arguments:
        if isinstance(argument, nodes.SubExpression):
            wrong = wrong or ("a decorator cannot call a helper", argument.span)

    def declare(scope: Scope) -> tuple[str, Body | None]:
        if wrong:
            raise HandlebarsError(*wrong)
        around = scope.depths[0] if scope.depths else UNDEFINED
        if around is not scope.this:
            scope = scope.inner(around, scope.data, None)
        try:
            names = [value(scope) for value in values]
            name = names[0] if node.params else UNDEFINED
            return to_string(name), Body(program, scope) if program else None
        except HelperError as error:
            raise HandlebarsError(str(error), span) from None

    return declare
