"""`{{> name}}` and `{{#> name}} … {{/name}}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nac.handlebars import nodes
from nac.handlebars.conversion import to_string
from nac.handlebars.errors import HandlebarsError, HelperError, UnknownHelperError, nearest
from nac.handlebars.limits import MAX_OUTPUT
from nac.handlebars.program import Evaluate, Program
from nac.handlebars.scope import Body, Container, Partial, PartialBlock, Run, Scope, declare, frame
from nac.handlebars.values import UNDEFINED, Opaque, SafeString, is_nullish, is_number, is_truthy, not_json, text_length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nac.handlebars.compiler import Compiler
    from nac.handlebars.template import Template

_BLOCK = "@partial-block"


def compile_partial(compiler: Compiler, node: nodes.Partial | nodes.PartialBlock) -> Evaluate:
    """A function that renders a partial; raises HandlebarsError for more than one argument."""
    if len(node.params) > 1:
        raise HandlebarsError(f"a partial takes one argument, not {len(node.params)}", node.params[1].span)
    name = _name(compiler, node.name)
    context = compiler.argument(node.params[0]) if node.params else lambda scope: scope.this
    named, has_hash = compiler.named(node.hash), bool(node.hash)
    program = compiler.program(node.program) if isinstance(node, nodes.PartialBlock) else None
    indent = node.indent if isinstance(node, nodes.Partial) else ""
    span, around = node.name.span, compiler.programs[-1]
    # handlebars.js hands on the block parameters where it has met one before it meets this, its own way round.
    reads_params = around.reads_params

    def partial(scope: Scope) -> object:
        try:
            called, seen, data, partials = name(scope), context(scope), scope.data, scope.partials
            if has_hash:
                seen = {**_as_object(seen), **{key: value(scope) for key, value in named.items()}}
            found = _find(called, scope)
            if program:
                body = Body(program, scope)
                block = PartialBlock(body, data.get("partial-block", UNDEFINED))
                data = frame(data)
                data["partial-block"] = block
                partials = {**partials, **body.inlines}
                found = block if found is None else found
            if found is None:
                near = nearest(str(called), [name for name, one in scope.partials.items() if one is not None])
                help_ = f"did you mean `{near}`?" if near else None
                raise HandlebarsError(f"there is no partial `{called}`", span, help_)
            if isinstance(found, str):
                found = scope.run.template.partial(str(called), found)
            if isinstance(found, Body):
                params = scope.outer_params() if reads_params or around.blocks_read_params else None
                printed = found(seen, data, params)
            elif isinstance(found, PartialBlock):
                printed = found(seen, data)
            else:
                printed = render_template(found, scope.run, seen, data, partials)
            return _indented(printed, indent) if indent else printed
        except HelperError as error:
            return scope.run.report(HandlebarsError(str(error), span))
        except HandlebarsError as error:
            return scope.run.report(error)

    return partial


def call_partial_block(
    value: Evaluate,
    node: nodes.Call,
    path: nodes.Path,
    body: Program | None,
    inverse: Program | None,
    compiler: Compiler | None = None,
    missing: Evaluate | None = None,
    *,
    ambiguous: bool = False,
) -> Evaluate:
    """`{{@partial-block context}}`: an `@` name may be a partial's block, JavaScript's only function in a template.

    With a compiler it is called with arguments, so that anything else is an error. Without arguments it gets what a
    helper gets as its options, for its context, if it is `ambiguous`; nothing otherwise.
    """
    args = [compiler.argument(param) for param in node.params] if compiler else []
    named = compiler.named(node.hash) if compiler else {}
    known = sorted(compiler.helpers) if compiler else []
    lenient = compiler and not compiler.strict

    def partial_block(scope: Scope) -> object:
        block = value(scope)
        if not compiler and not isinstance(block, PartialBlock):
            return block
        try:
            given = [arg(scope) for arg in args]
            hash_ = {key: argument(scope) for key, argument in named.items()}
            if not isinstance(block, PartialBlock):
                if missing and not is_truthy(block):
                    return missing(scope)
                if lenient and not args and not is_truthy(block):
                    return UNDEFINED
                return scope.run.report(UnknownHelperError(path.original, path.span, known))
            if len(given) == 1:
                return block(given[0], scope.data)
            if given:
                raise HelperError(f"`{path.original}` takes one argument, not {len(given)}")
            if not ambiguous and not compiler:
                return block.alone(UNDEFINED)
            functions = {"fn": Opaque(), "inverse": Opaque()} if body or inverse else {}
            loc = {"start": _position(node.span.line, node.span.column)}
            loc["end"] = _position(node.span.end_line, node.span.end_column)
            name = path.original if compiler else path.parts[0]
            return block.alone({"name": name, "hash": hash_, **functions, "data": scope.data, "loc": loc})
        except HelperError as error:
            return scope.run.report(HandlebarsError(str(error), path.span))

    return partial_block


def _position(line: int, column: int) -> dict[str, object]:
    return {"line": line, "column": column - 1}


def render_template(
    template: Template, run: Run, context: object, data: dict[str, object], partials: Mapping[str, Partial]
) -> str:
    """Render a whole template, as the main one or as a partial."""
    container = run.containers.setdefault(template, Container(partials))
    outside = Scope(run, container, partials, UNDEFINED, (), data, ())
    inlines = declare(template.program, outside)
    container.partials = {**partials, **inlines}
    try:
        scope = Scope(run, container, container.partials, context, (context, ()), data, ())
        return to_string(template.program.render(scope))
    finally:
        container.partials = partials


def _name(compiler: Compiler, node: nodes.Expression) -> Callable[[Scope], object]:
    if isinstance(node, nodes.SubExpression):
        # A name that is nothing is looked for as `undefined`, which `{{#> (name)}}` can still make good.
        evaluate = compiler.argument(node)
        return lambda scope: _text(evaluate(scope))
    name = node.original if isinstance(node, nodes.Path) else to_string(node.value)
    return lambda scope: name


def _text(name: object) -> str:
    return to_string(name) if is_truthy(name) else "undefined"


def _find(name: object, scope: Scope) -> Partial | None:
    found = scope.partials.get(str(name))
    if found is None and name == _BLOCK:
        block = scope.data.get("partial-block")
        return block if isinstance(block, PartialBlock) else None
    return found


def _as_object(context: object) -> dict[str, object]:
    """What `{{> name context key=value}}` adds its named arguments to."""
    if isinstance(context, dict):
        return context
    if isinstance(context, list):
        return {str(index): item for index, item in enumerate(context)}
    if isinstance(context, str):
        if text_length(context) != len(context):
            raise HelperError("this text cannot be taken apart: it has characters beyond U+FFFF")
        return {str(index): char for index, char in enumerate(context)}
    if isinstance(context, SafeString):
        return {"string": context.text}
    if is_nullish(context) or isinstance(context, bool) or is_number(context):
        return {}
    raise not_json(context)


def _indented(printed: object, indent: str) -> str:
    if not isinstance(printed, str):
        raise HelperError("a partial that prints a lone number or boolean cannot be indented")
    lines = printed.split("\n")
    if len(lines) * len(indent) > MAX_OUTPUT:
        raise HelperError(f"this partial is longer than {MAX_OUTPUT:,} characters when indented")
    last = lines.pop()
    return "".join(f"{indent}{line}\n" for line in lines) + (indent + last if last else "")
