"""What `{{ }}` prints for a value."""

from __future__ import annotations

import re
from typing import Final

from nac.handlebars.conversion import to_string
from nac.handlebars.values import UNDEFINED, SafeString

_ENTITIES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#x27;",
    "`": "&#x60;",
    "=": "&#x3D;",
}
_SPECIAL: Final = re.compile("[&<>\"'`=]")


def escape(value: object) -> str:
    """A value as HTML text; nothing for null and undefined. Handlebars does this in every channel."""
    if type(value) is not str:
        if value is None or value is UNDEFINED:
            return ""
        if isinstance(value, SafeString):
            return value.text
        value = to_string(value)
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], value)
