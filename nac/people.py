"""Users and objects as the service receives them: every property a recipient or actor may carry.

Source: the document "Trigger Workflow from API" and the vendor's `workflow_trigger.json`. Values are checked
strictly (text is not a number), keys that do not start with `$` are the author's own custom properties.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag, model_validator
from pydantic_core import PydanticCustomError

from nac.channels import AndroidPush, IosPush, Slack, Teams
from nac.words import Channel, Email, Language, Locale, OneOrMany, Phone, Text, Timezone

# The properties that name an address: what identifies a transient recipient, and where a message can go.
ADDRESSES = (
    "$email", "$sms", "$whatsapp", "$inbox", "$messenger", "$slack", "$ms_teams",
    "$androidpush", "$iospush", "$webpush",
)  # fmt: skip


def _property_name(value: str) -> str:
    if value.startswith("$") or not value:
        raise PydanticCustomError("unknown_property", "is not a property that SuprSend knows", {"known": "property"})
    return value


class Profile(BaseModel):
    """What a user and an object have in common."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, defer_build=True)
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


def without_nulls(made: dict[str, Any]) -> dict[str, Any]:
    """A person who has no phone number has no `$sms`: what the service knows and is null is left out."""
    kept = {}
    for name, value in made.items():
        if name[:1] == "$":
            if isinstance(value, list):
                value = [one for one in value if one is not None] or None
            if value is None:
                continue
        elif value is None and name in ("distinct_id", "is_transient"):
            continue
        kept[name] = value
    return kept
