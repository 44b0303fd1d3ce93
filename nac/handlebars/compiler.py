"""Tree → functions: each statement and expression becomes a closure, made once and called at every rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from nac.handlebars import nodes
from nac.handlebars.blocks import condition, loop, print_names
from nac.handlebars.builtins import HOOKS, KNOWN, block_of_value, each, if_, unless
from nac.handlebars.conversion import to_string
from nac.handlebars.decorators import compile_decorator
from nac.handlebars.errors import HandlebarsError, HelperError, UnknownHelperError
from nac.handlebars.escaping import escape
from nac.handlebars.partials import call_partial_block, compile_partial
from nac.handlebars.paths import as_path, is_simple
from nac.handlebars.program import Evaluate, Program
from nac.handlebars.resolve import compile_path, find_block_param
from nac.handlebars.scope import Body, Helper, Options, Scope, nothing
from nac.handlebars.values import UNDEFINED, is_nullish, is_truthy

_Call = nodes.Mustache | nodes.Block | nodes.SubExpression


class Compiler:
    """Compiles one template.

    A call may name a helper, a block parameter or a value; handlebars.js decides which by the call's shape, and
    so do `_is_value` and `_is_ambiguous`. That a helper is missing is found when the call is rendered, as in
    handlebars.js: where nothing renders it, it is no error.
    """

    def __init__(self, helpers: Mapping[str, Helper], *, strict: bool) -> None:
        self.helpers = {name: helper for name, helper in helpers.items() if name not in HOOKS}
        self.missing = None if strict else helpers.get("helperMissing")
        self.block_missing = helpers.get("blockHelperMissing")
        self.strict = strict
        self.block_params: list[list[str]] = []
        self.has_params = True
        self.programs: list[Program] = []

    def program(self, node: nodes.Program) -> Program:
        """Raises HandlebarsError for what is not supported."""
        program = Program(node.span)
        if not self.programs:
            self.has_params = "|" in node.span.source.text
        self.programs.append(program)
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
                case nodes.Decorator() | nodes.DecoratorBlock():
                    program.declarations.append(compile_decorator(self, statement))
        self.block_params.pop(0)
        self.programs.pop()
        if self.programs and (program.reads_params or program.blocks_read_params):
            self.programs[-1].blocks_read_params = True
        return program

    def argument(self, node: nodes.Expression) -> Evaluate:
        """The value of an argument, which may be undefined."""
        match node:
            case nodes.Path():
                return self._path(node)
            case nodes.SubExpression():
                return self._call(node)
        return _constant(node.value)

    def named(self, node: nodes.Hash | None) -> dict[str, Evaluate]:
        """The named arguments, from the last to the first: of two with the same name the first one counts.

        One that is `undefined` as written does not exist, and handlebars.js loses one that is called `__proto__`.
        """
        if not node:
            return {}
        values = {pair.key: pair.value for pair in reversed(node.pairs) if pair.key != "__proto__"}
        return {key: self.argument(value) for key, value in values.items() if not _is_undefined(value)}

    def _mustache(self, node: nodes.Mustache) -> Evaluate:
        path = as_path(node.path)
        if not self._is_plain(node, path):
            return self._careful_mustache(node)
        # Most never need the careful way, so that it is made when the first one does.
        return print_names(path.parts, node.escaped, cache(lambda: self._careful_mustache(node)))

    def _is_plain(self, node: nodes.Mustache, path: nodes.Path) -> bool:
        """Whether it is a path from the context, and nothing else."""
        if node.params or node.hash or path.data or path.depth or not path.parts or not path.parts[0]:
            return False
        if find_block_param(path, self.block_params) is not None:
            return False
        return not is_simple(path) or not (path.parts[0] in KNOWN or path.parts[0] in self.helpers)

    def _careful_mustache(self, node: nodes.Mustache) -> Evaluate:
        evaluate, show, span = self._call(node), escape if node.escaped else _raw, node.span

        def mustache(scope: Scope) -> object:
            try:
                printed = show(evaluate(scope))
                if isinstance(printed, str):
                    scope.run.print(len(printed), span)
                return printed
            except HelperError as error:
                return scope.run.report(HandlebarsError(str(error), span))

        return mustache

    def _block(self, node: nodes.Block) -> Evaluate:
        body = self.program(node.program) if node.program else None
        inverse = self.program(node.inverse) if node.inverse else None
        path = as_path(node.path)
        if not self._is_value(node, path):
            helper = self._helper(node, path, body, inverse, is_block=True)
            if helper or not self._is_ambiguous(node, path):
                return helper or self._no_helper(node, path, body, inverse)
        value, name, span = self._value(node, path, body, inverse), path.original, path.span
        has_params = bool(node.program and node.program.block_params)
        missing, each_ = self.block_missing, self.helpers["each"]

        def block(scope: Scope) -> object:
            options = Options(name, {}, scope, _bind(body, scope), _bind(inverse, scope))
            options.this = scope.this  # only here handlebars.js does not put an object in the place of null
            try:
                found = value(scope)
                if missing:
                    return _raw(missing([found], options))
                return _raw(block_of_value(found, options, scope.outer_params() if has_params else None, each_))
            except HelperError as error:
                return scope.run.report(HandlebarsError(str(error), span))

        return block

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
            return self._value(node, path)
        helper = self._helper(node, path, None, None)
        if helper:
            return helper
        return self._value(node, path) if self._is_ambiguous(node, path) else self._no_helper(node, path)

    def _path(self, path: nodes.Path, *, named: bool = False, call: bool = False) -> Evaluate:
        if find_block_param(path, self.block_params) is not None:
            self.programs[-1].reads_params = True
        return compile_path(path, self.block_params, strict=self.strict, named=named, call=call)

    def _value(
        self, node: _Call, path: nodes.Path, body: Program | None = None, inverse: Program | None = None
    ) -> Evaluate:
        """A value that is named where a helper could be."""
        value, is_block = self._path(path, named=True), isinstance(node, nodes.Block)
        ambiguous = self._is_ambiguous(node, path)
        if path.data and path.parts[:1] == ["partial-block"]:
            value = call_partial_block(value, node, path, body, inverse, ambiguous=ambiguous)
        missing = (
            self._invoke(self.missing, node, path.parts[0], body, inverse, is_block)
            if self.missing and ambiguous
            else None
        )
        if not missing:
            return value

        def value_or_missing(scope: Scope) -> object:
            found = value(scope)
            return missing(scope) if is_nullish(found) else found

        return value_or_missing

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
        call = self._invoke(helper, node, name, body, inverse, is_block)
        if is_block and len(node.params) == 1 and not node.hash and not _declares(body) and not _declares(inverse):
            argument = self.argument(node.params[0])
            if helper is if_ or (helper is unless and self.helpers["if"] is if_):
                parts = (body, inverse) if helper is if_ else (inverse, body)
                return condition(argument, *parts, has_params=self.has_params)
            if helper is each and body:
                return loop(argument, body, call)
        return call

    def _invoke(
        self,
        helper: Helper,
        node: _Call,
        name: str,
        body: Program | None,
        inverse: Program | None,
        is_block: bool,
    ) -> Callable[..., object]:
        """A call of a helper, with arguments that may be given already."""
        args = [self.argument(param) for param in node.params]
        named = self.named(node.hash)
        last = node.hash or (node.params[-1] if node.params else node.path)
        span = node.path.span.to(last.span)
        if helper is unless and self.helpers["if"] is not if_:
            # In handlebars.js too, `unless` is the `if` that is registered, with its parts the other way round.
            helper, body, inverse = self.helpers["if"], inverse, body

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

        return call

    def _no_helper(
        self, node: _Call, path: nodes.Path, body: Program | None = None, inverse: Program | None = None
    ) -> Evaluate:
        """A call of something that is no helper, and so an error.

        In lenient mode a missing or empty value can be called like a helper, without arguments but named ones.
        """
        value = self._path(path, named=True, call=True)
        named, is_block = self.named(node.hash), isinstance(node, nodes.Block)
        known = sorted(self.helpers)
        strict, has_params, simple = self.strict, bool(node.params), is_simple(path)
        is_known = path.original in KNOWN
        missing = self._invoke(self.missing, node, path.original, body, inverse, is_block) if self.missing else None
        if path.data and path.parts[:1] == ["partial-block"]:
            return call_partial_block(value, node, path, body, inverse, self, missing)

        def no_helper(scope: Scope) -> object:
            if not (strict and simple):
                called = value(scope)
                if missing and not is_known and not is_truthy(called):
                    return missing(scope)
                for argument in named.values():
                    argument(scope)
                if not strict and not has_params and not is_truthy(called) and not is_known:
                    return UNDEFINED
            return scope.run.report(UnknownHelperError(path.original, path.span, known))

        return no_helper


def _constant(value: object) -> Evaluate:
    return lambda scope: value


def _bind(program: Program | None, scope: Scope) -> Callable[..., object]:
    return Body(program, scope) if program else nothing


def _declares(program: Program | None) -> bool:
    return bool(program and program.declarations)


def _is_undefined(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Literal) and node.value is UNDEFINED


def _raw(value: object) -> object:
    """A value for `{{{ }}}`: numbers and booleans stay what they are, see Program._join."""
    if isinstance(value, str | int | float):
        return value
    return "" if is_nullish(value) else to_string(value)
