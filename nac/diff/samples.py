"""One sample on both sides → how its request, its recipients and its messages differ, place by place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import islice

from nac.diagnostics import NO_RECIPIENTS
from nac.diff.causes import Causes
from nac.diff.changes import (
    Class,
    CountChanged,
    DataKeyRemoved,
    FieldChanged,
    Place,
    RecipientAdded,
    RecipientMoved,
    RecipientRemoved,
)
from nac.diff.masking import COVER
from nac.diff.messages import compare_messages, dropped_all, sent_all
from nac.diff.met import Met
from nac.diff.pictures import came, went
from nac.diff.side import Facts, Recipient, Sampled, in_order
from nac.diff.values import Difference, differences
from nac.payload import canonical
from nac.people import ADDRESSES

MAX_PEOPLE = 1_000
"""Of one sample, those of whom it is told one by one that they came, went, or are somewhere else; all are counted."""
TARGET = ("workflow", "name", "list_id")
TENANT = ("tenant_id", "brand_id")
_REACH = ("notification_category", "channels")
_PERSON_REACH = frozenset({*ADDRESSES, "$channels", "distinct_id", "id", "object_type"})


@dataclass(frozen=True)
class Compared:
    """What a comparison of samples knows of their trigger. `reads`: the names at the top of the data that
    the template in the new tree reads."""

    trigger: str
    old: Facts | None
    new: Facts | None
    causes: Causes
    reads: Collection[str]
    growth: float | None = None
    markup: bool = False
    previews: bool = False

    @property
    def selectors(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (self.old.selectors if self.old else (), self.new.selectors if self.new else ())

    def still_read(self, path: str) -> bool:
        name = path.removeprefix("data.").split(".")[0].split("[")[0]
        return name in self.reads


def compare_samples(before: Sampled, after: Sampled, compared: Compared) -> Iterator[Met]:
    """Every difference, one by one."""
    if before.fields is None and after.fields is None:
        return
    if after.fields is None or _fails(after):
        if before.fields is not None and not _fails(before):
            yield from dropped_all(before, after, compared)
        return
    if before.fields is None or _fails(before):
        yield from sent_all(before, after, compared)
        return
    changed = list(_fields(before, after, compared))
    yield from changed
    people = list(_people(before, after, compared))
    yield from people
    yield from compare_messages(before, after, compared, fields=bool(changed or people))


def _fails(side: Sampled) -> bool:
    """Whether nothing is sent because of a mistake, rather than because there is nobody."""
    return side.nothing and any(one.rule is not NO_RECIPIENTS and one.severity == "error" for one in side.findings)


def _fields(before: Sampled, after: Sampled, compared: Compared) -> Iterator[Met]:
    place = (Place(sample=after.name),)
    old, new = dict(before.fields or {}), dict(after.fields or {})
    found = list(differences(old, new))
    if before.key != after.key:
        found.append(Difference("idempotency_key", _json(before.key), _json(after.key)))
    gone = {one.path: one for one in found if one.key and one.after is None and one.path.startswith("data.")}
    came = {one.path: one for one in found if one.key and one.before is None and one.path.startswith("data.")}
    renamed: dict[str, str] = {}
    for path, one in gone.items():
        match = next((other for other in came.values() if other.after == one.before
                      and other.path.rpartition(".")[0] == path.rpartition(".")[0]
                      and other.path not in renamed.values()), None)  # fmt: skip
        if match:
            renamed[path] = match.path
    causes = compared.causes.files()
    for one in found:
        if one.path in gone:
            to = renamed.get(one.path)
            still = compared.still_read(one.path)
            yield Met(
                DataKeyRemoved(
                    trigger=compared.trigger, cls="breaking", path=one.path, renamed_to=to, still_read=still,
                    reason=removed(one.path, to, still), where=place, causes=causes,
                ),
                ("data-key", one.path, after.name),
            )  # fmt: skip
        elif one.path not in renamed.values():
            cls, reason = class_of(one.path)
            yield Met(
                FieldChanged(
                    trigger=compared.trigger, cls=cls, path=one.path, before=one.before, after=one.after, reason=reason,
                    where=place, causes=causes,
                ),
                ("field", one.path, after.name),
            )  # fmt: skip


def class_of(path: str) -> tuple[Class, str]:
    """How much it matters that this part of a request is another, and why."""
    name = path.split(".")[0].split("[")[0]
    if name == "idempotency_key":
        return "breaking", "what counts as the same request is decided differently: some go out twice, or not at all"
    if name == "cancellation_key":
        return "breaking", "a cancellation with the key as it was does not find these any more"
    if name in TARGET:
        return "breaking", "something else is run on SuprSend"
    if name in TENANT:
        return "breaking", "it is sent for another tenant: another brand, other preferences"
    if name in _REACH:
        return "audience", "it decides who gets this, and on which channels"
    if name == "metadata":
        return "cosmetic", "metadata is shown in no message"
    return "content", "what is live on SuprSend may show it, or decide by it"


def removed(path: str, to: str | None, still: bool) -> str:
    """Why it matters that a key of the data is gone."""
    what = f"is called {to} now" if to else "is not sent any more"
    return f"{path} {what}, and the template {'in this tree' if still else 'that is live'} " + (
        "still reads it" if still else "may read it"
    )


def _json(key: str | None) -> str | None:
    return None if key is None else f'"{key}"'


def _people(before: Sampled, after: Sampled, compared: Compared) -> Iterator[Met]:
    pairs = paired(*(_texts(one) for one in (compared.old, compared.new)))
    for found in (_came, _went, _known):
        yield from islice(found(before, after, compared, pairs), MAX_PEOPLE)
    yield from _counted(before, after, compared, pairs)


def _came(before: Sampled, after: Sampled, compared: Compared, pairs: Mapping[int, int]) -> Iterator[Met]:
    old = {one.identity for one in before.recipients}
    channels: dict[str, dict[str, None]] = {}
    for (identity, spot), shown in after.messages.items():
        if shown.state == "sent":
            channels.setdefault(identity, {})[spot.channel] = None
    for one in after.recipients:
        if one.identity not in old:
            change = RecipientAdded(
                trigger=compared.trigger, cls="audience", reason="they get it now, and did not before",
                via=_name(compared.selectors[1], one.selector), channels=tuple(channels.get(one.identity, ())),
                where=(Place(after.name, one.shown),), causes=compared.causes.files(),
            )  # fmt: skip
            pictures = partial(came, after, one.identity) if compared.previews else None
            yield Met(change, ("recipient", one.identity, after.name), pictures=pictures)


def _went(before: Sampled, after: Sampled, compared: Compared, pairs: Mapping[int, int]) -> Iterator[Met]:
    new = {one.identity for one in after.recipients}
    for one in before.recipients:
        if one.identity not in new:
            change = RecipientRemoved(
                trigger=compared.trigger, cls="audience", reason="they got it, and do not any more",
                via=_name(compared.selectors[0], one.selector), where=(Place(after.name, one.shown),),
                causes=compared.causes.files(),
            )  # fmt: skip
            pictures = partial(went, before, one.identity) if compared.previews else None
            yield Met(change, ("recipient", one.identity, after.name), pictures=pictures)


def _known(before: Sampled, after: Sampled, compared: Compared, pairs: Mapping[int, int]) -> Iterator[Met]:
    """What differs of those who got it and still do."""
    old = {one.identity: one for one in before.recipients}
    names = compared.selectors
    for one in after.recipients:
        was = old.get(one.identity)
        if was is None:
            continue
        if pairs.get(was.selector, -1) != one.selector:
            change = RecipientMoved(
                trigger=compared.trigger, cls="audience", reason="another selector finds them now",
                before=_name(names[0], was.selector), after=_name(names[1], one.selector),
                where=(Place(after.name, one.shown),), causes=compared.causes.files(),
            )  # fmt: skip
            yield Met(change, ("moved", one.identity, after.name))
        yield from _person(was, one, after.name, compared)


def _person(was: Recipient, now: Recipient, sample: str, compared: Compared) -> Iterator[Met]:
    """What is known of one person, on both sides."""
    old = {"distinct_id": was.value} if isinstance(was.value, str) else was.value
    new = {"distinct_id": now.value} if isinstance(now.value, str) else now.value
    if old is None or new is None or old == new:
        return
    for one in differences(old, new):
        name = one.path.split(".")[0].split("[")[0]
        reach = name in _PERSON_REACH
        hidden = was.masked or now.masked
        reason = "it decides where this person is reached" if reach else "a template may show it"
        change = FieldChanged(
            trigger=compared.trigger, cls="audience" if reach else "content", path=f"recipient.{one.path}",
            before=_cover(one.before, hidden), after=_cover(one.after, hidden), reason=reason,
            where=(Place(sample, now.shown),), causes=compared.causes.files(),
        )  # fmt: skip
        same = (name, one.before is None, one.after is None)
        yield Met(change, ("person", now.identity, one.path, sample), same)


def _cover(text: str | None, hidden: bool) -> str | None:
    return COVER * 3 if hidden and text is not None else text


def _counted(before: Sampled, after: Sampled, compared: Compared, pairs: Mapping[int, int]) -> Iterator[Met]:
    """How many people each selector of a directory reaches."""
    names = compared.selectors
    back = {new: old for old, new in pairs.items()}
    rows = [(_name(names[1], index), before.counts.get(back.get(index, -9), 0), count)
            for index, count in after.counts.items()]  # fmt: skip
    rows += [(_name(names[0], index), count, 0) for index, count in before.counts.items() if index not in pairs]
    for via, old, new in rows:
        if old == new:
            continue
        over = compared.growth is not None and new > old * (1 + compared.growth / 100)
        reason = "it reaches another number of people"
        if over:
            allowed = f"more than the {compared.growth:g} % that nac.yaml allows"
            reason = f"it reaches {new:,} people instead of {old:,}: {allowed}"
        change = CountChanged(
            trigger=compared.trigger, cls="breaking" if over else "audience", reason=reason, via=via,
            tenant=after.tenant, before=old, after=new, allowed=compared.growth if over else None,
            where=(Place(after.name),), causes=compared.causes.files(),
        )  # fmt: skip
        yield Met(change, ("count", via.partition(" ")[2], after.name))


def _texts(facts: Facts | None) -> list[str]:
    found = facts.value.get("recipients", []) if facts else []
    return [canonical(in_order(one)) for one in found] if isinstance(found, list) else []


def paired(old: list[str], new: list[str]) -> dict[int, int]:
    """Which selector of one side is which of the other: equal ones, wherever they stand, and between those that stayed
    the others in the same order."""
    found: dict[int, int] = {}
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, a, b, c, d in steps:
        if tag == "equal":
            found.update(zip(range(a, b), range(c, d), strict=True))
    taken = set(found.values())
    for index, each in enumerate(old):
        if index not in found:
            at = next((at for at, other in enumerate(new) if other == each and at not in taken), None)
            if at is not None:
                found[index] = at
                taken.add(at)
    for tag, a, b, c, d in steps:
        if tag == "replace":
            left, right = ([at for at in range(a, b) if at not in found], [at for at in range(c, d) if at not in taken])
            found.update(zip(left, right, strict=False))
    return found


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if 0 <= index < len(names) else "recipients"
