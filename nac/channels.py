"""The addresses that have a shape: push tokens, Slack in its four forms, Teams in its three.

Source: the document, "Add user communication channel", and the vendor's `workflow_trigger.json`. Which form an author
means is told by the key that only it has, so that a mistake is explained in terms of one form, not of all.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator
from pydantic_core import PydanticCustomError

from nac.words import Email, Form, Text, check


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


ServiceUrl = Annotated[
    str,
    check(
        r"https://smba\.trafficmanager\.net/\S*", "invalid_url", "does not start with https://smba.trafficmanager.net/"
    ),
]


class TeamsConversation(Form):
    tenant_id: Text
    service_url: ServiceUrl
    conversation_id: Text


class TeamsUser(Form):
    tenant_id: Text
    service_url: ServiceUrl
    user_id: Text


class TeamsWebhook(Form):
    class Url(Form):
        url: Annotated[str, check(r"https://\S+", "invalid_url", "is not an https:// address")]

    incoming_webhook: Url


def _which(*forms: tuple[str, str], otherwise: str) -> Discriminator:
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
