"""Previews as lines for a pipe, a log or a test: one fixed layout that wraps nothing and draws no boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from nac.report.terminal import PLAIN, Style

_INDENT = " " * 16


def plain_text(shown: Sequence[Previewed], style: Style = PLAIN, *, why: bool = False) -> str:
    """Every event as a block, an empty line after each."""
    return "".join(f"{one.rstrip()}\n" for event in shown for one in _event(event, style, why))


def _event(one: Previewed, style: Style, why: bool) -> Iterator[str]:
    yield f"{style.bold(line(one.name))} · {line(one.event)}"
    if missing := untold(one):
        yield f"  {style.yellow(missing)}"
    for reader in () if untold(one) else one.readers:
        for where, previews in groups(reader):
            yield f"  {style.cyan(line(reader.called))} {style.dim(f'({line(reader.via)})')}{where}"
            for each in previews:
                yield from _channel(each, style, why)
    if one.more:
        yield f"  {style.yellow(more_text(one.more))}"
    yield ""


def _channel(each: Preview, style: Style, why: bool) -> Iterator[str]:
    name = f"    {each.channel:<12}"
    if each.not_sent is not None:
        yield f"{name}{style.dim(f'not sent: {line(each.not_sent)}')}"
    elif each.message is None:
        messages = "; ".join(line(one.message) for one in each.problems)
        yield f"{name}{style.red(f'dropped: {messages}')}"
        yield from (f"{_INDENT}{style.red(place_of(one))}" for one in each.problems)
    else:
        first, *rest = _message(parts_of(each.message), style)
        yield f"{name}{first}"
        yield from (f"{_INDENT}{one}" for one in rest)
        yield from _measured(each, style)
        yield from (f"{_INDENT}{style.red(f'refused: {line(one.message)}')}" for one in each.problems)
    yield from (f"{_INDENT}{style.dim(line(note))}" for note in each.notes)
    if why and each.choice:
        for step in each.choice.steps:
            text = f"{'→' if step.chosen else '·'} {line(step.variant.name)}: {line(step.reason)}"
            yield f"{_INDENT}{text if step.chosen else style.dim(text)}"


def _message(parts: Parts, style: Style) -> Iterator[str]:
    for label, value in parts.heads:
        yield f"{style.dim(f'{label}:')} {style.bold(value) if label == 'Subject' else value}"
    if parts.heads:
        yield ""
    if parts.title:
        yield style.bold(parts.title)
    yield from parts.body.split("\n")
    yield from map(style.dim, parts.foot)
    yield from parts.buttons


def _measured(each: Preview, style: Style) -> Iterator[str]:
    assert each.message is not None
    facts = [*parts_of(each.message).marks, *(fact_text(one) for one in each.facts)]
    if facts:
        yield f"{_INDENT}{style.dim(' · '.join(facts))}"
    yield from (f"{_INDENT}{style.dim(one)}" for one in reasons(each.facts))
    for one in warnings(each.facts):
        yield f"{_INDENT}{style.yellow(f'! {one}')}"
