"""What samples make of one mistake: told once, however many values, sizes and locales it was met with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, PAYLOAD_TOO_LARGE, Diagnostic, Label

# Their messages hold what a sample's value is, how large it makes the request, or which locales were looked through.
_MEASURED = frozenset({MESSAGE_DROPPED, INVALID_TEMPLATE, PAYLOAD_TOO_LARGE})


def once_a_place(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same findings in the same order, of several about one place the first, with all the events."""
    kept: list[Diagnostic] = []
    first: dict[tuple[str, Label], int] = {}
    for one in found:
        if one.rule not in _MEASURED or one.label.span is None:
            kept.append(one)
            continue
        place = (one.rule.code, one.label)
        if place not in first:
            first[place] = len(kept)
            kept.append(one)
        else:
            told = kept[first[place]]
            kept[first[place]] = replace(told, events=tuple(dict.fromkeys((*told.events, *one.events))))
    return kept
