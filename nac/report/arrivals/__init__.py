"""The live page of `nac sandbox`: what arrived, newest first, and each record as its reader would see it.

The page (`arrivals.html.jinja`) is served once; its script asks for what is new, and for the cards of the record that
is looked at. Those are the cards of `nac.report.page`, made of escaped parts only.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from nac.preview.result import Previewed
from nac.report.page import asset, card, filled, findings
from nac.report.page.cards import NAMES, state
from nac.report.page.markup import h, shown

__all__ = ["arrivals_page", "drawn", "policy", "shortened"]

MOST_CHARACTERS = 4_000_000
"""Of one record's cards: what is over is told, and not drawn."""


def arrivals_page(project: str | None) -> str:
    """The page; `project` is the name of the one whose templates are shown, None where there is none."""
    data = {"names": NAMES, "project": None if project is None else shortened(project, 80)}
    return filled(
        _asset("arrivals.html.jinja"), asset("page.css") + _asset("arrivals.css"), _script(), "nac sandbox", data,
        policy=_policy(), project=data["project"],
    )  # fmt: skip


def policy() -> str:
    """The page's Content-Security-Policy, for its header: its own script alone, no address but its own, no frame."""
    return f"{_policy()}; frame-ancestors 'none'"


def drawn(previewed: Previewed) -> dict[str, Any]:
    """The cards of a record for one of its readers, as JSON values; the HTML in them is for `innerHTML`."""
    cards: list[dict[str, str]] = []
    left = MOST_CHARACTERS
    for reader in previewed.readers:
        for each in reader.previews:
            html = card(each, reader)
            left -= len(html)
            shown_html = html if left >= 0 else _too_large(each.channel)
            cards.append({"channel": each.channel, "state": state(each), "html": str(shown_html)})
    return {"cards": cards, "findings": str(findings(previewed)) if previewed.diagnostics else None}


def _too_large(channel: str) -> Markup:
    words = h("span", "This message is too large to be shown here.")
    name = NAMES.get(channel, shown(channel))
    return h(
        "article",
        h("header", h("h3", name, class_="card-name"), class_="card-head"),
        h("div", h("p", words), class_="unsent"),
        class_="card",
        data_channel=channel if channel in NAMES else "other",
        aria_label=name,
    )


def shortened(text: str, most: int) -> str:
    """A name for one line: what would hide or reorder it written out, and no longer than `most` characters."""
    cut = shown(text[: most + 1])
    return cut if len(cut) <= most else f"{cut[: most - 1]}…"


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
    return (f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
            "trusted-types nac")  # fmt: skip


def _script() -> str:
    return _asset("arrivals.js")


def _asset(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
