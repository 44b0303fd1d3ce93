"""MS Teams: 28 KB a message is Microsoft's limit for webhooks and channel posts ("Limits and specifications for
Microsoft Teams"); 4,000 characters of text and 14,000 of a card are the vendor's, for what is written in a template
(its channel schema): of a rendered card they are a hint."""

from __future__ import annotations

from collections.abc import Iterator

from nac.messages import MsTeams
from nac.preview.facts.measure import json_size, length
from nac.preview.result import Fact

CARD = 28 * 1024
"""Bytes."""
TEXT = 4000
VENDOR_CARD = 14_000
"""Characters."""


def ms_teams(message: MsTeams) -> Iterator[Fact]:
    if message.body is not None:
        yield length("text_length", message.body, TEXT, f"SuprSend takes up to {TEXT:,} characters.")
    size = None if message.card is None else json_size(message.card)
    if size is not None:
        yield _card(size)


def _card(size: int) -> Fact:
    note = None
    if size > CARD:
        note = "Teams refuses messages of more than 28 KB."
    elif size > VENDOR_CARD:
        note = f"SuprSend takes cards of up to {VENDOR_CARD:,} characters, as they are written in the template."
    return Fact("card_size", size, "bytes", CARD, size > CARD, note)
