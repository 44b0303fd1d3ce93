"""What `{{ }}` prints for a value."""

from __future__ import annotations

from nac.handlebars.conversion import to_string
from nac.handlebars.values import UNDEFINED, SafeString


def escape(value: object) -> str:
    """A value as HTML text; nothing for null and undefined. Handlebars does this in every channel."""
    if type(value) is not str:
        if value is None or value is UNDEFINED:
            return ""
        if isinstance(value, SafeString):
            return value.text
        value = to_string(value)
    return escape_text(value)


def escape_text(text: str) -> str:
    # Looking first is faster than a regular expression, and than replacing what is not there.
    if "&" in text:  # the first one, for the others bring more of them
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    if "'" in text:
        text = text.replace("'", "&#x27;")
    if "`" in text:
        text = text.replace("`", "&#x60;")
    if "=" in text:
        text = text.replace("=", "&#x3D;")
    return text
