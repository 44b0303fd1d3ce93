"""A template as a tree.

The shapes are those of handlebars.js's AST (its `loc` is our `span`), with shorter names. Nodes are not frozen
because whitespace control, the parser's last pass, edits `Content.value` and `Partial.indent`; nothing edits
them after `parse` has returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from nac.handlebars.source import Span
from nac.handlebars.values import Undefined


@dataclass(slots=True)
class Strip:
    """Which ends of a tag carry a `~`."""

    open: bool = False
    close: bool = False


@dataclass(slots=True)
class Path:
    """`a.b`, `../a`, `@index`, `this`.

    `parts` leaves out `this`, `.` and `..`; `depth` counts the `..`; `data` tells an `@`. `original` is the path
    as written but without the brackets of its `[literal segments]`.
    """

    data: bool
    depth: int
    parts: list[str]
    original: str
    span: Span


@dataclass(slots=True)
class Literal:
    """A string, a number (always a float, as in JavaScript), a boolean, null (None) or undefined."""

    value: str | float | bool | Undefined | None
    span: Span


@dataclass(slots=True)
class SubExpression:
    """`(helper argument name=value)`."""

    path: Path | Literal
    params: list[Expression]
    hash: Hash | None
    span: Span


@dataclass(slots=True)
class HashPair:
    """`name=value`."""

    key: str
    value: Expression
    span: Span


@dataclass(slots=True)
class Hash:
    """The named arguments of a call, at least one."""

    pairs: list[HashPair]
    span: Span


@dataclass(slots=True)
class Content:
    """Text. `original` as written, `value` as printed: whitespace control shortens it, and notes where."""

    value: str
    original: str
    span: Span
    left_stripped: bool = False
    right_stripped: bool = False


@dataclass(slots=True)
class Comment:
    """`{{! … }}` or `{{!-- … --}}`; `value` is what stands between."""

    value: str
    strip: Strip
    span: Span


@dataclass(slots=True)
class Mustache:
    """`{{path}}`, or `{{{path}}}` and `{{&path}}`, which are not `escaped`."""

    path: Path | Literal
    params: list[Expression]
    hash: Hash | None
    escaped: bool
    strip: Strip
    span: Span


@dataclass(slots=True)
class Program:
    """A sequence of statements.

    `chained` tells the program that an `else if` stands for: its body is that one block. An empty program's span
    has no width.
    """

    body: list[Statement]
    span: Span
    block_params: list[str] = field(default_factory=list)
    chained: bool = False


@dataclass(slots=True)
class Block:
    """`{{#path}} program {{else}} inverse {{/path}}`; `{{^path}}` and raw blocks too.

    Either program can be missing, not both.
    """

    path: Path | Literal
    params: list[Expression]
    hash: Hash | None
    program: Program | None
    inverse: Program | None
    open_strip: Strip
    inverse_strip: Strip | None
    close_strip: Strip | None
    span: Span


@dataclass(slots=True)
class Partial:
    """`{{> name}}`; a SubExpression as its name makes it a dynamic one.

    `indent` is the whitespace before a partial that stands alone on its line.
    """

    name: Path | Literal | SubExpression
    params: list[Expression]
    hash: Hash | None
    strip: Strip
    span: Span
    indent: str = ""


@dataclass(slots=True)
class PartialBlock:
    """`{{#> name}} program {{/name}}`."""

    name: Path | Literal | SubExpression
    params: list[Expression]
    hash: Hash | None
    program: Program
    open_strip: Strip
    close_strip: Strip
    span: Span


@dataclass(slots=True)
class Decorator:
    """`{{* name}}`, which this engine reads and does not render."""

    path: Path | Literal
    params: list[Expression]
    hash: Hash | None
    strip: Strip
    span: Span


@dataclass(slots=True)
class DecoratorBlock:
    """`{{#* inline "name"}} program {{/inline}}`, the only decorator that is rendered."""

    path: Path | Literal
    params: list[Expression]
    hash: Hash | None
    program: Program
    open_strip: Strip
    close_strip: Strip
    span: Span


Expression: TypeAlias = Path | Literal | SubExpression
Statement: TypeAlias = Content | Comment | Mustache | Block | Partial | PartialBlock | Decorator | DecoratorBlock
Call: TypeAlias = SubExpression | Mustache | Block
