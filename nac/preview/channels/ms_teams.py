"""Microsoft Teams: a text in Markdown, or an Adaptive Card."""

from __future__ import annotations

from nac.diagnostics import INVALID_TEMPLATE, Diagnostic, Label, describe
from nac.messages import MsTeams
from nac.preview.blocks import json_of
from nac.preview.fields import Fields
from nac.preview.reading import adaptive_card


def message(fields: Fields) -> MsTeams:
    if fields.word("body_type", default="text") == "text":
        body = fields.text("body_text") or ""
        return MsTeams(body, body)
    text = fields.written("body_card")
    card = json_of(fields, text) if text else {}
    if text and not isinstance(card, dict) and not fields.problems:
        label = Label(text.source.path, text.span(0, min(1, len(text.value))))
        message = f"an Adaptive Card is a mapping, not {describe(card)}"
        fields.problems.append(Diagnostic(INVALID_TEMPLATE, message, label))
    card = card if isinstance(card, dict) else {}
    return MsTeams(adaptive_card(card), card=card)
