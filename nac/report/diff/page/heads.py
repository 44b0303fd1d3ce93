"""The head of a unit: how much it matters, why, because of which files; and its tables."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from nac.diff.changes import (
    Change,
    FactChanged,
    LinksChanged,
    MessageAdded,
    MessageChanged,
    NewlyDropped,
    NoLongerDropped,
    NotSentChanged,
    VariantChanged,
)
from nac.report.diff.page import tables
from nac.report.diff.page.units import Unit
from nac.report.diff.page.words import texts
from nac.report.diff.wording import causes, places, title
from nac.report.page.icons import icon
from nac.report.page.markup import coded, h, link, shown

MAX_CAUSES = 8
MAX_LINKS = 20


def pill(cls: str) -> Markup:
    return h("span", cls, class_=f"class is-{cls}")


def head(unit: Unit) -> Markup:
    reasons = dict.fromkeys(one.reason for one in unit.changes) if len(unit.changes) == 1 else {}
    return h(
        "section",
        h(
            "div",
            pill(unit.cls),
            h("h2", icon(unit.channel) if unit.channel else None, shown(unit.title), id="unit-title"),
            class_="unit-title",
        ),
        (h("p", coded(_sentence(one)), ".", class_="unit-reason") for one in reasons),
        _causes(unit),
        _body(unit),
        class_="unit-head",
    )


def _causes(unit: Unit) -> Markup | None:
    files = list(dict.fromkeys(path for one in unit.changes for path in causes(one)))
    sampled = any("sample" in one.causes for one in unit.changes)
    chips = [h("li", icon("file"), h("code", shown(path)), class_="cause") for path in files[:MAX_CAUSES]]
    if sampled:
        chips.append(h("li", icon("file"), "the sample's own event", class_="cause"))
    if len(files) > MAX_CAUSES:
        chips.append(h("li", f"and {len(files) - MAX_CAUSES} more", class_="cause"))
    where = shown(places(unit.first.where)) if unit.kind == "message" else ""
    if not chips and not where:
        return None
    return h(
        "div",
        h("span", where, class_="where") if where else None,
        h("ul", chips, class_="causes", aria_label="Because of") if chips else None,
        class_="unit-facts",
    )


def _body(unit: Unit) -> Iterator[Markup | None]:
    match unit.kind:
        case "message":
            yield _list(list(_message(unit.first)))
            if isinstance(unit.first, MessageChanged) and not unit.first.shown:
                yield texts(unit.first.texts, "What changed")
                yield texts(unit.first.markup, "Markup", code=True)
        case "request":
            yield tables.fields(unit.changes)
        case "people":
            yield tables.counts(unit.changes)
            yield tables.people(unit.changes)
            yield tables.fields(unit.changes)
        case "findings":
            yield tables.findings(unit.changes)
        case "samples":
            yield h("ul", (h("li", pill(one.cls), h("span", shown(title(one)))) for one in unit.changes), class_="rows")
        case _:
            if unit.about:
                yield h("p", shown(unit.about), class_="where")


def _list(items: list[Markup]) -> Markup | None:
    return h("ul", items, class_="also") if items else None


def _message(change: Change) -> Iterator[Markup]:
    match change:
        case MessageChanged():
            if change.fields and not change.texts:
                yield _fact("differs", h("span", shown(", ".join(change.fields))))
            for one in change.also:
                yield from _message(one)
        case VariantChanged():
            yield _fact("variant", _arrow(change.before or "none", change.after or "none"),
                        h("span", coded(change.why), class_="muted") if change.why else None)  # fmt: skip
        case FactChanged():
            yield _fact(change.name.replace("_", " "), _arrow(change.before, change.after),
                        h("span", coded(change.note), class_="muted") if change.note else None)  # fmt: skip
        case LinksChanged():
            for tag, links in (("del", change.removed), ("ins", change.added)):
                for url in links[:MAX_LINKS]:
                    yield _fact("link", h(tag, link(url, shown(url))))
                if len(links) > MAX_LINKS:
                    yield _fact("link", h("span", f"and {len(links) - MAX_LINKS:,} more"))
        case NewlyDropped() | NoLongerDropped():
            for why in change.why:
                yield _fact("dropped" if isinstance(change, NewlyDropped) else "was dropped", h("span", coded(why)))
        case NotSentChanged():
            yield _fact("not sent", h("span", coded(change.before or change.after or "")))
        case MessageAdded() if not change.shown:
            yield _fact("text", h("ins", shown(change.text[:2_000])))
        case _:
            return


def _arrow(before: str, after: str) -> Markup:
    return h("span", h("del", shown(before)), " → ", h("ins", shown(after)))


def _fact(name: str, *values: Markup | None) -> Markup:
    return h("li", h("b", name), h("span", values))


def _sentence(text: str) -> str:
    """With a capital at its head, but where it begins with a field's name."""
    first = text.partition(" ")[0]
    return text if "." in first or "_" in first else text[:1].upper() + text[1:]
