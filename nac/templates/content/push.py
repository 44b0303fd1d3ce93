"""Content of the push channels. Source: the vendor's `channel/androidpush_schema.json`, `iospush_…`, `webpush_…`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nac.templates.content.base import Handlebars, Json, Open, Whole


class _Push(Open):
    templating_language: Handlebars = "handlebars"
    header: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    body: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    image_url: str = ""
    action_url: str = ""


class AndroidButton(Open):
    id: str = ""
    text: str
    url: str


class AndroidPush(_Push):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/androidpush_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/androidpush_schema.json", alias="$schema"
    )
    subtext: Annotated[str, StringConstraints(max_length=50)] = ""
    icon_small: str = ""
    icon_url: str = ""
    buttons: Annotated[list[AndroidButton], Field(max_length=3)] = Field(default_factory=list)
    channel_show_badge: bool = True
    channel_sound: str = ""
    channel_lock_screen_visibility: Literal["PUBLIC", "PRIVATE", "SECRET"] = "PUBLIC"
    channel_importance: Literal["HIGH", "LOW", "MAX", "MIN", "DEFAULT"] = "DEFAULT"
    priority: Literal["HIGH", "DEFAULT"] = "DEFAULT"
    color: str = ""
    auto_cancel: bool = True
    group: str = ""
    timeout_sec: Annotated[Whole, Field(ge=0)] = 0
    is_silent: bool = False
    is_sticky: bool = False
    local_only: bool = True
    extra_payload: dict[str, str] = Field(default_factory=dict)


class IosPush(_Push):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/iospush_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/iospush_schema.json", alias="$schema"
    )
    badge: Whole = 0
    sound: str = "default"
    content_available: Whole = 1
    mutable_content: Whole = 1
    thread_identifier: str = ""
    notification_type: str = "basic"
    via_suprsend: bool = True


class WebButton(Open):
    id: str = ""
    text: str
    url: str
    icon: str = ""


class WebPush(_Push):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/webpush_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/webpush_schema.json", alias="$schema"
    )
    icon_url: str = ""
    badge_url: str = ""
    dir: Literal["auto", "ltr", "rtl"] = "auto"
    vibrate: list[Annotated[Whole, Field(gt=0)]] = Field(default_factory=list)
    sound: str = ""
    is_sticky: bool = False
    is_silent: bool = False
    renotify: bool = False
    group: str = ""
    lang: str = ""
    buttons: Annotated[list[WebButton], Field(max_length=2)] = Field(default_factory=list)
    extra_payload: dict[str, Json] = Field(default_factory=dict)
