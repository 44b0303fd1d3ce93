"""NAC351: an email without a subject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View
    from nac.templates.template import Variant

RULE = Rule("NAC351", "email-without-subject", "warning")
_PATH = ("subject",)


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.shown import field_label, messages_of

    for template in view.templates:
        for variant in template.of("email"):
            is_vendor = variant.written.source.path.endswith(".json")
            text = variant.texts.get(_PATH)
            if text is None or not text.value.strip():
                # In the vendor's form a subject that is not there, or empty, breaks its schema: told as such.
                if not is_vendor or (text is not None and text.value):
                    help = "write one: `subject:` between two lines of `---` at the top of the file"
                    yield Diagnostic(
                        RULE,
                        "this email has no subject",
                        _label(variant),
                        help=None if is_vendor else help,
                        level="error" if is_vendor else None,
                    )
                continue
            if "{{" not in text.value:
                continue
            shown = [one for one in view.once(messages_of).of(template, variant) if one.real]
            empty = [one for one in shown if (fact := one.fact("subject_length")) and fact.value == 0]
            if empty:
                events = tuple(dict.fromkeys(event for one in empty for event in one.events))
                yield Diagnostic(RULE, "this subject prints nothing", field_label(variant, _PATH),
                                 help="give it a text that is there in any case", events=events)  # fmt: skip


def _label(variant: Variant) -> Label:
    from nac.rules.content.shown import field_label

    if _PATH in variant.texts:
        return field_label(variant, _PATH)
    source = variant.written.source
    return Label(source.path, source.span(0, len(source.line(1))))


CHECK = Check(RULE, find)
