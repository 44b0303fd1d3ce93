"""Projects with mistakes, one a file: `*.case`. How to write one: `tests/cases/__init__.py`."""

import time
from pathlib import Path

import pytest

from cases import Case, cases, check, findings_of

HARD_LIMIT = 20.0  # seconds of one core; every case is meant to stay below one

CASES = cases(Path(__file__).parent)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_findings(case: Case, tmp_path: Path, update: bool, record_property) -> None:
    root = tmp_path / "project"
    root.mkdir()
    case.write(root)
    start = time.process_time()
    found = findings_of(root)
    took = time.process_time() - start
    record_property("seconds", round(took, 2))
    check(case, found, tmp_path)
    assert findings_of(root) == found, "not the same twice"
    assert took < HARD_LIMIT
    text = case.text(found)
    if update and text != case.findings:
        case.update(text)
    else:
        assert text == case.findings


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 70


def test_every_case_is_about_something_else() -> None:
    assert len({case.title for case in CASES}) == len(CASES)
