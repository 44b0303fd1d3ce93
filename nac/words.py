"""Single values of a request: what an e-mail address, a phone number, a time zone must look like.

Source: the document "Trigger Workflow from API" and the vendor's JSON Schemas. Values are checked strictly: text is
not a number.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag
from pydantic_core import PydanticCustomError

from nac.vocabulary import CHANNELS, LANGUAGES

MAX_ADDRESSES = 10


def check(pattern: str, code: str, message: str) -> AfterValidator:
    """A text that matches the whole `pattern`; `message` says in a few words what it is not."""
    compiled = re.compile(pattern, re.DOTALL | re.ASCII)

    def match(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(code, message)
        return value

    return AfterValidator(match)


@cache
def timezones() -> frozenset[str]:
    """The IANA zone names, from the tzdata package, so that they are the same on every machine."""
    from importlib.resources import files

    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def _timezone(value: str) -> str:
    if value not in timezones():
        raise PydanticCustomError("unknown_word", "is not an IANA time zone", {"known": "timezone"})
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise PydanticCustomError("unknown_word", "is not an ISO 639-1 language code", {"known": "language"})
    return value


def _channel(value: str) -> str:
    if value not in CHANNELS:
        raise PydanticCustomError("unknown_word", "is not a channel", {"known": "channel"})
    return value


Item = TypeVar("Item")
# A tag in `<…>` never reaches an author: `nac.schema` leaves it out of the path.
OneOrMany = Annotated[
    Annotated[Item, Tag("<one>")] | Annotated[list[Item], Field(min_length=1, max_length=MAX_ADDRESSES), Tag("<many>")],
    Discriminator(lambda value: "<many>" if isinstance(value, list) else "<one>"),
]

Text = Annotated[str, StringConstraints(min_length=1)]
Email = Annotated[str, check(r"[^@\s]+@[^@\s]+", "invalid_email", "is not an e-mail address")]
Phone = Annotated[
    str, check(r"\+[1-9][0-9]{6,14}", "invalid_phone", "is not `+`, country code and number, digits only")
]
Locale = Annotated[
    str,
    check(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", "invalid_locale", "is not a BCP 47 locale such as `en-US`"),
]
Timezone = Annotated[str, AfterValidator(_timezone)]
Language = Annotated[str, AfterValidator(_language)]
Channel = Annotated[str, AfterValidator(_channel)]


class Form(BaseModel):
    """A closed shape: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
