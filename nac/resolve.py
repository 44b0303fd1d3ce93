"""Trigger + event → who gets it, who did it, and with which data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nac.attachments import attachments
from nac.diagnostics import EXPRESSION_FAILED, WRONG_TYPE, Diagnostic, describe
from nac.directory import Directories
from nac.event import Event
from nac.expressions import ExpressionError, compile_value, failures
from nac.model import AUTHORS_OWN
from nac.payload import REQUESTS
from nac.people import without_nulls
from nac.project import Project, Trigger
from nac.recipients import Person, Search
from nac.schema import mistakes


@dataclass(frozen=True)
class Resolved:
    """A trigger with its event filled in.

    `fields` go by their names on the wire, people and idempotency key apart. `people` can be read once, and
    `problems` is complete when it has been.
    """

    trigger: Trigger
    event: Event
    fields: Mapping[str, Any]
    key: str | None
    people: Iterator[Person]
    problems: list[Diagnostic]


def resolve(project: Project, trigger: Trigger, event: Event, directories: Directories) -> Resolved | list[Diagnostic]:
    """The trigger with this event, or everything that keeps it from being filled in.

    What is wrong with single people is found while they are read, and kept in `Resolved.problems`.
    """
    fields, found = _fields(trigger, event)
    entries, problems = attachments(project.tree, trigger, event.scope)
    found += problems
    written = fields["data"].get("$attachments", []) if isinstance(fields["data"], dict) else []
    if not isinstance(written, list):
        message = f"`$attachments` takes a list, not {describe(written)}"
        found.append(Diagnostic(WRONG_TYPE, message, trigger.at("data", "$attachments").label()))
    elif entries and isinstance(fields["data"], dict):
        fields["data"] = {**fields["data"], "$attachments": [*written, *entries]}
    found = found or _check(trigger, fields, event)
    if found:
        return found
    key = fields.pop("$idempotency_key", None)
    search = Search(project, trigger, event.scope, directories)
    return Resolved(trigger, event, fields, key, search.people(), search.problems)


def _fields(trigger: Trigger, event: Event) -> tuple[dict[str, Any], list[Diagnostic]]:
    found: list[Diagnostic] = []
    fields: dict[str, Any] = {}
    for name, value in trigger.written.node.value.items():
        if name in AUTHORS_OWN or (name == "template" and trigger.model.kind == "workflow"):
            continue
        try:
            value = compile_value(value)(event.scope)
        except ExpressionError:
            found += [trigger.at(name).error(error) for error in failures(value, event.scope)]
            continue
        if name == "idempotency_key" and value is None:
            message = "the idempotency key is null: the same request could be sent twice"
            help = "build it from ids that every event has"
            found.append(Diagnostic(EXPRESSION_FAILED, message, trigger.at(name).label(), help=help))
        elif value is not None:
            # The service trims keys before it compares them; so does what is derived from them.
            if name == "actor" and isinstance(value, dict):
                value = without_nulls(value)
            value = value.strip(" ") if name.endswith("_key") and isinstance(value, str) else value
            fields["$idempotency_key" if name == "idempotency_key" else name] = value
    fields.setdefault("data", {})
    return fields, found


def _check(trigger: Trigger, fields: Mapping[str, Any], event: Event) -> list[Diagnostic]:
    """The evaluated fields against the request that they go out in."""
    kind = trigger.model.kind
    stand_ins: dict[str, dict[str, Any]] = {
        "workflow": {"recipients": ["x"]},
        "dynamic": {"users": [{"distinct_id": "x"}]},
        "broadcast": {"$insert_id": "x" * 36, "$time": int(event.now.timestamp() * 1000)},
    }
    found = []
    for path, rule, message, help in mistakes(REQUESTS[kind], {**fields, **stand_ins[kind]}, shown=False):
        if path == ("$time",):
            help = "it is the time of the run, `--now` or the sample's `now`: SuprSend takes times from 2022 on"
        authored = ("idempotency_key", *path[1:]) if path[:1] == ("$idempotency_key",) else path
        found.append(Diagnostic(rule, message, trigger.at(*authored).label(), help=help))
    return found
