"""What samples make of one mistake in a template: told once, however many values and locales it was met with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Diagnostic, Label

# Their messages hold what a sample's value is, or which locales were looked through.
_RENDERED = frozenset({MESSAGE_DROPPED, INVALID_TEMPLATE})


def once_a_place(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same findings in the same order, of several about one place of a template the first, with all the events."""
    kept: list[Diagnostic] = []
    first: dict[tuple[str, Label], int] = {}
    for one in found:
        if one.rule not in _RENDERED or one.label.span is None:
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
