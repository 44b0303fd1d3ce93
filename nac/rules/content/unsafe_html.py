"""NAC355: what mail programs take out of an email, or refuse it for: scripts, frames, event handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.content.html import Markup, Tag
    from nac.rules.view import View

RULE = Rule("NAC355", "unsafe-html", "warning")
_TAGS = frozenset({"script", "iframe", "frame", "frameset", "object", "embed", "applet"})
_JSON = "application/ld+json"  # schema.org's markup, which Gmail reads
_HANDLER = re.compile(r"on[a-z]{3,20}")
_LINKS = ("href", "src", "action", "formaction")
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript)\s*:", re.IGNORECASE)


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.html import markups

    for markup in markups(view):
        for tag in markup.tags():
            if tag.kind != "close" and (said := _said(tag)):
                yield Diagnostic(RULE, said[0], _label(markup, tag, said[1]), help=said[2])


def _label(markup: Markup, tag: Tag, attribute: str | None) -> Label:
    found = re.compile(rf"(?<=[\s\"'/]){re.escape(attribute)}\s*=", re.IGNORECASE) if attribute else None
    place = found.search(markup.text, tag.start, tag.end) if found else None
    return (
        markup.label(place.start(), place.start() + len(attribute or "")) if place else markup.label(tag.start, tag.end)
    )


def _said(tag: Tag) -> tuple[str, str | None, str] | None:
    if tag.name in _TAGS and not (tag.name == "script" and (tag.get("type") or "").strip().lower() == _JSON):
        help = "take it out; what it shows belongs on a page that the email links to"
        return f"mail programs remove `<{tag.name}>`, and some refuse the email for it", None, help
    for name, value in tag.attributes:
        if _HANDLER.fullmatch(name):
            return f"mail programs remove `{name}`: no script runs in an email", name, "take it out"
        if name in _LINKS and value and _SCRIPT.match(value):
            return "mail programs remove this link: no script runs in an email", name, "link to a page instead"
    return None


CHECK = Check(RULE, find)
