"""Previews as JSON for machines: the form is documented in docs/previews.md, and `version` counts its changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from nac.diagnostics import Diagnostic
from nac.messages import Message
from nac.preview.result import Preview, Previewed, Reader

VERSION = 1


def previews_json(shown: Sequence[Previewed]) -> bytes:
    """`{version, previews: […]}` with one object a message. Half a surrogate pair is written as a JSON escape."""
    rows = [preview_row(one, reader, each) for one in shown for reader in one.readers for each in reader.previews]
    text = json.dumps({"version": VERSION, "previews": rows}, indent=2, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def preview_row(one: Previewed, reader: Reader, each: Preview) -> dict[str, Any]:
    problems = [_problem(problem) for problem in each.problems]
    chosen = each.choice.variant if each.choice else None
    return {
        "trigger": None if one.alone else one.name,
        "template": one.template,
        "event": one.event,
        "recipient": reader.identity,
        "name": reader.name,
        "via": reader.via,
        "channel": each.channel,
        "locale": each.locale,
        "tenant": each.tenant,
        "variant": chosen.name if chosen else None,
        "trace": [
            {"variant": step.variant.name, "chosen": step.chosen, "reason": step.reason}
            for step in (each.choice.steps if each.choice else ())
        ],
        "text": each.text,
        "message": None if each.message is None else message_data(each.message),
        "facts": [
            {"name": fact.name, "value": fact.value, "unit": fact.unit, "limit": fact.limit, "warning": fact.warning,
             "note": fact.note}
            for fact in each.facts
        ],
        "notes": list(each.notes),
        "dropped": [] if each.message else problems,
        "refused": problems if each.message else [],
        "not_sent": each.not_sent,
    }  # fmt: skip


def message_data(message: Message) -> dict[str, Any]:
    """The fields that are set, by the names that `nac.messages` gives them: neither null nor empty lists."""
    return _set_fields(message)


def _set_fields(value: Any) -> dict[str, Any]:
    found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return {name: one for name, one in found.items() if one is not None and one != []}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _set_fields(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _problem(problem: Diagnostic) -> dict[str, Any]:
    span = problem.label.span
    return {
        "message": problem.message,
        "path": problem.label.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
    }
