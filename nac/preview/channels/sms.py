"""SMS, plain or registered on India's DLT."""

from __future__ import annotations

from nac.messages import Sms
from nac.preview.fields import Fields


def message(fields: Fields) -> Sms:
    kind = fields.word("type", default="basic")
    header = fields.text("header") if kind == "dlt" else None
    category = fields.word("category", default="") or None if kind == "dlt" else None
    return Sms(fields.text("body") or "", kind, header, category)
