"""Users and objects as the service receives them: every property a recipient or actor may carry.

Source: the document "Trigger Workflow from API" and the vendor's `workflow_trigger.json`. Values are checked
strictly (text is not a number), keys that do not start with `$` are the author's own custom properties.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nac.vocabulary import CHANNELS, LANGUAGES

MAX_ADDRESSES = 10

# The properties that name an address: what identifies a transient recipient, and where a message can go.
ADDRESSES = (
    "$email", "$sms", "$whatsapp", "$inbox", "$messenger", "$slack", "$ms_teams",
    "$androidpush", "$iospush", "$webpush",
)  # fmt: skip


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


def _property_name(value: str) -> str:
    if value.startswith("$") or not value:
        raise PydanticCustomError("unknown_property", "is not a property that SuprSend knows", {"known": "property"})
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

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AndroidPush(Form):
    token: Text
    provider: Literal["fcm", "xiaomi", "oppo"]
    device_id: str | None = None
    bundle_id: str | None = None


class IosPush(Form):
    token: Text
    provider: Literal["apns"]
    device_id: str | None = None
    bundle_id: str | None = None


AccessToken = Annotated[str, check(r"xox\S*", "invalid_token", "does not start with `xox`, as Slack's tokens do")]


class SlackAny(Form):
    """Stands in for a Slack address that has the key of no form, to say which keys there are."""

    email: Any = None
    user_id: Any = None
    channel: Any = None
    channel_id: Any = None
    incoming_webhook: Any = None
    access_token: Any = None

    @model_validator(mode="after")
    def _none(self) -> SlackAny:
        raise PydanticCustomError("missing_one", "needs `email`, `user_id`, `channel` or `incoming_webhook`")


class SlackEmail(Form):
    email: Email
    access_token: AccessToken


class SlackUser(Form):
    user_id: Annotated[str, check(r"[uUwW][a-zA-Z0-9]+", "invalid_id", "is not a Slack member id such as `U012AB3CD`")]
    access_token: AccessToken


_ChannelId = Annotated[str, check(r"[cC][a-zA-Z0-9]+", "invalid_id", "is not a Slack channel id such as `C012AB3CD`")]


class SlackChannel(Form):
    """The document writes `channel`, the vendor's JSON Schema `channel_id`: either goes out as written."""

    channel: _ChannelId | None = None
    channel_id: _ChannelId | None = None
    access_token: AccessToken

    @model_validator(mode="after")
    def _one(self) -> SlackChannel:
        if (self.channel is None) == (self.channel_id is None):
            raise PydanticCustomError("one_of", "takes one of `channel` and `channel_id`")
        return self


class SlackWebhook(Form):
    class Url(Form):
        url: Annotated[
            str,
            check(
                r"https://hooks\.slack\.com/\S*",
                "invalid_url",
                "does not start with https://hooks.slack.com/",
            ),
        ]

    incoming_webhook: Url


class TeamsAny(Form):
    """Stands in for a Teams address that has the key of no form, to say which keys there are."""

    conversation_id: Any = None
    user_id: Any = None
    incoming_webhook: Any = None
    tenant_id: Any = None
    service_url: Any = None

    @model_validator(mode="after")
    def _none(self) -> TeamsAny:
        raise PydanticCustomError("missing_one", "needs `conversation_id`, `user_id` or `incoming_webhook`")


class TeamsConversation(Form):
    tenant_id: Text
    service_url: Annotated[
        str,
        check(r"https://smba\.trafficmanager\.net/\S*", "invalid_url",
               "does not start with https://smba.trafficmanager.net/"),
    ]  # fmt: skip
    conversation_id: Text


class TeamsUser(Form):
    tenant_id: Text
    service_url: Annotated[
        str,
        check(r"https://smba\.trafficmanager\.net/\S*", "invalid_url",
               "does not start with https://smba.trafficmanager.net/"),
    ]  # fmt: skip
    user_id: Text


class TeamsWebhook(Form):
    class Url(Form):
        url: Annotated[str, check(r"https://\S+", "invalid_url", "is not an https:// address")]

    incoming_webhook: Url


def _which(*forms: tuple[str, str], otherwise: str) -> Discriminator:
    """Choose a form by the key that only it has, so that an error speaks of one form, not of all."""

    def choose(value: Any) -> str:
        keys = value if isinstance(value, dict) else ()
        return next((tag for key, tag in forms if key in keys), otherwise)

    return Discriminator(choose)


Slack = Annotated[
    Annotated[SlackAny, Tag("<any>")]
    | Annotated[SlackEmail, Tag("<email>")]
    | Annotated[SlackUser, Tag("<user>")]
    | Annotated[SlackChannel, Tag("<channel>")]
    | Annotated[SlackWebhook, Tag("<webhook>")],
    _which(
        ("incoming_webhook", "<webhook>"), ("channel", "<channel>"), ("channel_id", "<channel>"),
        ("user_id", "<user>"), ("email", "<email>"), otherwise="<any>",
    ),
]  # fmt: skip
Teams = Annotated[
    Annotated[TeamsAny, Tag("<any>")]
    | Annotated[TeamsConversation, Tag("<conversation>")]
    | Annotated[TeamsUser, Tag("<user>")]
    | Annotated[TeamsWebhook, Tag("<webhook>")],
    _which(
        ("incoming_webhook", "<webhook>"),
        ("user_id", "<user>"),
        ("conversation_id", "<conversation>"),
        otherwise="<any>",
    ),
]


class Profile(BaseModel):
    """What a user and an object have in common."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[Annotated[str, AfterValidator(_property_name)], JsonValue]

    skip_create: bool | None = Field(None, alias="$skip_create")
    channels: list[Channel] | None = Field(None, alias="$channels")
    preferred_language: Language | None = Field(None, alias="$preferred_language")
    locale: Locale | None = Field(None, alias="$locale")
    timezone: Timezone | None = Field(None, alias="$timezone")
    email: OneOrMany[Email] | None = Field(None, alias="$email")
    sms: OneOrMany[Phone] | None = Field(None, alias="$sms")
    whatsapp: OneOrMany[Phone] | None = Field(None, alias="$whatsapp")
    inbox: OneOrMany[Text] | None = Field(None, alias="$inbox")
    messenger: OneOrMany[Text] | None = Field(None, alias="$messenger")
    slack: OneOrMany[Slack] | None = Field(None, alias="$slack")
    ms_teams: OneOrMany[Teams] | None = Field(None, alias="$ms_teams")
    androidpush: OneOrMany[AndroidPush] | None = Field(None, alias="$androidpush")
    iospush: OneOrMany[IosPush] | None = Field(None, alias="$iospush")
    webpush: OneOrMany[Annotated[dict[str, JsonValue], Field(min_length=1)]] | None = Field(None, alias="$webpush")


class User(Profile):
    """A user written inline. `is_transient` needs no `distinct_id`; everyone else does."""

    distinct_id: Text | None = None
    is_transient: bool | None = None

    @model_validator(mode="after")
    def _identified(self) -> User:
        if self.distinct_id is None and not self.is_transient:
            raise PydanticCustomError("missing_one", "needs a `distinct_id` (or `is_transient: true`)")
        return self


class Object(Profile):
    """An object recipient, such as a team."""

    object_type: Text
    id: Text


Recipient = Annotated[
    Annotated[Text, Tag("<id>")] | Annotated[User, Tag("<user>")] | Annotated[Object, Tag("<object>")],
    Discriminator(
        lambda value: (
            "<id>"
            if isinstance(value, str)
            else "<object>"
            if isinstance(value, dict) and "object_type" in value
            else "<user>"
        )
    ),
]
