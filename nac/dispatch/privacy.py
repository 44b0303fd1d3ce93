"""Addresses and tokens taken out of text that is shown or kept: the service may repeat what it was sent. Pure."""

import re

_HIDDEN = (
    (re.compile(r"[^\s@\"'<>,;:()\[\]{}]+@[^\s@\"'<>,;:()\[\]{}]+"), "(e-mail address)"),
    (re.compile(r"https?://\S+"), "(URL)"),
    (re.compile(r"\+\d[\d ().-]{5,}\d"), "(phone number)"),
    (re.compile(r"\bxox[a-z]-[\w-]+"), "(token)"),
)


def without_addresses(text: str) -> str:
    """`text` with e-mail addresses, URLs, phone numbers and Slack tokens replaced by what they are."""
    for pattern, name in _HIDDEN:
        text = pattern.sub(name, text)
    return text
