"""NAC342: `{{{ }}}` of somebody's words in the HTML of an email: a `<` in them becomes part of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC342", "unescaped-html", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.escaping.free_text import is_free_text, is_markup
    from nac.rules.escaping.kinds import HTML, kind_of
    from nac.rules.escaping.printed import printed

    for template in view.templates:
        for templated in view.texts(template):
            if "{{" not in templated.text.value or kind_of(templated) != HTML:
                continue
            for one in printed(view, templated):
                # There is hardly another reason for three braces here: two words are enough.
                if not one.escaped and is_free_text(view, one, words=2) and not is_markup(one):
                    yield Diagnostic(
                        RULE,
                        f"`{one.written}` is somebody's words, and three braces put them into the page as HTML",
                        one.label,
                        help=f"write two braces: `{{{{{one.written}}}}}`; what is meant to be HTML is best called so",
                    )


CHECK = Check(RULE, find)
