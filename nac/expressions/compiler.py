"""Values with expressions → functions of a scope."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from nac.diagnostics import EXPRESSION_LIMIT, UNDEFINED_VARIABLE, did_you_mean
from nac.expressions.errors import ExpressionError
from nac.expressions.paths import compile_paths, split
from nac.expressions.values import MAX_TEXT, Function, Scope, is_template, templates, texts

_PIECE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


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


def failures(value: Any, scope: Scope) -> Iterator[ExpressionError]:
    """Every expression in a value that cannot be evaluated, each with its path; of one text, each of its pieces."""
    for path, text in templates(value):
        pieces = [] if "{%" in text else list(dict.fromkeys(_PIECE.findall(text)))
        found = [error for piece in pieces if len(pieces) > 1 and (error := _failure(piece + " ", scope))]
        whole = None if found else _failure(text, scope)
        for error in [whole] if whole else found:
            error.path = path
            yield error


def _failure(text: str, scope: Scope) -> ExpressionError | None:
    try:
        compile_text(text)(scope)
    except ExpressionError as error:
        if error.needle is not None and error.needle == text:
            error.needle = text.rstrip(" ")
        return error
    return None


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
        message = f"a text with expressions may hold {MAX_TEXT:,} characters, here {len(text):,}"
        raise ExpressionError(EXPRESSION_LIMIT, message)
    if (function := compile_paths(text)) is not None:
        return function
    from nac.expressions.jinja import compile_jinja

    return compile_jinja(text)


def roots(text: str) -> set[tuple[str, ...]]:
    """The names an expression starts from, as (root,) or (root, first step), e.g. {("event", "order"), ("now",)}.

    Raises ExpressionError when the text is not an expression.
    """
    compile_text(text)
    if (found := split(text)) is not None:
        return {steps[:2] for steps in found[1]}
    from nac.expressions.jinja import jinja_roots

    return jinja_roots(text)


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


def _known(root: str, names: Collection[str]) -> str:
    if root == "row":
        return "there is a `row` in the `user` of those who come `from` a directory"
    known = ", ".join(f"`{one}`" for one in sorted(names))
    return did_you_mean(root, names) or f"known here: {known}; what happened is in `event`, e.g. `event.{root}`"
