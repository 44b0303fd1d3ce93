"""NAC350: an email of HTML alone, with nothing for who reads plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC350", "email-without-text", "info")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.shown import field_label

    for template in view.templates:
        for variant in template.of("email"):
            body = variant.content.get("body")
            kind = body.get("type", "designer") if isinstance(body, dict) else None
            html, text = (variant.texts.get(("body", str(kind), form)) for form in ("html", "text"))
            if kind not in ("raw", "designer") or html is None or not html.value.strip():
                continue
            if text is None or not text.value.strip():
                is_vendor = variant.written.source.path.endswith(".json")
                where = f"body.{kind}.txt beside it" if is_vendor else "as `text:` at the top of the file"
                yield Diagnostic(
                    RULE,
                    "this email has no plain text: filters of spam count that against it, and some people read no HTML",
                    field_label(variant, ("body", str(kind), "html")),
                    help=f"write it {where}",
                )


CHECK = Check(RULE, find)
