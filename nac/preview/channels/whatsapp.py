"""WhatsApp's interactive message: a header of text or media, a body, a footer, and buttons of one kind."""

from __future__ import annotations

from nac.messages import Button, Whatsapp, WhatsappHeader
from nac.preview.fields import Fields


def message(fields: Fields) -> Whatsapp:
    header = _header(fields) if fields.value("header") else None
    body = fields.text("body", "text") or ""
    footer = fields.text("footer", "text")
    kind = fields.word("button_type", default="NONE")
    buttons = tuple(_button(fields, index) for index in fields.items("buttons")) if kind != "NONE" else ()
    return Whatsapp(body, header, footer, kind, buttons, fields.word("category", default="") or None)


def _header(fields: Fields) -> WhatsappHeader | None:
    kind = fields.word("header", "format", default="TEXT")
    if kind == "TEXT":
        text = fields.text("header", "text")
        return WhatsappHeader(kind, text) if text else None
    return WhatsappHeader(
        kind, media_url=fields.text("header", "media_url"), filename=fields.text("header", "filename")
    )


def _button(fields: Fields, index: int) -> Button:
    at = ("buttons", index)
    text = fields.text(*at, "text") or ""
    kind = fields.word(*at, "type", default="QUICK_REPLY")
    if kind == "PHONE_NUMBER":
        return Button(text, fields.text(*at, "phone_number"), "phone")
    if kind == "URL":
        url = fields.text(*at, "url_static_part") or ""
        if fields.word(*at, "url_type", default="static") == "dynamic":
            url += fields.text(*at, "url_dynamic_part") or ""
        return Button(text, url or None)
    return Button(text, None, "reply")
