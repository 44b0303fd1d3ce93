"""What `{{ }}` prints for a value."""

from __future__ import annotations

import re
from typing import Final

from nac.handlebars.conversion import to_string
from nac.handlebars.values import UNDEFINED, SafeString

_ENTITIES: Final = (
    ("&", "&amp;"),  # first, for the others bring more of them
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("'", "&#x27;"),
    ("`", "&#x60;"),
    ("=", "&#x3D;"),
)
has_special: Final = re.compile("[&<>\"'`=]").search


def escape(value: object) -> str:
    """A value as HTML text; nothing for null and undefined. Handlebars does this in every channel."""
    if type(value) is not str:
        if value is None or value is UNDEFINED:
            return ""
        if isinstance(value, SafeString):
            return value.text
        value = to_string(value)
    if has_special(value):
        for char, entity in _ENTITIES:
            value = value.replace(char, entity)
    return value
