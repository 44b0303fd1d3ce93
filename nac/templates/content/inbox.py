"""Content of the channel inbox. Source: the vendor's `channel/inbox_schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nac.templates.content.base import Handlebars, Open, Some


class Subtext(Open):
    text: str = ""
    url: str = ""


class Avatar(Open):
    image_url: str = ""
    url: str = ""


class Expiry(Open):
    """`value` is a length of time such as 1d, or a time; either may be Handlebars."""

    format: Literal["absolute", "relative"] = "relative"
    expiry_type: Literal["fixed", "dynamic"] = "fixed"
    value: Annotated[str, StringConstraints(max_length=500)] = ""
    is_expiry_visible: bool = False


class Button(Open):
    text: str = ""
    url: str = ""
    open_in_new_tab: bool = False


class Inbox(Open):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/inbox_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/inbox_schema.json", alias="$schema"
    )
    templating_language: Handlebars = "handlebars"
    schema_version: Literal["1.0"] = "1.0"
    header: Annotated[str, StringConstraints(max_length=500)] = ""
    body: Some
    action_url: str = ""
    open_in_new_tab: bool = False
    image_url: str = ""
    subtext: Subtext | None = None
    importance: Literal["default", "high"] = "default"
    avatar: Avatar | None = None
    tags: list[str] = Field(default_factory=list)
    is_expiry_enabled: bool = False
    expiry: Expiry | None = None
    is_pinned: bool = False
    buttons: list[Button] = Field(default_factory=list)
    extra_data: str = ""
