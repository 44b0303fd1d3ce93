"""Templates with what they print or how they fail: `cases/*.yaml`.

A case has a name, a template, its data, and either `prints` or `fails`; `lenient: true` turns strict mode off and
`partials` are templates by name. What `prints` says has been compared with handlebars.js 4.7.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nac import handlebars
from nac.handlebars import HandlebarsError

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    strict = not case.get("lenient", False)

    def render() -> str:
        template = handlebars.compile(case["template"], strict=strict, partials=case.get("partials"))
        return template.render(case["data"])

    if "prints" in case:
        assert render() == case["prints"]
        return
    with pytest.raises(HandlebarsError) as error:
        render()
    assert str(error.value) == case["fails"]


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 90
