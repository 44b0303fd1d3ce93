"""Telephone numbers, through the `phonenumbers` library. No number is shown but for its last two digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from nac.preview.result import Fact

_MOST = 10  # addresses of one channel, as the service takes them


def phones(person: Mapping[str, Any], address: str) -> Iterator[Fact]:
    """A fact for each number of `$sms` or `$whatsapp`, its value the region (ISO 3166: `US`)."""
    given = person.get(address)
    for number in (given if isinstance(given, list) else [given])[:_MOST]:
        if isinstance(number, str) and number:
            yield _phone(number, address == "$sms")


@lru_cache(maxsize=4096)
def _phone(number: str, by_sms: bool) -> Fact:
    import phonenumbers  # here: it takes a while to import
    from phonenumbers import PhoneNumberType, ValidationResult

    def bad(why: str) -> Fact:
        return Fact("phone", "not valid", warning=True, note=f"{_masked(number)} {why}.")

    if len(number) > 40:
        return bad("is too long for a telephone number")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return bad("is not a telephone number with its country code")
    possible = phonenumbers.is_possible_number_with_reason(parsed)
    if possible == ValidationResult.INVALID_COUNTRY_CODE:
        return bad("has a country code that does not exist")
    country = f"+{parsed.country_code}"
    if possible == ValidationResult.TOO_SHORT:
        return bad(f"is too short for {country}")
    if possible == ValidationResult.TOO_LONG:
        return bad(f"is too long for {country}")
    if not phonenumbers.is_valid_number(parsed):
        return bad(f"is not a number of {country}")
    region = phonenumbers.region_code_for_number(parsed) or f"+{parsed.country_code}"
    if by_sms and phonenumbers.number_type(parsed) == PhoneNumberType.FIXED_LINE:
        return Fact("phone", region, warning=True, note=f"{_masked(number)} is a fixed line, which may take no SMS.")
    return Fact("phone", region, note=f"{_masked(number)} is a valid number.")


def _masked(number: str) -> str:
    """`…71`: the last two digits of five or more."""
    digits = [one for one in number if one.isdecimal()]
    return f"…{''.join(digits[-2:])}" if len(digits) >= 5 else "…"
