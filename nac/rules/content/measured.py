"""Facts of previews → findings: what is cut, what is refused, what is paid for several times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nac.messages import Email, Whatsapp

if TYPE_CHECKING:
    from nac.diagnostics import Diagnostic, Label, Rule, Severity
    from nac.preview.result import Fact
    from nac.rules.content.shown import Shown
    from nac.rules.view import View
    from nac.templates.template import Path, Variant

_PATHS: Mapping[tuple[str, str], Path] = {
    ("email", "subject_length"): ("subject",),
    ("email", "preheader_length"): ("body", "preheader"),
    ("sms", "sender_length"): ("header",),
    ("whatsapp", "header_length"): ("header", "text"),
    ("whatsapp", "body_length"): ("body", "text"),
    ("whatsapp", "footer_length"): ("footer", "text"),
    ("whatsapp", "buttons"): ("buttons", 0, "text"),
    ("slack", "text_length"): ("body_text",),
    ("ms_teams", "text_length"): ("body_text",),
    ("ms_teams", "card_size"): ("body_card",),
}
_FIELDS = {"header_length": "header", "header_shown": "header", "subtext_length": "subtext"}


class Measured(NamedTuple):
    """A fact that is worth telling about a variant: the furthest one over its limit, with all its samples."""

    variant: Variant
    fact: Fact
    path: Path
    events: tuple[str, ...]

    def finding(self, rule: Rule, level: Severity | None = None) -> Diagnostic:
        from nac.diagnostics import Diagnostic
        from nac.rules.content.shown import field_label

        label: Label = field_label(self.variant, self.path)
        fact = self.fact
        much = f"{fact.value:,}" if isinstance(fact.value, int) else fact.value
        what = _WORDS.get(fact.name, "this")
        message = f"{what} has {much} {fact.unit}" if fact.name not in _CUT else f"{what} is cut"
        note = (fact.note or "").removesuffix(".")
        return Diagnostic(rule, f"{message}: {note[:1].lower() if not _is_name(note) else note[:1]}{note[1:]}", label,
                          events=self.events, level=level)  # fmt: skip


_WORDS = {
    "subject_length": "the subject", "preheader_length": "the preheader", "header_length": "the header",
    "header_shown": "the header", "body_shown": "the body", "body_length": "the body", "footer_length": "the footer",
    "subtext_length": "the subtext", "sender_length": "the sender's header", "buttons": "the message",
    "button_length": "the text of a button", "text_length": "the text", "payload_size": "this notification",
    "card_size": "this card", "html_size": "this HTML", "segments": "this SMS",
}  # fmt: skip
_CUT = frozenset({"header_shown", "body_shown"})
_NAMES = ("SuprSend", "WhatsApp", "Slack", "Teams", "Gmail", "Apple", "Android", "iPhone")


def _is_name(note: str) -> bool:
    return note.startswith(_NAMES)


def measured(view: View, wanted: Callable[[Fact], bool]) -> Iterator[Measured]:
    """One for each variant and fact that is `wanted` in any of its messages."""
    from nac.rules.content.shown import messages_of

    messages = view.once(messages_of)
    for template in view.templates:
        for variant in template.variants:
            found: dict[str, list[tuple[Shown, Fact]]] = {}
            for shown in messages.of(template, variant):
                for fact in shown.facts:
                    if wanted(fact):
                        found.setdefault(fact.name, []).append((shown, fact))
            for name, all_of in found.items():
                shown, fact = max(all_of, key=lambda one: _amount(one[1]))
                events = dict.fromkeys(event for one, _ in all_of for event in one.events)
                yield Measured(variant, fact, _path(variant, name, shown.message), tuple(events))


def _amount(fact: Fact) -> int:
    return fact.value if isinstance(fact.value, int) else 0


def _path(variant: Variant, name: str, message: Any) -> Path:
    """The field that a fact is about."""
    if isinstance(message, Email) and name == "html_size":
        return ("body", str(variant.content.get("body", {}).get("type", "designer")), "html")
    if isinstance(message, Whatsapp) and name == "button_length":
        from nac.preview.facts.whatsapp import BUTTON_TEXT, REPLY_TEXT

        over = [len(one.text) - (REPLY_TEXT if one.kind == "reply" else BUTTON_TEXT) for one in message.buttons]
        return ("buttons", over.index(max(over)), "text")
    return _PATHS.get((variant.channel, name)) or (_FIELDS.get(name, "body"),)
