"""Previews as text for a terminal, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nac.preview import Preview
from nac.recipients import Person
from nac.report.recipients import selector_name
from nac.report.terminal import PLAIN, Style, safe

if TYPE_CHECKING:
    from nac.api import Previewed

Write = Callable[[bytes], object]


def write_previews(write: Write, form: str, shown: Sequence[Previewed], style: Style = PLAIN) -> None:
    """`text`, or `json`: a list of `{trigger, event, recipient, previews: [{channel, text | dropped | not_sent}]}`."""
    if form == "json":
        rows = [_row(one, person, previews) for one in shown for person, previews in one.people]
        write((json.dumps(rows, indent=2, ensure_ascii=False) + "\n").encode())
        return
    for one in shown:
        for line in _text(one, style):
            write(f"{line}\n".encode("utf-8", "backslashreplace"))


def _row(one: Previewed, person: Person, previews: Sequence[Preview]) -> dict[str, Any]:
    return {
        "trigger": one.trigger.name,
        "event": one.event.name,
        "recipient": person.identity,
        "previews": [
            {
                "channel": each.channel,
                **({} if each.text is None else {"text": each.text}),
                **({} if each.not_sent is None else {"not_sent": each.not_sent}),
                **({"dropped": [problem.message for problem in each.problems]} if each.problems else {}),
            }
            for each in previews
        ],
    }


def _text(one: Previewed, style: Style) -> Iterator[str]:
    yield f"{style.bold(safe(one.trigger.name))} · {safe(one.event.name)}"
    if not one.channels:
        what = f"{one.channel}.hbs" if one.channel else "<channel>.hbs"
        yield style.yellow(f"  no template at notifications/templates/{safe(one.template)}/{what}")
    for person, previews in one.people if one.channels else ():
        via = selector_name(one.trigger, person.selector) if person.selector >= 0 else "everyone on the list"
        yield f"  {style.cyan(safe(person.shown))} {style.dim(f'({via})')}"
        for each in previews:
            yield from _channel(each, style)
    if one.more:
        yield style.yellow(f"  and {one.more:,} more recipients; --limit or --recipient shows others")
    yield ""


def _channel(each: Preview, style: Style) -> Iterator[str]:
    name = f"    {each.channel:<12}"
    if each.not_sent is not None:
        yield f"{name}{style.dim('not sent: ' + safe(each.not_sent))}"
    elif each.text is None:
        yield f"{name}{style.red('dropped: ' + '; '.join(safe(one.message) for one in each.problems))}"
    else:
        first, *rest = safe(each.text).split("\n")
        yield f"{name}{first}"
        yield from (f"{'':16}{line}".rstrip() for line in rest)
