"""Email: its headers, and a body of HTML (raw or from the designer) or of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nac.messages import Email
from nac.preview.fields import Fields
from nac.preview.plain_text import plain_text

_HTML = ("raw", "designer")
_COMMA = re.compile(r'"[^"]*"|,')


def message(fields: Fields) -> Email:
    kind = fields.word("body", "type", default="designer")
    subject, preheader = fields.text("subject"), fields.text("body", "preheader")
    from_name, from_address = fields.text("from_name"), fields.text("from_address")
    html = (fields.text("body", kind, "html") or "") if kind in _HTML else None
    text = fields.text("body", kind, "text")
    to = fields.recipient.get("$email")
    return Email(
        subject=subject,
        html=html,
        plain_text=text if text is not None else plain_text(html or ""),
        text_derived=text is None and html is not None,
        preheader=preheader,
        from_name=from_name,
        from_address=from_address,
        to=tuple(map(str, to if isinstance(to, list) else [to] if to else ())),
        extra_to=_addresses(fields.text("extra_to")),
        cc=_addresses(fields.text("cc")),
        bcc=_addresses(fields.text("bcc")),
        reply_to=", ".join(_addresses(fields.text("reply_to"))) or None,
        markup=fields.text("body", "email_markup"),
    )


def _addresses(text: str | None) -> tuple[str, ...]:
    """`a@example.com, "Lee, Ann" <b@example.com>`: a comma in quotes belongs to a name."""
    return tuple(one for part in _split(text or "") if (one := part.strip()))


def _split(text: str) -> Iterable[str]:
    begins = 0
    for found in _COMMA.finditer(text):
        if found[0] == ",":
            yield text[begins : found.start()]
            begins = found.end()
    yield text[begins:]
