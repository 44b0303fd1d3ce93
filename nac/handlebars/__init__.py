"""Handlebars, as handlebars.js 4.7 prints it.

    text → tokens (lexer) → tree (parser, whitespace) → functions (compiler) → output (template)

    >>> compile("Hi {{name}}").render({"name": "<Ann>"})
    'Hi &lt;Ann&gt;'
    >>> from nac.handlebars import analyse
    >>> [str(read.place) for read in analyse(parse("{{#each people}}{{name}}{{/each}}")).reads]
    ['people', 'people[].name']

Templates are strict unless told otherwise: a name that the context lacks is an error. What this engine does not
implement, or cannot show to print the same, it refuses with a HandlebarsError. A helper is a function of its
arguments' values and its Options. The package needs nothing but the standard library.

`analyse` says what a template uses without rendering it; what it returns is described in `nac.handlebars.usage`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nac.handlebars.errors import (
    HandlebarsError,
    HelperError,
    LimitError,
    MissingVariable,
    Related,
    TemplateSyntaxError,
    UnknownHelperError,
)
from nac.handlebars.parser import parse
from nac.handlebars.scope import Helper, Options
from nac.handlebars.template import Template, compile  # noqa: A004 - what it is called elsewhere too, as in `re`
from nac.handlebars.values import UNDEFINED, SafeString

if TYPE_CHECKING:
    from nac.handlebars.analysis import analyse
    from nac.handlebars.usage import Usage

__all__ = [
    "UNDEFINED",
    "HandlebarsError",
    "Helper",
    "HelperError",
    "LimitError",
    "MissingVariable",
    "Options",
    "Related",
    "SafeString",
    "Template",
    "TemplateSyntaxError",
    "UnknownHelperError",
    "Usage",
    "analyse",
    "compile",
    "parse",
]


def __getattr__(name: str) -> object:
    # Rendering does not need these, and its users wait for an import.
    if name == "analyse":
        from nac.handlebars.analysis import analyse

        return analyse
    if name == "Usage":
        from nac.handlebars.usage import Usage

        return Usage
    raise AttributeError(name)
