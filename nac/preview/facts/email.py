"""Email: what an inbox shows of the subject, and where Gmail cuts the body.

Sources: Gmail clips a message whose HTML is over about 102 KB and links to the rest. How much of a subject is seen
is the client's: about 60 characters on a desktop, fewer on a phone. RFC 5322, 2.1.1, and the vendor's schema allow
998 characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from nac.messages import Email
from nac.preview.facts.measure import byte_length, length
from nac.preview.result import Fact

SUBJECT = 60
MAX_SUBJECT = 998
PREHEADER = 130
GMAIL = 102 * 1024
"""Bytes of HTML."""
_NEAR = GMAIL * 9 // 10


def email(message: Email) -> Iterator[Fact]:
    yield _subject(message.subject)
    if message.preheader is not None:
        over = f"Inboxes show about {PREHEADER} characters of a preheader at most; the rest is cut."
        yield length("preheader_length", message.preheader, PREHEADER, over)
    if message.html is not None:
        yield _html(byte_length(message.html))
    if message.text_derived:
        yield Fact("plain_text", "derived", note="The template has no plain text; what is shown was made of its HTML.")


def _subject(subject: str | None) -> Fact:
    if subject is None or not subject.strip():
        return Fact("subject_length", 0, "characters", SUBJECT, True, "There is no subject.")
    if len(subject) > MAX_SUBJECT:
        note = f"SuprSend takes subjects of up to {MAX_SUBJECT} characters."
        return Fact("subject_length", len(subject), "characters", MAX_SUBJECT, True, note)
    over = f"Mail programs show about {SUBJECT} characters of a subject, phones fewer; the rest is cut."
    return length("subject_length", subject, SUBJECT, over)


def _html(size: int) -> Fact:
    note = None
    if size > GMAIL:
        note = "Gmail clips what is over 102 KB and hides it behind a link, an unsubscribe link at the end too."
    elif size >= _NEAR:
        note = f"{size * 100 // GMAIL}% of the 102 KB after which Gmail clips; links grow when they are tracked."
    return Fact("html_size", size, "bytes", GMAIL, size > GMAIL, note)
