"""What a template sees while it is rendered, and the state of one rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from nac.handlebars.conversion import loose_equals
from nac.handlebars.errors import HandlebarsError, HelperError, LimitError, MissingVariable
from nac.handlebars.limits import MAX_DEPTH, MAX_OUTPUT, MAX_STEPS
from nac.handlebars.source import Span
from nac.handlebars.values import UNDEFINED, Opaque, is_nullish

if TYPE_CHECKING:
    from nac.handlebars.program import Program
    from nac.handlebars.template import Template

NULL_CONTEXT: dict[str, object] = {}
"""What a block sees as its context where there is none; told from other empty objects by identity."""

Depths: TypeAlias = "tuple[object, Depths] | tuple[()]"
"""The contexts that `../` climbs, innermost first: (context, the rest)."""

BlockParams: TypeAlias = "tuple[Sequence[object] | None, BlockParams] | tuple[()]"
"""The values of `as |a b|`, innermost block first; None for a block that was given none."""


class Run:
    """One rendering of a template: its limits, and what it has found missing if it collects that."""

    def __init__(self, template: Template, *, collect: bool) -> None:
        self.template = template
        self.missing: dict[tuple[str, int, str], MissingVariable] | None = {} if collect else None
        self.containers: dict[Template, Container] = {}
        self.steps = 0
        self.printed = 0
        self.depth = 0

    def print(self, size: int, span: Span) -> None:
        """Count characters that are about to be printed, so that they cannot pile up within one program."""
        self.printed += size
        if self.printed > MAX_OUTPUT:
            self.stop(span)

    def stop(self, span: Span) -> NoReturn:
        if self.depth > MAX_DEPTH:
            raise LimitError(f"more than {MAX_DEPTH} blocks and partials within one another", span)
        if self.steps > MAX_STEPS:
            raise LimitError(f"the template takes more than {MAX_STEPS:,} steps", span)
        raise LimitError(f"the template prints more than {MAX_OUTPUT:,} characters", span)

    def report(self, error: HandlebarsError) -> object:
        """Note what is missing and go on with undefined where the run collects; raise the error otherwise."""
        if self.missing is None or isinstance(error, LimitError):
            raise error
        if isinstance(error, MissingVariable):
            place = (error.template, error.span.start, error.path)
            self.missing.setdefault(place, error)
        return UNDEFINED


class Container:
    """The partials that a template's blocks see at the moment: an inline partial changes them for a while."""

    __slots__ = ("partials",)

    def __init__(self, partials: Mapping[str, Partial]) -> None:
        self.partials = partials


class Scope:
    """Where a statement stands.

    `this` is its context; `data` holds the `@` names. The first of the `depths` is nearly always `this`: a block
    whose context JavaScript's `==` takes for the one around it does not count for `../`.
    """

    __slots__ = ("block_params", "container", "data", "depths", "partials", "run", "this")

    def __init__(
        self,
        run: Run,
        container: Container,
        partials: Mapping[str, Partial],
        this: object,
        depths: Depths,
        data: dict[str, object],
        block_params: BlockParams,
    ) -> None:
        self.run = run
        self.container = container
        self.partials = partials
        self.this = this
        self.depths = depths
        self.data = data
        self.block_params = block_params

    def inner(self, this: object, data: dict[str, object], block_params: Sequence[object] | None) -> Scope:
        """The scope of a block's body."""
        depths = self.depths
        if not depths or this is not depths[0]:
            # Two objects are never equal, so most blocks need not ask JavaScript's `==`.
            differ = depths and type(this) is dict and type(depths[0]) is dict
            depths = (this, depths) if differ else self.depths_of(this)
        container = self.container
        return Scope(self.run, container, container.partials, this, depths, data, (block_params, self.block_params))

    def helper_context(self) -> object:
        """The context that a helper, and so the body of an `if`, is given."""
        return NULL_CONTEXT if is_nullish(self.this) else self.this

    def depths_of(self, context: object) -> Depths:
        """The contexts that `../` climbs in a block with this context."""
        depths = self.depths
        top = depths[0] if depths else UNDEFINED
        if context is top or (context is NULL_CONTEXT and top is None):
            return depths
        try:
            return depths if loose_equals(context, top) else (context, depths)
        except HelperError:
            # An object with its own `toString`. handlebars.js compares only where a template says `../`, and fails.
            return (context, depths)

    def outer_params(self) -> list[object]:
        """The block parameters of all blocks around, as a list of lists.

        In `{{#value as |a|}}` handlebars.js means to hand on the block's own parameters, of which there are
        none, and hands on these.
        """
        values: list[object] = []
        params = self.block_params
        while params:
            values.append(UNDEFINED if params[0] is None else list(params[0]))
            params = params[1]
        return values


class Body(Opaque):
    """A block's program, ready to be rendered with a context of a helper's choice: `body(context)`.

    `data` replaces the `@` names (see `frame`), `block_params` are the values for `as |a b|`. What it returns is
    printed as it is; it is text but for a body that holds nothing but one number or boolean.
    """

    __slots__ = ("inlines", "program", "scope")

    def __init__(self, program: Program, scope: Scope) -> None:
        self.program = program
        self.scope = scope
        self.inlines = declare(program, scope) if program.declarations else {}

    def __call__(
        self,
        context: object,
        data: dict[str, object] | None = None,
        block_params: Sequence[object] | None = None,
    ) -> object:
        scope, container = self.scope, self.scope.container
        partials = container.partials
        if self.inlines:
            container.partials = {**partials, **self.inlines}
        try:
            return self.program.render(scope.inner(context, scope.data if data is None else data, block_params))
        finally:
            container.partials = partials


def declare(program: Program, scope: Scope) -> dict[str, Body | None]:
    """The inline partials that a program's decorators declare."""
    inlines = {}
    for declaration in program.declarations:
        try:
            name, body = declaration(scope)
        except HandlebarsError as error:
            scope.run.report(error)
        else:
            inlines[name] = body
    return inlines


class PartialBlock(Opaque):
    """`@partial-block`: the body of a `{{#> partial}}`, within which the `@partial-block` outside it shows again.

    In JavaScript it is a function of a context, and what calls functions calls it: `{{@partial-block context}}` prints
    it, `{{#if @partial-block}}` asks whether it prints anything.
    """

    __slots__ = ("body", "outer")

    def __init__(self, body: Body, outer: object) -> None:
        self.body = body
        self.outer = outer

    def __call__(self, context: object, data: dict[str, object]) -> object:
        inside = frame(data)
        inside["partial-block"] = self.outer
        return self.body(context, inside)

    def alone(self, context: object) -> object:
        """Render it where no `@` names are handed on, not even `@root`."""
        return self.body(context, {"_parent": UNDEFINED, "partial-block": self.outer})


Partial: TypeAlias = "str | Template | Body | PartialBlock | None"
"""None is a partial that is known not to be one: `{{* inline "name"}}`."""


def nothing(
    context: object, data: dict[str, object] | None = None, block_params: Sequence[object] | None = None
) -> object:
    """The body that a block does not have."""
    return ""


def frame(data: dict[str, object]) -> dict[str, object]:
    """A copy of the `@` names to change, with the outer ones under `../`."""
    return {**data, "_parent": data}


class Options:
    """What a helper is told beside its arguments.

    `name` it was called by · `hash` of its named arguments · `this`, the context of the call · `data`, the `@`
    names · `body` and `inverse`, the two parts of a block (None where the helper was not called as one).
    """

    __slots__ = ("body", "data", "hash", "inverse", "name", "this")

    def __init__(
        self,
        name: str,
        named: dict[str, object],
        scope: Scope,
        body: Callable[..., object] | None,
        inverse: Callable[..., object] | None,
    ) -> None:
        self.name = name
        self.hash = named
        self.this = scope.helper_context()
        self.data = scope.data
        self.body = body
        self.inverse = inverse

    def block(self) -> tuple[Callable[..., object], Callable[..., object]]:
        """Both parts of the block; raises HelperError where the helper was not called as a block."""
        if self.body is None or self.inverse is None:
            raise HelperError(f"`{self.name}` is a block: write `{{{{#{self.name} …}}}} … {{{{/{self.name}}}}}`")
        return self.body, self.inverse


Helper: TypeAlias = Callable[[Sequence[object], Options], object]
"""A helper: the values of its arguments, and its options → any value. It raises HelperError."""
