"""NAC354: tags of an email that are never closed, never opened, or closed in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.content.html import Markup
    from nac.rules.content.nesting import Broken
    from nac.rules.view import View

RULE = Rule("NAC354", "broken-html", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.html import markups
    from nac.rules.content.nesting import broken

    for markup in markups(view):
        for one in broken(markup):
            yield _finding(markup, one)


def _finding(markup: Markup, one: Broken) -> Diagnostic:
    tag, other = one.tag, one.other
    label = markup.label(tag.start, tag.end)
    name = tag.name[:40]
    if one.kind == "unopened":
        return Diagnostic(RULE, f"`</{name}>` closes nothing: there is no `<{name}>` open here", label)
    if one.kind == "nested" and other is not None:
        first = markup.label(other.start, other.end, "this one is still open")
        return Diagnostic(
            RULE, f"`<{name}>` stands in another `<{name}>`", label, (first,), f"close the first with `</{name}>`"
        )
    related: tuple[Label, ...] = ()
    message = f"`<{name}>` is never closed"
    if other is not None:
        end = "closed" if other.kind == "close" else "opened"
        message = f"`<{name}>` is still open where `{'</' if end == 'closed' else '<'}{other.name[:40]}>` stands"
        related = (markup.label(other.start, other.end, f"{end} here"),)
    help = f"close it with `</{name}>`" + (" before that" if other else "")
    return Diagnostic(RULE, message, label, related, help=help)


CHECK = Check(RULE, find)
