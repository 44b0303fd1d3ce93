"""Messenger, for which SuprSend's template editor has no form."""

from __future__ import annotations

from nac.messages import Plain
from nac.preview.fields import Fields


def message(fields: Fields) -> Plain:
    return Plain("messenger", fields.text("body") or "")
