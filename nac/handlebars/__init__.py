"""Handlebars, as handlebars.js 4.7 prints it.

    text → tokens (lexer) → tree (parser, whitespace) → functions (compiler) → output (template)

    >>> compile("Hi {{name}}").render({"name": "<Ann>"})
    'Hi &lt;Ann&gt;'

Templates are strict unless told otherwise: a name that the context lacks is an error. What this engine does not
implement, or cannot show to print the same, it refuses with a HandlebarsError. A helper is a function of its
arguments' values and its Options. The package needs nothing but the standard library.
"""

from nac.handlebars.errors import (
    HandlebarsError,
    HelperError,
    LimitError,
    MissingVariable,
    TemplateSyntaxError,
    UnknownHelperError,
)
from nac.handlebars.parser import parse
from nac.handlebars.scope import Helper, Options
from nac.handlebars.template import Template, compile  # noqa: A004 - what it is called elsewhere too, as in `re`
from nac.handlebars.values import UNDEFINED, SafeString

__all__ = [
    "UNDEFINED",
    "HandlebarsError",
    "Helper",
    "HelperError",
    "LimitError",
    "MissingVariable",
    "Options",
    "SafeString",
    "Template",
    "TemplateSyntaxError",
    "UnknownHelperError",
    "compile",
    "parse",
]
