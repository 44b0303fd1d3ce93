"""A text of a template → its tree, parsed once for all the rules that look at it."""

from __future__ import annotations

from functools import lru_cache

from nac import handlebars
from nac.handlebars import HandlebarsError, nodes


@lru_cache(maxsize=4096)
def parsed(text: str) -> nodes.Program | None:
    """The tree, None for what is no template: it is told elsewhere. Whoever is given it does not change it."""
    try:
        return handlebars.parse(text)
    except HandlebarsError:
        return None
