"""Triggers as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nac.model import BroadcastTrigger
from nac.project import Trigger
from nac.report.table import table
from nac.report.terminal import PLAIN, Style


def triggers_table(triggers: Sequence[Trigger], style: Style = PLAIN) -> str:
    rows = [
        (one.name, one.model.kind, one.runs, str(len(one.model.samples)), one.model.description or "")
        for one in triggers
    ]
    return table(("trigger", "kind", "runs", "samples", "description"), rows, style)


def triggers_json(triggers: Sequence[Trigger]) -> str:
    """A list of `{name, kind, runs, template, description, file, samples}`."""
    return (
        json.dumps(
            [
                {
                    "name": one.name,
                    "kind": one.model.kind,
                    "runs": one.runs,
                    "template": one.template,
                    "description": one.model.description,
                    "file": one.written.source.path,
                    "recipients": [_selector(selector) for selector in _selectors(one)],
                    "samples": [sample.name for sample in one.model.samples],
                }
                for one in triggers
            ],
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _selectors(trigger: Trigger) -> Sequence[object]:
    return () if isinstance(trigger.model, BroadcastTrigger) else trigger.model.recipients


def _selector(selector: object) -> str:
    return type(selector).__name__.removesuffix("Selector").lower()
