"""The shop of `tests/diff`, in a repository, without what `nac check` would say of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

for folder in ("check", "diff", "review"):
    sys.path.append(str(Path(__file__).parents[1] / folder))

from building_histories import SHOP, Repo  # noqa: E402

FILES = {
    "notifications/nac.yaml": SHOP["notifications/nac.yaml"] + "rules: {NAC336: off, NAC340: off, NAC341: off, "
    "NAC350: off, NAC606: off}\n",
}


def shop(root: Path) -> Repo:
    repo = Repo(root)
    repo.shop(**FILES)
    return repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return shop(tmp_path / "one")
