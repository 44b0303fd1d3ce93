"""A lone expression keeps the type of its value; the fast path for plain paths does what Jinja does."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.diagnostics import UNDEFINED_VARIABLE
from nac.expressions import ExpressionError, Function, Scope, compile_text, compile_value
from nac.expressions.jinja import compile_jinja

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**53 + 1, 10**400, 0.0, -0.0, 1.5, 1e-300, 1e300, "", " ", "text", "007", "1", "true",
    "null", "{{ event.x }}", "{% if %}", "ü€😀\n\t\"'\\\u2028", [], [[]], [1, "1", None, [True]], {}, {"a": {}},
    {"a": 1, "b": [None, {"c": "d"}], "": "empty", "two words": 2, "items": 3, "__class__": 4},
]  # fmt: skip


def scope(value: Any) -> Scope:
    return {"event": {"x": value, "y": {"z": value}}, "env": {}, "now": "2026-01-01T00:00:00Z"}


def same(one: Any, two: Any) -> bool:
    """Equal as JSON text: 1 is not 1.0, nor true."""
    return json.dumps(one) == json.dumps(two)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize(
    "text",
    [
        "{{ event.x }}",
        "{{event.x}}",
        "  {{ event.x }}\n",
        "{{ event.y.z }}",
        "{{ event['x'] }}",
        "{{ event['y'].z }}",
        "{{ (event.x) }}",
        "{{ [event.x][0] }}",
        "{{ event.x if true else 'other' }}",
        "{{ event.x | default('other') }}",
        "{{ [event.x] | first }}",
        "{{ [event.x] | map('default') | list | last }}",
        "{{- event.x -}}",
    ],
)
def test_a_lone_expression_keeps_the_type(text: str, value: Any) -> None:
    found = compile_value({"a": [text]})(scope(value))
    assert same(found, {"a": [value]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ 'a' in event.x }}", True),
        ("{{ event.x | length }}", 2),
        ("{{ event.x | sort | reverse | list }}", ["b", "a"]),
        ("{{ event.x[:1] }}", ["a"]),
        ("{{ event.x | join(', ') }}", "a, b"),
        ("{{ (1, 2) }}", [1, 2]),
        ("{{ {'a': event.x} }}", {"a": ["a", "b"]}),
        ("{{ {1: 2} }}", {"1": 2}),
        ("{{ 7 // 2 }}", 3),
        ("{{ 7 / 2 }}", 3.5),
        ("{{ 2 ** 10 }}", 1024),
        ("{{ 3 > 2 }}", True),
        ("{{ none }}", None),
        ("{{ event.x ~ 1 if false else 'x' }}", "x"),
        ("{{ event.x | map('upper') | list }}", ["A", "B"]),
        ("{{ event.x | map('upper') }}", ["A", "B"]),
        ("{{ 2.5 | round }}", 2),
        ("{{ '12' | int }}", 12),
        ("{{ 12 | string }}", "12"),
        ("{{ event.x | tojson }}", '["a", "b"]'),
        ("{% for one in event.x %}{{ one }}{{ '' if loop.last else '-' }}{% endfor %}", "a-b"),
        ("{% if event.x %}yes{% else %}no{% endif %}", "yes"),
        ("{{ 'a' }}{{ 1 }}", "a1"),
        ("{{ 1 }} ", 1),
        ("a {{ 1 }}", "a 1"),
        ("{{ true }}!", "true!"),
        ("{{ 1.50 }}!", "1.5!"),
        ("{{ '<b>' }}&", "<b>&"),
        ("{# comment #}text", "text"),
        ("{{ event.x | replace('a', 'b') if false else 'z' }}", "z"),
        ("{{ 'aXbXc' | replace('X', '-', 1) }}", "a-bXc"),
        ("{{ 'aXbXc' | replace('X', '-', -1) }}", "a-b-c"),
        ("{{ [1, 2.5] | sum }}", 3.5),
        ("{{ [{'n': 1}, {'n': 2}] | sum(attribute='n') }}", 3),
        ("{{ [{'n': 1}, {'n': 2}] | sum(attribute='n', start=10) }}", 13),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert same(compile_value(text)(scope(["a", "b"])), value)


@pytest.mark.parametrize("value", [None, [1], {}, {"a": 1}], ids=repr)
@pytest.mark.parametrize(
    "text", ["Hi {{ event.x }}", "{{ event.x }}{{ event.x }}", "Hi {{ event['x'] }}", "{{ 'a' ~ event.x }}"]
)
def test_what_is_no_text_has_no_place_in_one(text: str, value: Any) -> None:
    with pytest.raises(ExpressionError):
        compile_value(text)(scope(value))


NAMES = st.sampled_from(["a", "b", "_c", "items", "keys", "D9", "self", "count", "é"])
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def data_and_path(draw: st.DrawFn) -> tuple[Any, str]:
    """Some data, and a path into it that leads somewhere more often than not."""
    data: Any = draw(DATA)
    value = data
    steps = ["event"]
    for further in draw(st.lists(st.booleans(), max_size=4)):
        names = sorted(name for name in value if name.isascii()) if isinstance(value, dict) else []
        if not further or not names:
            break
        steps.append(draw(st.sampled_from(names)))
        value = value[steps[-1]]
    if draw(st.booleans()):
        steps += draw(st.lists(NAMES.filter(str.isascii), max_size=2))
    return data, ".".join(steps)


# "{}" is where the path goes.
TEXTS = st.sampled_from(
    ["{{ {} }}", "{{{}}}", " {{  {}\n}} ", "Hi {{ {} }}!", "{{ {} }}{{ {} }}", "{{{}}} of {{ event.a }}"]
)


def outcome(function: Function, scope: Scope) -> tuple[Any, ...]:
    try:
        return ("value", json.dumps(function(scope)))
    except ExpressionError as error:
        return ("error", error.rule, error.needle if error.rule is UNDEFINED_VARIABLE else None)


@given(data_path=data_and_path(), text=TEXTS)
@settings(max_examples=600, deadline=None)
def test_the_fast_path_does_what_jinja_does(data_path: tuple[Any, str], text: str) -> None:
    data, path = data_path
    written = text.replace("{{{}}}", "{{ {} }}").replace("{}", path)
    where = {"event": data, "env": {}, "now": ""}
    assert outcome(compile_text(written), where) == outcome(compile_jinja(written), where)


@given(data=DATA)
@settings(max_examples=100, deadline=None)
def test_nothing_is_changed(data: Any) -> None:
    before = json.dumps(data)
    value = {"a": "{{ event }}", "b": ["{{ event | tojson }}", "{{ [event] | list }}"], "c": "text"}
    found = compile_value(value)({"event": data, "env": {}, "now": ""})
    assert json.dumps(data) == before
    assert found["a"] == data
    assert json.loads(found["b"][0]) == data
    assert found["b"][1] == [data]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:40])
def test_without_an_expression_a_value_stays_as_it_is(value: Any) -> None:
    if not isinstance(value, str):
        assert compile_value({"a": value})({}) == {"a": value}


def test_the_error_says_where() -> None:
    value = {"a": [1, {"b": "{{ event.x }}", "c": "{{ event.nothing }}"}]}
    with pytest.raises(ExpressionError) as refused:
        compile_value(value)(scope(1))
    assert refused.value.path == ("a", 1, "c")
    with pytest.raises(ExpressionError) as refused:
        compile_value({"a": [1, {"c": "{{ | }}"}]})
    assert refused.value.path == ("a", 1, "c")
