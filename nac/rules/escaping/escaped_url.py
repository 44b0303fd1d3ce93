"""NAC341: `{{ }}` of an address where nobody decodes HTML: `?id=1` becomes `?id&#x3D;1`, which leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Fix, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC341", "escaped-url", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.escaping.free_text import ESCAPES, is_url, shown_escapes
    from nac.rules.escaping.kinds import HTML, MARKDOWN, OTHER, kind_of, what_is
    from nac.rules.escaping.printed import printed

    for template in view.templates:
        for templated in view.texts(template):
            if "{{" not in templated.text.value or (kind := kind_of(templated)) in (HTML, OTHER):
                continue
            for one in printed(view, templated):
                if not one.escaped or not is_url(one):
                    continue
                shown, events = shown_escapes(one, "".join(ESCAPES))
                written = f"`{{{{{one.written}}}}}`"
                if shown:
                    seen = ", ".join(f"`{each}` becomes `{ESCAPES[each]}`" for each in shown)
                    message = f"{written} is escaped for HTML, and this is {what_is(templated)}: in the link, {seen}"
                else:
                    message = (
                        f"{written} is escaped for HTML, and this is {what_is(templated)}: "
                        "a link with a query would be broken (`=` becomes `&#x3D;`)"
                    )
                yield Diagnostic(
                    RULE,
                    message,
                    one.label,
                    help=f"write three braces: `{{{{{{{one.written}}}}}}}`",
                    events=events,
                    fix=Fix("write three braces", one.three_braces()),
                    level="error" if shown and kind != MARKDOWN else None,
                )


CHECK = Check(RULE, find)
