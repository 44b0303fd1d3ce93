"""Which texts were met before, however many there are, in a third of the room that a set of their digests takes."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from struct import Struct

PARTS = 64  # tables, each of which grows alone: no more than one is there twice at a time
FEW = 1_000  # up to here a set, which is made at once
_SMALLEST = 64
_FULLEST = 0.75

_halves = Struct("<QQ").unpack


class Seen:
    """Texts by their 128-bit digests, of which no two texts will ever have the same: 21 to 32 bytes each."""

    __slots__ = ("_count", "_few", "_high", "_low")

    def __init__(self) -> None:
        self._few: set[bytes] | None = set()
        self._low: list[array[int]] = []
        self._high: list[array[int]] = []
        self._count = [0] * PARTS

    def add(self, text: str) -> bool:
        """Remember a text; whether it is new."""
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if self._few is None:
            return self._add(digest)
        if digest in self._few:
            return False
        self._few.add(digest)
        if len(self._few) > FEW:
            self._low = [array("Q", bytes(8 * _SMALLEST)) for _ in range(PARTS)]
            self._high = [array("Q", bytes(8 * _SMALLEST)) for _ in range(PARTS)]
            for one in self._few:
                self._add(one)
            self._few = None
        return True

    def _add(self, digest: bytes) -> bool:
        low, high = _halves(digest)
        low = low or 1  # 0 is an empty place
        part = high % PARTS
        lows, highs = self._low[part], self._high[part]
        size = len(lows)
        place = low % size
        while found := lows[place]:
            if found == low and highs[place] == high:
                return False
            place = place + 1 if place + 1 < size else 0
        lows[place], highs[place] = low, high
        self._count[part] += 1
        if self._count[part] > size * _FULLEST:
            self._grow(part)
        return True

    def _grow(self, part: int) -> None:
        lows, highs = self._low[part], self._high[part]
        size = len(lows) * 3 // 2
        new_lows, new_highs = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
        for low, high in zip(lows, highs, strict=True):
            if low:
                place = low % size
                while new_lows[place]:
                    place = place + 1 if place + 1 < size else 0
                new_lows[place], new_highs[place] = low, high
        self._low[part], self._high[part] = new_lows, new_highs
