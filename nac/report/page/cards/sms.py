"""An SMS on a phone: one bubble, its segments marked, and the character that made it longer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from nac.messages import Sms
from nac.preview.facts.segments import Forced, Segments, segments
from nac.preview.result import Reader
from nac.report.page.cards.parts import avatar, nothing
from nac.report.page.icons import icon
from nac.report.page.markup import Child, h, shown, text

MOST_NAMED = 4
"""Characters named below the bubble; the others are highlighted in it."""
MOST_MARKED = 8
"""Different characters that are highlighted."""


def draw(message: Sms, reader: Reader) -> Markup:
    found = segments(message.body)
    sender = message.header or "Sender"
    return h(
        "div",
        h(
            "div",
            avatar(message.header, class_="is-grey")
            if message.header
            else h("span", icon("sms"), class_="avatar is-grey"),
            h("p", text(sender), class_="sms-sender"),
            _category(message),
            class_="sms-head",
        ),
        h(
            "div",
            h("p", "Text message · 9:41", class_="sms-when"),
            h("div", _bubble(message.body, found) if message.body.strip() else nothing(), class_="bubble", dir="auto"),
            class_="sms-thread",
        ),
        _counter(found),
        _forced(found),
        class_="device device-phone device-sms",
    )


def _category(message: Sms) -> Markup | None:
    if message.kind != "dlt":
        return None
    words = "DLT" if not message.category else f"DLT · {shown(message.category)}"
    return h("span", words, class_="pill", title="A message under India's DLT rules: its header and its category")


def _bubble(body: str, found: Segments) -> Iterator[Child]:
    parts = found.parts if "".join(found.parts) == body else (body,)
    names = {one.character: _named(one) for one in found.forced_by}
    # A text in a script of its own has none that stand out. Neighbours share a mark, so that letters stay joined.
    forced = re.compile("([" + "".join(map(re.escape, names)) + "]+)") if 0 < len(names) <= MOST_MARKED else None
    for number, part in enumerate(parts):
        if number:
            yield h("span", h("span", f"segment {number + 1}"), class_="cut-line")
        for at, piece in enumerate(forced.split(part) if forced else (part,)):
            title = ", ".join(dict.fromkeys(names[one] for one in piece)) if at % 2 else None
            yield h("mark", piece, class_="forced", title=title) if title else piece


def _counter(found: Segments) -> Markup:
    count = len(found.parts)
    full = found.per_part * max(1, count)
    words = f"{count} segment{'' if count == 1 else 's'} · {found.encoding} · {found.units:,} of {full:,}"
    bars = (h("span", class_="segment") for _ in range(min(count, 12)))
    return h(
        "div",
        h("p", words),
        h("div", bars, class_="segments", aria_hidden="true"),
        class_=f"counter{' is-long' if count > 1 else ''}",
    )


def _forced(found: Segments) -> Markup | None:
    if not found.forced_by:
        return None
    rows = [
        h(
            "li",
            h("mark", one.character, class_="forced"),
            h("span", shown(one.name.capitalize()), title=_named(one)),
            _instead(one),
        )
        for one in found.forced_by[:MOST_NAMED]
    ]
    rest = len(found.forced_by) - len(rows)
    more = h("li", f"and {rest:,} other character{'' if rest == 1 else 's'}") if rest > 0 else None
    return h("div", h("p", f"{found.encoding} because of"), h("ul", rows, more), class_="forced-by")


def _named(one: Forced) -> str:
    return f"{' '.join(f'U+{ord(each):04X}' for each in one.character)} {shown(one.name)}"


def _instead(one: Forced) -> Markup | None:
    if one.twin is None:
        return None
    words = "leave it out" if not one.twin else "write a space" if one.twin == " " else f"write {one.twin}"
    return h("span", words, class_="instead")
