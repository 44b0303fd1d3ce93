"""NAC352: an image without a text in its place, for whoever does not see it: many mail programs block images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC352", "image-without-alt", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.html import markups

    for markup in markups(view):
        if "<img" not in markup.text.lower():
            continue
        for tag in markup.tags():
            if tag.name == "img" and tag.get("alt") is None and not tag.is_dynamic:
                yield Diagnostic(
                    RULE,
                    "this image has no `alt`: who does not see it, or blocks images, does not learn what it shows",
                    markup.label(tag.start, tag.end),
                    help='say what it shows: `alt="…"`; `alt=""` for one that is mere decoration',
                )
    from nac.rules.content.cards import problems

    for one in problems(view):
        if one.kind == "alt":
            yield one.finding(RULE)


CHECK = Check(RULE, find)
