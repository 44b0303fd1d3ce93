"""The words that changed with a little of what stands around them."""

from __future__ import annotations

from collections.abc import Iterator

from nac.diff.words import Part, Words

AROUND = 60
MAX_PART = 2_000
MAX_PARTS = 60


def excerpt(words: Words) -> Iterator[Part]:
    """The parts, long stretches of what is the same cut to what is near a change; all of it bounded."""
    for index, part in enumerate(words[:MAX_PARTS]):
        text = part.text
        if part.kind != "same":
            yield Part(part.kind, text if len(text) <= MAX_PART else f"{text[:MAX_PART]}…")
            continue
        first, last = index == 0, index == len(words) - 1
        if first and last:
            yield Part("same", text if len(text) <= AROUND * 2 else f"{text[: AROUND * 2]}…")
        elif first:
            yield Part("same", text if len(text) <= AROUND else f"…{text[-AROUND:]}")
        elif last:
            yield Part("same", text if len(text) <= AROUND else f"{text[:AROUND]}…")
        else:
            yield Part("same", text if len(text) <= AROUND * 2 + 20 else f"{text[:AROUND]} … {text[-AROUND:]}")
    if len(words) > MAX_PARTS:
        yield Part("same", f" … and {len(words) - MAX_PARTS:,} parts more")
