"""Previews on a terminal: each message drawn as the thing it will be, by rich.

Everything that was written by somebody passes `parts` first, which leaves nothing for a terminal to obey, and reaches
rich as Text: its markup is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from nac.preview.result import Preview, Previewed
from nac.report.previews.parts import (
    Parts,
    fact_text,
    groups,
    line,
    more_text,
    parts_of,
    place_of,
    reasons,
    untold,
    warnings,
)

MIN_WIDTH = 32
_BUBBLE, _PHONE, _PAGE = 48, 52, 100
_GREEN = "green"


def cards_text(shown: Sequence[Previewed], width: int, *, colour: bool = True, why: bool = False) -> str:
    """Every event with its readers and their messages, at most `width` columns wide."""
    file = StringIO()
    console = Console(
        file=file, width=max(width, MIN_WIDTH), force_terminal=True, no_color=not colour, markup=False, emoji=False,
        highlight=False, color_system="standard" if colour else None, legacy_windows=False, _environ={},
    )  # fmt: skip
    for one in shown:
        for part in _event(one, console.width, why):
            console.print(part)
    return "".join(f"{each.rstrip(' ')}\n" for each in file.getvalue().split("\n")[:-1])


def _event(one: Previewed, width: int, why: bool) -> Iterator[RenderableType]:
    yield Rule(Text.assemble((line(one.name), "bold"), f" · {line(one.event)}"), align="left", style="dim")
    if missing := untold(one):
        yield _indented(Text(missing, "yellow"))
    for reader in () if untold(one) else one.readers:
        for where, previews in groups(reader):
            yield Text.assemble((line(reader.called), "bold cyan"), (f" ({line(reader.via)})", "dim"), where)
            for each in previews:
                yield _indented(Group(*_channel(each, width - 2, why)))
    if one.more:
        yield _indented(Text(more_text(one.more), "yellow"))
    yield Text("")


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2), expand=False)


def _channel(each: Preview, width: int, why: bool) -> Iterator[RenderableType]:
    if each.not_sent is not None:
        yield Text(f"{each.channel}  not sent: {line(each.not_sent)}", "dim")
    elif each.message is None:
        yield Text.assemble((f"{each.channel}  dropped", "bold red"))
        for one in each.problems:
            yield _indented(Text.assemble((line(one.message), "red"), (f"  {place_of(one)}", "dim red")))
    else:
        parts = parts_of(each.message)
        draw = _DRAWN.get(each.channel, _bubble)
        yield draw(each.channel, parts, width)
        facts = [*parts.marks, *(fact_text(one) for one in each.facts)]
        if facts:
            yield _indented(Text(" · ".join(facts), "dim"))
        yield from (_indented(Text(one, "dim")) for one in reasons(each.facts))
        yield from (_indented(Text(f"! {one}", "yellow")) for one in warnings(each.facts))
        yield from (_indented(Text(f"refused: {line(one.message)}", "red")) for one in each.problems)
    yield from (_indented(Text(line(note), "dim")) for note in each.notes)
    if why and each.choice:
        for step in each.choice.steps:
            mark, look = ("→", "green") if step.chosen else ("·", "dim")
            yield _indented(Text(f"{mark} {line(step.variant.name)}: {line(step.reason)}", look))


def _email(channel: str, parts: Parts, width: int) -> RenderableType:
    heads = Table.grid(padding=(0, 1))
    heads.add_column(no_wrap=True)
    heads.add_column(overflow="fold")
    for label, value in parts.heads:
        heads.add_row(Text(label, "dim"), Text(value, "bold" if label == "Subject" else ""))
    within: list[RenderableType] = [heads, Rule(style="dim")] if parts.heads else []
    return _framed(channel, Group(*within, *_read(parts)), min(width, _PAGE), box.ROUNDED, "")


def _bubble(channel: str, parts: Parts, width: int) -> RenderableType:
    heads = [Text.assemble((f"{label} ", "dim"), value) for label, value in parts.heads]
    return _framed(channel, Group(*heads, *_read(parts)), min(width, _BUBBLE), box.ROUNDED, _GREEN)


def _lock_screen(channel: str, parts: Parts, width: int) -> RenderableType:
    top = Table.grid(expand=True)
    top.add_column()
    top.add_column(justify="right")
    top.add_row(Text("▪ your app", "dim"), Text("now", "dim"))
    return _framed(channel, Group(top, *_read(parts)), min(width, _PHONE), box.HEAVY, "")


def _feed_item(channel: str, parts: Parts, width: int) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text("●", "blue"), Group(*_read(parts)))
    return _framed(channel, grid, min(width, _PHONE + 12), box.ROUNDED, "blue")


def _chat(channel: str, parts: Parts, width: int) -> RenderableType:
    return _framed(channel, Group(*_read(parts)), min(width, _PAGE), box.ROUNDED, "magenta")


def _framed(channel: str, within: RenderableType, width: int, kind: box.Box, style: str) -> Panel:
    return Panel(
        within, title=Text(channel, "bold"), title_align="left", width=width, box=kind, border_style=style or "dim"
    )


def _read(parts: Parts) -> Iterator[Text]:
    if parts.title:
        yield Text(parts.title, "bold", overflow="fold")
    yield Text(parts.body, overflow="fold", tab_size=4)
    yield from (Text(one, "dim", overflow="fold") for one in parts.foot)
    yield from (Text(one, "cyan", overflow="fold") for one in parts.buttons)


_DRAWN: dict[str, Callable[[str, Parts, int], RenderableType]] = {
    "email": _email, "sms": _bubble, "whatsapp": _bubble, "inbox": _feed_item, "slack": _chat, "ms_teams": _chat,
    "androidpush": _lock_screen, "iospush": _lock_screen, "webpush": _lock_screen,
}  # fmt: skip
