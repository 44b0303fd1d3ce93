"""What the reports say of a change, whatever they look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nac.diff.changes import (
    CLASSES,
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
    MessageChange,
    MessageChanged,
    MessageRemoved,
    NewlyDropped,
    NoLongerDropped,
    NotSentChanged,
    Place,
    RecipientAdded,
    RecipientMoved,
    RecipientRemoved,
    SampleAdded,
    SampleEdited,
    SampleRemoved,
    TriggerAdded,
    TriggerRemoved,
    TriggerRenamed,
    VariantChanged,
)

MAX_NAMES = 5
MAX_TEXT = 200


def summary(found: Diff) -> str:
    """`3 triggers changed: 1 breaking, 4 content`, or that nothing did."""
    if not found.changes:
        return "no change in what is sent, to whom, or in what they read"
    names = {one.trigger for one in found.changes}
    counts = Counter(one.cls for one in found.changes)
    parts = [f"{counts[cls]} {cls}" for cls in reversed(CLASSES) if counts[cls]]
    what = "trigger" if len(names) == 1 else "triggers"
    if any(
        name.startswith(("template ", "workspace ", "notifications/")) or "/translations/" in name for name in names
    ):
        what = "part of the project" if len(names) == 1 else "parts of the project"
    return f"{len(names):,} {what} changed: {', '.join(parts)}"


def compared(found: Diff) -> str:
    return f"{found.base[:12]} → {found.head[:12] if found.head else 'work tree'}"


def by_trigger(changes: Iterable[Change]) -> list[tuple[str, list[Change]]]:
    """The changes of each trigger, that with the most severe one first."""
    groups: dict[str, list[Change]] = {}
    for one in changes:
        groups.setdefault(one.trigger, []).append(one)
    return list(groups.items())


def title(change: Change) -> str:
    """What happened, in a few words."""
    match change:
        case TriggerAdded():
            return f"new trigger: {count(change.messages, 'message')} in its samples"
        case TriggerRemoved():
            return "trigger removed"
        case TriggerRenamed():
            return f"trigger renamed: {change.before} → {change.after}"
        case EventFieldRequired():
            return f"newly required: {change.path}" if change.path else "the event needs more than before"
        case DataKeyRemoved():
            return f"{change.path} renamed to {change.renamed_to}" if change.renamed_to else f"{change.path} removed"
        case FieldChanged():
            how = "added" if change.before is None else "removed" if change.after is None else "changed"
            return f"{change.path} {how}"
        case RecipientAdded():
            on = f", on {', '.join(change.channels)}" if change.channels else ""
            return f"{people(change.where)} added, by {change.via}{on}"
        case RecipientRemoved():
            return f"{people(change.where)} removed, found by {change.via}"
        case RecipientMoved():
            return f"{people(change.where)} moved: {change.before} → {change.after}"
        case CountChanged():
            of = f", tenant {change.tenant}" if change.tenant else ""
            return f"{change.via} reaches {change.before:,} → {change.after:,} people{of}"
        case FindingAdded():
            return f"new finding: {finding(change)}"
        case FindingRemoved():
            return f"finding gone: {finding(change)}"
        case SampleAdded() | SampleRemoved() | SampleEdited():
            return f"sample {change.kind.removeprefix('sample-')}: {change.sample}"
        case MessageChange():
            return _of_message(change)
    raise AssertionError(change)


def _of_message(change: MessageChange) -> str:
    match change:
        case NewlyDropped():
            return f"{change.channel}: newly dropped"
        case NoLongerDropped():
            return f"{change.channel}: no longer dropped"
        case NotSentChanged():
            return f"{change.channel}: {'not sent any more' if change.after else 'sent now'}"
        case MessageAdded():
            return f"{change.channel}: new message"
        case MessageRemoved():
            return f"{change.channel}: message removed"
        case MessageChanged():
            if change.texts and all(one.name == "copies" for one in change.texts):
                return f"{change.channel}: copies go to others"
            return f"{change.channel}: {'reads differently' if change.texts else 'another look'}"
        case VariantChanged():
            return f"{change.channel}: another variant"
        case LinksChanged():
            return f"{change.channel}: other links"
        case _:
            return f"{change.channel}: another size"


def details(change: Change) -> Iterator[tuple[str, str]]:
    """Lines below the title: a label and a text."""
    match change:
        case FieldChanged():
            if change.before is not None:
                yield "-", change.before
            if change.after is not None:
                yield "+", change.after
        case EventFieldRequired():
            yield "why", change.because
        case NewlyDropped() | NoLongerDropped():
            for why in change.why:
                yield "why", why
        case NotSentChanged():
            if change.before or change.after:
                yield "why", change.before or change.after or ""
        case MessageChanged():
            if change.fields and not change.texts:
                yield "differs", ", ".join(change.fields)
            for one in change.also:
                yield from details(one)
        case VariantChanged():
            yield "variant", f"{change.before or 'none'} → {change.after or 'none'} ({change.why})"
        case FactChanged():
            yield (
                change.name.replace("_", " "),
                f"{change.before} → {change.after}" + (f" ({change.note})" if change.note else ""),
            )
        case LinksChanged():
            for link in change.removed[:MAX_NAMES]:
                yield "- link", link
            for link in change.added[:MAX_NAMES]:
                yield "+ link", link
            more = max(0, len(change.removed) - MAX_NAMES) + max(0, len(change.added) - MAX_NAMES)
            if more:
                yield "links", f"and {more} more"
        case _:
            return


def finding(change: FindingAdded | FindingRemoved) -> str:
    at = change.path + (f":{change.line}" if change.line else "")
    return f"{change.severity}[{change.code} {change.name}] {change.message} ({at})"


def people(where: Sequence[Place]) -> str:
    """Who, by name as far as they are few."""
    names = Counter(one.reader or "" for one in dict.fromkeys((p.reader, p.sample) and p for p in where))
    shown = [f"{name} ×{times}" if times > 1 and "•" in name else name for name, times in sorted(names.items())]
    return named(shown)


def places(where: Sequence[Place]) -> str:
    """Where it was met: `8 messages: ana, bob · email · de, en · acme`."""
    if not where:
        return ""
    parts = [named(sorted({value for one in where if (value := one[index])})) for index in (0, 1, 3, 4)]
    of = count(len(where), "message") if where[0].channel else count(len({one.sample for one in where}), "sample")
    return f"{of}: {' · '.join(part for part in parts if part)}"


def causes(change: Change) -> tuple[str, ...]:
    """The changed files behind it; none where its reason says that the sample was edited."""
    return tuple(one for one in change.causes if one != "sample")


def named(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MAX_NAMES])
    return f"{shown} and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else shown


def count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def text_of(change: Change) -> str | None:
    """A whole message, where there is none to compare it with."""
    if isinstance(change, (MessageAdded, NoLongerDropped, NotSentChanged)) and change.text:
        return change.text
    return None
