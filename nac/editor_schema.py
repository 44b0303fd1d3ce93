"""The models of nac's files as JSON Schema (draft 2020-12), for editors that complete and check while one writes. Pure.

A schema refuses nothing that `nac check` takes: where the model has more to say than JSON Schema can, it says less. Any
text of a trigger may hold an expression, whatever it has to become.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from nac.model import KINDS, AnySelector, Settings, Tenant

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_EXPRESSION = {"type": "string", "pattern": r"\{\{"}
_SIMPLE = frozenset({"string", "integer", "number", "boolean"})
# Of these words the values are names, not schemas.
_BY_NAME = frozenset({"properties", "$defs", "patternProperties"})
_PLAIN = frozenset({"enum", "const", "default", "required", "examples"})


def trigger() -> dict[str, Any]:
    """A file in `notifications/` that is a trigger: the schema of its `kind`."""
    definitions: dict[str, Any] = {}
    names = {kind: _add(definitions, model, _template) for kind, model in KINDS.items()}
    chosen: dict[str, Any] = {"$ref": names.pop("workflow")}
    for kind, name in names.items():
        of_kind = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        chosen = {"if": of_kind, "then": {"$ref": name}, "else": chosen}
    return _whole("A trigger of nac", chosen, definitions)


def settings() -> dict[str, Any]:
    """`notifications/nac.yaml`."""
    return _of_one("The settings of nac", Settings)


def tenant() -> dict[str, Any]:
    """A file in `notifications/tenants/`."""
    return _of_one("A tenant, as nac previews it", Tenant)


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {"trigger": trigger, "settings": settings, "tenant": tenant}


def _of_one(title: str, model: type[BaseModel]) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    return _whole(title, {"$ref": _add(definitions, model, lambda schema: schema)}, definitions)


def _whole(title: str, chosen: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **chosen, "$defs": dict(sorted(definitions.items()))}


def _add(definitions: dict[str, Any], model: type[BaseModel], leaf: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """Put a model and all it is made of among the definitions. The reference to it."""
    made = model.model_json_schema()
    for name, schema in {**made.pop("$defs", {}), model.__name__: made}.items():
        if name != AnySelector.__name__:  # it stands for what is no selector
            definitions[name] = _tidy(schema, leaf)
    return f"#/$defs/{model.__name__}"


def _tidy(schema: Any, leaf: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Without the titles that pydantic makes of names, and with `anyOf` where a function chooses: several may fit."""
    if isinstance(schema, list):
        return [_tidy(one, leaf) for one in schema if one != {"$ref": f"#/$defs/{AnySelector.__name__}"}]
    if not isinstance(schema, dict):
        return schema
    tidied: dict[str, Any] = {}
    for word, value in schema.items():
        if word in ("title", "discriminator"):
            continue
        if word in _BY_NAME:
            tidied[word] = {name: _tidy(one, leaf) for name, one in value.items()}
        else:
            tidied["anyOf" if word == "oneOf" else word] = value if word in _PLAIN else _tidy(value, leaf)
    return leaf(tidied)


def _template(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a simple value, or of an expression that gives one."""
    bounded = schema.get("type") in _SIMPLE and schema.keys() - {"type", "description", "default"}
    if not (bounded or "enum" in schema or schema.get("type") in ("integer", "number", "boolean")):
        return schema
    about: dict[str, Any] = {word: schema[word] for word in ("description", "default") if word in schema}
    return {**about, "anyOf": [{word: one for word, one in schema.items() if word not in about}, _EXPRESSION]}
