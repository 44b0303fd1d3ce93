"""Conditions with the names they are asked of: `conditions/*.yaml`; and that none raises, whatever it meets."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.templates import Context
from nac.templates.conditions import NEGATED, holds
from nac.templates.template import Condition

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['if']} {case['names']}"[:120])
    for path in sorted((Path(__file__).parent / "conditions").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
OPERATORS = (
    "== != > >= < <= EMPTY NON_EMPTY CONTAINS NOT_CONTAINS ARRAY_INTERSECTS NOT_ARRAY_INTERSECTS "
    "DATETIME_EQUALS DATETIME_LT DATETIME_GT"
).split()


def condition_of(text: str) -> Condition:
    """`$recipient.plan == pro`."""
    name, operator, *value = text.split(" ", 2)
    namespace, _, variable = name.partition(".") if name.startswith("$") else ("", "", name)
    return Condition(namespace, variable, operator, value[0] if value else None)


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case["now"]) if "now" in case else None
    found = holds(condition_of(case["if"]), Context(case["names"], now=now))
    assert (found.holds, found.reason) == (case["holds"], case["says"])


def test_every_operator_has_cases_that_hold_and_that_do_not() -> None:
    met = {(case.values[0]["if"].split()[1], case.values[0]["holds"]) for case in CASES}  # type: ignore[index, union-attr, call-overload]
    assert met >= {(operator, held) for operator in OPERATORS for held in (True, False)}


def test_no_namespace_is_the_payload() -> None:
    assert holds(Condition(None, "a", "==", "x"), {"a": "x"}).holds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", ["[" * 100_000, '{"a":' * 50_000, "9" * 100_000, "[" + "9" * 5000 + "]", "NaN", "\ud800"]
)
def test_hostile_values(value: str) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for operator in OPERATORS:
        for actual in (deep, {"a": deep}, [deep], 10**5000, float("nan"), float("inf"), "\ud800", "x" * 100_000):
            assert len(holds(Condition("", "a", operator, value), {"a": actual}).reason) < 300


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.dates().map(str),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from("ab1"), values, max_size=3),
    max_leaves=6,
)
LITERALS = (
    st.text(max_size=6) | st.integers().map(str) | st.dates().map(str) | st.sampled_from(["true", "[1]", "now", "{}"])
)


@settings(max_examples=600, deadline=None)
@given(
    actual=VALUES,
    operator=st.sampled_from(OPERATORS),
    value=LITERALS,
    variable=st.sampled_from(["a", "a.b", "a.0", "c"]),
)
def test_an_operator_and_its_opposite(actual: object, operator: str, value: str, variable: str) -> None:
    names = {"a": actual}
    found = holds(Condition("", variable, operator, value), names)
    if operator in NEGATED:
        positive = holds(Condition("", variable, NEGATED[operator], value), names)
        assert positive.reason == found.reason
        assert not (positive.holds and found.holds)
        wrong_kind = "which is n" in found.reason
        assert positive.holds or found.holds or wrong_kind
