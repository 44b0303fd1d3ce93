"""Telephone numbers: region, fault, and never the number itself."""

import re

import pytest

from nac.messages import Email, Sms, Whatsapp
from nac.preview.facts import facts
from nac.preview.result import Fact


def phones(message: Sms | Whatsapp | Email, person: dict[str, object]) -> list[Fact]:
    return [one for one in facts(message, person) if one.name == "phone"]


@pytest.mark.parametrize(
    ("number", "value", "note"),
    [
        ("+14155552671", "US", "…71 is a valid number."),
        ("+919876543210", "IN", "…10 is a valid number."),
        ("+442079460958", "GB", "…58 is a fixed line, which may take no SMS."),
        ("+331234", "not valid", "…34 is too short for +33."),
        ("+1415555267100000", "not valid", "…00 is too long for +1."),
        ("+10005552671", "not valid", "…71 is not a number of +1."),
        ("+999123456789", "not valid", "…89 is not a telephone number with its country code."),
        ("4155552671", "not valid", "…71 is not a telephone number with its country code."),
        ("12", "not valid", "… is not a telephone number with its country code."),
        ("+1" * 50, "not valid", "…11 is too long for a telephone number."),
    ],
)
def test_number(number: str, value: str, note: str) -> None:
    [found] = phones(Sms("hi"), {"$sms": number})
    assert (found.value, found.note) == (value, note)
    assert found.warning == (value == "not valid" or "fixed line" in note)
    assert not re.search(r"\d{3}", note)


def test_each_address_of_the_channel() -> None:
    person = {"$sms": ["+14155552671", "+919876543210"], "$whatsapp": "+442079460958"}
    assert [one.value for one in phones(Sms("hi"), person)] == ["US", "IN"]
    # WhatsApp can be had on a fixed line.
    assert [(one.value, one.warning) for one in phones(Whatsapp("hi"), person)] == [("GB", False)]
    assert phones(Email("s", None, "t"), person) == []
    assert phones(Sms("hi"), {}) == []
    assert phones(Sms("hi"), {"$sms": None}) == []
    assert phones(Sms("hi"), {"$sms": [5, {}, ""]}) == []
