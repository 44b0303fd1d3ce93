"""Templates with what handlebars.js printed for them: `recorded/`, written by `scripts/oracle/compare.py --record`.

They are random, and many are of the kind nobody should write; `prints` is null where handlebars.js fails.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from oracle_helpers import SETS

from nac import handlebars
from nac.handlebars import HandlebarsError

RECORDED = Path(__file__).parent / "recorded"
CONTEXTS = json.loads((RECORDED / "contexts.json").read_text(encoding="utf-8"))
CASES = json.loads((RECORDED / "cases.json").read_text(encoding="utf-8"))


def printed(case: dict[str, Any]) -> str | None:
    try:
        template = handlebars.compile(
            case["template"], strict=case["strict"], partials=case["partials"], helpers=SETS[case["helpers"]]
        )
        return template.render(CONTEXTS[case["data"]])
    except HandlebarsError:
        return None


@pytest.mark.parametrize("start", range(0, len(CASES), 50))
def test_prints_what_handlebars_js_printed(start: int) -> None:
    different = [case for case in CASES[start : start + 50] if printed(case) != case["prints"]]
    assert different == []


def test_there_are_many() -> None:
    assert len(CASES) >= 600
    assert sum(case["prints"] is not None for case in CASES) >= 300


@pytest.mark.parametrize("case", CASES[::5], ids=map(str, range(0, len(CASES), 5)))
def test_every_read_is_where_it_is_written(case: dict[str, Any]) -> None:
    try:
        program = handlebars.parse(case["template"])
    except HandlebarsError:
        return
    for read in handlebars.analyse(program, helpers=SETS[case["helpers"]]).reads:
        assert read.span.source.text == case["template"]
        assert read.span.text.strip() == read.span.text != ""
