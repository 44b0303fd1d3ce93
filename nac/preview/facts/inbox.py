"""Inbox: the header's limit is the vendor's (its channel schema); what a feed shows depends on how it is built in."""

from __future__ import annotations

from collections.abc import Iterator

from nac.messages import Inbox
from nac.preview.facts.measure import length, shown
from nac.preview.result import Fact

MAX_HEADER = 500
HEADER = 100
"""About two lines of a feed 400 pixels wide."""


def inbox(message: Inbox) -> Iterator[Fact]:
    if message.header is not None:
        yield length(
            "header_length", message.header, MAX_HEADER, f"SuprSend takes a header of up to {MAX_HEADER} characters."
        )
        yield from shown("header_shown", message.header, HEADER, "A feed of usual width")
    count = len(message.body)
    yield Fact("body_length", count, "character" if count == 1 else "characters")
