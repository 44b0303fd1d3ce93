"""A text of a template → its tree, parsed once for all the rules that look at it."""

from __future__ import annotations

from nac.handlebars import HandlebarsError, nodes
from nac.handlebars.parser import parse_once


def parsed(text: str) -> nodes.Program | None:
    """The tree, None for what is no template: it is told elsewhere. Whoever is given it does not change it."""
    try:
        return parse_once(text)
    except HandlebarsError:
        return None
