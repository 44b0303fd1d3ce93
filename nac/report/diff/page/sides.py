"""The messages of a unit: what each looked like, what it looks like, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from nac.diff.changes import Picture, Place
from nac.messages import Email
from nac.preview.result import Preview, Reader
from nac.report.diff.page.units import Unit, of_place
from nac.report.diff.page.words import texts
from nac.report.page.cards import parts, stage
from nac.report.page.icons import icon
from nac.report.page.markup import h, shown

MAX_PLACES = 100
Message = tuple[str, Markup | None, Markup | None, Markup | None, Markup | None, Markup | None]


def messages(unit: Unit) -> Iterator[Message]:
    """Label, before, after, words, markup, places: what `diff.js` draws of each message."""
    for change in unit.changes:
        for one in change.shown:
            yield (
                _label(one, unit), _side(one.before, one, "before"), _side(one.after, one, "after"),
                texts(one.texts, "What changed"), texts(one.markup, "Markup", code=True), _places(one.where),
            )  # fmt: skip


def _label(one: Picture, unit: Unit) -> str:
    place = one.where[0] if one.where else Place()
    on = f" · {place.channel}" if place.channel and not unit.channel else ""
    more = f" (+{len(one.where) - 1:,})" if len(one.where) > 1 else ""
    return f"{shown(of_place(place))}{on}{more}"


def _side(preview: Preview | None, one: Picture, name: str) -> Markup | None:
    if preview is None:
        return None
    place = one.where[0] if one.where else Place()
    reader = Reader(place.reader or "somebody", "", "", ())
    variant = preview.choice.variant if preview.choice else None
    return h(
        "article",
        h(
            "header",
            h("h3", name.capitalize()),
            h("span", shown(variant.name), class_="card-variant", title="The variant that was chosen")
            if variant
            else None,
            class_="side-head",
        ),
        stage(preview, reader),
        parts.footer(preview),
        class_=f"layer is-{name}{size_of(one)}",
        aria_label=name.capitalize(),
    )


def size_of(one: Picture) -> str:
    """How tall the frames of both emails are: what is in them cannot be measured from outside."""
    found = [each.message for each in (one.before, one.after) if each and isinstance(each.message, Email)]
    lines = max((sum(1 + len(line) // 80 for line in each.plain_text.split("\n")) for each in found), default=0)
    markup = max((len(each.html or "") for each in found), default=0)
    if not found or lines > 30 or markup > 8_000 or any("<img" in (each.html or "").lower() for each in found):
        return ""
    return " is-short" if lines <= 9 and markup <= 2_500 else " is-medium"


def _places(where: Sequence[Place]) -> Markup | None:
    """Everywhere that the message looks the same."""
    if len(where) < 2:
        return None
    rows = (
        h("tr", (h("td", shown(value or "–")) for value in (one.reader, one.locale, one.tenant, one.sample)))
        for one in where[:MAX_PLACES]
    )
    more = h("p", f"and {len(where) - MAX_PLACES:,} more", class_="more") if len(where) > MAX_PLACES else None
    return h(
        "details",
        h("summary", icon("stack"), f"It looks the same in {len(where):,} places"),
        h(
            "table",
            h("thead", h("tr", (h("th", name, scope="col") for name in ("Recipient", "Locale", "Tenant", "Sample")))),
            h("tbody", rows),
            class_="table",
        ),
        more,
        class_="places",
    )
