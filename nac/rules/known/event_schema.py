"""The schema that a trigger declares for its event: JSON Schema → what is known of `event`.

Of JSON Schema the part is read that says which names there are and what kind they are: `type`, `properties`,
`required`, `additionalProperties`, `items`, `const`, `enum`, `allOf`, `$ref` within the schema. What else it says
makes nothing known, and is no mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic
from nac.json_reader import read_json
from nac.project import Trigger, Written
from nac.rules.known.values import ANY, BOOL, LIST, MAPPING, NULL, NUMBER, TEXT, Typed, kind_of
from nac.structure import schema_paths

if TYPE_CHECKING:
    from nac.rules.view import View

TYPES = {
    "string": TEXT, "number": NUMBER, "integer": NUMBER, "boolean": BOOL, "null": NULL, "array": LIST,
    "object": MAPPING,
}  # fmt: skip
MAX_DEPTH = 16
MAX_PARTS = 20_000


@dataclass(frozen=True)
class EventSchema:
    """`value` is the schema as it is written, `at` where; `problems` are those of a file that is not JSON."""

    value: Any
    at: Written | None
    form: Any = ANY
    problems: tuple[Diagnostic, ...] = ()


def schema_of(view: View, trigger: Trigger) -> EventSchema | None:
    """The event schema of a trigger, None where it declares none."""
    declared = trigger.model.event_schema
    if declared is None:
        return None
    if isinstance(declared, str):
        for path in schema_paths(declared, view.suprsend):
            if source := view.source(path):
                node, problems = read_json(source)
                if node is None:
                    return EventSchema(None, None, problems=tuple(problems))
                return EventSchema(node.value, Written(node, source), form_of(node.value), tuple(problems))
        return None
    return EventSchema(declared, trigger.at("event_schema"), form_of(declared))


def form_of(schema: Any) -> Any:
    """What a schema says of a value."""
    return _Reader(schema).form(schema, 0)


class _Reader:
    def __init__(self, root: Any) -> None:
        self.root, self.parts = root, 0

    def form(self, schema: Any, depth: int) -> Any:
        self.parts += 1
        if not isinstance(schema, Mapping) or depth > MAX_DEPTH or self.parts > MAX_PARTS:
            return ANY
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self.form(resolve(self.root, reference), depth + 1)
        if any(word in schema for word in ("oneOf", "anyOf", "if", "not", "patternProperties")):
            return ANY
        kinds = _kinds(schema)
        fields: dict[str, Any] = {}
        required: set[str] = set()
        says = isinstance(schema.get("required"), list)
        closed = "properties" in schema and schema.get("additionalProperties", False) is False
        for each in schema["allOf"] if isinstance(schema.get("allOf"), list) else ():
            part = self.form(each, depth + 1)
            if not isinstance(part, Typed):
                return ANY
            fields.update(part.fields)
            required |= part.required or set()
            says = says or part.required is not None
            closed, kinds = closed or part.closed, kinds or part.kinds
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            fields |= {name: self.form(one, depth + 1) for name, one in properties.items() if isinstance(name, str)}
            kinds = kinds or frozenset({MAPPING})
        if isinstance(schema.get("required"), list):
            required |= {one for one in schema["required"] if isinstance(one, str)}
        items = self.form(schema["items"], depth + 1) if "items" in schema else ANY
        return Typed(kinds, fields, frozenset(required) if says else None, closed, items)


def resolve(root: Any, reference: str) -> Any:
    """What `#/$defs/name` names in a schema; None where that is nothing in it."""
    if not reference.startswith("#"):
        return None
    found = root
    for step in reference[1:].split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _kinds(schema: Mapping[str, Any]) -> frozenset[str] | None:
    if "const" in schema:
        return frozenset({kind_of(schema["const"])})
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return frozenset(map(kind_of, schema["enum"]))
    written = schema.get("type")
    names = [written] if isinstance(written, str) else written if isinstance(written, list) else []
    kinds = [TYPES[name] for name in names if isinstance(name, str) and name in TYPES]
    if schema.get("nullable") is True:
        kinds.append(NULL)
    return frozenset(kinds) if kinds and len(kinds) >= len(names) else None
