"""Projects and what `nac check` says of them: `cases/<CODE>-<topic>.case`. How to write one: `tests/cases/__init__.py`.

Here a case may have no findings at all: then it shows a false alarm that must not come back.
"""

import re
import time
from pathlib import Path

import pytest

from cases import Case, cases
from nac.rules import find_rule
from rule_pages import checked

HARD_LIMIT = 20.0  # seconds of one core; every case is meant to stay below one

CASES = cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_rule_findings(case: Case, tmp_path: Path, update: bool) -> None:
    root = tmp_path / "project"
    (root / "notifications").mkdir(parents=True)
    case.write(root)
    start = time.process_time()
    found = checked(root)
    assert time.process_time() - start < HARD_LIMIT
    assert checked(root) == found, "not the same twice"
    text = case.text(found)
    assert str(tmp_path) not in text
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text) is None
    for secret in case.never:
        assert secret not in text, "a secret is shown"
    if update and text != case.findings:
        case.update(text)
    else:
        assert text == case.findings


def test_cases_are_named_after_rules() -> None:
    for case in CASES:
        assert find_rule(case.path.stem.partition("-")[0]), case.path.name
