"""NAC358: a message that holds nothing to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.messages import Email, MsTeams, Slack
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.messages import Message
    from nac.rules.view import View
    from nac.templates.template import Path, Variant

RULE = Rule("NAC358", "empty-message", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.shown import field_label, messages_of

    for template in view.templates:
        for variant in template.variants:
            empty = [one for one in view.once(messages_of).of(template, variant)
                     if (one.real or not one.event) and _is_empty(one.message)]  # fmt: skip
            if empty:
                events = tuple(dict.fromkeys(event for one in empty for event in one.events))
                help = "give it a text that is there in any case, or a condition that keeps it from being sent"
                message = "there is nothing to read in this message"
                yield Diagnostic(RULE, message, field_label(variant, _path(variant)), help=help, events=events)


def _is_empty(message: Message) -> bool:
    if isinstance(message, Email):
        has_image = message.html is not None and "<img" in message.html.lower()
        return not message.plain_text.strip() and not has_image
    if isinstance(message, Slack):
        return message.body is not None and not message.body.strip()
    if isinstance(message, MsTeams):
        return message.body is not None and not message.body.strip()
    return not message.body.strip()


def _path(variant: Variant) -> Path:
    if variant.channel == "email":
        kind = str(variant.content.get("body", {}).get("type", "designer"))
        return ("body", kind, "text" if kind == "plain_text" else "html")
    if variant.channel == "whatsapp":
        return ("body", "text")
    return ("body_text",) if variant.channel in ("slack", "ms_teams") else ("body",)


CHECK = Check(RULE, find)
