"""What is known of a value: by its schema, by its path, by the tokens of JSONNET, by the paths of an expression."""

from __future__ import annotations

from typing import Any

import pytest

from nac.handlebars.usage import EACH
from nac.rules.known.event_schema import form_of
from nac.rules.known.expressions import lone_path, reads
from nac.rules.known.jsonnet import read_jsonnet
from nac.rules.known.suits import _NUMBER
from nac.rules.known.values import ANY, TEXT, Typed, kinds_of, look_up

PERSON = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "age": {"type": "integer"}}}


def test_a_path_leads_to_every_item() -> None:
    data = {"lines": [{"name": "a"}, {"name": "b"}, {}]}
    seen = look_up(data, ["lines", EACH, "name"])
    assert [one.value for one in seen if one.gap is None] == ["a", "b"]
    assert [one.gap for one in seen if one.gap is not None] == [2]
    assert look_up({"lines": []}, ["lines", EACH, "name"]) == []


@pytest.mark.parametrize(
    ("schema", "path", "there"),
    [
        (PERSON, ["id"], True),
        (PERSON, ["name"], False),
        ({**PERSON, "additionalProperties": True}, ["name"], True),
        ({"type": "object"}, ["name"], True),
        ({"type": "array", "items": PERSON}, [EACH, "name"], False),
        ({"anyOf": [PERSON, {"type": "null"}]}, ["name"], True),
        ({"allOf": [PERSON, {"properties": {"name": {}}}]}, ["name"], True),
        ({"$defs": {"a": PERSON}, "$ref": "#/$defs/a"}, ["name"], False),
        ({"$ref": "#"}, ["name"], True),
        ({"$ref": "https://example.com/schema.json"}, ["name"], True),
    ],
)
def test_what_a_schema_has(schema: dict[str, Any], path: list[Any], there: bool) -> None:
    assert all(one.gap is None for one in look_up(form_of(schema), path)) is there


def test_what_a_schema_requires() -> None:
    assert look_up(form_of(PERSON), ["age"])[0].optional
    assert not look_up(form_of(PERSON), ["id"])[0].optional
    assert not look_up(form_of({"properties": {"a": {}}}), ["a"])[0].optional, "nothing is said of what is required"


def test_kinds_of_a_schema() -> None:
    assert kinds_of(form_of({"enum": ["a", "b"]})) == {TEXT}
    assert kinds_of(form_of({"type": ["string", "strange"]})) is None
    assert form_of(True) is ANY
    deep: dict[str, Any] = {}
    for _ in range(100):
        deep = {"type": "object", "properties": {"a": deep}}
    assert isinstance(form_of(deep), Typed)


def test_reads_of_jsonnet() -> None:
    found = read_jsonnet(
        "local a = data.a.b; // data.no\n/* data.no */ {x: data['$recipient'].name, data: 'data.no', "
        "y: std.length(data)}"
        " + t('k', {}) + t('p.' + a, {}) + t(a, {}) + other.data.no"
    )
    assert [one.steps for one in found.reads] == [("a", "b"), ("$recipient", "name"), ()]
    assert [(one.key, one.prefix) for one in found.asked] == [("k", False), ("p.", True), (None, False)]
    assert read_jsonnet("/*" * 50_000 + "'" * 50_001 + "|||\n" * 10_000).reads == ()


def test_reads_of_expressions() -> None:
    text = "{{ event.a.b | default(event.c) }} {% for one in event.d %}{{ one.e }}{% endfor %}"
    found = {(one.steps, one.handled) for one in reads(text)}
    assert {(("event", "a", "b"), True), (("event", "c"), False), (("event", "d", "[]", "e"), False)} <= found
    assert lone_path(" {{ event.a }} ") == ("event", "a")
    assert lone_path("x {{ event.a }}") is None
    assert reads("{{ event. }}") == ()


def test_a_long_row_of_digits_is_read_once() -> None:
    """Else this takes an hour."""
    assert _NUMBER.fullmatch("1" * 500_000 + "x") is None
    assert all(_NUMBER.fullmatch(one) for one in ("1", " -1.", "+.5 ", "1.5e-3"))
    assert not any(_NUMBER.fullmatch(one) for one in (".", "1.2.3", "e3", ""))
