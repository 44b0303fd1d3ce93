"""An email in a mail client: the row in the list, the head, and the body in a frame of its own."""

from __future__ import annotations

import re

from markupsafe import Markup

from nac.messages import Email
from nac.preview.result import Reader
from nac.report.page.cards.parts import avatar, tabs
from nac.report.page.email_body import Body, quiet
from nac.report.page.icons import icon
from nac.report.page.markup import frame, h, link, shown, text

_SHORT = 800  # characters of HTML
_FEW = 6  # things that begin a line
_HIGHER = re.compile(r"<(?:p|div|tr|td|br|li|h[1-6]|hr|table|pre|dt|dd)\b")


def draw(message: Email, reader: Reader) -> Markup:
    name = message.from_name or message.from_address or "Sender"
    subject = (message.subject or "").strip() or "(no subject)"
    return h(
        "div",
        h(
            "div",
            h("span", class_="dot"),
            h("span", class_="dot"),
            h("span", class_="dot"),
            class_="window-bar",
            aria_hidden="true",
        ),
        _row(message, name, subject),
        _head(message, reader, name, subject),
        _body(message, subject),
        class_="device device-mail",
    )


def _row(message: Email, name: str, subject: str) -> Markup:
    preheader = h("span", text(message.preheader), class_="mail-preheader") if message.preheader else None
    return h(
        "div",
        h("span", class_="unread", aria_hidden="true"),
        h(
            "div",
            h("p", text(name), h("span", "9:41", class_="mail-time"), class_="mail-from"),
            h("p", text(subject), class_="mail-line"),
            h(
                "p",
                preheader or h("span", "No preheader: the list shows the body's first words", class_="mail-none"),
                class_="mail-line",
            ),
            class_="mail-words",
        ),
        class_="mail-row",
    )


def _head(message: Email, reader: Reader, name: str, subject: str) -> Markup:
    sender = h("span", " <", message.from_address, ">", class_="mail-address") if message.from_address else None
    unknown = [h("span", text(reader.called), h("span", " address not known here", class_="mail-none"))]
    to = [*map(text, message.to), *map(text, message.extra_to)] if message.to or message.extra_to else unknown
    rows = [
        ("To", to),
        ("Cc", [*map(text, message.cc)]),
        ("Bcc", [*map(text, message.bcc)]),
        ("Reply to", [text(message.reply_to)] if message.reply_to else []),
    ]
    return h(
        "div",
        h("p", text(subject), class_="mail-subject"),
        h(
            "div",
            avatar(name),
            h(
                "div",
                h("p", h("b", text(name)), sender),
                h(
                    "dl",
                    (
                        (h("dt", label), h("dd", (h("span", one, class_="recipient") for one in found)))
                        for label, found in rows
                        if found
                    ),
                ),
            ),
            class_="mail-people",
        ),
        class_="mail-head",
    )


def _body(message: Email, subject: str) -> Markup:
    plain = h(
        "pre", message.plain_text, class_="mail-text", dir="auto", tabindex=0, role="group", aria_label="Plain text"
    )
    derived = h("p", "Made from the HTML: the template has no plain text of its own.", class_="pane-note")
    text_pane = h("div", derived if message.text_derived else None, plain)
    if message.html is None:
        return h("div", h("p", "A plain-text email", class_="pane-note"), plain, class_="mail-body")
    body = quiet(message.html)
    panes = [("HTML", frame(f"Email: {shown(subject)}", body.html, short=_is_short(body))), ("Plain text", text_pane)]
    if body.links:
        panes.append((f"Links {len(body.links)}", _links(body.links)))
    if message.markup:
        panes.append(
            ("Markup", h("pre", message.markup, class_="mail-text", tabindex=0, role="group", aria_label="Markup"))
        )
    images = f"{body.images:,} remote image{'s are' if body.images > 1 else ' is'} not loaded"
    note = h("p", icon("image"), images, class_="blocked") if body.images else None
    grow = h(
        "button", "Taller", type="button", class_="grow", aria_pressed="false", title="Show more of the email at once"
    )
    return h("div", h("div", note, grow, class_="mail-tools"), tabs("Body", panes), class_="mail-body")


def _is_short(body: Body) -> bool:
    """Whether an email is a few lines without a picture or a style that could make them higher."""
    low = body.html[:_SHORT].lower()
    if len(body.html) > _SHORT or body.images or "<img" in low or "<svg" in low or "<style" in low:
        return False
    return len(_HIGHER.findall(low)) <= _FEW and "height" not in low and "padding" not in low


def _links(links: tuple[str, ...]) -> Markup:
    rows = (h("li", link(url, shown(url))) for url in links[:200])
    return h("ol", rows, class_="mail-links", tabindex=0, role="group", aria_label="Links")
