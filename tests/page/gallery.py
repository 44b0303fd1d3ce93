"""Previews made by hand: every channel, two locales, two tenants, dropped and unsent messages, long texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from string import Template as StringTemplate

from nac.diagnostics import MESSAGE_DROPPED, UNDEFINED_VARIABLE, Diagnostic, Label
from nac.messages import (
    Button,
    Email,
    Inbox,
    Message,
    MsTeams,
    Plain,
    Push,
    Slack,
    Sms,
    Whatsapp,
    WhatsappHeader,
)
from nac.preview.facts import facts
from nac.preview.result import Preview, Previewed, Reader
from nac.project import Written
from nac.source import Node, SourceFile, Span
from nac.templates.choice import Choice, Step
from nac.templates.template import Condition, Text, Variant
from nac.vocabulary import CHANNELS

DRAWN = Path(__file__).parent / "drawn"
ALL = tuple(one for one in CHANNELS if one != "messenger")


def variant(
    channel: str, name: str = "default", tenant: str | None = None, locale: str = "en", text: str = "", **more: object
) -> Variant:
    folder = "/".join(filter(None, (channel, f"_tenants/{tenant}" if tenant else "", name)))
    source = SourceFile(f"suprsend/templates/order-shipped/{folder}/variant.json", text)
    return Variant(
        channel,
        name,
        tenant,
        locale,
        {},
        {("body",): Text.whole(source)},
        Written(Node({}, Span(1, 1, 1, 1)), source),
        **more,
    )  # type: ignore[arg-type]


def choice(channel: str, tenant: str | None, locale: str, text: str = "") -> Choice:
    default = variant(channel, text=text)
    spanish = variant(channel, "spanish", locale="es")
    acme = variant(channel, "default", tenant="acme", text=text)
    gold = variant(channel, "gold", conditions=(Condition("$recipient", "plan", "==", "gold"),))
    chosen = acme if tenant == "acme" else spanish if locale == "es" else default
    reasons = {
        "gold": '`$recipient.plan` is "silver", not "gold"',
        "acme": "written for the tenant acme",
        "spanish": "written in es",
        "default": "the fallback: nothing before it fits",
    }

    def step(one: Variant) -> Step:
        reason = reasons["acme"] if one.tenant else reasons[one.id]
        return Step(
            one, one is chosen, reason if one is chosen or one.id == "gold" else f"{reason}; another fits better"
        )

    return Choice(chosen, tuple(step(one) for one in (gold, acme, spanish, default)))


def preview(message: Message, locale: str = "en", tenant: str | None = None, **more: object) -> Preview:
    return Preview(
        message.channel, locale, tenant, message, choice(message.channel, tenant, locale), facts(message, {}), **more
    )  # type: ignore[arg-type]


BRANDS = {None: ("Parcelry", "#4f46e5"), "acme": ("Acme Freight", "#0f766e")}
WORDS = {
    "en": {
        "hi": "Hi Maya",
        "shipped": "Your order is on its way",
        "soon": "It should arrive on Thursday, between 9 and 12.",
        "track": "Track your parcel",
        "order": "Order",
        "carrier": "Carrier",
        "arrives": "Arrives",
        "day": "Thursday 11 September",
        "help": "Questions? Just reply to this email.",
        "item": "2 × Linen shirt, 1 × Canvas tote",
        "total": "Total",
    },
    "es": {
        "hi": "Hola, Maya",
        "shipped": "Tu pedido está en camino",
        "soon": "Llegará el jueves, entre las 9 y las 12.",
        "track": "Seguir el paquete",
        "order": "Pedido",
        "carrier": "Transportista",
        "arrives": "Llega",
        "day": "Jueves 11 de septiembre",
        "help": "¿Preguntas? Responde a este correo.",
        "item": "2 × Camisa de lino, 1 × Bolsa de lona",
        "total": "Total",
    },
}


def email_html(locale: str, tenant: str | None, name: str = "Maya") -> str:
    brand, colour = BRANDS[tenant]
    w = WORDS[locale]
    rows = "".join(
        f'<tr><td style="padding:10px 0;color:#6b7280;border-bottom:1px solid #eef0f3">{key}</td>'
        f'<td align="right" style="padding:10px 0;border-bottom:1px solid #eef0f3">{value}</td></tr>\n'
        for key, value in (
            (w["order"], "A-1042"),
            (w["carrier"], "DHL Express"),
            (w["arrives"], w["day"]),
            (w["item"], "€ 148.00"),
        )
    )
    words = {"brand": brand, "colour": colour, "rows": rows, "locale": locale, **w}
    words["hi"] = f"{w['hi'].replace('Maya', name)}, {w['soon'][0].lower()}{w['soon'][1:]}"
    return StringTemplate((DRAWN / "email.html").read_text("utf-8")).substitute(words)


def email(locale: str = "en", tenant: str | None = None, to: str = "maya@example.com") -> Email:
    brand, _ = BRANDS[tenant]
    w = WORDS[locale]
    text = f"{w['hi']},\n\n{w['soon']}\n\n{w['order']}: A-1042\n"
    text += f"{w['carrier']}: DHL Express\n\n{w['track']}: https://parcelry.example.com/track/A-1042\n"
    return Email(
        subject=f"{w['shipped']}: A-1042",
        html=email_html(locale, tenant),
        plain_text=text,
        text_derived=locale == "es",
        preheader=w["soon"],
        from_name=brand,
        from_address="hello@parcelry.example.com",
        to=(to,),
        cc=("orders@example.com",),
        reply_to="help@parcelry.example.com",
    )


SMS = {
    "en": "Parcelry: your order A-1042 is on its way – it’s due on Thursday between 9 and 12. "
    "Track it: https://prcl.example/A-1042 Reply STOP to end.",
    "es": "Parcelry: tu pedido A-1042 esta en camino. Llega el jueves entre las 9 y las 12. https://prcl.example/A-1042",
}

BLOCKS = tuple(json.loads((DRAWN / "blocks.json").read_text("utf-8")))

RICH = tuple(json.loads((DRAWN / "rich.json").read_text("utf-8")))

CARD = json.loads((DRAWN / "card.json").read_text("utf-8"))


def messages(locale: str = "en", tenant: str | None = None) -> list[Message]:
    brand, _ = BRANDS[tenant]
    w = WORDS[locale]
    url = "https://parcelry.example.com/track/A-1042"
    return [
        email(locale, tenant),
        Sms(
            SMS[locale],
            "dlt" if locale == "en" else "basic",
            "PRCLRY" if locale == "en" else None,
            "transactional" if locale == "en" else None,
        ),
        Whatsapp(
            f"{w['hi']}, *{w['shipped'].lower()}*.\n\n{w['soon']}\n_DHL Express_ · ```A-1042```",
            WhatsappHeader("IMAGE", media_url="https://cdn.example.com/maps/route.png"),
            f"{brand}",
            "CALL_TO_ACTION",
            (Button(w["track"], url), Button("Call us", "+31 10 555 0100", "phone")),
            "UTILITY",
        ),
        Inbox(
            f"**A-1042** · {w['soon']}\n\n- 2 × Linen shirt\n- [Canvas tote](https://example.com/tote)",
            w["shipped"],
            brand,
            "https://parcelry.example.com",
            "https://cdn.example.com/avatar.png",
            None,
            None,
            url,
            True,
            (Button(w["track"], url), Button("Dismiss")),
            ("orders", "shipping"),
            "high",
            True,
            {"format": "relative", "value": "03d00h00m00s", "is_expiry_visible": True},
            '{"order": "A-1042"}',
        ),
        Slack("Order A-1042 has shipped", blocks=BLOCKS if locale == "en" else RICH),
        MsTeams("Order A-1042 has shipped", card=CARD),
        Push(
            "androidpush",
            f"{w['soon']} DHL Express, A-1042.",
            w["shipped"],
            brand,
            "https://cdn.example.com/icon.png",
            "https://cdn.example.com/maps/route.png",
            url,
            (Button(w["track"], url), Button("Dismiss")),
            {"priority": "HIGH"},
        ),
        Push("iospush", LONG_PUSH if locale == "en" else w["soon"], w["shipped"], None, None, None, url),
        Push(
            "webpush",
            w["soon"],
            w["shipped"],
            None,
            "https://cdn.example.com/icon.png",
            None,
            url,
            (Button(w["track"], url),),
        ),
    ]


LONG_PUSH = (
    "Your order A-1042 with two linen shirts and a canvas tote left our depot in Rotterdam this morning and should "
    "reach you on Thursday between 9 and 12. If you are not at home, the driver leaves it with your neighbours at "
    "number 14, as you asked."
)

BODY = (
    '{\n  "header": "Your order is on its way",\n  "body": "Hi {{$recipient.name}}, '
    'your {{order.carier}} parcel arrives {{order.eta}}.",\n  "importance": "default"\n}\n'
)


def dropped(channel: str, locale: str = "en", tenant: str | None = None) -> Preview:
    found = choice(channel, tenant, locale, BODY)
    assert found.variant is not None
    path = found.variant.written.source.path
    problem = Diagnostic(
        MESSAGE_DROPPED,
        "`order.carier` is not in the data of this sample, so that the text cannot be rendered",
        Label(path, Span(3, 43, 3, 55)),
        (Label("notifications/orders/shipped.yaml", Span(14, 5, 14, 12), "the data comes from here"),),
        "did you mean `order.carrier`?",
    )
    return Preview(channel, locale, tenant, None, found, (), (problem,))


def unsent(channel: str, why: str, locale: str = "en", tenant: str | None = None) -> Preview:
    return Preview(channel, locale, tenant, None, None, (), (), why)


def everyone() -> tuple[Reader, ...]:
    maya = tuple(
        preview(
            message,
            locale,
            tenant,
            notes=("nac does not know this person’s phone number.",) if message.channel == "sms" else (),
        )
        for locale in ("en", "es")
        for tenant in (None, "acme")
        for message in messages(locale, tenant)
    )
    tom = (
        preview(email(to="tom@example.com")),
        dropped("inbox"),
        unsent("sms", "Tom Okafor has no `$sms`"),
        preview(messages()[6]),
        unsent("whatsapp", "`whatsapp` is switched off in the template"),
    )
    return (
        Reader("Maya Lindqvist", "u_maya", "each of event.customers", maya),
        Reader("Tom Okafor", "u_tom", "people where team = ops", tom),
    )


def languages() -> tuple[Reader, ...]:
    arabic = "مرحبًا ليلى، طلبك في الطريق وسيصل يوم الخميس بين 9 و12. تتبعه: https://prcl.example/A-1042"
    found = (
        preview(Sms(arabic), "ar"),
        preview(Inbox(f"**{arabic}**", "طلبك في الطريق", buttons=(Button("تتبع الطلب", "https://example.com"),)), "ar"),
        preview(Push("iospush", arabic, "طلبك في الطريق"), "ar"),
        preview(Slack(arabic, f"*{arabic}*"), "ar"),
    )
    return (Reader("ليلى حداد", "u_layla", "u_layla", found),)


def short() -> tuple[Reader, ...]:
    found = (
        preview(
            Email(
                "Your code is 481 920",
                None,
                "Your code is 481 920.\n\nIt is good for ten minutes. Nobody at Parcelry will ever ask you for it.\n",
                from_address="no-reply@parcelry.example.com",
            )
        ),
        preview(Sms("Your Parcelry code is 481 920.")),
        preview(Push("androidpush", "Your code is 481 920", "Parcelry")),
        preview(
            Slack(
                "",
                "Signed in from *Rotterdam* by <@U012AB3CD>\n"
                "```ip 203.0.113.7\nua Firefox```\n> Not you? <https://example.com/lock|Lock the account>",
            )
        ),
        preview(
            MsTeams("", "Signed in from **Rotterdam**\n\n- Firefox\n- [Lock the account](https://example.com/lock)")
        ),
        preview(Plain("messenger", "Your code is 481 920.")),
    )
    return (Reader("Maya Lindqvist", "u_maya", "each of event.customers", found),)


def gallery() -> list[Previewed]:
    return [
        Previewed("orders/shipped", "order-shipped", "two parcels", ALL, everyone(), 4988),
        Previewed("orders/shipped", "order-shipped", "in Arabic", ("sms", "inbox", "slack", "iospush"), languages()),
        Previewed(
            "accounts/signed-in",
            "signed-in",
            "a new device",
            ("email", "sms", "slack", "ms_teams", "androidpush", "messenger"),
            short(),
        ),
        Previewed("accounts/closed", "account-closed", "nobody left", ("email",), ()),
        Previewed("invoices/overdue", "invoice-overdue", "mock_data.json", (), (Reader("Tom", "u_tom", "", ()),)),
        Previewed(
            "invoices/issued",
            "invoice-issued",
            "without a sender",
            ("email",),
            (Reader("Tom Okafor", "u_tom", "", (preview(email()),)),),
            0,
            (
                Diagnostic(
                    UNDEFINED_VARIABLE,
                    "`event.sender` is not in this event",
                    Label("notifications/invoices/issued.yaml", Span(9, 12, 9, 24)),
                ),
            ),
        ),
    ]


def many(count: int) -> Sequence[Previewed]:
    """`count` previews, no two alike: ten to a reader, ten readers to a sample."""
    out = []
    for sample in range(count // 100):
        readers = []
        for person in range(10):
            found = [preview(_named(message, f"{sample}-{person}")) for message in messages()]
            found.append(preview(_named(email("es"), f"{sample}-{person}"), "es"))
            readers.append(Reader(f"Person {person}", f"u{person}", "everyone", tuple(found)))
        out.append(Previewed(f"area-{sample // 4}/trigger-{sample}", f"t-{sample}", "a sample", ALL, tuple(readers)))
    return out


def _named(message: Message, name: str) -> Message:
    match message:
        case Email():
            return replace(
                message, html=(message.html or "").replace("Maya", name), subject=f"{message.subject} {name}"
            )
        case Slack():
            return replace(
                message,
                blocks=({"type": "header", "text": {"type": "plain_text", "text": name}}, *(message.blocks or ())),
            )
        case MsTeams():
            return replace(message, card={**CARD, "body": [{"type": "TextBlock", "text": name}, *CARD["body"]]})
        case _:
            return replace(message, body=f"{name} {message.body}")
