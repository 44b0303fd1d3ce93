from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres_server import Server, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """Where a journal goes: each test runs on both back ends."""
    if request.param == "sqlite":
        return f"{tmp_path}/journal.sqlite"
    server: Server = request.getfixturevalue("server")
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as db:  # the tests do not see each other's plans
        db.execute("DROP SCHEMA IF EXISTS nac CASCADE")
    return server.url
