"""Differences made by hand, of the messages of the gallery."""

from __future__ import annotations

from dataclasses import replace

from page.gallery import many, messages, preview
from page.hostile import EVERYTHING
from page.hostile import messages as hostile_messages

from nac.diff.changes import (
    Change,
    CountChanged,
    DataKeyRemoved,
    Diff,
    EventFieldRequired,
    FactChanged,
    FieldChanged,
    FindingAdded,
    FindingRemoved,
    LinksChanged,
    MessageAdded,
    MessageChanged,
    MessageRemoved,
    NewlyDropped,
    Picture,
    Place,
    RecipientAdded,
    RecipientMoved,
    RecipientRemoved,
    SampleEdited,
    Text,
    TriggerRenamed,
    VariantChanged,
)
from nac.diff.words import words
from nac.messages import Email, Message, Sms
from nac.preview.result import Preview

BASE, HEAD = "0123456789abcdef" * 2, "fedcba9876543210" * 2


def edited(one: Preview, to: str) -> Preview:
    """The same with other words."""
    message = one.message
    match message:
        case Email():
            made: Message = replace(message, subject=to, html=f"<p>{to}</p>{message.html}", plain_text=to)
        case Sms():
            made = replace(message, body=f"{message.body} {to}")
        case None:
            return one
        case _:
            fields = {"plain_text": to} if hasattr(message, "plain_text") else {"body": to}
            made = replace(message, **fields)  # type: ignore[arg-type]
    return replace(one, message=made)


def changed(trigger: str, one: Preview, to: str, *places: Place) -> MessageChanged:
    after = edited(one, to)
    where = places or (Place("a sample", "u_maya", one.channel, one.locale, one.tenant),)
    texts = (Text("text", words(one.text or "", after.text or "")),)
    markup = (Text("html", words("<p>before</p>", f"<p>{to}</p>")),) if one.channel == "email" else ()
    shown = (Picture(one, after, where[:1], texts, markup), Picture(one, edited(one, f"{to} again"), where, texts))
    return MessageChanged(
        trigger=trigger, cls="content", reason="what a reader sees is worded differently", where=where,
        causes=("notifications/templates/x/email.hbs",), channel=one.channel, texts=texts, markup=markup, shown=shown,
        also=(
            FactChanged(trigger=trigger, cls="cosmetic", reason="", channel=one.channel, name="segments",
                        before="1 segment", after="2 segments", note="UCS-2 because of –"),
            LinksChanged(trigger=trigger, cls="content", reason="", channel=one.channel,
                         added=("https://example.com/new",), removed=("https://example.com/old",)),
            VariantChanged(trigger=trigger, cls="content", reason="", channel=one.channel, before="email/default",
                           after="email/guest", why="`plan` is `free`"),
        ),
    )  # fmt: skip


def every_kind() -> Diff:
    """One change of about every kind, in two triggers and more."""
    place = Place("a sample", "u_maya")
    files = ("notifications/orders/shipped.yaml",)
    shipped, closed = "orders/shipped", "accounts/closed"
    email, sms = (preview(next(one for one in messages() if isinstance(one, kind))) for kind in (Email, Sms))
    found: list[Change] = [
        DataKeyRemoved(trigger=shipped, cls="breaking", path="data.order", renamed_to="data.number", still_read=True,
                       reason="data.order is called data.number now", where=(place,), causes=files),
        EventFieldRequired(trigger=shipped, cls="breaking", path="event.region", because="data.region reads it",
                           reason="it is read without a fallback", causes=files),
        NewlyDropped(trigger=shipped, cls="breaking", channel="sms", why=("`order` is not in the data",),
                     reason="SuprSend drops it now: it cannot be rendered", where=(place,), causes=files,
                     shown=(Picture(sms, None, (place,)),)),
        CountChanged(trigger=shipped, cls="breaking", via="recipients[0] (from people)", tenant="acme", before=100,
                     after=250, allowed=25.0, reason="it reaches 250 people, not 100", where=(Place("a sample"),)),
        CountChanged(trigger=closed, cls="audience", via="recipients[0] (from people)", tenant=None, before=40,
                     after=31, reason="it reaches another number of people", where=(Place("a sample"),)),
        RecipientAdded(trigger=shipped, cls="audience", via="recipients[1] (each watcher)", channels=("email",),
                       reason="they get it now, and did not before", where=(place,), causes=files,
                       shown=(Picture(None, email, (place,)),)),
        RecipientRemoved(trigger=shipped, cls="audience", via="recipients[0] (user)", where=(place,), causes=files,
                         reason="they got it, and do not any more"),
        RecipientMoved(trigger=shipped, cls="audience", before="recipients[0]", after="recipients[1]", where=(place,),
                       reason="another selector finds them now", causes=files),
        MessageAdded(trigger=closed, cls="audience", channel="inbox", text="Your account is closed.", where=(place,),
                     reason="the template has this channel now"),
        MessageRemoved(trigger=closed, cls="audience", channel="webpush", where=(place,), reason="no such channel"),
        FieldChanged(trigger=shipped, cls="content", path="data.total", before='"EUR 1.00"', after='"EUR 2.00"',
                     reason="what is live on SuprSend may show it", where=(place,), causes=files),
        changed(shipped, email, "Your parcel is nearly there", place, Place("another", "u_tom")),
        *(changed(shipped, preview(one), "Other words") for one in messages() if not isinstance(one, Email)),
        FindingAdded(trigger=shipped, cls="cosmetic", code="NAC601", name="unused-key", severity="warning",
                     message="nothing reads `data.x`", path="notifications/orders/shipped.yaml", line=7, reason="new"),
        FindingRemoved(trigger=shipped, cls="cosmetic", code="NAC602", name="long-subject", severity="warning",
                       message="the subject is long", path="notifications/templates/x/email.hbs", reason="gone"),
        SampleEdited(trigger=shipped, cls="cosmetic", sample="a sample", reason="the sample's own event was edited"),
        TriggerRenamed(trigger=closed, cls="cosmetic", before="accounts/gone", after=closed, reason="the file moved"),
    ]  # fmt: skip
    return Diff(BASE, HEAD, tuple(found), ("no samples: accounts/closed; add some to see who gets what",), 4)


def hostile_diff() -> Diff:
    """Whatever a project may hold, in every place that a report shows."""
    place = Place(EVERYTHING, EVERYTHING, "email", EVERYTHING, EVERYTHING)
    texts = (Text(EVERYTHING, words("before", EVERYTHING)),)
    pictures = [Picture(preview(one), preview(one), (place,), texts, texts) for one in hostile_messages()]
    found: list[Change] = [
        MessageChanged(trigger=EVERYTHING, cls="content", reason=EVERYTHING, where=(place,), causes=(EVERYTHING,),
                       channel=EVERYTHING, texts=texts, markup=texts, shown=tuple(pictures)),
        FieldChanged(trigger=EVERYTHING, cls="breaking", reason=EVERYTHING, path=EVERYTHING, before=EVERYTHING,
                     after=f"{EVERYTHING} x", where=(place,), causes=(EVERYTHING,)),
        RecipientAdded(trigger=EVERYTHING, cls="audience", reason=EVERYTHING, via=EVERYTHING, channels=(EVERYTHING,),
                       where=(place,)),
        CountChanged(trigger=EVERYTHING, cls="audience", reason=EVERYTHING, via=EVERYTHING, tenant=EVERYTHING,
                     before=1, after=2, allowed=1.0, where=(place,)),
        FindingAdded(trigger=EVERYTHING, cls="cosmetic", code="NAC1", name=EVERYTHING, severity=EVERYTHING,
                     message=EVERYTHING, path=EVERYTHING, reason=EVERYTHING),
        LinksChanged(trigger=EVERYTHING, cls="content", reason=EVERYTHING, channel="email", added=(EVERYTHING,),
                     removed=("javascript:alert(1)",), where=(place,)),
    ]  # fmt: skip
    return Diff(EVERYTHING, EVERYTHING, tuple(found), (EVERYTHING,))


def many_changes(count: int) -> Diff:
    """`count` messages that differ, no two alike."""
    found = []
    for one in many(count):
        for reader in one.readers:
            for number, each in enumerate(reader.previews):
                place = Place(one.event, reader.identity, each.channel, each.locale, each.tenant)
                after = edited(each, f"Changed {reader.identity} {number}")
                texts = (Text("text", words(each.text or "", after.text or "")),)
                found.append(MessageChanged(
                    trigger=one.name, cls="content", reason="what a reader sees is worded differently", where=(place,),
                    causes=("notifications/templates/x.hbs",), channel=each.channel, texts=texts,
                    shown=(Picture(each, after, (place,), texts),),
                ))  # fmt: skip
    return Diff(BASE, None, tuple(found))
