from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from previews_made import (
    CHOICE,
    EMAIL,
    MESSAGES,
    dropped_and_not_sent,
    every_channel,
    preview_of,
    shown_as,
    with_text,
)

from nac.messages import Sms
from nac.preview.facts import facts
from nac.preview.result import Fact, Preview, Previewed
from nac.report.previews import write_previews
from nac.report.terminal import PLAIN, Style, width

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e[bold red]evil[/] :smile: \x9b31m\r\nBcc: a@b.c\ttab \ud800 <b>"


def written(form: str, *shown: Previewed, style: Style = PLAIN, columns: int | None = None, why: bool = False) -> str:
    parts: list[bytes] = []
    write_previews(parts.append, form, shown, style, width=columns, why=why)
    return b"".join(parts).decode()


def test_plain_email_shows_its_headers_and_its_text() -> None:
    assert written("text", shown_as(preview_of(EMAIL, Fact("subject_length", 12, "characters", 60)))) == (
        "invoice · one\n"
        "  u1 (from people)\n"
        "    email       Subject: Your invoice\n"
        "                Preheader: Due on Friday\n"
        "                From: Northwind <billing@example.com>\n"
        "                To: ana@example.com, more@example.com\n"
        "                Cc: cc@example.com\n"
        "                Bcc: bcc@example.com\n"
        "                Reply-To: help@example.com\n"
        "\n"
        "                Invoice\n"
        "\n"
        "                Pay soon.\n"
        "                subject 12 of 60 characters\n"
        "\n"
    )


def test_plain_sms_shows_its_segments_and_what_is_wrong_with_them() -> None:
    facts = (
        Fact("segments", 1, "segment", 10),
        Fact("encoding", "UCS-2", warning=True, note="UCS-2 because of ’"),
        Fact("length", 23, "UTF-16 units", 70),
    )
    assert written("text", shown_as(preview_of(Sms("It’s here"), *facts, locale="es", tenant="acme"))) == (
        "invoice · one\n"
        "  u1 (from people) · es · acme\n"
        "    sms         It’s here\n"
        "                1 segment · UCS-2 · 23 of 70 UTF-16 units\n"
        "                ! UCS-2 because of ’\n"
        "\n"
    )


@pytest.mark.parametrize("columns", [None, 100])
def test_the_character_that_forced_ucs_2_is_always_named(columns: int | None) -> None:
    message = Sms("Ola, Ó")
    shown = written("text", shown_as(Preview("sms", "en", None, message, facts=facts(message, {}))), columns=columns)
    assert "UCS-2 because of “Ó” (LATIN CAPITAL LETTER O WITH ACUTE) at 6." in shown
    assert "!" not in shown


def test_dropped_and_not_sent_and_why() -> None:
    assert written("text", dropped_and_not_sent(), why=True) == (
        "invoice · one\n"
        "  u1 (from people)\n"
        "    sms         dropped: SuprSend would drop this message: `x` is missing\n"
        "                notifications/templates/t/sms.hbs:3:7\n"
        "                → sms/vip: all hold\n"
        "                · sms/default: not needed\n"
        "    email       not sent: this person's $channels are sms\n"
        "\n"
    )


def test_no_template_and_no_such_channel_are_said() -> None:
    empty = replace(every_channel(), channels=())
    assert "there is no template `t`" in written("text", empty)
    other = replace(shown_as(), channels=("email", "inbox"))
    assert "the template `t` is for other channels: email, inbox" in written("text", other)
    assert "and 1,234 more recipients" in written("text", replace(every_channel(), more=1234))


@pytest.mark.parametrize("columns", [20, 32, 60, 100, 300])
def test_cards_fit_the_terminal(columns: int) -> None:
    text = written("text", every_channel(), dropped_and_not_sent(), columns=columns, why=True)
    assert max(map(width, text.splitlines())) <= max(columns, 32)
    for word in ("Your invoice", "1234", "Reply STOP", "New comment", "Block Kit", "Adaptive Card", "dropped"):
        assert word in text
    assert "\x1b" not in text


@pytest.mark.parametrize("columns", [None, 80])
def test_colour_changes_nothing_else(columns: int | None) -> None:
    shown = (every_channel(), dropped_and_not_sent())
    coloured = written("text", *shown, style=Style(True), columns=columns)
    assert "\x1b[" in coloured
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
    assert plain == [line.rstrip() for line in written("text", *shown, columns=columns).splitlines()]


@pytest.mark.parametrize("columns", [None, 32, 80])
def test_hostile_text_moves_no_cursor_and_is_no_markup(columns: int | None) -> None:
    text = written("text", *with_text(HOSTILE), columns=columns, why=True)
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text) is None
    assert "[bold" in text
    assert ":smile:" in text


def test_json_has_every_field_that_is_set() -> None:
    found = json.loads(written("json", every_channel(), dropped_and_not_sent()))
    assert found["version"] == 1
    rows = found["previews"]
    assert [row["channel"] for row in rows] == [one.channel for one in MESSAGES] + ["sms", "email"]
    assert rows[0] == {
        "trigger": "invoice", "template": "t", "event": "one", "recipient": "user u1", "name": None,
        "via": "from people",
        "channel": "email", "locale": "en", "tenant": None, "variant": None, "trace": [],
        "text": "Invoice\n\nPay soon.",
        "message": {
            "subject": "Your invoice", "html": "<h1>Invoice</h1>", "plain_text": "Invoice\n\nPay soon.",
            "text_derived": False, "preheader": "Due on Friday", "from_name": "Northwind",
            "from_address": "billing@example.com", "to": ["ana@example.com"], "extra_to": ["more@example.com"],
            "cc": ["cc@example.com"], "bcc": ["bcc@example.com"], "reply_to": "help@example.com",
        },
        "facts": [], "notes": [], "dropped": [], "refused": [], "not_sent": None,
    }  # fmt: skip
    assert rows[4]["message"] == {"plain_text": "reading text", "blocks": [{"type": "divider"}]}
    assert rows[10]["variant"] == "sms/vip"
    assert rows[10]["trace"][1] == {"variant": "sms/default", "chosen": False, "reason": "not needed"}
    assert rows[10]["dropped"] == [
        {"message": "SuprSend would drop this message: `x` is missing", "path": "notifications/templates/t/sms.hbs",
         "line": 3, "column": 7}
    ]  # fmt: skip
    assert rows[10]["message"] is None
    assert rows[11]["not_sent"] == "this person's $channels are sms"


def test_json_of_hostile_text_is_json_and_utf_8() -> None:
    rows = json.loads(written("json", *with_text(HOSTILE)))["previews"]
    assert rows[0]["message"]["subject"] == HOSTILE


def test_a_template_by_itself_has_no_trigger() -> None:
    [row] = json.loads(written("json", replace(shown_as(preview_of(Sms("x"))), alone=True)))["previews"]
    assert row["trigger"] is None


def test_a_message_that_can_be_shown_but_is_refused() -> None:
    [problem] = dropped_and_not_sent().readers[0].previews[0].problems
    shown = shown_as(replace(preview_of(Sms("x")), problems=(problem,), choice=CHOICE))
    [row] = json.loads(written("json", shown))["previews"]
    assert (row["dropped"], row["refused"][0]["line"], row["text"]) == ([], 3, "x")
    for columns in (None, 80):
        text = written("text", shown, columns=columns)
        assert "refused: SuprSend would drop" in text
        assert "dropped:" not in text
