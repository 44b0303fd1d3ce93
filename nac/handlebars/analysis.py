"""Tree → what a template uses, with every path resolved to where its value comes from.

The walk keeps what a rendering would keep (contexts for `../`, `@` frames, block parameters, inline partials), with
Places instead of values. It goes through every branch. Where only a value could tell, this is assumed: a helper that
is not built in renders its block with the context around it, and a block that changes the context counts for `../`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from nac.handlebars import nodes
from nac.handlebars.builtins import BUILTINS
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import no_stack
from nac.handlebars.limits import MAX_STEPS
from nac.handlebars.paths import as_path, is_simple
from nac.handlebars.resolve import find_block_param
from nac.handlebars.source import Span
from nac.handlebars.usage import (
    EACH,
    FIRST,
    INDEX,
    KEY,
    LAST,
    Argument,
    Call,
    Constant,
    Guard,
    PartialCall,
    Place,
    Read,
    Root,
    Section,
    Usage,
    Use,
)

_DATA = Place(Root.DATA)
_UNKNOWN = Place(Root.UNKNOWN)
_NOWHERE = Place(Root.NOWHERE)

_Frame: TypeAlias = "dict[str, Place]"


@dataclass(frozen=True)
class _Scope:
    """Where the walk is: contexts and frames innermost first, as in scope.Scope."""

    this: Place = _DATA
    depths: tuple[Place, ...] = (_DATA,)
    frames: tuple[_Frame, ...] = ({"root": _DATA},)
    names: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[Place, ...], ...] = ()
    partials: Mapping[str, _Body] = field(default_factory=dict)
    block: _Body | None = None
    hash: Mapping[str, Place] = field(default_factory=dict)
    """What named arguments add to the context of a partial, at `this`."""

    def enter(
        self, this: Place, names: list[str], values: tuple[Place, ...] = (), frame: _Frame | None = None
    ) -> _Scope:
        """Into a block's body."""
        same = bool(self.depths) and self.depths[0] == this
        return replace(
            self,
            this=this,
            depths=self.depths if same else (this, *self.depths),
            frames=self.frames if frame is None else (frame, *self.frames),
            names=(tuple(names), *self.names),
            values=(values, *self.values),
            hash=self.hash if same else {},
        )


@dataclass(frozen=True)
class _Body:
    """A partial's text, and the scope it was written in: None for a partial of its own."""

    program: nodes.Program
    scope: _Scope | None


def analyse(
    program: nodes.Program,
    *,
    partials: Mapping[str, nodes.Program] | None = None,
    helpers: Collection[str] = (),
    defaults: Collection[str] = ("default",),
) -> Usage:
    """What a parsed template uses.

    `partials`: their texts are analysed where they are called, as part of the template (a span's `source` tells which
    one it lies in). `helpers`: names besides the built-in ones; a single word that is none of these is a value.
    `defaults`: helpers that take what may be missing as their first argument and print another one instead.
    """
    walk = _Walk(frozenset([*BUILTINS, *helpers, *defaults]), frozenset(defaults))
    try:
        walk.program(program, _Scope(partials={name: _Body(body, None) for name, body in (partials or {}).items()}))
        walk.uncalled()
    except RecursionError:
        raise no_stack(program.span) from None
    return Usage(tuple(walk.reads), tuple(walk.calls), tuple(walk.partials))


class _Walk:
    def __init__(self, helpers: frozenset[str], defaults: frozenset[str]) -> None:
        self.helpers = helpers
        self.defaults = defaults
        self.reads: list[Read] = []
        self.calls: list[Call] = []
        self.partials: list[PartialCall] = []
        self.guards: tuple[Guard, ...] = ()
        self.inside: list[int] = []
        self.inlines: dict[int, _Body] = {}
        self.called: set[int] = set()
        self.steps = 0

    def program(self, program: nodes.Program, scope: _Scope) -> None:
        self.steps += len(program.body) + 1
        inlines: dict[str, _Body] = {}
        for node in program.body:
            if isinstance(node, nodes.DecoratorBlock):
                body = _Body(node.program, scope)
                self.inlines.setdefault(id(node.program), body)
                if node.params and isinstance(node.params[0], nodes.Literal):
                    inlines[to_string(node.params[0].value)] = body
        if inlines:
            scope = replace(scope, partials={**scope.partials, **inlines})
        for node in program.body:
            match node:
                case nodes.Mustache():
                    self.call(node, scope, Use.PRINT)
                case nodes.Block():
                    self.block(node, scope)
                case nodes.Partial() | nodes.PartialBlock():
                    self.partial(node, scope)
                case nodes.Decorator() | nodes.DecoratorBlock():
                    for param in node.params:
                        self.argument(param, scope)

    def uncalled(self) -> None:
        """Inline partials that no literal name calls: an expression may."""
        for key, body in list(self.inlines.items()):
            if key not in self.called and body.scope:
                self.program(body.program, body.scope.enter(_UNKNOWN, body.program.block_params))

    @contextmanager
    def under(self, guards: Iterator[Guard] | list[Guard]) -> Iterator[None]:
        before = self.guards
        self.guards = (*before, *guards)
        try:
            yield
        finally:
            self.guards = before

    # Blocks

    def block(self, node: nodes.Block, scope: _Scope) -> None:
        name = self.helper(node, scope)
        if name is None:
            read = self.read(as_path(node.path), scope, Use.SECTION, required=True)
            place, conditions, direct = read.place, [read.place], True
        else:
            uses = {"if": Use.TEST, "unless": Use.TEST, "each": Use.LOOP, "with": Use.ENTER}
            handled = name in ("if", "unless") or (name in ("each", "with") and node.inverse is not None)
            call = self.helper_call(node, name, scope, uses.get(name, Use.ARGUMENT), handled)
            first = call.arguments[0] if call.arguments else None
            place = self.result(first)
            direct = name in uses and isinstance(first, Read)
            conditions = [place] if direct else list(_places(call))
        span = node.path.span
        for program, holds in ((node.program, name != "unless"), (node.inverse, name == "unless")):
            if program is None:
                continue
            inner = scope.enter(scope.this, program.block_params)
            if program is node.program:
                inner = self.into(name, place, scope, program)
            with self.under([Guard(condition, holds, direct, span) for condition in conditions]):
                self.program(program, inner)

    def into(self, name: str | None, place: Place, scope: _Scope, program: nodes.Program) -> _Scope:
        """The scope of a block's body."""
        names = program.block_params
        frame = {"index": place.to(INDEX), "key": place.to(KEY), "first": place.to(FIRST), "last": place.to(LAST)}
        if name == "each":
            return scope.enter(place.to(EACH), names, (place.to(EACH), place.to(KEY)), {**scope.frames[0], **frame})
        if name == "with":
            return scope.enter(place, names, (place,))
        if name is None:
            inner = scope.enter(place.to(Section(scope.this)), names)
            return replace(inner, frames=({**scope.frames[0], **frame}, *scope.frames[1:]))
        return scope.enter(scope.this, names)

    # Partials

    def partial(self, node: nodes.Partial | nodes.PartialBlock, scope: _Scope) -> None:
        name: str | None = None
        match node.name:
            case nodes.SubExpression():
                self.argument(node.name, scope)
            case nodes.Path():
                name = node.name.original
            case nodes.Literal():
                name = to_string(node.name.value)
        context = scope.this
        hash_ = scope.hash
        for param in node.params[:1]:
            read = self.argument(param, scope, Use.PARTIAL)
            context = self.result(read)
            hash_ = hash_ if context == scope.this else {}
        named = self.named(node.hash, scope, Use.PARTIAL)
        own = _Body(node.program, scope) if isinstance(node, nodes.PartialBlock) else None
        is_block = name == "@partial-block" and name not in scope.partials
        body = scope.block if is_block else scope.partials.get(name) if name else None
        end = node.name.span.end
        span = Span(node.span.source, node.span.start, node.span.end if own is None else end)
        found = body is not None
        self.partials.append(
            PartialCall(name, context, named, own is not None, found, self.guards, node.name.span, span)
        )
        is_block = is_block or body is None
        body = body or own
        if own:
            self.inlines.setdefault(id(own.program), own)
        if body:
            hash_ = {**hash_, **{key: self.result(value) for key, value in named}}
            frames, block, seen = scope.frames, scope.block, scope.partials
            if own:
                frames, block, seen = (dict(frames[0]), *frames), own, {**seen, **self.declared(own)}
            if is_block and body.scope:
                frames, block = (dict(frames[0]), *frames), body.scope.block
            if body.scope:
                inner = body.scope.enter(context, body.program.block_params)
                inner = replace(inner, frames=frames, block=block, hash=hash_)
            else:
                inner = _Scope(context, (context,), frames, partials=seen, block=block, hash=hash_)
            self.enter(body.program, inner)

    def enter(self, program: nodes.Program, scope: _Scope) -> None:
        """Go through a partial, but not for ever: of one that calls itself, two levels are seen."""
        key = id(program)
        self.called.add(key)
        if self.inside.count(key) < 2 and self.steps < MAX_STEPS // 10:
            self.inside.append(key)
            self.program(program, scope)
            self.inside.pop()

    def declared(self, body: _Body) -> dict[str, _Body]:
        """The inline partials within a partial's block, which that partial can call."""
        return {
            to_string(node.params[0].value): _Body(node.program, body.scope)
            for node in body.program.body
            if isinstance(node, nodes.DecoratorBlock) and node.params and isinstance(node.params[0], nodes.Literal)
        }

    # Expressions

    def argument(
        self, node: nodes.Expression, scope: _Scope, use: Use = Use.ARGUMENT, handled: bool = False
    ) -> Argument:
        match node:
            case nodes.Literal():
                return Constant(node.value, node.span)
            case nodes.Path():
                return self.read(node, scope, use, required=False, handled=handled)
        return self.call(node, scope, use, handled)

    def named(
        self, node: nodes.Hash | None, scope: _Scope, use: Use = Use.ARGUMENT
    ) -> tuple[tuple[str, Argument], ...]:
        return tuple((pair.key, self.argument(pair.value, scope, use)) for pair in (node.pairs if node else ()))

    def call(
        self, node: nodes.Mustache | nodes.SubExpression, scope: _Scope, use: Use, handled: bool = False
    ) -> Read | Call:
        name = self.helper(node, scope)
        if name is not None:
            return self.helper_call(node, name, scope, handled=handled)
        return self.read(as_path(node.path), scope, use, required=True)

    def helper(self, node: nodes.Call, scope: _Scope) -> str | None:
        """The name of the helper that is called, or None where a value is meant."""
        path = as_path(node.path)
        if is_simple(path) and find_block_param(path, scope.names) is not None:
            return None
        if node.params or node.hash or isinstance(node, nodes.SubExpression):
            return path.original
        return path.original if is_simple(path) and path.original in self.helpers else None

    def helper_call(
        self, node: nodes.Call, name: str, scope: _Scope, use: Use = Use.ARGUMENT, handled: bool = False
    ) -> Call:
        path = as_path(node.path)
        if not is_simple(path):
            self.read(path, scope, Use.CALL, required=True)
        has_default = name in self.defaults and len(node.params) > 1
        arguments = tuple(
            self.argument(param, scope, Use.ARGUMENT if index else use, not index and (handled or has_default))
            for index, param in enumerate(node.params)
        )
        named = self.named(node.hash, scope)
        last = node.hash or (node.params[-1] if node.params else path)
        span = path.span.to(last.span)
        call = Call(name, arguments, named, isinstance(node, nodes.Block), self.guards, path.span, span)
        self.calls.append(call)
        place = self.result(call)
        if place.root is not Root.UNKNOWN:
            self.reads.append(Read(span.text, place, Use.LOOKUP, False, handled, self.guards, span))
        return call

    def result(self, value: Argument | None) -> Place:
        """Where the value of an argument comes from; `(lookup a "b")` is `a.b`."""
        if isinstance(value, Read):
            return value.place
        if isinstance(value, Call) and value.name == "lookup" and len(value.arguments) == 2:
            parent, key = value.arguments
            if isinstance(key, Constant) and isinstance(key.value, str | float):
                return self.result(parent).to(to_string(key.value))
        return _UNKNOWN

    def read(self, path: nodes.Path, scope: _Scope, use: Use, *, required: bool, handled: bool = False) -> Read:
        # handlebars.js never asks whether a block parameter has a name.
        required = required and any(path.parts[:1]) and find_block_param(path, scope.names) is None
        read = Read(path.original, _resolve(path, scope), use, required, handled, self.guards, path.span)
        self.reads.append(read)
        return read


def _resolve(path: nodes.Path, scope: _Scope) -> Place:
    found = find_block_param(path, scope.names)
    if found is not None:
        values = scope.values[found[0]]
        return values[found[1]].to(*path.parts[1:]) if found[1] < len(values) else _UNKNOWN
    if path.data and path.parts and path.parts[0]:
        frame = scope.frames[path.depth] if path.depth < len(scope.frames) else None
        if frame is None:
            return _NOWHERE
        known = frame.get(path.parts[0])
        return known.to(*path.parts[1:]) if known else Place(Root.AT, tuple(path.parts))
    if not path.depth:
        base = scope.this
        if path.parts and path.parts[0] in scope.hash:
            return scope.hash[path.parts[0]].to(*path.parts[1:])
    else:
        base = scope.depths[path.depth] if path.depth < len(scope.depths) else _NOWHERE
    return base.to(*path.parts)


def _places(call: Call) -> Iterator[Place]:
    for argument in (*call.arguments, *(value for _, value in call.named)):
        if isinstance(argument, Read):
            yield argument.place
        elif isinstance(argument, Call):
            yield from _places(argument)
