"""Who gets it, as a table or as JSON, written as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from nac.model import BroadcastTrigger, DirectorySelector, EachSelector, ObjectSelector
from nac.payload import canonical
from nac.project import Trigger
from nac.recipients import Person
from nac.report.terminal import PLAIN, Style, safe, width
from nac.resolve import Resolved

Write = Callable[[bytes], object]
MAX_SHOWN = 1000


def write_recipients(write: Write, form: str, resolved: Resolved, style: Style = PLAIN) -> None:
    """`json`: one list an event; `ndjson`: one object a line; `table`: the first MAX_SHOWN, and counts by selector."""
    if form == "table":
        for line in _table(resolved, style):
            write(f"{line}\n".encode())
        return
    rows = (canonical(_row(resolved, person)) for person in resolved.people)
    if form == "ndjson":
        for row in rows:
            write(f"{row}\n".encode())
        return
    between = "[\n"
    for row in rows:
        write(f"{between}{row}".encode())
        between = ",\n"
    write(b"[]\n" if between == "[\n" else b"\n]\n")


def _row(resolved: Resolved, person: Person) -> dict[str, Any]:
    label = resolved.trigger.at("recipients", person.selector).label()
    return {
        "trigger": resolved.trigger.name,
        "event": resolved.event.name,
        "recipient": person.recipient,
        "identity": person.identity,
        "selector": selector_name(resolved.trigger, person.selector),
        "at": f"{label.path}:{label.span.line}" if label.span else label.path,
    }


def selector_name(trigger: Trigger, index: int) -> str:
    """A selector in a few words: `from people`, `each person`, `object`, `user`."""
    selector = () if isinstance(trigger.model, BroadcastTrigger) else trigger.model.recipients[index]
    if isinstance(selector, DirectorySelector):
        return f"from {selector.from_}"
    if isinstance(selector, EachSelector):
        return f"each {selector.as_}"
    return "object" if isinstance(selector, ObjectSelector) else "user"


def _table(resolved: Resolved, style: Style) -> Iterator[str]:
    trigger = resolved.trigger
    yield f"{style.bold(safe(trigger.name))} · {safe(resolved.event.name)}"
    if isinstance(trigger.model, BroadcastTrigger):
        yield f"  everyone on the list {safe(str(resolved.fields.get('list_id')))}, which SuprSend holds"
        return
    counts: Counter[int] = Counter()
    for person in resolved.people:
        counts[person.selector] += 1
        if counts.total() <= MAX_SHOWN:
            name = safe(person.shown)
            label = trigger.at("recipients", person.selector).label()
            place = f"{label.path}:{label.span.line}" if label.span else label.path
            via = f"{selector_name(trigger, person.selector)} ({place})"
            yield f"  {name}{' ' * max(2, 32 - width(name))}{style.dim(via)}"
    if counts.total() > MAX_SHOWN:
        yield style.yellow(f"  and {counts.total() - MAX_SHOWN:,} more; --format ndjson shows them")
    parts = [f"{count:,} {selector_name(trigger, index)}" for index, count in sorted(counts.items())]
    yield style.dim(f"  {counts.total():,} in all: {', '.join(parts)}" if parts else "  nobody")
