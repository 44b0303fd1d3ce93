"""Tokens → tree, by recursive descent: a method for each thing that a template can hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, NoReturn

from nac.handlebars import nodes
from nac.handlebars.errors import Related, TemplateSyntaxError, no_stack
from nac.handlebars.lexer import Token, tokenize
from nac.handlebars.limits import MAX_BLOCK_PARAMS, MAX_NESTING, MAX_SOURCE
from nac.handlebars.paths import make_path, original, unbracket
from nac.handlebars.source import Source, Span
from nac.handlebars.values import UNDEFINED
from nac.handlebars.whitespace import control_whitespace

_NAMES = frozenset(["NAME", "AT", "STRING", "NUMBER", "BOOLEAN", "UNDEFINED", "NULL"])
_ARGUMENTS = _NAMES | {"OPEN_CALL"}
_HELP = {
    "'": "the text that begins here has no end, or touches what is before it",
    '"': "the text that begins here has no end, or touches what is before it",
    "[": "the name that begins here has no `]`",
    "{": "a tag cannot stand within a tag",
}
_END_OF_PROGRAM = frozenset(["END", "OPEN_END", "ELSE", "OPEN_ELSE"])


def parse(source: str, name: str = "template") -> nodes.Program:
    """Read a template; `name` is what errors call it by.

    Raises TemplateSyntaxError; LimitError where the caller has left too little of Python's stack.
    """
    return parse_source(Source(source, name))


@lru_cache(maxsize=4096)
def parse_once(source: str, name: str = "template") -> nodes.Program:
    """`parse`, whose trees are kept and shared: whoever is given one does not change it."""
    return parse(source, name)


def parse_source(source: Source) -> nodes.Program:
    if len(source.text) > MAX_SOURCE:
        message = f"a template can have {MAX_SOURCE:,} characters; this one has {len(source.text):,}"
        raise TemplateSyntaxError(message, Span(source, 0, 0))
    try:
        program = _Parser(source).template()
        control_whitespace(program)
    except RecursionError:
        raise no_stack(Span(source, 0, 0)) from None
    return program


class _Open(NamedTuple):
    """The tag that opens a block, without its name."""

    params: list[nodes.Expression]
    hash: nodes.Hash | None
    block_params: list[str]
    strip: nodes.Strip
    span: Span


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.index = 0
        self.nesting = 0
        self.opened: list[object] = []

    # Tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def expect(self, kind: str, expected: str) -> Token:
        if self.token.kind != kind:
            self.unexpected(expected)
        return self.take()

    def span(self, token: Token, last: Token | None = None) -> Span:
        return Span(self.source, token.start, (last or token).end)

    def unexpected(self, expected: str, help: str | None = None, related: Sequence[Related] = ()) -> NoReturn:
        token = self.token
        found = f"`{_shorten(token.text)}`" if token.text else "the end of the template"
        help = help or (_HELP.get(token.text) if token.kind == "INVALID" else None)
        raise TemplateSyntaxError(f"expected {expected}, found {found}", self.span(token), help, related)

    def nest(self, span: Span) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise TemplateSyntaxError(f"nested more than {MAX_NESTING} deep", span)

    # Statements

    def template(self) -> nodes.Program:
        program = self.program()
        token = self.token
        if token.kind == "END":
            return program
        what = "closes a block" if token.kind == "OPEN_END" else "belongs into a block"
        end = self.source.text.find("}}", token.start) + 2
        span = Span(self.source, token.start, end if end >= token.end else token.end)
        raise TemplateSyntaxError(f"`{_shorten(span.text)}` {what}, but no block is open", span)

    def program(self) -> nodes.Program:
        start = self.token.start
        body: list[nodes.Statement] = []
        while self.token.kind not in _END_OF_PROGRAM:
            body.append(self.statement())
        span = body[0].span.to(body[-1].span) if body else Span(self.source, start, start)
        return nodes.Program(body, span)

    def statement(self) -> nodes.Statement:
        token = self.take()
        match token.kind:
            case "CONTENT":
                return nodes.Content(token.text, token.text, self.span(token))
            case "COMMENT":
                return self.comment(token)
            case "OPEN_BLOCK":
                return self.block(token)
            case "OPEN_INVERSE":
                return self.inverse_block(token)
            case "OPEN_RAW":
                return self.raw_block(token)
            case "OPEN_PARTIAL":
                return self.partial(token)
            case "OPEN_PARTIAL_BLOCK":
                return self.partial_block(token)
        return self.mustache(token)

    def comment(self, token: Token) -> nodes.Comment:
        strip = _strip(token, token)
        inside = token.text[4 if strip.open else 3 :]
        inside = inside.removeprefix("-").removeprefix("-")
        inside = inside.removesuffix("}}").removesuffix("~").removesuffix("-").removesuffix("-")
        return nodes.Comment(inside, strip, self.span(token))

    def mustache(self, token: Token) -> nodes.Mustache | nodes.Decorator:
        path = self.name("a name or a value")
        params, hash_ = self.arguments()
        raw = token.kind == "OPEN_UNESCAPED"
        end = self.close(token, "CLOSE_UNESCAPED" if raw else "CLOSE", "}}}" if raw else "}}")
        strip, span = _strip(token, end), self.span(token, end)
        if token.text.endswith("*"):
            return nodes.Decorator(path, params, hash_, strip, span)
        escaped = not raw and not token.text.endswith("&")
        return nodes.Mustache(path, params, hash_, escaped, strip, span)

    def partial(self, token: Token) -> nodes.Partial:
        name = self.partial_name()
        params, hash_ = self.arguments()
        end = self.close(token, "CLOSE", "}}")
        return nodes.Partial(name, params, hash_, _strip(token, end), self.span(token, end))

    def partial_block(self, token: Token) -> nodes.PartialBlock:
        name = self.partial_name()
        opening = self.open(token)
        program = self.body(opening, name)
        close, strip = self.end_of(name, opening)
        span = opening.span.to(close)
        return nodes.PartialBlock(name, opening.params, opening.hash, program, opening.strip, strip, span)

    def raw_block(self, token: Token) -> nodes.Block:
        path = self.name("a name")
        params, hash_ = self.arguments()
        self.close(token, "CLOSE_RAW", "}}}}")
        body: list[nodes.Statement] = []
        while self.token.kind == "CONTENT":
            content = self.take()
            body.append(nodes.Content(content.text, content.text, self.span(content)))
        end = self.expect("RAW_END", "the end of this raw block")
        if original(path) != end.text:
            self.mismatch(self.span(end), end.text, path)
        span, none = self.span(token, end), nodes.Strip()
        return nodes.Block(path, params, hash_, nodes.Program(body, span), None, none, none, none, span)

    # Blocks

    def block(self, token: Token) -> nodes.Block | nodes.DecoratorBlock:
        path = self.name("a name")
        opening = self.open(token)
        program = self.body(opening, path)
        is_decorator = token.text.endswith("*")
        if is_decorator and self.token.kind in ("ELSE", "OPEN_ELSE"):
            self.unexpected("the end of this decorator: it cannot have an `else`")
        inverse, inverse_strip = self.otherwise(opening)
        close, strip = self.end_of(path, opening)
        span, params = opening.span.to(close), opening.params
        if is_decorator:
            return nodes.DecoratorBlock(path, params, opening.hash, program, opening.strip, strip, span)
        _close_chain(inverse, strip)
        return nodes.Block(path, params, opening.hash, program, inverse, opening.strip, inverse_strip, strip, span)

    def inverse_block(self, token: Token) -> nodes.Block:
        path = self.name("a name")
        opening = self.open(token)
        inverse = self.body(opening, path)
        if self.token.kind == "OPEN_ELSE":
            expected = f"`{{{{else}}}}` or `{{{{/{path.span.text}}}}}`"
            self.unexpected(expected, "after `{{^…}}` only a plain `{{else}}` can follow")
        program, inverse_strip = self.otherwise(opening)
        close, strip = self.end_of(path, opening)
        span = opening.span.to(close)
        return nodes.Block(
            path, opening.params, opening.hash, program, inverse, opening.strip, inverse_strip, strip, span
        )

    def open(self, token: Token) -> _Open:
        """The rest of an opening tag, after the name."""
        params, hash_ = self.arguments()
        block_params: list[str] = []
        if self.token.kind == "AS" and token.kind != "OPEN_PARTIAL_BLOCK":
            self.take()
            names = self.token
            while self.token.kind == "NAME":
                block_params.append(self.take().text)
            if block_params and names.text.startswith("[") and block_params[-1].endswith("]"):
                # handlebars.js fails here too, and takes other brackets as part of the name.
                raise TemplateSyntaxError("a block parameter's name cannot stand in brackets", self.span(names))
            if len(block_params) > MAX_BLOCK_PARAMS:
                message = f"a block can have {MAX_BLOCK_PARAMS} block parameters"
                raise TemplateSyntaxError(message, self.span(token))
            self.expect("PIPE" if block_params else "NAME", "the name of a block parameter or `|`")
        end = self.close(token, "CLOSE", "}}")
        return _Open(params, hash_, block_params, _strip(token, end), self.span(token, end))

    def body(self, opening: _Open, name: nodes.Expression | None = None) -> nodes.Program:
        """What a tag opens; with a `name`, `end_of` must close it."""
        if name is not None:
            self.opened.append(original(name))
        self.nest(opening.span)
        program = self.program()
        program.block_params = opening.block_params
        self.nesting -= 1
        return program

    def otherwise(self, opening: _Open) -> tuple[nodes.Program | None, nodes.Strip | None]:
        """`{{else}} …` or `{{else if x}} …`, if there is one, up to the end of the block."""
        token = self.token
        if token.kind == "ELSE":
            self.take()
            return self.body(opening._replace(block_params=[])), _strip(token, token)
        if token.kind != "OPEN_ELSE":
            return None, None
        self.take()
        path = self.name("a name")
        link = self.open(token)
        program = self.body(link)
        self.nest(link.span)
        inverse, strip = self.otherwise(link)
        self.nesting -= 1
        _close_chain(inverse, strip)
        span = Span(self.source, token.start, self.tokens[self.index - 1].end)
        block = nodes.Block(path, link.params, link.hash, program, inverse, link.strip, strip, strip, span)
        return nodes.Program([block], program.span if program.body else span, chained=True), link.strip

    def end_of(self, name: nodes.Expression, opening: _Open) -> tuple[Span, nodes.Strip]:
        """The tag that closes a block: where it is, and its strip flags."""
        token, outer = self.token, self.opened[:-1]
        closing = f"`{{{{/{name.span.text}}}}}`"
        if token.kind == "END":
            last = max(opening.span.end, len(self.source.text.rstrip()))
            self.unclosed(opening, Related(f"expected {closing} by here", Span(self.source, last, last)))
        if token.kind != "OPEN_END":
            help_ = "a block has at most one `{{else}}`, as its last part"
            self.unexpected(closing, help_, [Related("the block is opened here", opening.span)])
        self.take()
        closed = self.name("the name of the block to close")
        end = self.close(token, "CLOSE", "}}")
        span = self.span(token, end)
        theirs, ours = original(closed), original(name)
        if theirs != ours or type(theirs) is not type(ours):
            if theirs in outer:
                self.unclosed(opening, Related(f"expected {closing} before this", span))
            self.mismatch(span, closed.span.text, name)
        self.opened.pop()
        return span, _strip(token, end)

    def unclosed(self, opening: _Open, related: Related) -> NoReturn:
        message = f"`{_shorten(opening.span.text)}` is never closed"
        raise TemplateSyntaxError(message, opening.span, related=[related])

    def mismatch(self, span: Span, closed: str, name: nodes.Expression) -> NoReturn:
        message = f"`{closed}` is closed here, but the open block is `{name.span.text}`"
        raise TemplateSyntaxError(message, span, related=[Related("the block is opened here", name.span)])

    # Expressions

    def arguments(self) -> tuple[list[nodes.Expression], nodes.Hash | None]:
        params: list[nodes.Expression] = []
        while self.token.kind in _ARGUMENTS:
            if self.token.kind == "NAME" and self.tokens[self.index + 1].kind == "EQUALS":
                return params, self.hash()
            params.append(self.argument())
        return params, None

    def hash(self) -> nodes.Hash:
        pairs: list[nodes.HashPair] = []
        while self.token.kind == "NAME":
            key = self.take()
            self.expect("EQUALS", "`=`, because only named arguments can follow a named one")
            value = self.argument()
            pairs.append(nodes.HashPair(unbracket(key.text)[0], value, self.span(key).to(value.span)))
        return nodes.Hash(pairs, pairs[0].span.to(pairs[-1].span))

    def argument(self) -> nodes.Expression:
        return self.sub_expression() if self.token.kind == "OPEN_CALL" else self.name("a value")

    def partial_name(self) -> nodes.Expression:
        if self.token.kind == "OPEN_CALL":
            return self.sub_expression()
        return self.name("the name of a partial")

    def sub_expression(self) -> nodes.SubExpression:
        token = self.take()
        self.nest(self.span(token))
        path = self.name("the name of a helper")
        params, hash_ = self.arguments()
        end = self.expect("CLOSE_CALL", "a value or `)`")
        self.nesting -= 1
        return nodes.SubExpression(path, params, hash_, self.span(token, end))

    def name(self, expected: str) -> nodes.Path | nodes.Literal:
        """A path, or a literal: Handlebars allows one wherever it allows the other."""
        token = self.token
        if token.kind in ("NAME", "AT"):
            return self.path()
        if token.kind not in _NAMES:
            self.unexpected(expected)
        self.take()
        span = self.span(token)
        match token.kind:
            case "STRING":
                quote = token.text[0]
                return nodes.Literal(token.text[1:-1].replace("\\" + quote, quote), span)
            case "NUMBER":
                return nodes.Literal(float(token.text), span)
            case "BOOLEAN":
                return nodes.Literal(token.text == "true", span)
            case "NULL":
                return nodes.Literal(None, span)
        return nodes.Literal(UNDEFINED, span)

    def path(self) -> nodes.Path:
        first = self.token
        if first.kind == "AT":
            self.take()
        last = self.expect("NAME", "a name after `@`")
        segments = [("", last.text)]
        while self.token.kind == "SEPARATOR":
            separator = self.take().text
            if self.token.kind != "NAME":
                help_ = f"an index is written `[{self.token.text}]`" if self.token.kind == "NUMBER" else None
                self.unexpected(f"a name after `{separator}`", help_)
            last = self.take()
            segments.append((separator, last.text))
        return make_path(first.kind == "AT", segments, self.span(first, last))

    def close(self, opening: Token, kind: str, braces: str) -> Token:
        if self.token.kind != kind:
            related = [] if self.token.text else [Related("the tag is opened here", self.span(opening))]
            self.unexpected(f"a value or `{braces}`", related=related)
        return self.take()


def _strip(opening: Token, closing: Token) -> nodes.Strip:
    return nodes.Strip(opening.text[2:3] == "~", closing.text[-3:-2] == "~")


def _close_chain(inverse: nodes.Program | None, strip: nodes.Strip | None) -> None:
    """An `else if` has no closing tag of its own: handlebars.js gives it another's strip flags."""
    if inverse and inverse.chained:
        block = inverse.body[0]
        assert isinstance(block, nodes.Block)
        block.close_strip = strip


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
