"""Tree → functions: each statement and expression becomes a closure, made once and called at every rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from nac.handlebars import nodes
from nac.handlebars.blocks import condition, loop, print_names
from nac.handlebars.builtins import KNOWN, block_of_value, each, if_, unless
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import HandlebarsError, HelperError, UnknownHelperError
from nac.handlebars.escaping import escape
from nac.handlebars.partials import compile_partial
from nac.handlebars.paths import as_path, is_simple
from nac.handlebars.program import Evaluate, Program
from nac.handlebars.resolve import compile_path, find_block_param
from nac.handlebars.scope import Body, Helper, Options, Scope, nothing
from nac.handlebars.source import Span
from nac.handlebars.values import UNDEFINED, is_nullish, is_truthy

_Call = nodes.Mustache | nodes.Block | nodes.SubExpression


class Compiler:
    """Compiles one template.

    A call may name a helper, a block parameter or a value; handlebars.js decides which by the call's shape, and
    so do `_is_value` and `_is_ambiguous`. That a helper is missing is found when the call is rendered, as in
    handlebars.js: where nothing renders it, it is no error.
    """

    def __init__(self, helpers: Mapping[str, Helper], *, strict: bool) -> None:
        self.helpers = helpers
        self.strict = strict
        self.block_params: list[list[str]] = []
        self.has_params = True

    def program(self, node: nodes.Program) -> Program:
        """Raises HandlebarsError for what is not supported."""
        program = Program(node.span)
        if not self.block_params:
            self.has_params = "|" in node.span.source.text
        self.block_params.insert(0, node.block_params)
        for statement in node.body:
            match statement:
                case nodes.Content():
                    if statement.value:
                        program.parts.append(statement.value)
                case nodes.Mustache():
                    program.add(self._mustache(statement))
                case nodes.Block():
                    # A lone statement is returned, there is no expression around it.
                    if len(node.body) > 1 and self._is_ambiguous(statement, as_path(statement.path)):
                        program.breaks.add(len(program.parts))
                    program.add(self._block(statement))
                case nodes.Partial() | nodes.PartialBlock():
                    program.add(compile_partial(self, statement))
                case nodes.DecoratorBlock():
                    program.inlines.append(self._inline(statement))
                case nodes.Decorator():
                    _no_decorator(statement)
        self.block_params.pop(0)
        return program

    def argument(self, node: nodes.Expression) -> Evaluate:
        """The value of an argument, which may be undefined."""
        match node:
            case nodes.Path():
                return compile_path(node, self.block_params, strict=self.strict)
            case nodes.SubExpression():
                return self._call(node)
        return _constant(node.value)

    def named(self, node: nodes.Hash | None) -> dict[str, Evaluate]:
        """The named arguments, from the last to the first: of two with the same name the first one counts.

        One that is `undefined` as written does not exist.
        """
        if not node:
            return {}
        for pair in node.pairs:
            if pair.key == "__proto__":
                raise HandlebarsError("`__proto__` cannot be the name of an argument", pair.span)
        values = {pair.key: pair.value for pair in reversed(node.pairs)}
        return {key: self.argument(value) for key, value in values.items() if not _is_undefined(value)}

    def _mustache(self, node: nodes.Mustache) -> Evaluate:
        evaluate, show, span = self._call(node), escape if node.escaped else _raw, node.span

        def mustache(scope: Scope) -> object:
            try:
                printed = show(evaluate(scope))
                if isinstance(printed, str):
                    scope.run.print(len(printed), span)
                return printed
            except HelperError as error:
                return scope.run.report(HandlebarsError(str(error), span))

        path = as_path(node.path)
        plain = self._is_ambiguous(node, path) and path.parts[0] not in self.helpers
        if (plain or self._is_value(node, path)) and not (path.data or path.depth) and any(path.parts[:1]):
            if find_block_param(path, self.block_params) is None:
                return print_names(path.parts, node.escaped, mustache)
        return mustache

    def _block(self, node: nodes.Block) -> Evaluate:
        body = self.program(node.program) if node.program else None
        inverse = self.program(node.inverse) if node.inverse else None
        path = as_path(node.path)
        if not self._is_value(node, path):
            helper = self._helper(node, path, body, inverse, is_block=True)
            if helper or not self._is_ambiguous(node, path):
                return helper or self._no_helper(node, path)
        value, name, span = self._value(path), path.original, path.span
        has_params = bool(node.program and node.program.block_params)

        def block(scope: Scope) -> object:
            options = Options(name, {}, scope, _bind(body, scope), _bind(inverse, scope))
            try:
                return _raw(block_of_value(value(scope), options, scope.outer_params() if has_params else None))
            except HelperError as error:
                return scope.run.report(HandlebarsError(str(error), span))

        return block

    def _inline(self, node: nodes.DecoratorBlock) -> tuple[str, Program]:
        literal = node.params[0] if node.params else None
        if as_path(node.path).original != "inline" or not isinstance(literal, nodes.Literal):
            _no_decorator(node)
        if node.program.block_params:
            raise HandlebarsError("an inline partial cannot have block parameters", node.params[0].span)
        return to_string(literal.value), self.program(node.program)

    # Calls

    def _is_value(self, node: _Call, path: nodes.Path) -> bool:
        """Whether no helper can be meant: a block parameter (then arguments are ignored), `a.b`, `this`, `../a`."""
        if is_simple(path):
            return find_block_param(path, self.block_params) is not None
        return not (node.params or node.hash or isinstance(node, nodes.SubExpression))

    def _is_ambiguous(self, node: _Call, path: nodes.Path) -> bool:
        """Whether a helper or a value can be meant: a single word without arguments."""
        return (
            is_simple(path)
            and path.parts[0] not in KNOWN
            and not (node.params or node.hash or isinstance(node, nodes.SubExpression))
            and not self._is_value(node, path)
        )

    def _call(self, node: nodes.Mustache | nodes.SubExpression) -> Evaluate:
        path = as_path(node.path)
        if self._is_value(node, path):
            return self._value(path)
        helper = self._helper(node, path, None, None)
        if helper:
            return helper
        return self._value(path) if self._is_ambiguous(node, path) else self._no_helper(node, path)

    def _value(self, path: nodes.Path, *, call: bool = False) -> Evaluate:
        return compile_path(path, self.block_params, strict=self.strict, named=True, call=call)

    def _helper(
        self,
        node: _Call,
        path: nodes.Path,
        body: Program | None,
        inverse: Program | None,
        is_block: bool = False,
    ) -> Evaluate | None:
        """A call of the helper that a path names, if there is one."""
        name = path.parts[0] if path.parts else ""
        if name not in KNOWN and not self._is_ambiguous(node, path):
            name = path.original if is_simple(path) else ""
        helper = self.helpers.get(name)
        if not helper:
            return None
        args = [self.argument(param) for param in node.params]
        named = self.named(node.hash)
        last = node.hash or (node.params[-1] if node.params else path)
        span = path.span.to(last.span)

        def call(scope: Scope, *given: object) -> object:
            try:
                options = Options(
                    name,
                    {key: value(scope) for key, value in named.items()} if named else {},
                    scope,
                    _bind(body, scope) if is_block else None,
                    _bind(inverse, scope) if is_block else None,
                )
                value = helper(given or [arg(scope) for arg in args], options)
                return _raw(value) if is_block else value
            except HelperError as error:
                return scope.run.report(HandlebarsError(str(error), span))

        if is_block and len(args) == 1 and not named and not _declares(body) and not _declares(inverse):
            if helper is if_ or helper is unless:
                parts = (body, inverse) if helper is if_ else (inverse, body)
                return condition(args[0], *parts, has_params=self.has_params)
            if helper is each and body:
                return loop(args[0], body, call)
        return call

    def _no_helper(self, node: _Call, path: nodes.Path) -> Evaluate:
        """A call of something that is no helper, and so an error.

        In lenient mode a missing or empty value can be called like a helper, without arguments but named ones.
        """
        value = self._value(path, call=True)
        named = self.named(node.hash)
        known = sorted(self.helpers)
        strict, has_params, simple = self.strict, bool(node.params), is_simple(path)

        def no_helper(scope: Scope) -> object:
            if not (strict and simple):
                called = value(scope)
                for argument in named.values():
                    argument(scope)
                if not strict and not has_params and not is_truthy(called) and path.original not in KNOWN:
                    return UNDEFINED
            return scope.run.report(UnknownHelperError(path.original, path.span, known))

        return no_helper


def _constant(value: object) -> Evaluate:
    return lambda scope: value


def _bind(program: Program | None, scope: Scope) -> Callable[..., object]:
    return Body(program, scope) if program else nothing


def _declares(program: Program | None) -> bool:
    return bool(program and program.inlines)


def _is_undefined(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Literal) and node.value is UNDEFINED


def _raw(value: object) -> object:
    """A value for `{{{ }}}`: numbers and booleans stay what they are, see Program._join."""
    if isinstance(value, str | int | float):
        return value
    return "" if is_nullish(value) else to_string(value)


def _no_decorator(node: nodes.Decorator | nodes.DecoratorBlock) -> NoReturn:
    span = Span(node.span.source, node.span.start, node.path.span.end)
    raise HandlebarsError('the only decorator there is here is `{{#*inline "name"}}`', span)
