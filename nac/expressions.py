"""Values with `{{ expressions }}` → functions of a scope.

`compile_value(value)` turns any JSON value once into a function; calling it with a scope (a dict of `event`,
`env`, `now` and loop names) gives the JSON value with every expression replaced. A lone `"{{ x }}"` keeps
the type of what it names; in mixed text it becomes text. A plain path (`{{ event.order.id }}`), which most are,
is looked up directly; everything else is Jinja2, as `nac.jinja_sandbox` restricts it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Any

from nac.diagnostics import (
    EXPRESSION_FAILED,
    EXPRESSION_LIMIT,
    UNDEFINED_VARIABLE,
    Rule,
    describe,
    did_you_mean,
    nearest,
)

Scope = dict[str, Any]
Function = Callable[[Scope], Any]

_PATH = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_LONE_PATH = re.compile(rf"\s*\{{\{{\s*({_PATH})\s*\}}\}}\s*")
_PIECE = re.compile(rf"\{{\{{\s*({_PATH})\s*\}}\}}")
# Words that Jinja reads as something other than a name.
_KEYWORDS = frozenset(
    ["true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else", "loop"]
)
MAX_TEXT = 8192
MAX_OUTPUT = 1_000_000


class ExpressionError(Exception):
    """An expression that cannot be evaluated: a rule, a sentence, the words to point at, and what to do.

    `path` leads from the value that was compiled to the text that holds the expression.
    """

    def __init__(self, rule: Rule, message: str, needle: str | None = None, help: str | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.needle, self.help = rule, message, needle, help
        self.path: tuple[str | int, ...] = ()
        self.line: str | None = None  # the line of the text that it is about, where no words are known


def is_template(value: object) -> bool:
    """Whether a value is text that holds an expression, and so is not known before an event is."""
    return isinstance(value, str) and ("{{" in value or "{%" in value or "{#" in value)


def compile_value(value: Any) -> Function:
    """A function of a scope for any JSON value; a value without expressions is returned as it is.

    Raises ExpressionError, with `path` set, for a text that is no expression.
    """
    if isinstance(value, str):
        return compile_text(value) if is_template(value) else _constant(value)
    if isinstance(value, dict):
        if not any(is_template(text) for text in texts(value)):
            return _constant(value)
        pairs = [(key, _step(key, one)) for key, one in value.items()]

        def build(scope: Scope) -> Any:
            try:
                return {key: function(scope) for key, function in pairs}
            except ExpressionError:
                return {key: _at(key, function, scope) for key, function in pairs}

        return build
    if isinstance(value, list):
        if not any(is_template(text) for text in texts(value)):
            return _constant(value)
        items = [_step(index, one) for index, one in enumerate(value)]

        def gather(scope: Scope) -> Any:
            return [_at(index, function, scope) for index, function in enumerate(items)]

        return gather
    return _constant(value)


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def templates(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text that holds an expression, with the path that leads to it."""
    if is_template(value):
        yield path, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from templates(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from templates(one, (*path, index))


def failures(value: Any, scope: Scope) -> Iterator[ExpressionError]:
    """Every expression in a value that cannot be evaluated, each with its path."""
    for path, text in templates(value):
        try:
            compile_text(text)(scope)
        except ExpressionError as error:
            error.path = path
            yield error


def _constant(value: Any) -> Function:
    return lambda scope: value


def _step(step: str | int, value: Any) -> Function:
    try:
        return compile_value(value)
    except ExpressionError as error:
        error.path = (step, *error.path)
        raise


def _at(step: str | int, function: Function, scope: Scope) -> Any:
    try:
        return function(scope)
    except ExpressionError as error:
        error.path = (step, *error.path)
        raise


@lru_cache(maxsize=16_384)
def compile_text(text: str) -> Function:
    """One text with expressions as a function of a scope."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(
            EXPRESSION_LIMIT, f"a text with expressions may hold {MAX_TEXT:,} characters, here {len(text):,}"
        )
    lone = _LONE_PATH.fullmatch(text)
    if lone and not _KEYWORDS.intersection(steps := tuple(lone[1].split("."))):
        return _lookup(steps)
    pieces = _PIECE.split(text)
    if len(pieces) > 1 and not any(is_template(one) or "}}" in one for one in pieces[::2]):
        paths = [tuple(one.split(".")) for one in pieces[1::2]]
        if not any(_KEYWORDS.intersection(steps) for steps in paths):
            return _join(pieces[::2], paths)
    from nac.jinja_sandbox import compile_jinja

    return compile_jinja(text)


def roots(text: str) -> set[tuple[str, ...]]:
    """The names an expression starts from, as (root,) or (root, first step), e.g. {("event", "order"), ("now",)}.

    Raises ExpressionError when the text is not an expression.
    """
    compile_text(text)
    pieces = _PIECE.split(text)
    if not any(is_template(one) for one in pieces[::2]):
        paths = [tuple(one.split(".")) for one in pieces[1::2]]
        if not any(_KEYWORDS.intersection(steps) for steps in paths):
            return {steps[:2] for steps in paths}
    from nac.jinja_sandbox import jinja_roots

    return jinja_roots(text)


def _lookup(steps: tuple[str, ...]) -> Function:
    if len(steps) == 2:  # `row.name`: the form that runs once for each of a million people
        root, key = steps

        def short(scope: Scope) -> Any:
            try:
                return scope[root][key]
            except (KeyError, TypeError, IndexError):
                raise undefined(steps, scope) from None

        return short

    def long(scope: Scope) -> Any:
        value: Any = scope
        for step in steps:
            if not isinstance(value, dict) or step not in value:
                raise undefined(steps, scope)
            value = value[step]
        return value

    return long


def _join(literals: list[str], paths: list[tuple[str, ...]]) -> Function:
    getters = [_lookup(steps) for steps in paths]

    def join(scope: Scope) -> str:
        parts = [literals[0]]
        for steps, getter, literal in zip(paths, getters, literals[1:], strict=True):
            parts.append(as_text(getter(scope), ".".join(steps)))
            parts.append(literal)
        if sum(map(len, parts)) > MAX_OUTPUT:
            message = f"this expression would build more than {MAX_OUTPUT:,} characters or items"
            raise ExpressionError(EXPRESSION_LIMIT, message)
        return "".join(parts)

    return join


def as_text(value: Any, needle: str | None = None) -> str:
    """A value inside a longer text: text and numbers only, so that nobody is greeted as `None` or `['a']`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    what = f"`{needle}`" if needle else "an expression in this text"
    if value is None:
        raise ExpressionError(EXPRESSION_FAILED, f"{what} is null, which has no place in a text", needle,
                              "give it a fallback: `| default('…', true)`")  # fmt: skip
    message = f"{what} is {describe(value)}, which cannot be part of a text"
    help = "use `| join(', ')` or `| tojson`, or write the expression alone to keep its type"
    raise ExpressionError(EXPRESSION_FAILED, message, needle, help)


def undefined(steps: tuple[str, ...], scope: Scope) -> ExpressionError:
    """The error for a path that leads nowhere: which step fails, and the nearest name there is."""
    value: Any = scope
    for index, step in enumerate(steps):
        if not isinstance(value, dict) or step not in value:
            return missing(steps[:index], step, value, ".".join(steps))
        value = value[step]
    raise AssertionError(steps)


def missing(parents: tuple[str, ...], name: str, holder: Any, needle: str | None = None) -> ExpressionError:
    """`name` was looked up in `holder`, the value of `parents`, and is not there."""
    prefix = ".".join(parents)
    whole = f"{prefix}.{name}" if prefix else name
    if not isinstance(holder, dict):
        return ExpressionError(UNDEFINED_VARIABLE, f"`{whole}` does not exist: `{prefix}` is {describe(holder)}",
                               needle or whole)  # fmt: skip
    near = nearest(name, holder)
    help: str | None
    if near:
        help = f"did you mean `{prefix + '.' if prefix else ''}{near}`?"
    elif prefix == "env":
        help = "it has no value: a sample takes it from `env:`, there or in nac.yaml"
    elif holder and prefix:
        help = f"`{prefix}` holds {', '.join(f'`{key}`' for key in list(holder)[:12])}"
    else:
        help = f"`{prefix}` is empty" if prefix else did_you_mean(name, holder)
    return ExpressionError(UNDEFINED_VARIABLE, f"`{whole}` is not defined", needle or whole, help)


def _known(root: str, names: Collection[str]) -> str:
    if root == "row":
        return "there is a `row` in the `user` of those who come `from` a directory"
    known = ", ".join(f"`{one}`" for one in sorted(names))
    return did_you_mean(root, names) or f"known here: {known}; what happened is in `event`, e.g. `event.{root}`"


def check_names(text: str, names: Collection[str], env: Collection[str]) -> ExpressionError | None:
    """A name in `text` that cannot exist where it stands, before any event is known."""
    for root, *rest in sorted(roots(text)):
        if root not in names:
            help = _known(root, names)
            return ExpressionError(UNDEFINED_VARIABLE, f"`{root}` is not defined", root, help)
        if root == "env" and rest and rest[0] not in env:
            help = did_you_mean(rest[0], env) or "list it under `env:` in nac.yaml to allow it"
            return ExpressionError(UNDEFINED_VARIABLE, f"`env.{rest[0]}` is not allowed", f"env.{rest[0]}", help)
    return None
