"""The vendor's helpers: `cases/helpers.yaml`, in the format of tests/handlebars with an error's message as `fails`."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nac import handlebars
from nac.handlebars import HandlebarsError
from nac.templates import HELPERS

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "helpers.yaml").read_text(encoding="utf-8"))

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=4), values, max_size=4),
    max_leaves=15,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    template = handlebars.compile(case["template"], helpers=HELPERS)
    if "prints" in case:
        assert template.render(case["data"]) == case["prints"]
        return
    with pytest.raises(HandlebarsError) as error:
        template.render(case["data"])
    assert error.value.message == case["fails"]


def test_every_helper_has_a_case() -> None:
    templates = " ".join(case["template"] for case in CASES)
    assert [name for name in HELPERS if name not in templates] == []


@settings(deadline=None)
@given(value=JSON)
def test_json_survives_both_ways(value: object) -> None:
    template = handlebars.compile("{{jsonStringify (jsonParse (jsonStringify x))}}", helpers=HELPERS)
    assert json.loads(template.render({"x": value}), parse_int=float) == value


@pytest.mark.parametrize("helper", sorted(HELPERS))
@settings(deadline=None)
@given(args=st.lists(JSON, max_size=4))
def test_a_helper_prints_or_refuses(helper: str, args: list[object]) -> None:
    names = " ".join(f"a.[{index}]" for index in range(len(args)))
    for source in (f"{{{{{helper} {names}}}}}", f"{{{{#{helper} {names}}}}}x{{{{/{helper}}}}}"):
        with suppress(HandlebarsError):
            assert isinstance(handlebars.compile(source, helpers=HELPERS).render({"a": args}), str)
