"""A running sandbox with a clock to move, and two clients of it: nac's own, and plain HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from nac.dispatch import Client, Hmac
from nac.sandbox import Sandbox, required_keys


class Clock:
    """Stands still until a test sets `now`."""

    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(validate=required_keys, clock=clock) as running:
        yield running


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, trust_env=False) as client:
        yield client


@pytest.fixture
def client(sandbox: Sandbox, clock: Clock) -> Iterator[Client]:
    with Client(Hmac("sandbox", "sandbox-secret"), base_url=sandbox.url, clock=clock) as client:
        yield client
