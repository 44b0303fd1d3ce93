"""Previews made by hand, for the tests of what is shown of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from nac.diagnostics import MESSAGE_DROPPED, Diagnostic, Label
from nac.messages import Button, Email, Inbox, Message, MsTeams, Plain, Push, Slack, Sms, Whatsapp, WhatsappHeader
from nac.preview.result import Fact, Preview, Previewed, Reader
from nac.project import Written
from nac.source import Node, SourceFile, Span
from nac.templates.choice import Choice, Step
from nac.templates.template import Variant

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DROPPED = Diagnostic(MESSAGE_DROPPED, "SuprSend would drop this message: `x` is missing",
                     Label("notifications/templates/t/sms.hbs", Span(3, 7, 3, 8)))  # fmt: skip
EMAIL = Email(
    subject="Your invoice", html="<h1>Invoice</h1>", plain_text="Invoice\n\nPay soon.", preheader="Due on Friday",
    from_name="Northwind", from_address="billing@example.com", to=("ana@example.com",), cc=("cc@example.com",),
    bcc=("bcc@example.com",), extra_to=("more@example.com",), reply_to="help@example.com",
)  # fmt: skip
MESSAGES: list[Message] = [
    EMAIL,
    Sms("Hi Ana\nyour code is 1234", kind="dlt", header="NRTHWD", category="otp"),
    Whatsapp("Hi", WhatsappHeader("IMAGE", media_url="https://example.com/a.png"), "Reply STOP",
             buttons=(Button("Open", "https://example.com"),)),
    Inbox("**Ana** wrote", "New comment", "just now", action_url="https://example.com/c", buttons=(Button("Open"),),
          is_pinned=True, tags=("docs",)),
    Slack("reading text", blocks=({"type": "divider"},)),
    MsTeams("reading text", card={"type": "AdaptiveCard"}),
    Push("androidpush", "Ana wrote", "New comment", "now", action_url="https://example.com/c"),
    Push("iospush", "Ana wrote"),
    Push("webpush", "Ana wrote", buttons=(Button("Open", "https://example.com"),)),
    Plain("messenger", "Ana wrote"),
]  # fmt: skip


def variant(name: str) -> Variant:
    source = SourceFile(f"suprsend/templates/t/sms/{name}/variant.json", "{}")
    return Variant("sms", name, None, "en", {}, {}, Written(Node({}, Span(1, 1, 1, 3)), source))


CHOICE = Choice(variant("vip"), (Step(variant("vip"), True, "all hold"), Step(variant("default"), False, "not needed")))


def shown_as(*previews: Preview, name: str = "invoice", event: str = "one", who: str = "u1") -> Previewed:
    reader = Reader(who, f"user {who}", "from people", previews)
    return Previewed(name, "t", event, tuple(dict.fromkeys(one.channel for one in previews)), (reader,), now=NOW)


def preview_of(message: Message, *facts: Fact, locale: str = "en", tenant: str | None = None) -> Preview:
    return Preview(message.channel, locale, tenant, message, facts=facts)


def every_channel() -> Previewed:
    return shown_as(*map(preview_of, MESSAGES))


def dropped_and_not_sent() -> Previewed:
    return shown_as(
        Preview("sms", "en", None, choice=CHOICE, problems=(DROPPED,)),
        Preview("email", "en", None, not_sent="this person's $channels are sms"),
    )


def with_text(text: str) -> list[Previewed]:
    """The same text in every place where a text can be."""
    made = [
        replace(one, **{name: text for name, value in vars(one).items() if isinstance(value, str) and name not in
                        ("platform", "channel")})
        for one in MESSAGES
    ]  # fmt: skip
    fact = Fact("length", text, text, warning=True, note=text)
    problem = replace(DROPPED, message=text)
    return [
        shown_as(*(preview_of(one, fact, locale=text, tenant=text) for one in made), name=text, event=text, who=text),
        shown_as(Preview("sms", "en", None, problems=(problem,), notes=(text,))),
        shown_as(Preview("sms", "en", None, not_sent=text)),
    ]
