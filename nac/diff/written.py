"""What two trigger files say: keys, selectors, and the parts of an event that they cannot do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from nac.diff.causes import Causes
from nac.diff.changes import Change, Class, DataKeyRemoved, EventFieldRequired, FieldChanged
from nac.diff.reads import in_words, newly_required, tidy_sql
from nac.diff.samples import class_of, paired, removed
from nac.diff.side import Facts, in_order
from nac.diff.values import text
from nac.people import ADDRESSES

_WHO = frozenset({"recipients", "except", "fan_out"})
_UNSEEN = "it is written differently; no sample shows a difference"
_SKIPPED = frozenset({"samples", "kind", "data", "recipients"})


def compare_written(
    trigger: str, old: Facts, new: Facts, told: Iterable[Change], causes: Causes, reads: Collection[str]
) -> Iterator[Change]:
    """What the files say differently that `told`, the changes of the samples, do not tell already."""
    files = causes.files()
    known = [one for one in told if isinstance(one, (FieldChanged, DataKeyRemoved)) and one.causes != ("sample",)]
    paths = {one.path for one in known}
    paths |= {one.renamed_to for one in known if isinstance(one, DataKeyRemoved) and one.renamed_to}
    for path in newly_required(old.needs, new.needs):
        what = in_words(path)
        because = new.needs[path]
        yield EventFieldRequired(
            trigger=trigger, cls="breaking", path=what, because=because, causes=files,
            reason=f"{because} reads {what}: without it nothing is sent, and it was not needed before",
        )  # fmt: skip
    yield from _schema(trigger, old, new, files)
    if old.kind != new.kind:
        yield FieldChanged(trigger=trigger, cls="breaking", path="kind", before=old.kind, after=new.kind, causes=files,
                           reason="it goes out as another kind of request")  # fmt: skip
    for name in dict.fromkeys((*old.value, *new.value)):
        before, after = old.value.get(name), new.value.get(name)
        if name in _SKIPPED or before == after or _is_told(name, paths):
            continue
        cls, reason = _class(name)
        yield FieldChanged(trigger=trigger, cls=cls, path=name, before=_text(before), after=_text(after), reason=reason,
                           causes=files)  # fmt: skip
    yield from _data(trigger, old, new, paths, files, reads)
    yield from _selectors(trigger, old, new, files)


def _schema(trigger: str, old: Facts, new: Facts, files: tuple[str, ...]) -> Iterator[Change]:
    """What the event schema of both requires now of who sends the event."""
    if old.promised is None or new.promised is None:
        return
    told = {path[: len(one)] for path in newly_required(old.needs, new.needs) for one in new.promised}
    came = new.promised - old.promised
    for path in sorted(came):
        # What is below a field that is required now goes without saying.
        if path not in told and not any(path[:length] in came for length in range(1, len(path))):
            what = in_words(path)
            reason = f"the event schema requires {what} now: whoever sends the event has to give it"
            yield EventFieldRequired(
                trigger=trigger, cls="breaking", path=what, because="the event schema", causes=files, reason=reason
            )


def _class(name: str) -> tuple[Class, str]:
    if name == "description":
        return "cosmetic", "the description is sent to nobody"
    if name == "event_schema":
        return "cosmetic", "the schema of the event is sent to nobody"
    if name in _WHO:
        return "audience", "who gets it is decided differently"
    if name == "template":
        return "content", "another template is previewed"
    cls, reason = class_of(name)
    if cls == "content":
        return "cosmetic", _UNSEEN
    return cls, reason


def _is_told(name: str, paths: Collection[str]) -> bool:
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in paths)


def _data(
    trigger: str, old: Facts, new: Facts, paths: Collection[str], files: tuple[str, ...],
    reads: Collection[str],
) -> Iterator[Change]:  # fmt: skip
    one, other = old.value.get("data", {}), new.value.get("data", {})
    if not (isinstance(one, dict) and isinstance(other, dict)):
        if one != other and not _is_told("data", paths):
            yield FieldChanged(trigger=trigger, cls="cosmetic", path="data", before=_text(one), after=_text(other),
                               causes=files, reason=_UNSEEN)  # fmt: skip
        return
    gone = [name for name in one if name not in other and not _is_told(f"data.{name}", paths)]
    came = [name for name in other if name not in one and not _is_told(f"data.{name}", paths)]
    renamed: dict[str, str] = {}
    for name in gone:
        to = next((new for new in came if other[new] == one[name] and new not in renamed.values()), None)
        if to is not None:
            renamed[name] = to
        path, at = f"data.{name}", f"data.{to}" if to is not None else None
        yield DataKeyRemoved(trigger=trigger, cls="breaking", path=path, renamed_to=at, still_read=name in reads,
                             reason=removed(path, at, name in reads), causes=files)  # fmt: skip
    for name in other:
        path = f"data.{name}"
        same = name in one and one[name] == other[name]
        if same or name in renamed.values() or _is_told(path, paths):
            continue
        yield FieldChanged(trigger=trigger, cls="cosmetic", path=path, before=_text(one.get(name)),
                           after=_text(other[name]), causes=files, reason=_UNSEEN)  # fmt: skip


def _selectors(trigger: str, old: Facts, new: Facts, files: tuple[str, ...]) -> Iterator[Change]:
    """What decides who is found. What is said of the people found is seen in the samples."""
    lists = [_list(facts.value.get("recipients")) for facts in (old, new)]
    one, other = ([_who(each, tidied=True) for each in found] for found in lists)
    before, after = ([_who(each) for each in found] for found in lists)
    pairs = paired(one, other)
    for index, each in enumerate(one):
        at = pairs.get(index)
        if at is None:
            yield FieldChanged(trigger=trigger, cls="audience", path=old.selectors[index], before=before[index],
                               after=None, causes=files, reason="a selector is gone")  # fmt: skip
        elif other[at] != each:
            reason = "the selector decides differently who gets it"
            yield FieldChanged(trigger=trigger, cls="audience", path=new.selectors[at], before=before[index],
                               after=after[at], causes=files, reason=reason)  # fmt: skip
    order = [at for _, at in sorted(pairs.items())]
    if order != sorted(order):
        was, now = (", ".join(facts.selectors) for facts in (old, new))
        reason = "the selectors are asked in another order: whoever several find is kept as the first finds them"
        yield FieldChanged(trigger=trigger, cls="audience", path="recipients", before=was, after=now, causes=files,
                           reason=reason)  # fmt: skip
    for at in range(len(other)):
        if at not in pairs.values():
            yield FieldChanged(trigger=trigger, cls="audience", path=new.selectors[at], before=None, after=after[at],
                               causes=files, reason="a new selector")  # fmt: skip


def _who(selector: Any, *, tidied: bool = False) -> str:
    """The parts of a selector that decide who is found, as text; `tidied`: its SQL and its ids in one form."""
    if not isinstance(selector, dict):
        return text(selector)
    kept = {
        key: tidy_sql(value) if tidied and key in ("where", "order_by") and isinstance(value, str) else value
        for key, value in selector.items()
        if key not in ("user", "object", "as")
    }
    for key in ("user", "object"):
        if key in selector:
            kept[key] = _identifying(selector[key], tidied)
    return text(in_order(kept))


def _identifying(person: Any, tidied: bool) -> Any:
    if not isinstance(person, dict):
        return {"distinct_id": person} if tidied and isinstance(person, str) else person
    names = ("distinct_id", "id", "object_type", "is_transient", "$channels")
    kept = {name: person[name] for name in names if name in person}
    if "distinct_id" not in person and "id" not in person:
        kept |= {name: one for name, one in person.items() if name.startswith("$") and name in ADDRESSES}
    return kept


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else text(value)
