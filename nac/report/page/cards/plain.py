"""A channel without a drawing of its own: the text, as it would be read."""

from __future__ import annotations

from markupsafe import Markup

from nac.messages import Message
from nac.preview.result import Reader
from nac.report.page import mrkdwn
from nac.report.page.markup import h


def draw(message: Message, reader: Reader) -> Markup:
    return h(
        "div",
        h("div", h("div", mrkdwn.plain(message.text), class_="bubble", dir="auto"), class_="sms-thread"),
        class_="device device-phone device-sms",
    )
