"""Content of the channel whatsapp. Source: the vendor's `channel/whatsapp_basic_interactive_schema.json`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from nac.templates.content.base import Handlebars, Open, Some, missing, too_short


class Words(Open):
    """A body or a footer."""

    text: str


class Header(Open):
    """A text, or a medium to show above the body."""

    format: Literal["TEXT", "DOCUMENT", "IMAGE", "VIDEO"]
    text: str = ""
    media_url: str = ""
    filename: str = ""

    @model_validator(mode="after")
    def _has_its_own(self) -> Header:
        needs = "text" if self.format == "TEXT" else "media_url"
        if needs not in self.model_fields_set:
            raise missing(needs)
        if needs == "media_url" and len(self.media_url) < 5:
            raise too_short("media_url", self.media_url, min_length=5)
        return self


class PhoneNumberButton(Open):
    type: Literal["PHONE_NUMBER"]
    text: Some
    phone_number: Annotated[str, StringConstraints(min_length=8)]


class QuickReplyButton(Open):
    type: Literal["QUICK_REPLY"]
    text: Some


class UrlButton(Open):
    type: Literal["URL"]
    text: str
    url_type: Literal["dynamic", "static"]
    url_static_part: str
    url_dynamic_part: str = ""

    @model_validator(mode="after")
    def _dynamic_says_how(self) -> UrlButton:
        if self.url_type == "dynamic" and "url_dynamic_part" not in self.model_fields_set:
            raise missing("url_dynamic_part")
        return self


class AnyButton(Open):
    """Stands in for a button of no known type, to say which types there are."""

    type: Literal["PHONE_NUMBER", "QUICK_REPLY", "URL"]


def _which(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    return f"<{kind}>" if isinstance(kind, str) and kind in ("PHONE_NUMBER", "QUICK_REPLY", "URL") else "<any>"


Button = Annotated[
    Annotated[AnyButton, Tag("<any>")]
    | Annotated[PhoneNumberButton, Tag("<PHONE_NUMBER>")]
    | Annotated[QuickReplyButton, Tag("<QUICK_REPLY>")]
    | Annotated[UrlButton, Tag("<URL>")],
    Discriminator(_which),
]


class Whatsapp(Open):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/whatsapp_basic_interactive_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/whatsapp_basic_interactive_schema.json", alias="$schema"
    )
    templating_language: Handlebars = "handlebars"
    category: Literal["UTILITY", "MARKETING"]
    subcategory: Literal["basic_interactive"]
    header: Header | None = None
    body: Words
    footer: Words | None = None
    button_type: Literal["CALL_TO_ACTION", "QUICK_REPLY", "NONE"] = "NONE"
    buttons: list[Button] = Field(default_factory=list)

    @model_validator(mode="after")
    def _buttons_are_there(self) -> Whatsapp:
        # The vendor's schema asks for buttons unless `button_type` says NONE: left out, it does not.
        if "button_type" in self.model_fields_set and self.button_type == "NONE":
            return self
        if "buttons" not in self.model_fields_set:
            raise missing("buttons" if "button_type" in self.model_fields_set else "button_type")
        if not self.buttons:
            raise too_short("buttons", self.buttons, min_length=1, actual_length=0)
        return self
