"""What is measured on each channel: names, figures and warnings; and that nothing a message holds breaks it."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.messages import (
    Button,
    Email,
    Inbox,
    Message,
    MsTeams,
    Plain,
    Push,
    Slack,
    Sms,
    Whatsapp,
    WhatsappHeader,
)
from nac.preview.facts import facts
from nac.preview.facts.push import SHOWN
from nac.preview.result import Fact

GMAIL = 102 * 1024
ROOT = Path(__file__).resolve().parents[2]


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}}


# A message, and its facts as `name value/limit`, with `!` where there is a warning.
CASES: list[tuple[Message, str]] = [
    (Email("Hi", None, "text"), "subject_length 2/60"),
    (Email(None, None, "text"), "subject_length 0/60!"),
    (Email("  ", None, "text"), "subject_length 0/60!"),
    (Email("s" * 60, None, "t", preheader="p" * 130), "subject_length 60/60, preheader_length 130/130"),
    (Email("s" * 61, None, "t", preheader="p" * 131), "subject_length 61/60!, preheader_length 131/130!"),
    (Email("s" * 999, None, "t"), "subject_length 999/998!"),
    (Email("s", "é" * (GMAIL // 2), "t", True), f"subject_length 1/60, html_size {GMAIL}/{GMAIL}, plain_text derived"),
    (Email("s", "é" * (GMAIL // 2) + "a", "t"), f"subject_length 1/60, html_size {GMAIL + 1}/{GMAIL}!"),
    (Push("iospush", "b" * 178, "h" * 50), "header_length 50/500, body_length 178/4000, payload_size */4096"),
    (
        Push("iospush", "b" * 179, "h" * 51),
        "header_length 51/500, header_shown 50!, body_length 179/4000, body_shown 178!, payload_size */4096",
    ),
    (Push("androidpush", "b" * 241), "body_length 241/4000, body_shown 240!, payload_size */4096"),
    (
        Push("androidpush", "b", "h" * 501, "s" * 51),
        "header_length 501/500!, header_shown 65!, body_length 1/4000, subtext_length 51/50!, payload_size */4096",
    ),
    (Push("webpush", "é" * 4001), "body_length 4001/4000!, body_shown 120!, payload_size */4096!"),
    (Inbox("body", "h" * 100), "header_length 100/500, body_length 4"),
    (Inbox("body", "h" * 501), "header_length 501/500!, header_shown 100!, body_length 4"),
    (Inbox("body"), "body_length 4"),
    (Whatsapp("b" * 4096), "body_length 4096/4096"),
    (Whatsapp("b" * 1025, footer="f" * 61), "body_length 1025/1024!, footer_length 61/60!"),
    (Whatsapp("b", WhatsappHeader("TEXT", "h" * 61)), "header_length 61/60!, body_length 1/1024"),
    (Whatsapp("b", WhatsappHeader("IMAGE", media_url="https://a")), "body_length 1/1024"),
    (
        Whatsapp("b", buttons=(Button("x" * 25), Button("x" * 20, kind="reply"))),
        "body_length 1/1024, buttons 2/10, button_length 25/25",
    ),
    (
        Whatsapp("b", buttons=(Button("x" * 25),) * 10 + (Button("x" * 21, kind="reply"),)),
        "body_length 1/1024, buttons 11/10!, button_length 21/20!",
    ),
    (Slack("t", body="t" * 4000), "text_length 4000/4000"),
    (Slack("t", body="t" * 4001), "text_length 4001/4000!"),
    (Slack("t", body="t" * 40_001), "text_length 40001/40000!"),
    (Slack("t", blocks=()), "blocks 0/50"),
    (Slack("t", blocks=(section("a" * 3000),) * 50), "blocks 50/50, section_length 3000/3000"),
    (Slack("t", blocks=(section("a"), section("a" * 3001)) * 26), "blocks 52/50!, section_length 3001/3000!"),
    (
        Slack(
            "t",
            blocks=(
                {"type": "header", "text": {"type": "plain_text", "text": "h" * 151}},
                {"type": "section", "fields": [{"type": "mrkdwn", "text": "f" * 2001}] * 11, "accessory": button("b")},
                {"type": "actions", "elements": [button("b" * 76), "?"]},
            ),
        ),
        "blocks 3/50, field_length 2001/2000!, header_length 151/150!, button_length 76/75!, fields 11/10!",
    ),
    (Slack("t", blocks=(5, None, {"fields": 1, "elements": {}}, {"type": []}, section(None))), "blocks 5/50"),  # type: ignore[arg-type]
    (MsTeams("t", body="t" * 4001), "text_length 4001/4000!"),
    (MsTeams("t", card={"a": "é" * 100}), "card_size 208/28672"),
    (MsTeams("t", card={"a": "x" * 28_672}), "card_size 28680/28672!"),
    (Plain("messenger", "hi"), ""),
]


@pytest.mark.parametrize(("message", "expected"), CASES, ids=[f"{i} {m.channel}" for i, (m, _) in enumerate(CASES)])
def test_case(message: Message, expected: str) -> None:
    found = ", ".join(as_text(one) for one in facts(message, {}))
    assert re.fullmatch(re.escape(expected).replace(r"\*", r"\d+"), found), found


def as_text(fact: Fact) -> str:
    limit = f"/{fact.limit}" if fact.limit is not None else ""
    assert fact.note is None or fact.note.endswith(".")
    assert fact.note or not fact.warning
    assert fact.limit is None or fact.warning == (int(fact.value) > fact.limit) or fact.value == 0
    return f"{fact.name} {fact.value}{limit}{'!' * fact.warning}"


def test_notes() -> None:
    near = facts(Email("s", "a" * 96_000, "t"), {})[1]
    assert near.note is not None
    assert near.note.startswith("91% of the 102 KB")
    assert not near.warning
    assert facts(Email("s", "a" * 90_000, "t"), {})[1].note is None
    blocks = (section("a"), {"type": "actions", "elements": [button("b" * 76)]})
    assert facts(Slack("t", blocks=blocks), {})[2].note == (
        "Slack refuses more than 75 characters in a button: block 2."
    )
    card = facts(MsTeams("t", card={"a": "x" * 14_000}), {})[0]
    assert "14,000 characters" in (card.note or "")
    assert not card.warning
    assert facts(Push("iospush", "b" * 200), {})[1].note == (
        "An iPhone shows about 178 characters of the body before it is opened; 22 are cut."
    )
    assert set(SHOWN) == {"iospush", "androidpush", "webpush"}


def test_what_cannot_be_written_as_json_is_not_measured() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert facts(MsTeams("t", card=deep), {}) == ()
    assert facts(Push("webpush", "b", settings={"a": object()}), {})[-1].name == "body_length"
    # Taken apart by hand: Python 3.11 has no limit to how deep it follows when it frees such a thing.
    while deep:
        deep = deep["a"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda values: (
        st.lists(values, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "text", "fields", "elements", "accessory"]), values, max_size=4)
        | st.just("section")
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(blocks=st.lists(JSON, max_size=4), person=st.dictionaries(st.sampled_from(["$sms", "$whatsapp"]), JSON))
def test_any_blocks_and_any_person(blocks: list[Any], person: dict[str, Any]) -> None:
    for message in (
        Slack("t", blocks=tuple(blocks)),
        MsTeams("t", card={"a": blocks}),
        Sms("\ud800"),
        Whatsapp("\udfff"),
    ):
        assert isinstance(facts(message, person), tuple)


def test_names_are_documented() -> None:
    page = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| [^|]+ \| `([a-z_]+)` \|", page, re.MULTILINE))
    made = {name for _, expected in CASES for name in re.findall(r"([a-z_]+) ", expected)}
    assert named == made | {"segments", "encoding", "length", "sender_length", "phone"}


def test_fast() -> None:
    """Well under a millisecond each: the bound is for what grows with the square of a length, on a busy machine."""
    email, sms = Email("s", "<p>é" * 12_500, "t"), Sms("It’s 5 pm, ok? – " * 10)
    facts(sms, {"$sms": ["+14155552671"]})
    started = time.perf_counter()
    for _ in range(100):
        facts(email, {})
        facts(sms, {"$sms": ["+14155552671"]})
    assert (time.perf_counter() - started) / 100 < 0.05
