"""NAC331: the schema that a trigger declares for its event is no JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule, describe, did_you_mean
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Written
    from nac.rules.view import View

RULE = Rule("NAC331", "invalid-event-schema")

_NAMED = ("properties", "$defs", "definitions", "patternProperties")
_SCHEMAS = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
MAX_PROBLEMS = 50


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    told: set[str] = set()
    for trigger in view.triggers:
        if trigger.model.event_schema is None or (schema := flow.given(trigger).schema) is None:
            continue
        for one in schema.problems:
            if one.label.path not in told:
                yield replace(one, rule=RULE)
        if schema.at is not None and (own := schema.at.source.path) not in told:
            if own != trigger.written.source.path:
                told.add(own)
            yield from _of_event(schema.at)


def _of_event(at: Written) -> Iterator[Diagnostic]:
    if not isinstance(at.value, dict):
        message = f"a schema is a mapping, not {describe(at.value)}"
        yield Diagnostic(RULE, message, at.label())
        return
    written = at.value.get("type")
    if written is not None and written != "object" and written != ["object"]:
        yield Diagnostic(RULE, "an event is a mapping: its schema has `type: object`", at.below("type").label())
        return
    found = 0
    stack = [at]
    while stack and found < MAX_PROBLEMS:
        one = stack.pop()
        for problem in _problems(one, at):
            found += 1
            yield problem
        stack += reversed(list(_below(one)))


def _problems(at: Written, root: Written) -> Iterator[Diagnostic]:
    from nac.rules.known.event_schema import TYPES, resolve

    value: Any = at.value
    if isinstance(value, bool):
        return
    if not isinstance(value, dict):
        yield Diagnostic(RULE, f"a schema is a mapping, not {describe(value)}", at.label())
        return
    types = value.get("type")
    for index, name in enumerate(types if isinstance(types, list) else [types] if "type" in value else []):
        if not isinstance(name, str) or name not in TYPES:
            place = at.below("type", index) if isinstance(types, list) else at.below("type")
            advice = did_you_mean(str(name), TYPES) or f"one of {', '.join(TYPES)}"
            yield Diagnostic(RULE, f"`{str(name)[:40]}` is no type of JSON Schema", place.label(), help=advice)
    for key in _NAMED:
        if key in value and not isinstance(value[key], dict):
            message = f"`{key}` takes a mapping, not {describe(value[key])}"
            yield Diagnostic(RULE, message, at.below(key).label(key=True))
    required = value.get("required")
    if "required" in value and not (isinstance(required, list) and all(isinstance(one, str) for one in required)):
        yield Diagnostic(
            RULE, f"`required` takes a list of names, not {describe(required)}", at.below("required").label()
        )
    elif isinstance(required, list) and isinstance(value.get("properties"), dict):
        for index, name in enumerate(required):
            if name not in value["properties"] and value.get("additionalProperties", False) is False:
                help = did_you_mean(str(name), value["properties"])
                message = f"`{str(name)[:60]}` is required, and not among the properties"
                yield Diagnostic(RULE, message, at.below("required", index).label(), help=help, level="warning")
    reference = value.get("$ref")
    if isinstance(reference, str) and resolve(root.value, reference) is None:
        inside = reference.startswith("#")
        what = "is not in this schema" if inside else "leads out of the file, which nac does not follow"
        label = at.below("$ref").label()
        yield Diagnostic(RULE, f"`{reference[:80]}` {what}", label, level=None if inside else "info")


def _below(at: Written) -> Iterator[Written]:
    value: Any = at.value
    if not isinstance(value, dict):
        return
    for key in _NAMED:
        if isinstance(value.get(key), dict):
            yield from (at.below(key, name) for name in value[key])
    for key in _SCHEMAS:
        if key in value and not isinstance(value[key], bool):
            yield at.below(key)
    for key in _LISTS:
        if isinstance(value.get(key), list):
            yield from (at.below(key, index) for index in range(len(value[key])))


CHECK = Check(RULE, find)
