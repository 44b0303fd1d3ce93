"""Idempotency keys: the expressions in them, and what each makes of a scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nac.expressions import ExpressionError, compile_text, is_template
from nac.rules.known.expressions import reads

_PIECE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def pieces(text: str) -> Iterator[str]:
    """Each `{{ … }}`, as it stands there; a text with `{% … %}` is one piece."""
    if "{%" in text:
        yield text
    else:
        yield from _PIECE.findall(text)


def read_paths(text: str) -> list[tuple[str, ...]]:
    """The paths that a text reads; none where it is no expression."""
    return [one.steps for one in reads(text)] if is_template(text) else []


def value_of(text: str, scope: Mapping[str, Any]) -> Any:
    """What a text gives; None where it cannot be evaluated, which is told elsewhere."""
    try:
        return compile_text(text)(dict(scope))
    except ExpressionError:
        return None
