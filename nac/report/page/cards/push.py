"""A push notification where it lands: an Android or iOS lock screen, a desktop's corner. Cut where the device cuts:
`nac.preview.facts.push` says how long that is."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from nac.messages import Push
from nac.preview.facts.push import SHOWN
from nac.preview.result import Reader
from nac.report.page.icons import icon
from nac.report.page.markdown import placeholder
from nac.report.page.markup import h, link, shown, text


def draw(message: Push, reader: Reader) -> Markup:
    room = SHOWN.get(message.platform, SHOWN["androidpush"])
    title, title_rest = parted(message.header or "", room.header)
    body, body_rest = parted(message.body, room.body)
    rest = [
        h("p", h("b", f"{name}, cut after {limit}"), h("del", "…" + gone, dir="auto"))
        for name, limit, gone in (("Title", room.header, title_rest), ("Body", room.body, body_rest))
        if gone
    ]
    hint = (
        h(
            "p",
            icon("open"),
            h("span", shown(message.action_url), class_="address"),
            class_="push-opens",
            title=shown(message.action_url),
        )
        if message.action_url
        else None
    )
    note = _notification(message, _cut(title, title_rest), _cut(body, body_rest))
    if message.platform == "webpush":
        screen = h("div", note, class_="device device-desktop")
    else:
        clock = h(
            "div",
            h("p", "9:41", class_="lock-time"),
            h("p", "Tuesday 9 September", class_="lock-date"),
            class_="lock",
            aria_hidden="true",
        )
        screen = h(
            "div",
            clock,
            note,
            class_=f"device device-phone device-lock is-{'ios' if message.platform == 'iospush' else 'android'}",
        )
    below = h("div", rest, hint, class_="push-below") if rest or hint else None
    return h("div", screen, below, class_="push")


def _notification(message: Push, title: Markup, body: Markup) -> Markup:
    app = {"iospush": "YOUR APP", "webpush": "your.site"}.get(message.platform, "Your app")
    round_icon = h(
        "span",
        icon("image") if message.icon_url else icon("inbox"),
        class_="push-icon",
        title=shown(message.icon_url) if message.icon_url else None,
    )
    sub = h("span", " · ", text(message.subtext)) if message.subtext and message.platform == "androidpush" else None
    under = h("p", text(message.subtext), class_="push-sub") if message.subtext and sub is None else None
    words = h(
        "div",
        h("p", h("span", app, sub), h("span", "now", class_="push-when"), class_="push-app"),
        h("p", title, class_="push-title", dir="auto") if message.header else None,
        under,
        h("p", body, class_="push-body", dir="auto"),
        class_="push-words",
    )
    image = placeholder("Image", message.image_url, class_="media-wide") if message.image_url else None
    buttons = (
        h(
            "div",
            (link(one.url, text(one.text), class_="push-button") for one in message.buttons),
            class_="push-buttons",
        )
        if message.buttons
        else None
    )
    return h("div", h("div", round_icon, words, class_="push-main"), image, buttons, class_="notification")


def _cut(kept: str, rest: str) -> Markup:
    return h("span", kept, h("span", "…", class_="cut-mark", title="Cut here") if rest else None)


def parted(text: str, limit: int) -> tuple[str, str]:
    """What a device shows, and what it cuts off: at `limit` characters, never inside a letter with its marks."""
    if len(text) <= limit:
        return text, ""
    at = limit - 1  # the ellipsis takes a character's room
    while at > limit - 20 and (unicodedata.combining(text[at]) or text[at] in _JOINS or text[at - 1] == "\u200d"):
        at -= 1
    before = text[:at]
    if text[at] in _FLAGS and (len(before) - len(before.rstrip(_FLAGS))) % 2:
        at -= 1  # a flag is two characters
    return text[:at].rstrip(), text[at:].lstrip()


_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINS = "\u200d\ufe0f\ufe0e" + "".join(map(chr, range(0x1F3FB, 0x1F400)))
