"""Our models and the vendor's JSON Schemas: the same verdict on anything, and a place for whatever is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vendor_schemas import TEMPLATES, validator
from vendor_schemas import VARIANTS as EXAMPLES

from nac.schema import mistakes
from nac.templates.content import TEMPLATE_FILE, VARIANTS

TOP = "template/variant_schema.json"
# Words and numbers at the edges of what the schemas allow.
SCALARS: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, 2.0, "", "a", "ab", "abcde", "x" * 16, "x" * 17, "x" * 50, "x" * 51,
    "x" * 64, "x" * 65, "x" * 128, "x" * 129, "x" * 500, "x" * 501, "x" * 999, "x" * 4001, "x" * 13201, "x" * 14001,
    "é😀", "a b", "a.b", "a/b", "email", "email/acme", "sms", "raw", "designer", "plain_text", "dlt", "block", "card",
    "text", "jsonnet", "handlebars", "EMPTY", "==", "CONTAINS", "AND", "$actor", "$brand", "IMAGE", "TEXT", "URL",
    "dynamic", "static", "QUICK_REPLY", "NONE", "approved", "rejected", "pending", "msg91-sms", "1.0",
    "expression_v1", "transactional", "https://schema.suprsend.com/template/v2/channel/email_schema.json",
]  # fmt: skip
KEYS = [
    "$schema", "unknown", "value", "variable_ns", "op", "type", "body", "text", "html", "raw", "seq_no", "buttons",
    "header", "body_text", "needs_vendor_approval", "vendor_approvals", "url_dynamic_part", "media_url", "tags",
]  # fmt: skip


def below(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += below(one, (*path, key))
    return found


def mutated(draw: Any, original: dict[str, Any]) -> dict[str, Any]:
    whole = {"it": copy.deepcopy(original)}
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(below(whole["it"], ("it",))))
        parent: Any = whole
        for step in path[:-1]:
            parent = parent[step]
        new = draw(st.sampled_from([*SCALARS, [], {}, [1], ["a"], [{}], {"a": "b"}]))
        kind = draw(st.sampled_from(["replace", "delete", "add", "repeat", "wrap"]))
        here = parent[path[-1]]
        if kind == "delete" and len(path) > 1:
            del parent[path[-1]]
        elif kind == "add" and isinstance(here, dict):
            here[draw(st.sampled_from(KEYS))] = copy.deepcopy(new)
        elif kind == "repeat" and isinstance(here, list):
            here += copy.deepcopy(here[:1] or [new]) * draw(st.sampled_from([1, 2, 30]))
        elif kind == "wrap" and len(path) > 1:
            parent[path[-1]] = [here]
        elif len(path) > 1:
            parent[path[-1]] = copy.deepcopy(new)
    return whole["it"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["channel"])
def test_examples_are_accepted(example: dict[str, Any]) -> None:
    assert list(mistakes(VARIANTS[example["channel"]], example)) == []
    assert list(validator(TOP).iter_errors(example)) == []


@pytest.mark.parametrize("index", range(len(EXAMPLES)), ids=lambda index: f"{EXAMPLES[index]['channel']}-{index}")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_variants(index: int, data: st.DataObject) -> None:
    example = mutated(data.draw, EXAMPLES[index])
    example["channel"] = EXAMPLES[index]["channel"]  # what the folder says counts
    theirs = [(list(one.absolute_path), one.message) for one in validator(TOP).iter_errors(example)]
    ours = list(mistakes(VARIANTS[example["channel"]], example))
    assert bool(ours) == bool(theirs), (example, ours, theirs)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_template_json(data: st.DataObject) -> None:
    example = mutated(data.draw, data.draw(st.sampled_from(TEMPLATES)))
    theirs = [(list(one.absolute_path), one.message) for one in validator("cli/template.json").iter_errors(example)]
    ours = list(mistakes(TEMPLATE_FILE, example))
    assert bool(ours) == bool(theirs), (example, ours, theirs)
