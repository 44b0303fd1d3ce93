"""Findings as JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nac.diagnostics import SEVERITIES, Diagnostic, Edit, Fix, Label
from nac.rules import find_rule
from nac.source import Span


def to_json(found: Iterable[Diagnostic]) -> list[Any]:
    return [_finding(one) for one in found]


def from_json(written: Iterable[Any]) -> list[Diagnostic]:
    """The same findings. Raises ValueError, TypeError or KeyError for what no `to_json` wrote."""
    return [_read(*one) for one in written]


def _finding(one: Diagnostic) -> list[Any]:
    fix = one.fix and [one.fix.description, [[each.path, each.span, each.replacement] for each in one.fix.edits]]
    labels = [_label(each) for each in (one.label, *one.related)]
    return [one.rule.code, one.message, labels, one.help, one.events, fix, one.level]


def _label(one: Label) -> list[Any]:
    return [one.path, one.span, one.message, one.secret]


def _read(
    code: str, message: str, labels: Sequence[Any], help: str | None, events: Sequence[str], fix: Any, level: Any
) -> Diagnostic:
    rule = find_rule(code)
    if rule is None or (level is not None and level not in SEVERITIES):
        raise ValueError("no finding of this nac")
    first, *related = (_read_label(*one) for one in labels)
    return Diagnostic(
        rule, _text(message), first, tuple(related), None if help is None else _text(help),
        tuple(map(_text, events)), _read_fix(*fix) if fix else None, level,
    )  # fmt: skip


def _read_label(path: str, span: Any, message: str, secret: bool) -> Label:
    return Label(_text(path), None if span is None else _span(span), _text(message), secret is True)


def _read_fix(description: str, edits: Sequence[Any]) -> Fix:
    return Fix(_text(description), tuple(Edit(_text(path), _span(span), _text(new)) for path, span, new in edits))


def _span(written: Sequence[Any]) -> Span:
    if not all(isinstance(one, int) for one in written):
        raise TypeError("a place is numbers")
    return Span(*written)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text was expected")
    return value
