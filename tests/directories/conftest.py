"""Real servers, one of each for a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mysql_server import missing, mysql
from people_elsewhere import People
from postgres_server import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    try:
        with postgres() as server:
            yield server
    except pytest.skip.Exception as skipped:
        missing(str(skipped))


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[Any]:
    with mysql() as server:
        yield server


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path / "project")
