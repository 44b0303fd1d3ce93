"""Push notifications to Android, iOS and browsers: three schemas with the same heart."""

from __future__ import annotations

from nac.messages import Button, Push
from nac.preview.fields import Fields

_SHOWN = ("header", "body", "subtext", "icon_url", "image_url", "action_url", "buttons")
_STRUCTURE = ("$schema", "schema_version", "templating_language")


def message(fields: Fields) -> Push:
    return Push(
        platform=fields.variant.channel,
        header=fields.text("header"),
        body=fields.text("body") or "",
        subtext=fields.text("subtext"),
        icon_url=fields.text("icon_url"),
        image_url=fields.text("image_url"),
        action_url=fields.text("action_url"),
        buttons=tuple(_button(fields, index) for index in fields.items("buttons")),
        settings=fields.rest(without=(*_SHOWN, *_STRUCTURE)) or None,
    )


def _button(fields: Fields, index: int) -> Button:
    at = ("buttons", index)
    fields.text(*at, "icon")  # never drawn, and still a reason to drop the message
    return Button(fields.text(*at, "text") or "", fields.text(*at, "url"), id=fields.text(*at, "id"))
