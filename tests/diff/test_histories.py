"""Each history is compared twice, as two commits and as a commit and the work tree, and gives the same report."""

from __future__ import annotations

from pathlib import Path

import pytest
from building_histories import HERE, Repo, read_history

from nac import api
from nac.diff.changes import Diff
from nac.report.diff import diff_text

HISTORIES = sorted((HERE / "histories").glob("*.history"))


def report(found: Diff) -> str:
    """The text without the ids of the commits."""
    first, *rest = diff_text("text", found).split("\n")
    return "\n".join([found.cls, first, *(rest[1:] if found.changes else rest)])


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_history(path: Path, tmp_path: Path, update: bool) -> None:
    history = read_history(path)
    repo = Repo(tmp_path / "one")
    base = repo.shop(**history.before)
    repo.apply(history)
    options = {"markup": "--markup" in history.arguments, "names": "--names" in history.arguments}
    in_work_tree = report(api.diff(repo.root, **options))
    head = repo.commit()
    between = api.diff(repo.root, base, head, **options)
    shown = report(between)
    if update:
        history.update(shown)
    assert shown == read_history(path).report
    if "crlf" not in path.stem:
        assert in_work_tree == shown, "the work tree and the commit of it differ"
    assert "no change" in report(api.diff(repo.root, base, base))
    for form in ("json", "markdown", "text"):
        text = diff_text(form, between)
        assert str(tmp_path) not in text
    assert repo.git("status", "--porcelain") == "", "the work tree was written to"


def test_there_are_many() -> None:
    assert len(HISTORIES) >= 30
