"""A text → the SMS segments it is sent in.

GSM 03.38 (3GPP TS 23.038, 6.2.1): a text in the 7-bit default alphabet has room for 160 characters, those of the
extension table taking two; with any other character all of it is sent in UCS-2, 70 UTF-16 units. A longer text is
split, and each part gives some of its room to the header that joins them (3GPP TS 23.040, 9.2.3.24.1): 153 and 67.
Phones and gateways that know national language tables are not counted on.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet, in the order of its codes but for 0x1B, the escape. 0x09 is Ç as in 3GPP's own table."""
EXTENSION = "\f^{}\\[~]|€"
"""What takes two: the escape and a code."""

TWINS = {
    **dict.fromkeys("’‘‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("–—‐‑‒―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t\u2028\u2029", " "),
    **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
    "…": "...",
    "•": "-",
    "·": "-",
    "×": "x",
}
"""What to write in place of characters that the alphabet lacks, where a reader would hardly see a difference."""

_EXTENDED = re.compile(f"[{re.escape(EXTENSION)}]")
_OTHER = re.compile(f"[^{re.escape(ALPHABET + EXTENSION)}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Forced:
    """A character that GSM-7 lacks: its Unicode name, its first offset (code points, from 0), and its twin in GSM-7.

    `twin` is "" for one that can be left out, None where nothing looks the same.
    """

    character: str
    name: str
    offset: int
    twin: str | None = None


@dataclass(frozen=True)
class Segments:
    """A text as SMS. `encoding` is "GSM-7" or "UCS-2", `parts` the text of each segment (one, empty, for no text).

    `units` are the characters of GSM-7, those of the extension table counted twice, or the UTF-16 units of UCS-2;
    `per_part` is how many of them fit a segment of this message. `forced_by` are the characters that made it
    UCS-2, each once, in the order of the text.
    """

    encoding: str
    parts: tuple[str, ...]
    units: int
    per_part: int
    forced_by: tuple[Forced, ...] = ()


def segments(text: str) -> Segments:
    """How a text is sent. No part begins or ends within a character."""
    others = dict.fromkeys(_OTHER.findall(text))
    encoding, wide, single, joined = ("UCS-2", _ASTRAL, 70, 67) if others else ("GSM-7", _EXTENDED, 160, 153)
    doubles = [found.start() for found in wide.finditer(text)]
    units = len(text) + len(doubles)
    forced = tuple(Forced(one, character_name(one), text.index(one), TWINS.get(one)) for one in others)
    if units <= single:
        return Segments(encoding, (text,), units, single, forced)
    return Segments(encoding, tuple(_split(text, doubles, joined)), units, joined, forced)


def character_name(character: str) -> str:
    """The Unicode name, in capitals; `U+0009` for one that has none."""
    return unicodedata.name(character, "") or f"U+{ord(character):04X}"


def _split(text: str, doubles: Sequence[int], room: int) -> list[str]:
    """Parts that are each as long as they can be; the characters at the offsets `doubles` count twice."""
    parts: list[str] = []
    start = 0
    while start < len(text):
        before = bisect_left(doubles, start)

        def taken(count: int, start: int = start, before: int = before) -> int:
            return count + bisect_left(doubles, start + count) - before

        end = start + bisect_right(range(room + 1), room, key=taken) - 1
        parts.append(text[start:end])
        start = end
    return parts
