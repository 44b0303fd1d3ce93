"""What the hub's answers mean, shape by shape."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac.dispatch import Accepted, Rejected, Unsent
from nac.dispatch.answers import clean, read_answer, read_retry_after

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (202, '{"status": "success", "message_id": "m1"}', Accepted("m1")),
        (200, '{"message_id": "m1"}', Accepted("m1")),
        (202, '{"status": "success"}', Accepted(None)),
        (202, "OK", Accepted(None)),
        (202, "", Accepted(None)),
        (202, "[]", Accepted(None)),
        (202, '{"message_id": 7}', Accepted(None)),
        (202, '{"message_id": "m\\u001b[31m1"}', Accepted("m [31m1")),
        (202, '{"status": "error", "status_code": 400, "error": {"message": "no"}}', Rejected(400, "no")),
        (400, '{"error": {"message": "bad slug"}}', Rejected(400, "bad slug")),
        (400, '{"error": "bad slug"}', Rejected(400, "bad slug")),
        (400, '{"message": "bad slug"}', Rejected(400, "bad slug")),
        (401, "who are you?", Rejected(401, "who are you?")),
        (401, "", Rejected(401, "no message")),
        (401, "null", Rejected(401, "null")),
        (500, "<html>\r\n\x1b[2JBad\u202e \u2028gateway", Rejected(500, "<html> [2JBad gateway")),
        (500, '{"error": {"message": "\\ud800 \\u0000x"}}', Rejected(500, "x")),
        (500, "x" * 5000, Rejected(500, "x" * 499 + "…")),
        (302, "moved", Rejected(302, "answered with a redirect, which is not followed: check the base URL")),
    ],
)
def test_one_record(status: int, text: str, expected: object) -> None:
    assert read_answer(status, text, 1) == [expected]


def test_many_records_each_with_its_own_fate_in_order() -> None:
    records = [
        {"status": "success", "status_code": 202, "message_id": "m1"},
        {"status": "error", "status_code": 422, "error": {"message": "no such workflow"}},
        {"status": "error"},
        {"status": "success"},
        {"status": "pending"},
        "nonsense",
    ]
    first, second, third, fourth, *rest = read_answer(202, json.dumps({"records": records}), len(records))
    assert first == Accepted("m1")
    assert second == Rejected(422, "no such workflow")
    assert third == Rejected(202, "no message")
    assert fourth == Accepted(None)
    for outcome in rest:
        assert isinstance(outcome, Unsent)
        assert outcome.maybe_received


def test_one_record_that_is_told_of_as_one_of_several() -> None:
    text = '{"records": [{"status": "error", "status_code": 400, "error": {"message": "no"}}]}'
    assert read_answer(207, text, 1) == [Rejected(400, "no")]
    assert read_answer(202, '{"records": [{"status": "success", "message_id": "m"}]}', 1) == [Accepted("m")]


def test_a_refused_call_is_refused_for_each_record() -> None:
    answer = read_answer(429, '{"error": {"message": "slow down"}}', 3, retry_after=2.0)
    assert answer == [Rejected(429, "slow down", 2.0)] * 3


@pytest.mark.parametrize(
    "text",
    ["OK", "", "[]", "{}", '{"records": {}}', '{"records": [{"status": "success"}]}', '{"records": []}', "[" * 9999],
)
def test_a_bulk_answer_that_does_not_fit_says_nothing_of_any_record(text: str) -> None:
    for outcome in read_answer(202, text, 2):
        assert isinstance(outcome, Unsent)
        assert outcome.maybe_received


def test_secrets_are_masked_before_the_text_is_cut() -> None:
    text = "x" * 490 + "top-secret-value"
    (outcome,) = read_answer(401, text, 1, mask=lambda said: said.replace("top-secret-value", "***"))
    assert outcome == Rejected(401, "x" * 490 + "***")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0\x1f", 0.0),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60.0),
        ("Fri, 02 Jan 2026 03:05:05 -0000", 60.0),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("9" * 400, None),
        ("٣", None),
        ("inf", None),
        ("", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, NOW) == seconds


@given(st.text())
def test_retry_after_never_fails(header: str) -> None:
    read_retry_after(header, NOW)
    read_retry_after(f"Fri, 02 Jan {header} 03:05:05 +{header}", NOW)


@given(st.integers(200, 599), st.text(), st.integers(1, 5))
def test_any_answer_gives_an_outcome_for_each_record(status: int, text: str, count: int) -> None:
    assert len(read_answer(status, text, count)) == count


@given(st.text(st.characters(), max_size=3000))
def test_cleaned_text_is_one_printable_line(text: str) -> None:
    shown = clean(text)
    assert shown.isprintable()
    assert len(shown) <= 500
    shown.encode()
