"""Push: what fits the service, the payload, and the screen.

Header 500 and body 4,000 characters, and an Android subtext of 50, are the vendor's (its channel schemas). APNs,
FCM and web push take 4 KB (Apple, "Generating a remote notification"; Firebase, "About FCM messages"; RFC 8291, 4),
in which the service's own fields are counted as well, so that the payload is an estimate from below. What is shown
before a notification is opened depends on device, font and settings: the figures are the ones that guides for
writers give for iOS (four lines, about 178 characters), Android (65 and 240) and desktop browsers (50 and 120).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nac.messages import Push
from nac.preview.facts.measure import json_size, length, shown
from nac.preview.result import Fact

MAX_HEADER = 500
MAX_BODY = 4000
MAX_SUBTEXT = 50
PAYLOAD = 4096
"""Bytes."""


class Room(NamedTuple):
    """How many characters a device shows before a notification is opened."""

    device: str
    header: int
    body: int


SHOWN = {
    "iospush": Room("An iPhone", 50, 178),
    "androidpush": Room("An Android phone", 65, 240),
    "webpush": Room("A browser", 50, 120),
}
"""By platform."""


def push(message: Push) -> Iterator[Fact]:
    room = SHOWN.get(message.platform, SHOWN["webpush"])
    if message.header is not None:
        yield length(
            "header_length", message.header, MAX_HEADER, f"SuprSend takes a header of up to {MAX_HEADER} characters."
        )
        yield from shown("header_shown", message.header, room.header, room.device)
    yield length("body_length", message.body, MAX_BODY, f"SuprSend takes a body of up to {MAX_BODY:,} characters.")
    yield from shown("body_shown", message.body, room.body, room.device)
    if message.subtext is not None and message.platform == "androidpush":
        yield length(
            "subtext_length",
            message.subtext,
            MAX_SUBTEXT,
            f"SuprSend takes a subtext of up to {MAX_SUBTEXT} characters.",
        )
    yield from _payload(message)


def _payload(message: Push) -> Iterator[Fact]:
    texts = (message.header, message.body, message.subtext, message.icon_url, message.image_url, message.action_url)
    buttons = [(one.id, one.text, one.url) for one in message.buttons]
    size = json_size([texts, buttons, message.settings])
    if size is not None:
        over = size > PAYLOAD
        note = "Apple, Google and browsers refuse more than 4 KB; what SuprSend adds comes on top." if over else None
        yield Fact("payload_size", size, "bytes", PAYLOAD, over, note)
