"""A WhatsApp message in its chat."""

from __future__ import annotations

from markupsafe import Markup

from nac.messages import Button, Whatsapp, WhatsappHeader
from nac.preview.result import Reader
from nac.report.page import mrkdwn
from nac.report.page.cards.parts import nothing
from nac.report.page.icons import icon
from nac.report.page.markdown import placeholder
from nac.report.page.markup import h, link, shown, text

_ICONS = {"url": "open", "phone": "call", "reply": "reply"}


def draw(message: Whatsapp, reader: Reader) -> Markup:
    category = h("span", shown(message.category.title()), class_="pill") if message.category else None
    return h(
        "div",
        h(
            "div",
            h("span", icon("whatsapp"), class_="avatar"),
            h("div", h("p", "Business account", class_="wa-name"), h("p", "WhatsApp", class_="wa-sub")),
            category,
            class_="wa-head",
        ),
        h(
            "div",
            h(
                "div",
                _header(message.header),
                h(
                    "div",
                    mrkdwn.whatsapp(message.body) if message.body.strip() else nothing(),
                    class_="wa-body",
                    dir="auto",
                ),
                h(
                    "p",
                    h("span", text(message.footer)) if message.footer else h("span"),
                    h("span", "9:41", class_="wa-time"),
                    class_="wa-foot",
                ),
                class_="wa-bubble",
            ),
            h("div", map(_button, message.buttons), class_="wa-buttons") if message.buttons else None,
            class_="wa-thread",
        ),
        class_="device device-phone device-whatsapp",
    )


def _header(header: WhatsappHeader | None) -> Markup | None:
    if header is None:
        return None
    if header.format.upper() == "TEXT":
        return h("p", text(header.text or ""), class_="wa-header")
    kind = {"DOCUMENT": "file", "VIDEO": "video"}.get(header.format.upper(), "image")
    name = header.filename or header.text or header.format.capitalize()
    return placeholder(name, header.media_url, kind, class_="media-wide")


def _button(button: Button) -> Markup:
    address = f"tel:{button.url.replace(' ', '')}" if button.kind == "phone" and button.url else button.url
    return link(address, icon(_ICONS.get(button.kind, "open")), text(button.text), class_="wa-button")
