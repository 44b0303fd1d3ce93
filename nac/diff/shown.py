"""A preview → what is compared of it: the parts that a reader sees, its markup, links, measures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from nac.messages import Email, Message, Sms
from nac.payload import canonical
from nac.preview.result import Preview

_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\"'<>\\)\]}*|`]+", re.IGNORECASE)
_HREF = re.compile(r"<(?:a|area|img|source|video|form)\b[^>]*?\s(?:href|src|action)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
                   re.IGNORECASE)  # fmt: skip
MAX_LINKS = 500
# Where else an email goes: whoever stands there gets it too.
COPIES = ("extra_to", "cc", "bcc")
# What is seen of the sender.
_SENDER = {Email: ("from_name", "from_address", "reply_to"), Sms: ("header",)}
_DERIVED = frozenset({"plain_text", "text_derived", "to"})


@dataclass(frozen=True)
class Shown:
    """One preview. `state`: "sent", "dropped" (`problems` say why) or "unsent" (`reason` does).

    `texts` are what a reader sees, part by part; `markup` every other field of the message, as text; `links` where it
    leads to; `copies` further addresses; `facts` what is measured: name → value, note. `locale` and `tenant` are those
    it was rendered for; `preview` is all of it, for reports that draw it.
    """

    locale: str
    tenant: str
    state: str
    texts: tuple[tuple[str, str], ...] = ()
    markup: tuple[tuple[str, str], ...] = ()
    links: frozenset[str] = frozenset()
    copies: tuple[str, ...] = ()
    facts: tuple[tuple[str, str, str | None], ...] = ()
    variant: str | None = None
    why: str = ""
    problems: tuple[str, ...] = ()
    reason: str | None = None
    preview: Preview | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.texts if text)


def shown(preview: Preview, locale: str, tenant: str) -> Shown:
    """What is compared of a preview."""
    choice = preview.choice
    variant = choice.variant.name if choice and choice.variant else None
    why = next((one.reason for one in choice.steps if one.chosen), "") if choice else ""
    message = preview.message
    if message is None:
        problems = tuple(dict.fromkeys(one.message for one in preview.problems))
        state = "dropped" if problems else "unsent"
        return Shown(
            locale, tenant, state, variant=variant, why=why, problems=problems, reason=preview.not_sent,
            preview=preview,
        )  # fmt: skip
    texts = tuple((name, _lines(text)) for name, text in visible(message))
    names = {"plain_text" if name == "text" else name for name, _ in texts}
    markup = tuple((name, _lines(text)) for name, text in _markup(message) if name not in names)
    copies = tuple(f"{name}: {one}" for name in COPIES for one in getattr(message, name, ()))
    measured: dict[str, tuple[str, str, str | None]] = {}
    for fact in preview.facts:
        measured.setdefault(fact.name, (fact.name, f"{fact.value} {fact.unit}".strip(), fact.note))
    return Shown(
        locale, tenant, "sent", texts, markup, frozenset(_links(message)), copies, tuple(measured.values()), variant,
        why, preview=preview,
    )  # fmt: skip


def visible(message: Message) -> Iterator[tuple[str, str]]:
    """The parts of a message that a reader sees, in the order they see them."""
    for name in _SENDER.get(type(message), ()):
        if value := getattr(message, name):
            yield name, str(value)
    if isinstance(message, Email):
        yield "subject", message.subject or ""
        if message.preheader:
            yield "preheader", message.preheader
    yield "text", message.text


def _markup(message: Message) -> Iterator[tuple[str, str]]:
    for one in fields(message):
        value = getattr(message, one.name)
        if one.name not in _DERIVED and one.name not in COPIES and value is not None:
            yield one.name, value if isinstance(value, str) else canonical(_plain(value))


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def _links(message: Message) -> Iterator[str]:
    for count, one in enumerate(_addresses(_plain(message))):
        if count >= MAX_LINKS:
            return
        yield html.unescape(one).rstrip(".,;:!?")


def _addresses(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _addresses(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _addresses(one, name)
    elif isinstance(value, str):
        if (name.endswith("url") or name == "url") and value:
            yield value
        elif name != "markup":
            yield from (one[0] for one in _ADDRESS.finditer(value))
            if name == "html":
                yield from (one[1] or one[2] or "" for one in _HREF.finditer(value))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
