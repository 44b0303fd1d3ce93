"""NAC517: a number of the form that SuprSend takes which no telephone has: a country or length that there is not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.sample_places import SamplePlaces, values

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View

RULE = Rule("NAC517", "impossible-phone-number", "warning")
_KEYS = ("$sms", "$whatsapp")


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        told = set()
        for one in _numbers(view, trigger):
            label = one[1].label()
            if label not in told and (why := _why(one[0])):
                told.add(label)
                yield Diagnostic(RULE, f"this number {why}", label, help="write `+`, the country code, and the number")


def _numbers(view: View, trigger: Trigger) -> Iterator[tuple[str, Written]]:
    at = trigger.at("recipients")
    for path, value in values(at) if hasattr(trigger.model, "recipients") else ():
        if any(key in path for key in _KEYS) and isinstance(value, str) and not is_template(value):
            yield value, at.below(*path)
    for index, sampled in enumerate(view.samples(trigger)):
        for person in sampled.people:
            for number in _of(person.recipient):
                # What comes from a directory is not in the sample, and an export is nobody's to correct here.
                if written := view.once(SamplePlaces).of(trigger, index, number):
                    yield number, written


def _of(recipient: Any) -> Iterator[str]:
    for key in _KEYS if isinstance(recipient, dict) else ():
        value = recipient.get(key)
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


@lru_cache(maxsize=4096)
def _why(number: str) -> str | None:
    import phonenumbers  # here: it takes a while to import
    from phonenumbers import ValidationResult

    if not number.startswith("+") or not number[1:].isdecimal() or len(number) > 16:
        return None  # told as NAC204
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "has a country code that does not exist"
    country = f"+{parsed.country_code}"
    return {
        ValidationResult.INVALID_COUNTRY_CODE: "has a country code that does not exist",
        ValidationResult.TOO_SHORT: f"is too short for {country}",
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: f"is too short for {country}",
        ValidationResult.TOO_LONG: f"is too long for {country}",
        ValidationResult.INVALID_LENGTH: f"has not as many digits as those of {country}",
    }.get(phonenumbers.is_possible_number_with_reason(parsed))


CHECK = Check(RULE, find)
