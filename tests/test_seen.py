"""Texts are known again, and no others, however many there are."""

from __future__ import annotations

from nac.seen import Seen


def test_as_a_set_would() -> None:
    seen, known = Seen(), set()
    for number in range(60_000):
        text = f"user {number * 7919 % 40_009}"
        assert seen.add(text) == (text not in known)
        known.add(text)
    assert len(known) == 40_009
    assert not any(seen.add(text) for text in known)
    assert seen.add("")
    assert seen.add("\ud800")
    assert not seen.add("\ud800")


def test_a_third_of_the_room_of_a_set() -> None:
    seen = Seen()
    for number in range(100_000):
        seen.add(f"user {number}")
    room = sum(one.itemsize * len(one) for one in (*seen._low, *seen._high))
    assert room < 35 * 100_000
