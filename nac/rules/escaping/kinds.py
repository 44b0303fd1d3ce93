"""What becomes of each text of a variant: who reads it, and whether they decode what is escaped for HTML."""

from __future__ import annotations

from collections.abc import Mapping

from nac.rules.templated import Templated
from nac.templates.template import Path

TEXT, MARKDOWN, SLACK, HTML, JSON, OTHER = "text", "Markdown", "Slack", "HTML", "JSON", "other"
"""Plain text; text that a program may decode HTML's escapes in; Slack's, where `&amp; &lt; &gt;` are decoded; HTML;
blocks and cards; and what nobody reads, such as an address."""

_WHAT = {
    "sms": "an SMS", "whatsapp": "a WhatsApp message", "inbox": "an inbox item", "slack": "a Slack message",
    "ms_teams": "a Teams message", "androidpush": "a push notification", "iospush": "a push notification",
    "webpush": "a push notification", "messenger": "a message",
}  # fmt: skip
_EMAIL_TEXTS: Mapping[Path, str] = {
    ("subject",): "a subject",
    ("from_name",): "a sender's name",
    ("body", "raw", "text"): "plain text",
    ("body", "designer", "text"): "plain text",
    ("body", "plain_text", "text"): "plain text",
}
_EMAIL_HTML = (("body", "raw", "html"), ("body", "designer", "html"))
_NOT_READ = frozenset(
    "$schema schema_version templating_language type category subcategory format expiry tags importance extra_data "
    "extra_payload sound priority channel_importance group color dir lang thread_identifier id icon badge".split()
)


def kind_of(one: Templated) -> str:
    """One of the kinds above."""
    channel, path = one.variant.channel, one.path
    if path[0] in ("body_block", "body_card"):
        return OTHER if one.is_jsonnet or not _is_used(one) else JSON
    if channel == "email":
        if path in _EMAIL_HTML:
            return HTML if _is_used(one) else OTHER
        return TEXT if path in _EMAIL_TEXTS and _is_used(one) else OTHER
    if any(step in _NOT_READ for step in path):
        return OTHER
    if channel == "slack":
        return SLACK if _is_used(one) else OTHER
    if channel == "ms_teams":
        return MARKDOWN if _is_used(one) else OTHER
    return MARKDOWN if channel == "inbox" and path == ("body",) else TEXT


def what_is(one: Templated) -> str:
    """`an SMS`, `a subject`."""
    return _EMAIL_TEXTS.get(one.path) or _WHAT.get(one.variant.channel, "a message")


def is_address(one: Templated) -> bool:
    """Whether the whole field is a link."""
    return "url" in str(one.path[-1])


def _is_used(one: Templated) -> bool:
    """Whether it is the body that counts, where a variant may keep several."""
    content = one.variant.content
    if one.variant.channel == "email":
        body = content.get("body")
        return one.path[0] != "body" or not isinstance(body, dict) or body.get("type", "designer") == one.path[1]
    said = content.get("body_type", "text")
    return said not in ("text", "block", "card") or one.path[0] == f"body_{said}"
