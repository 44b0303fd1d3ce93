"""WhatsApp: the limits that Meta documents for message templates and interactive messages.

A body of 1,024 characters in a message with a header, a footer or buttons, 4,096 in plain text; header and footer
60; ten buttons, the text of a reply 20 and of any other 25 characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from nac.messages import Button, Whatsapp
from nac.preview.facts.measure import length
from nac.preview.result import Fact

BODY = 1024
PLAIN_BODY = 4096
HEADER = 60
FOOTER = 60
BUTTONS = 10
REPLY_TEXT = 20
BUTTON_TEXT = 25


def whatsapp(message: Whatsapp) -> Iterator[Fact]:
    if message.header is not None and message.header.text is not None:
        yield length(
            "header_length", message.header.text, HEADER, f"WhatsApp takes a header of up to {HEADER} characters."
        )
    whole = message.header is not None or message.footer is not None or bool(message.buttons)
    limit = BODY if whole else PLAIN_BODY
    yield length("body_length", message.body, limit, f"WhatsApp takes a body of up to {limit:,} characters here.")
    if message.footer is not None:
        yield length("footer_length", message.footer, FOOTER, f"WhatsApp takes a footer of up to {FOOTER} characters.")
    if message.buttons:
        count = len(message.buttons)
        note = f"WhatsApp takes up to {BUTTONS} buttons." if count > BUTTONS else None
        yield Fact("buttons", count, "buttons", BUTTONS, count > BUTTONS, note)
        yield _longest(message)


def _longest(message: Whatsapp) -> Fact:
    """The button whose text is nearest to its limit, or furthest over it."""
    longest = max(message.buttons, key=lambda one: len(one.text) - _limit(one))
    limit, number = _limit(longest), message.buttons.index(longest) + 1
    over = f"WhatsApp takes up to {limit} characters on such a button: button {number}."
    return length("button_length", longest.text, limit, over)


def _limit(button: Button) -> int:
    return REPLY_TEXT if button.kind == "reply" else BUTTON_TEXT
