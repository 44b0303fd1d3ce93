"""What an author expects of a sample: the models of `expect`. Everything in it is literal, `{{ … }}` too."""

from __future__ import annotations

import re
import warnings
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, JsonValue, Tag, model_validator
from pydantic_core import PydanticCustomError

from nac.words import Channel, Form, Locale, Text

MAX_PATTERN = 1000
FIELDS: dict[str, tuple[str, ...]] = {
    "email": ("text", "subject", "html", "body"),
    "sms": ("text", "body", "header"),
    "slack": ("text", "body"),
    "ms_teams": ("text", "body"),
    "messenger": ("text", "body"),
}
"""The parts of a channel's message that can be looked at; OTHER_FIELDS where it is not named here."""
OTHER_FIELDS = ("text", "header", "body")


def _ids(value: list[str]) -> list[str]:
    seen = set()
    for index, one in enumerate(value):
        if one in seen:
            raise PydanticCustomError("twice", "names the same recipient twice", {"at": index})
        seen.add(one)
    return value


def _pattern(value: str) -> str:
    """A pattern that Python can read; RE2, which it is tried with, is asked when it is needed."""
    if len(value) > MAX_PATTERN:
        raise PydanticCustomError("invalid_pattern", "is longer than {most} characters", {"most": MAX_PATTERN})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        why = getattr(error, "msg", "too deeply nested")
        raise PydanticCustomError("invalid_pattern", "is not a regular expression: {why}", {"why": why}) from None
    return value


def is_path(key: str) -> bool:
    """Whether a key of `payload` is a JSONPath, rather than a name such as `$idempotency_key`."""
    return key == "$" or key.startswith(("$.", "$["))


def _path(value: str) -> str:
    if is_path(value):
        from nac.json_path import JsonPathError, compile_path

        try:
            compile_path(value)
        except JsonPathError as error:
            raise PydanticCustomError("invalid_path", "is not a JSONPath: {why}", {"why": str(error)}) from None
    return value


Ids = Annotated[list[Text], AfterValidator(_ids)]
Words = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[list[Text], Field(min_length=1), Tag("<list>")],
    Discriminator(lambda value: "<list>" if isinstance(value, list) else "<text>"),
]


class ExpectedRecipients(Form):
    """Who gets it. An id, `type/id` of an object, or the address of somebody without a profile."""

    exactly: Ids | None = None
    includes: Ids | None = None
    excludes: Ids | None = None
    count: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _some(self) -> ExpectedRecipients:
        if not self.model_fields_set:
            raise PydanticCustomError("missing_one", "needs `exactly`, `includes`, `excludes` or `count`")
        return self


class ExpectedPreview(Form):
    """One channel of one recipient, or of every one. `field` is the part of the message that the texts are about."""

    channel: Channel
    recipient: Text | None = None
    locale: Locale | None = None
    tenant: Text | None = None
    field: Literal["text", "subject", "header", "body", "html"] = "text"
    equals: str | None = None
    contains: Words | None = None
    lacks: Words | None = None
    matches: Annotated[Text, AfterValidator(_pattern)] | None = None
    dropped: Annotated[
        Annotated[Text, Tag("<text>")] | Annotated[bool, Tag("<bool>")],
        Discriminator(lambda value: "<text>" if isinstance(value, str) else "<bool>"),
    ] | None = None  # fmt: skip
    not_sent: bool | None = None
    variant: Text | None = None
    segments: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> ExpectedPreview:
        about_text = [one for one in _ABOUT_TEXT if one in self.model_fields_set]
        rest = [one for one in ("dropped", "not_sent", "variant") if one in self.model_fields_set]
        if not about_text and not rest:
            raise PydanticCustomError("unspoken", "says nothing of the message: add `equals` or `contains`, say")
        for one in ("dropped", "not_sent"):
            if getattr(self, one) and about_text:
                raise _at(
                    about_text[0], "has no text to compare where the message is {what}", what=one.replace("_", " ")
                )
        if self.dropped and self.not_sent:
            raise _at("not_sent", "says that the message is dropped, and that it is not sent: say one of them")
        if self.segments is not None and self.channel != "sms":
            raise _at(
                "segments", "counts the segments of `{channel}`: only `sms` is sent in them", channel=self.channel
            )
        fields = FIELDS.get(self.channel, OTHER_FIELDS)
        if self.field not in fields:
            raise _at(
                "field",
                "looks at `{field}` of `{channel}`, which has {fields}",
                field=self.field,
                channel=self.channel,
                fields=", ".join(fields),
            )
        return self


_ABOUT_TEXT = ("equals", "contains", "lacks", "matches", "segments")


def _at(key: str, message: str, **context: Any) -> PydanticCustomError:
    return PydanticCustomError("contradiction", message, {"at": key, **context})


class Expect(Form):
    """What becomes of a sample. `payload` is a part of every request; `errors` are codes, names or parts of messages
    of the findings that there must be; `sends: false`, nothing goes out."""

    recipients: (
        Annotated[
            Annotated[Ids, Tag("<list>")] | Annotated[ExpectedRecipients, Tag("<mapping>")],
            Discriminator(lambda value: "<list>" if isinstance(value, list) else "<mapping>"),
        ]
        | None
    ) = None
    payload: dict[Annotated[str, AfterValidator(_path)], JsonValue] | None = None
    previews: list[ExpectedPreview] = Field(default_factory=list)
    sends: bool | None = None
    errors: list[Text] = Field(default_factory=list)
