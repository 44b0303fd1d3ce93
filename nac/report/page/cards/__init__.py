"""One preview as a card: the message on the device that shows it, and below it what to know about it.

`card` is all that other reports need. It is made of the message, so that two readers of the same message get the same
card, byte for byte, and a page can keep it once.
"""

from __future__ import annotations

from markupsafe import Markup

from nac.messages import Email, Inbox, Message, MsTeams, Push, Slack, Sms, Whatsapp
from nac.preview.result import Preview, Reader
from nac.report.page.cards import email, inbox, ms_teams, parts, plain, push, slack, sms, whatsapp
from nac.report.page.icons import icon
from nac.report.page.markup import coded, h, shown

NAMES = {
    "email": "Email",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "inbox": "Inbox",
    "slack": "Slack",
    "ms_teams": "Teams",
    "androidpush": "Android push",
    "iospush": "iOS push",
    "webpush": "Web push",
    "messenger": "Messenger",
}


def channel_name(channel: str) -> str:
    return NAMES.get(channel, shown(channel))


def state(preview: Preview) -> str:
    """`dropped`, `unsent`, `warning` or `ok`: what a list marks a preview with."""
    if preview.problems:
        return "dropped"
    if preview.message is None:
        return "unsent"
    return "warning" if any(fact.warning for fact in preview.facts) else "ok"


def card(preview: Preview, reader: Reader) -> Markup:
    """The card of one preview: an `article` without ids, so that any number of them may stand on one page.

    Needs `page.css`; the switches in it need `page.js`.
    """
    name = channel_name(preview.channel)
    variant = preview.choice.variant if preview.choice else None
    return h(
        "article",
        h(
            "header",
            h("span", icon(preview.channel), class_="card-icon"),
            h("h3", name, class_="card-name"),
            h("span", shown(variant.name), class_="card-variant", title="The variant that was chosen")
            if variant
            else None,
            h("span", shown(preview.locale), class_="badge", title="Locale"),
            h("span", shown(preview.tenant), class_="badge", title="Tenant") if preview.tenant else None,
            class_="card-head",
        ),
        stage(preview, reader),
        parts.footer(preview),
        class_=f"card is-{state(preview)}",
        data_channel=preview.channel if preview.channel in NAMES else "other",
        aria_label=", ".join(filter(None, (name, shown(preview.locale), shown(preview.tenant or "")))),
    )


def stage(preview: Preview, reader: Reader) -> Markup:
    """What stands between head and foot: the message on its device, or why there is none."""
    stages = [parts.dropped(preview)] if preview.problems else []
    if preview.message is not None:
        stages.append(h("div", drawn(preview.message, reader), class_="stage"))
    elif not preview.problems:
        why = preview.not_sent or "nothing to show"
        stages.append(h("div", icon("unsent"), h("p", h("strong", "Not sent"), h("span", coded(why))), class_="unsent"))
    return h("div", stages, class_="card-body")


def drawn(message: Message, reader: Reader) -> Markup:
    """The message by itself, on its device."""
    match message:
        case Email():
            return email.draw(message, reader)
        case Sms():
            return sms.draw(message, reader)
        case Whatsapp():
            return whatsapp.draw(message, reader)
        case Inbox():
            return inbox.draw(message, reader)
        case Slack():
            return slack.draw(message, reader)
        case MsTeams():
            return ms_teams.draw(message, reader)
        case Push():
            return push.draw(message, reader)
        case _:
            return plain.draw(message, reader)
