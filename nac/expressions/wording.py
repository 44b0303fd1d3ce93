"""Jinja's complaints in an author's words, and the part of a text that they are about."""

from __future__ import annotations

import re
from collections.abc import Callable

from nac.expressions.errors import ExpressionError

_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_FORM = "an expression is `{{ name }}`; filters follow a `|`"

# A pattern of Jinja's message, the sentence in its place, and what to do.
_SENTENCES = (
    (r"unexpected end of template, expected 'end of print statement'", "a `{{` without its `}}`", _FORM),
    (r"unexpected end of template, expected 'end of statement block'", "a `{%` without its `%}`", None),
    (r"Missing end of comment tag", "a `{#` without its `#}`", None),
    (r".*looking for the following tags.*closed is '(\w+)'", r"the `\1` is never closed",
     "close it with `{% endif %}` or `{% endfor %}`"),
    (r"Encountered unknown tag '(\w+)'", r"`\1` has no meaning here", None),
    (r"unexpected char (\"'\"|'\"').*", "a quote that is never closed", "texts inside an expression stand in '…'"),
    (r"unexpected char (.*?) at \d+", r"unexpected \1", "texts inside an expression stand in '…'"),
    (r"(?:E|e)xpected an expression, got 'end of print statement'", "there is nothing between `{{` and `}}`", _FORM),
    (r"expected token 'end of print statement', got '(.*)'", r"expected `}}` before `\1`", _FORM),
    (r"(?:un)?expected.*'end of print statement'", "something is missing before `}}`", _FORM),
    (r"unexpected '}'", "a `}` alone", _FORM),
    (r"expected name or number", "a name is missing behind a `.`", None),
)  # fmt: skip


def in_words(message: str) -> tuple[str, str | None]:
    """Jinja's message about a text's syntax as a sentence, and what to do."""
    for pattern, sentence, help in _SENTENCES:
        if found := re.fullmatch(pattern, message.strip().rstrip(".")):
            return f"not an expression: {found.expand(sentence)}", help
    return f"not an expression: {message.strip().rstrip('.')}", None


def plain(error: Exception) -> str:
    """Python's complaint about what an expression was given, without any value: it may be somebody's data."""
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    if isinstance(error, (OverflowError, NameError)):  # Python writes an infinite constant as the name `inf`
        return "a number is too large"
    if isinstance(error, TypeError) and "argument" in str(error):
        return "a filter is given too much or too little in its brackets"
    if isinstance(error, TypeError):
        found = dict.fromkeys(_TYPES[name] for name in re.findall(r"\w+", str(error)) if name in _TYPES)
        return f"an operator or a filter cannot take {' and '.join(found) or 'this value'}"
    return "an operator or a filter cannot take this value"


_TYPES = {
    "str": "text", "int": "a number", "float": "a number", "list": "a list", "dict": "a mapping",
    "NoneType": "nothing (null)", "bool": "true or false", "generator": "a list",
}  # fmt: skip


def at_piece(error: ExpressionError, text: str, attempt: Callable[[str], object]) -> ExpressionError:
    """Make an error that names no words point at the `{{ … }}` of `text` that fails in the same way by itself."""
    if error.needle is None:
        pieces = list(dict.fromkeys(_PIECE.findall(text)))
        error.needle = next((one for one in pieces if one == text.strip() or _fails(one, error, attempt)), error.line)
    return error


def _fails(piece: str, error: ExpressionError, attempt: Callable[[str], object]) -> bool:
    try:
        attempt(piece + " ")  # so that it stays a part of a text
    except ExpressionError as again:
        return again.message == error.message
    return False
