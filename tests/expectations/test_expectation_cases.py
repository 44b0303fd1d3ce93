"""`nac test` from outside: a case is a project and what the command prints about it.

The files are those of `tests/cases`; `=== findings` holds the output, with `# exit N` as its last line.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from outside import run

from cases import cases, read_case

CASES = cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_case(case, tmp_path: Path, update: bool) -> None:  # type: ignore[no-untyped-def]
    case.write(tmp_path)
    command = case.files.get("arguments", b"").decode()
    done = run(tmp_path, "test", *shlex.split(command))
    assert done.stderr == ""
    output = f"{done.stdout}# exit {done.returncode}\n"
    for secret in case.never:
        assert secret not in output
    assert "\x1b" not in output
    if update:
        case.update(output)
    assert read_case(case.path).findings == output
