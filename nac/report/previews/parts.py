"""A message as the parts that a reader sees, already safe to print: what the plain layout and the cards share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nac.diagnostics import Diagnostic
from nac.messages import Button, Email, Inbox, Message, MsTeams, Plain, Push, Slack, Sms, Whatsapp
from nac.preview.result import Fact, Preview, Previewed, Reader
from nac.report.terminal import safe


@dataclass(frozen=True)
class Parts:
    """`heads` are labelled lines above the message, `title` its own first line, `foot` small lines below it,
    `buttons` what can be pressed. `marks` say in a word or two what the text does not show."""

    body: str
    heads: tuple[tuple[str, str], ...] = ()
    title: str | None = None
    foot: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def line(text: object) -> str:
    """Text that is safe to print and stays on its line."""
    return safe(str(text)).replace("\n", "\\n").replace("\t", " ")


def block(text: str) -> str:
    """Text that is safe to print on several lines. A carriage return before a line feed is a line's end, no control."""
    return safe(text.replace("\r\n", "\n"))


def parts_of(message: Message) -> Parts:
    return _MAKERS[type(message)](message)


def _email(one: Email) -> Parts:
    sender = " ".join(part for part in (one.from_name, one.from_address and f"<{one.from_address}>") if part)
    heads = (
        ("Subject", one.subject),
        ("Preheader", one.preheader),
        ("From", sender),
        ("To", ", ".join((*one.to, *one.extra_to))),
        ("Cc", ", ".join(one.cc)),
        ("Bcc", ", ".join(one.bcc)),
        ("Reply-To", one.reply_to),
    )
    return Parts(block(one.plain_text), _lines(heads))


def _sms(one: Sms) -> Parts:
    heads = (("Sender", one.header), ("Category", one.category))
    return Parts(block(one.body), _lines(heads), marks=("DLT",) if one.kind == "dlt" else ())


def _whatsapp(one: Whatsapp) -> Parts:
    title = None
    if one.header is not None:
        title = one.header.text or " ".join(
            part for part in (f"[{one.header.format.lower()}]", one.header.filename, one.header.media_url) if part
        )
    foot = (one.footer,) if one.footer else ()
    marks = (one.category.lower(),) if one.category else ()
    return _parts(one.body, title, foot, one.buttons, marks)


def _inbox(one: Inbox) -> Parts:
    marks = [*(["pinned"] if one.is_pinned else []), *([one.importance] if one.importance != "default" else [])]
    marks += [f"#{tag}" for tag in one.tags]
    made = _parts(one.body, one.header, (one.subtext,) if one.subtext else (), one.buttons, marks)
    return replace(made, foot=(*made.foot, *_opens(one.action_url)))


def _push(one: Push) -> Parts:
    made = _parts(one.body, one.header, (one.subtext,) if one.subtext else (), one.buttons, ())
    return replace(made, foot=(*made.foot, *_opens(one.action_url)))


def _slack(one: Slack) -> Parts:
    return Parts(block(one.plain_text), marks=("text",) if one.blocks is None else ("Block Kit",))


def _ms_teams(one: MsTeams) -> Parts:
    return Parts(block(one.plain_text), marks=("text",) if one.card is None else ("Adaptive Card",))


def _plain(one: Plain) -> Parts:
    return Parts(block(one.body))


_MAKERS: dict[type, Callable[[Any], Parts]] = {
    Email: _email, Sms: _sms, Whatsapp: _whatsapp, Inbox: _inbox, Push: _push, Slack: _slack, MsTeams: _ms_teams,
    Plain: _plain,
}  # fmt: skip


def _parts(body: str, title: str | None, foot: Sequence[str], buttons: Sequence[Button], marks: Sequence[str]) -> Parts:
    pressed = tuple(f"[{line(one.text)}]" + (f" {line(one.url)}" if one.url else "") for one in buttons)
    return Parts(
        block(body), (), line(title) if title else None, tuple(map(line, foot)), pressed, tuple(map(line, marks))
    )


def _opens(url: str | None) -> tuple[str, ...]:
    return (f"→ {line(url)}",) if url else ()


def _lines(heads: Sequence[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, line(value)) for label, value in heads if value)


def fact_text(one: Fact) -> str:
    """`1 segment`, `GSM-7`, `subject 21 of 60 characters`: with its name where the unit does not say it."""
    value = f"{one.value:,}" if isinstance(one.value, int) else line(one.value)
    unit = line(one.unit)
    name = line(one.name).removesuffix("_length").removesuffix("_size").replace("_", " ")
    told = name in ("length", "encoding") or name.rstrip("s") == unit.rstrip("s")
    bounded = one.limit is not None and (one.name != "segments" or one.warning)
    limit = f" of {one.limit:,}" if bounded else ""
    return " ".join(part for part in ("" if told else name, f"{value}{limit}", unit) if part)


def place(one: Preview) -> str:
    """The locale and tenant of a preview, where they are not what everybody has: ` · es-MX · northwind`."""
    parts = [*([one.locale] if one.locale != "en" else []), *([one.tenant] if one.tenant is not None else [])]
    return "".join(f" · {line(part)}" for part in parts)


def place_of(problem: Diagnostic) -> str:
    """`path:line:column`, safe to print."""
    span = problem.label.span
    return f"{line(problem.label.path)}:{span.line}:{span.column}" if span else line(problem.label.path)


def groups(reader: Reader) -> Iterator[tuple[str, list[Preview]]]:
    """The previews of one reader by locale and tenant, in the order they come."""
    found: dict[tuple[str, str | None], list[Preview]] = {}
    for one in reader.previews:
        found.setdefault((one.locale, one.tenant), []).append(one)
    for previews in found.values():
        yield place(previews[0]), previews


def untold(one: Previewed) -> str | None:
    """Why nothing is shown of an event's template, where no finding says it."""
    if not one.channels:
        return f"there is no template `{line(one.template)}`"
    if one.readers and not any(reader.previews for reader in one.readers):
        return f"the template `{line(one.template)}` is for other channels: {', '.join(one.channels)}"
    return None


def more_text(count: int) -> str:
    return f"and {count:,} more recipients; --limit or --recipient shows others"


def reasons(facts: Sequence[Fact]) -> list[str]:
    """What made a number what it is, where that is no warning: the characters that forced an SMS into UCS-2."""
    return [line(one.note) for one in facts if one.name == "encoding" and one.note and not one.warning]


def warnings(facts: Sequence[Fact]) -> list[str]:
    """What is worth a look, a line each."""
    return [line(one.note) if one.note else fact_text(one) for one in facts if one.warning]
