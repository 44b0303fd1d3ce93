"""A Diff as one self-contained HTML page: every message before and after, side by side or under a slider.

changes → units, as somebody reads them (`units`) → heads and tables (`heads`, `tables`), cards of both sides (`sides`)
→ kept once each (`nac.report.page.store`) → one page, whose script draws what is looked at.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from nac.diff.changes import CLASSES, Diff
from nac.report.diff.page.heads import head
from nac.report.diff.page.overview import overview
from nac.report.diff.page.sides import messages
from nac.report.diff.page.units import Unit, units
from nac.report.diff.wording import summary
from nac.report.page import asset, filled
from nac.report.page.cards import NAMES, channel_name
from nac.report.page.markup import shown as label
from nac.report.page.store import Store

__all__ = ["diff_page"]

MAX_FOUND = 2_000
"""Characters that the filter looks through of one unit."""


def diff_page(found: Diff, *, title: str = "nac diff") -> str:
    """The page; UTF-8 text, the same for the same Diff. Messages are drawn where the Diff was made with `previews`."""
    store = Store()
    shown = units(found)
    data = {
        "overview": store.add(overview(found, shown)),
        "units": [_unit(one, store) for one in shown],
        "names": {name: label(channel_name(name)) for name in sorted({one.channel for one in shown} | set(NAMES))},
        **store.value(),
    }
    counts = {cls: sum(one.cls == cls for one in found.changes) for cls in reversed(CLASSES[1:])}
    return filled(
        _asset("diff.html.jinja"), asset("page.css") + _asset("diff.css"), _asset("diff.js"), title, data,
        counts=counts, base=found.base[:12], head=found.head[:12] if found.head else "work tree",
        summary=label(summary(found)),
    )  # fmt: skip


def _unit(unit: Unit, store: Store) -> dict[str, Any]:
    """What the script needs of a unit: names for the list and the filters, numbers of cards for the rest."""
    return {
        "trigger": label(unit.trigger),
        "kind": unit.kind,
        "channel": unit.channel,
        "classes": sorted({one.cls for one in unit.changes}, key=CLASSES.index, reverse=True),
        "title": label(unit.title),
        "about": label(unit.about),
        "count": unit.count,
        "find": unit.find[:MAX_FOUND],
        "head": store.add(head(unit)),
        "messages": [
            [one[0], *(None if each is None else store.add(each) for each in one[1:])] for one in messages(unit)
        ],
    }  # fmt: skip


def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
