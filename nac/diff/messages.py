"""The messages of one sample on both sides → those that differ, each with everything that does."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

from nac.diff.changes import (
    Class,
    FactChanged,
    LinksChanged,
    MessageAdded,
    MessageChange,
    MessageChanged,
    MessageRemoved,
    NewlyDropped,
    NoLongerDropped,
    NotSentChanged,
    Picture,
    Place,
    Text,
    VariantChanged,
    worst,
)
from nac.diff.masking import masked, masked_preview
from nac.diff.met import Met
from nac.diff.shown import Shown
from nac.diff.side import OWN, Recipient, Sampled, Spot
from nac.diff.words import seen, words

if TYPE_CHECKING:
    from nac.diff.samples import Compared

_NO_TENANT = "default"
_WORDED = "what a reader sees is worded differently"


def compare_messages(before: Sampled, after: Sampled, compared: Compared, *, fields: bool) -> Iterator[Met]:
    """Of everybody who is a recipient on both sides. `fields`: the request differs, which may be the cause."""
    readers = {one.identity: one for one in after.recipients}
    olds = {one.identity: one for one in before.recipients}
    for key in dict.fromkeys((*after.messages, *before.messages)):
        identity, spot = key
        if identity not in readers or identity not in olds:
            continue
        old, new = before.messages.get(key), after.messages.get(key)
        if old == new:
            continue
        if old is None and spot.channel in before.channels:
            continue  # not rendered there, for it is not shown in every locale
        if new is None and spot.channel in after.channels:
            continue
        one = _One(olds[identity], readers[identity], spot, after.name, old, new, compared, fields)
        if (found := one.met()) is not None:
            yield found


def dropped_all(before: Sampled, after: Sampled, compared: Compared) -> Iterator[Met]:
    """Every message that was sent, now that the sample gives no request for what is wrong with it."""
    why = tuple(dict.fromkeys(one.message for one in after.findings if one.severity == "error"))
    for (reader, spot), old in _sent(before):
        one = _One(reader, reader, spot, after.name, old, None, compared, True)
        yield one.made(NewlyDropped, why=why, reason="nothing is sent any more: the trigger gives no request")


def sent_all(before: Sampled, after: Sampled, compared: Compared) -> Iterator[Met]:
    """Every message that is sent, where the sample gave no request."""
    why = tuple(dict.fromkeys(one.message for one in before.findings if one.severity == "error"))
    for (reader, spot), new in _sent(after):
        one = _One(reader, reader, spot, after.name, None, new, compared, True)
        reason = "it is sent now: the trigger gave no request before"
        yield one.made(NoLongerDropped, why=why, reason=reason, text=one.hidden(new.text))


def _sent(side: Sampled) -> Iterator[tuple[tuple[Recipient, Spot], Shown]]:
    readers = {one.identity: one for one in side.recipients}
    for (identity, spot), one in side.messages.items():
        if one.state == "sent":
            yield (readers[identity], spot), one


class _One:
    """One message: of one reader, on one channel, in one locale, for one tenant."""

    def __init__(
        self, was: Recipient, reader: Recipient, spot: Spot, sample: str, old: Shown | None, new: Shown | None,
        compared: Compared, fields: bool,
    ) -> None:  # fmt: skip
        self.was, self.reader, self.spot, self.sample, self.old, self.new = was, reader, spot, sample, old, new
        self.compared = compared
        at = new or old
        assert at is not None
        self.locale, self.tenant = at.locale, at.tenant
        tenant = None if spot.tenant == OWN and at.tenant == _NO_TENANT else at.tenant
        self.where = (Place(sample, reader.shown, spot.channel, at.locale, tenant),)
        self.causes = compared.causes.of_message(spot.channel, at.locale, at.tenant, fields=fields)

    def met(self) -> Met | None:
        old, new = self.old, self.new
        if old is None and new is not None:
            return self._came(new)
        if new is None:
            assert old is not None
            if old.state != "sent":
                return None
            return self.made(MessageRemoved, reason="the template has no such channel any more")
        assert old is not None
        if (old.state, new.state) == ("sent", "sent"):
            return self._changed(old, new)
        if new.state == "dropped" and old.state != "dropped":
            return self.made(
                NewlyDropped, why=self._all(new.problems), reason="SuprSend drops it now: it cannot be rendered"
            )
        if old.state == "dropped" and new.state == "sent":
            return self.made(NoLongerDropped, why=self._all(old.problems), text=self.hidden(new.text),
                             reason="SuprSend dropped it, and sends it now")  # fmt: skip
        if new.state == "unsent" and old.state != "unsent":
            return self.made(NotSentChanged, before=None, after=new.reason,
                             reason="the channel is not used for this person any more")  # fmt: skip
        if old.state == "unsent" and new.state == "sent":
            return self.made(NotSentChanged, before=old.reason, after=None, text=self.hidden(new.text),
                             reason="the channel is used for this person now")  # fmt: skip
        return None  # not sent on either side

    def _came(self, new: Shown) -> Met | None:
        if new.state == "dropped":
            return self.made(
                NewlyDropped, why=self._all(new.problems), reason="a new channel, whose message is dropped"
            )
        if new.state == "unsent":
            return None
        return self.made(MessageAdded, text=self.hidden(new.text), reason="the template has this channel now")

    def _changed(self, old: Shown, new: Shown) -> Met | None:
        texts, fields = self._texts(old, new)
        also = tuple(self._also(old, new))
        copies = old.copies != new.copies
        if not (texts or fields or also or copies):
            return None
        if copies:
            was, now = ("\n".join(one.copies) for one in (old, new))
            texts = (*texts, Text("copies", words(self._of_old(was), self.hidden(now))))
        same = (tuple(_delta(one) for one in texts), fields, tuple(_kind(one) for one in also))
        if texts or fields or copies:
            own: Class = "content" if texts else "cosmetic"
            reason = _WORDED if texts else "the same words: only markup and white space differ"
            if texts and all(part.kind == "same" for one in texts for part in one.words):
                reason = "a value of somebody from a directory is another one; it is covered up"
            if copies:
                own, reason = "audience", "copies of it go to other addresses"
                fields = (*fields, "copies")
            cls = worst([own, *(one.cls for one in also)])
            if cls != own:
                reason = next(one.reason for one in also if one.cls == cls)
            change = MessageChanged(
                trigger=self.compared.trigger, cls=cls, reason=reason, where=self.where, causes=self.causes,
                channel=self.spot.channel, texts=texts, fields=fields, also=also,
                markup=tuple(self._markup(old, new)) if self.compared.markup else (),
            )  # fmt: skip
            return self._met(change, same)
        first, *others = also
        if others:
            change = MessageChanged(
                trigger=self.compared.trigger, cls=worst(one.cls for one in also), reason=first.reason,
                where=self.where, causes=self.causes, channel=self.spot.channel, also=also,
            )  # fmt: skip
            return self._met(change, same)
        return self._met(first, same)

    def _texts(self, old: Shown, new: Shown) -> tuple[tuple[Text, ...], tuple[str, ...]]:
        """The parts that read differently, and the names of what differs without being read."""
        found: list[Text] = []
        names: list[str] = []
        before, after = dict(old.texts), dict(new.texts)
        for name in dict.fromkeys((*after, *before)):
            one, other = before.get(name, ""), after.get(name, "")
            if one == other:
                continue
            if seen(one) == seen(other):
                names.append(name)
                continue
            made = words(self._of_old(one), self.hidden(other))
            found.append(Text(name, made))
        before, after = dict(old.markup), dict(new.markup)
        names += [name for name in dict.fromkeys((*after, *before)) if before.get(name) != after.get(name)]
        if not found and "html" in names and (read := self._read(before.get("html", ""), after.get("html", ""))):
            found.append(read)
        return tuple(found), tuple(names)

    def _read(self, before: str, after: str) -> Text | None:
        """The words of two HTML bodies, where the template's own plain text does not tell that they differ."""
        from nac.preview.plain_text import plain_text

        one, other = plain_text(before), plain_text(after)
        if seen(one) == seen(other):
            return None
        return Text("html", words(self._of_old(one), self.hidden(other)))

    def _markup(self, old: Shown, new: Shown) -> Iterator[Text]:
        before, after = dict(old.markup), dict(new.markup)
        for name in dict.fromkeys((*after, *before)):
            if before.get(name) != after.get(name):
                yield Text(name, words(self._of_old(before.get(name, "")), self.hidden(after.get(name, ""))))

    def _also(self, old: Shown, new: Shown) -> Iterator[VariantChanged | FactChanged | LinksChanged]:
        at: dict[str, Any] = {
            "trigger": self.compared.trigger, "where": self.where, "causes": self.causes,
            "channel": self.spot.channel,
        }  # fmt: skip
        if old.variant != new.variant:
            yield VariantChanged(**at, cls="content", before=old.variant or "", after=new.variant or "",
                                 why=self.hidden(new.why), reason="another variant is chosen")  # fmt: skip
        if old.links != new.links:
            added = tuple(self.hidden(one) for one in sorted(new.links - old.links))
            gone = tuple(self._of_old(one) for one in sorted(old.links - new.links))
            yield LinksChanged(**at, cls="content", reason="it leads somewhere else", added=added, removed=gone)
        before = {name: (value, note) for name, value, note in old.facts}
        for name, value, note in new.facts:
            was = before.get(name)
            if was is not None and was[0] != value and name != "phone":
                note = self.hidden(note) if note else None
                yield FactChanged(**at, cls="cosmetic", name=name, before=was[0], after=value, note=note,
                                  reason="measured, it is another size")  # fmt: skip

    def made(self, kind: type[Any], **values: Any) -> Met:
        cls = "breaking" if kind is NewlyDropped else "audience"
        change = kind(trigger=self.compared.trigger, cls=cls, where=self.where, causes=self.causes,
                      channel=self.spot.channel, **values)  # fmt: skip
        same = tuple(values.get(name) for name in ("why", "before", "after", "reason"))
        return self._met(change, same)

    def _met(self, change: MessageChange, same: Hashable) -> Met:
        return Met(change, self._key("message"), same, self.pictures if self.compared.previews else None)

    def pictures(self) -> Iterator[Picture]:
        before = masked_preview(self.old.preview, self.was.secrets) if self.old and self.old.preview else None
        after = masked_preview(self.new.preview, self.reader.secrets) if self.new and self.new.preview else None
        yield Picture(before, after, self.where)

    def hidden(self, text: str) -> str:
        return masked(text, self.reader.secrets)

    def _of_old(self, text: str) -> str:
        return masked(text, self.was.secrets)

    def _all(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.hidden, texts))

    def _key(self, what: str) -> tuple[Any, ...]:
        return what, self.sample, self.reader.identity, self.spot


def _delta(text: Text) -> tuple[Any, ...]:
    return text.name, tuple(part for part in text.words if part.kind != "same")


def _kind(one: VariantChanged | FactChanged | LinksChanged) -> tuple[Any, ...]:
    match one:
        case VariantChanged():
            return one.kind, one.before, one.after
        case FactChanged():
            return one.kind, one.name if one.name != "segments" else (one.before, one.after)
        case LinksChanged():
            return one.kind, len(one.added), len(one.removed)
