"""SMS: the segments it is sent in, what made them so many, and the sender's name that India asks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from nac.messages import Sms
from nac.preview.facts.measure import length
from nac.preview.facts.segments import Forced, Segments, segments
from nac.preview.result import Fact

MAX_SEGMENTS = 10
"""Most gateways take no more than about 1,600 characters."""
DLT_HEADER = 6
"""Characters of a sender's header as India's TRAI registers them (TCCCPR 2018)."""

_NAMED = 5  # characters that a note names


def sms(message: Sms) -> Iterator[Fact]:
    found = segments(message.body)
    yield _count(found)
    yield _encoding(message.body, found)
    room = found.per_part * len(found.parts)
    yield Fact("length", found.units, "characters" if found.encoding == "GSM-7" else "UTF-16 units", room)
    if message.kind == "dlt" and message.header is not None:
        yield length("sender_length", message.header, DLT_HEADER, f"A DLT header has {DLT_HEADER} characters.")


def _count(found: Segments) -> Fact:
    count = len(found.parts)
    warning = count > MAX_SEGMENTS
    note = f"Many gateways refuse more than {MAX_SEGMENTS} segments; each of them is paid for." if warning else None
    return Fact("segments", count, "segment" if count == 1 else "segments", MAX_SEGMENTS, warning, note)


def _encoding(text: str, found: Segments) -> Fact:
    """A warning where other characters would do, and cost fewer segments; letters are the language's own."""
    if not found.forced_by:
        return Fact("encoding", found.encoding)
    named = [_named(one) for one in found.forced_by[:_NAMED]]
    more = len(found.forced_by) - len(named)
    note = f"{found.encoding} because of {'; '.join(named)}{f'; and {more} more' if more else ''}."
    if any(unicodedata.category(one.character).startswith("L") for one in found.forced_by):
        return Fact("encoding", found.encoding, note=note)
    fewer, count = len(segments(_plain(text, found)).parts), len(found.parts)
    if fewer == count:
        return Fact("encoding", found.encoding, note=note)
    note = f"{note} Without: {fewer} instead of {count} segments."
    return Fact("encoding", found.encoding, warning=True, note=note)


def _named(one: Forced) -> str:
    visible = one.character.isprintable() and not one.character.isspace()
    name = f"“{one.character}” ({one.name})" if visible else one.name
    instead = "" if one.twin is None else f", write {one.twin}" if one.twin.strip() else ", write a space"
    if one.twin == "":
        instead = ", leave it out"
    return f"{name} at {one.offset + 1}{instead}"


def _plain(text: str, found: Segments) -> str:
    return text.translate({ord(one.character): one.twin or "" for one in found.forced_by})
