"""An in-app inbox item, in the feed that it appears in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from nac.messages import Button, Inbox
from nac.preview.result import Reader
from nac.report.page.cards.parts import initials, nothing
from nac.report.page.icons import icon
from nac.report.page.markdown import markdown, placeholder
from nac.report.page.markup import h, link, shown, text


def draw(message: Inbox, reader: Reader) -> Markup:
    return h(
        "div",
        h(
            "div",
            h("span", "Notifications"),
            h("span", "1", class_="count"),
            h("span", "Mark all as read", class_="inbox-all"),
            class_="inbox-bar",
        ),
        h(
            "div",
            _avatar(message),
            h(
                "div",
                _top(message),
                h("div", markdown(message.body) if message.body.strip() else nothing(), class_="md", dir="auto"),
                placeholder("Image", message.image_url, class_="media-wide") if message.image_url else None,
                h("p", link(message.subtext_url, text(message.subtext)), class_="inbox-subtext")
                if message.subtext
                else None,
                h(
                    "div",
                    (_button(one, not number) for number, one in enumerate(message.buttons)),
                    class_="inbox-buttons",
                )
                if message.buttons
                else None,
                h("div", _about(message), class_="inbox-about"),
                class_="inbox-words",
            ),
            class_=f"inbox-item{' is-pinned' if message.is_pinned else ''}",
        ),
        _ghost(),
        _ghost(),
        class_="device device-inbox",
    )


def _avatar(message: Inbox) -> Markup:
    title = shown(message.avatar_url) if message.avatar_url else None
    words = icon("image") if message.avatar_url else initials(message.header)
    if message.avatar_action_url:
        return link(message.avatar_action_url, words, h("span", "Avatar", class_="hidden"), class_="avatar")
    return h("span", words, class_="avatar", title=title)


def _top(message: Inbox) -> Markup:
    header = link(message.action_url, text(message.header)) if message.header else None
    high = h("span", "High", class_="pill is-high", title="importance: high") if message.importance == "high" else None
    pinned = (
        h("span", icon("pin"), h("span", "Pinned", class_="hidden"), class_="inbox-pin", title="Pinned")
        if message.is_pinned
        else None
    )
    return h("p", h("b", header), high, pinned, h("span", "now", class_="inbox-time"), class_="inbox-top")


def _button(button: Button, first: bool) -> Markup:
    return link(button.url, text(button.text), class_=f"action{' is-primary' if first else ''}")


def _about(message: Inbox) -> Iterator[Markup]:
    for tag in message.tags[:20]:
        yield h("span", text(tag), class_="pill")
    if message.expiry and (value := message.expiry.get("value")):
        relative = message.expiry.get("format") != "absolute"
        when = f"in {_duration(str(value))}" if relative else f"at {shown(str(value))}"
        yield h("span", icon("clock"), f"Expires {when}", class_="pill", title=shown(str(value)))
    if message.action_url:
        yield h(
            "span",
            icon("open"),
            h("span", shown(message.action_url), class_="address"),
            class_="pill is-address",
            title=shown(message.action_url),
        )
    if message.extra_data:
        yield h(
            "details",
            h("summary", "Extra data"),
            h("pre", message.extra_data, tabindex=0, role="group", aria_label="Extra data"),
            class_="extra",
        )


_UNITS = {"d": "day", "h": "hour", "m": "minute", "s": "second"}
_DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})s)?")


def _duration(value: str) -> str:
    """`03d00h00m00s` as `3 days`; anything else as it is written."""
    found = _DURATION.fullmatch(value)
    counts = [int(one or 0) for one in found.groups()] if found else []
    words = (
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in zip(counts, _UNITS.values(), strict=False)
        if count
    )
    return " ".join(words) or shown(value)


def _ghost() -> Markup:
    return h(
        "div",
        h("span", class_="ghost is-round"),
        h("div", h("span", class_="ghost is-short"), h("span", class_="ghost"), class_="inbox-words"),
        class_="inbox-item is-ghost",
        aria_hidden="true",
    )
