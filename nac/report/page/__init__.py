"""Previews as one self-contained HTML page: no network, no script but its own, the same bytes for the same input.

values → cards (`cards`, HTML out of escaped parts only) → kept once each (`store`) → one page (`page.html.jinja`),
whose script puts a card into the document when it is looked at.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from nac.preview.result import Previewed, Reader
from nac.report.page.cards import NAMES, card, channel_name, state
from nac.report.page.cards.parts import finding
from nac.report.page.icons import SPRITE, icon
from nac.report.page.markup import h
from nac.report.page.markup import shown as label
from nac.report.page.store import Store, island

__all__ = ["card", "findings", "preview_page"]

_SURROGATES = re.compile("[\ud800-\udfff]")


def preview_page(shown: Sequence[Previewed], *, title: str = "nac preview") -> str:
    """The page for these samples, in their order; UTF-8 text. An empty sequence gives a page that says so."""
    store = Store()
    samples = [_sample(one, store) for one in shown]
    data = {"samples": samples, "names": NAMES, **store.value()}
    return written(title, data, states(shown))


def written(title: str, data: Any, counts: dict[str, int]) -> str:
    """The page around its data: see `page.js` for what the data must have."""
    return filled(asset("page.html.jinja"), asset("page.css"), asset("page.js"), title, data, counts=counts)


def filled(html: str, style: str, script: str, title: str, data: Any, **values: Any) -> str:
    """A page of a template, a style sheet and a script, each a file of this package, around its data."""
    from jinja2 import Environment, StrictUndefined

    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made = page.from_string(html).render(
        title=label(title),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - as above
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        data=island(data),
        sprite=SPRITE,
        icon=icon,
        **values,
    )
    return _SURROGATES.sub("\ufffd", made)


def states(previewed: Sequence[Previewed]) -> dict[str, int]:
    """How many previews there are, and how many of each state."""
    counts = {"previews": 0, "ok": 0, "warning": 0, "unsent": 0, "dropped": 0}
    for one in previewed:
        for reader in one.readers:
            for preview in reader.previews:
                counts["previews"] += 1
                counts[state(preview)] += 1
    return counts


def _sample(one: Previewed, store: Store) -> dict[str, Any]:
    return {
        "name": label(one.name),
        "template": label(one.template),
        "event": label(one.event),
        "channels": [[channel, channel_name(channel)] for channel in one.channels],
        "more": one.more,
        "findings": store.add(findings(one)) if one.diagnostics else None,
        "readers": [_reader(reader, store) for reader in one.readers],
    }


def _reader(reader: Reader, store: Store) -> dict[str, Any]:
    return {
        "shown": label(reader.called),
        "identity": label(reader.identity),
        "via": label(reader.via),
        "previews": [
            [each.channel, label(each.locale), label(each.tenant or ""), store.add(card(each, reader)), state(each)]
            for each in reader.previews
        ],
    }


def findings(one: Previewed) -> Markup:
    count = len(one.diagnostics)
    return h(
        "section",
        h("h3", icon("alert"), f"{count} finding{'' if count == 1 else 's'}"),
        h("ul", (h("li", finding(each)) for each in one.diagnostics), class_="findings"),
        class_="banner",
        aria_label="Findings",
    )


def asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
