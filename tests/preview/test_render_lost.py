"""A body that cannot be read: what is shown is not passed off as the whole message."""

from __future__ import annotations

from dataclasses import replace

from render_making import one, variant


def test_a_body_that_cannot_be_read_is_told() -> None:
    made = variant("email", {"subject": "S", "body": {"type": "raw", "raw": {"html": ""}}})
    [note, *_] = one(replace(made, lost=(("body", "raw", "html"),)), {}, {"distinct_id": "u1", "name": "A"}).notes
    assert note == "`body.raw.html` cannot be read: what is shown here lacks it"
    assert not any("cannot be read" in each for each in one(made, {}, "u1").notes)
