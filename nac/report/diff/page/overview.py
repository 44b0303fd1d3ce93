"""The first thing to read: what needs a decision, how far it reaches, and which files did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from nac.diff.changes import CLASSES, Diff
from nac.report.diff.page import tables
from nac.report.diff.page.heads import pill
from nac.report.diff.page.units import Unit
from nac.report.diff.wording import causes, count, summary
from nac.report.page.icons import icon
from nac.report.page.markup import coded, h, shown

MAX_FIRST = 12
MAX_FILES = 30


def overview(found: Diff, units: Sequence[Unit]) -> Markup:
    """The card of the whole Diff; the buttons in it lead to units by their numbers."""
    if not found.changes:
        return h(
            "section",
            h("div", icon("check"), h("h2", "No change"), h("p", "Nothing differs in what is sent, to whom, or in what "
              "they read."), _notes(found), class_="empty is-good"),
        )  # fmt: skip
    said = summary(found)
    return h(
        "section",
        h("h2", "Overview", class_="hidden"),
        h("p", shown(said[:1].upper() + said[1:]), class_="overview-says"),
        _notes(found),
        _first(units),
        _section("Blast radius", "People that a selector of a directory reaches", tables.counts(found.changes)),
        _section("Changed files", "What each of them alters", _files(found)),
        class_="overview",
    )


def _notes(found: Diff) -> Markup | None:
    notes = [h("li", icon("info"), h("span", coded(one))) for one in found.notes]
    return h("ul", notes, class_="notes") if notes else None


def _section(title: str, about: str, body: Markup | None) -> Markup | None:
    if body is None:
        return None
    return h("section", h("h3", title), h("p", about, class_="muted"), body, class_="panel")


def _first(units: Sequence[Unit]) -> Markup | None:
    alike: dict[tuple[str, ...], list[tuple[int, Unit]]] = {}
    for number, unit in sorted(enumerate(units), key=lambda one: (-CLASSES.index(one[1].cls), one[0])):
        alike.setdefault((unit.cls, unit.trigger, unit.title, unit.first.reason), []).append((number, unit))
    ranked = [(*group[0], len(group)) for group in alike.values()]
    rows = [
        h(
            "li",
            h(
                "button",
                pill(unit.cls),
                h(
                    "span",
                    h("b", shown(unit.title), f" ×{times}" if times > 1 else None),
                    h("span", shown(unit.trigger), class_="muted"),
                    h("span", coded(unit.first.reason), class_="why-first"),
                    class_="first-words",
                ),
                icon("right"),
                type="button",
                class_="first",
                data_unit=number,
            ),
        )
        for number, unit, times in ranked[:MAX_FIRST]
    ]
    more = f"The {MAX_FIRST} most severe of {len(ranked):,}" if len(ranked) > MAX_FIRST else "The most severe first"
    return _section("Look at these first", more, h("ul", rows, class_="firsts"))


def _files(found: Diff) -> Markup | None:
    by: dict[str, Counter[str]] = {}
    for one in found.changes:
        for path in causes(one):
            by.setdefault(path, Counter())[one.cls] += 1
    if not by:
        return None
    order = sorted(by, key=lambda path: (*(-by[path][cls] for cls in reversed(CLASSES)), path))
    rows = (
        h(
            "li",
            icon("file"),
            h("code", shown(path)),
            h("span", (h("span", f"{by[path][cls]:,} {cls}", class_=f"class is-{cls}") for cls in reversed(CLASSES)
                       if by[path][cls]), class_="tallies"),
        )
        for path in order[:MAX_FILES]
    )  # fmt: skip
    more = h("p", f"and {count(len(by) - MAX_FILES, 'more file')}", class_="more") if len(by) > MAX_FILES else None
    return h("div", h("ul", rows, class_="files"), more)
