"""A clock that was set back or forward: what is unknown is sent again only while its key certainly holds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plans_made import people, stored

from nac.journal import open_journal
from nac.journal.journal import Intent
from nac.journal.states import WINDOW, State
from nac.plans import StoredPlan
from nac.sandbox import Faults, Sandbox, required_keys
from nac.sandbox.faults import Chance

HOUR = 3600.0
SHIFTED = """
import sys, time
real, by = time.time, float(sys.argv[1])
time.time = lambda: real() + by
from nac.cli import main
main(sys.argv[2:])
"""


def environ() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_"))}
    return {**clean, "SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}


class Machine:
    """A machine whose clock can be set. It begins a plan that the service takes and does not answer."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        (folder / "notifications").mkdir()
        self._folder = folder
        self._hub = sandbox.url
        self.plan: StoredPlan = stored(folder / "plan", people(150))

    def nac(self, *args: str, by: float = 0.0) -> subprocess.CompletedProcess[str]:
        """Run nac with its clock off by so many seconds."""
        return subprocess.run([sys.executable, "-c", SHIFTED, str(by), *args], cwd=self._folder, env=environ(),
                              capture_output=True, text=True, timeout=180, check=False)  # fmt: skip

    def dispatch(self, *args: str, by: float = 0.0) -> subprocess.CompletedProcess[str]:
        return self.nac("dispatch", "plan", "--yes", "--hub", self._hub, "--journal", "j.sqlite", "--backoff", "0.01",
                        *args, by=by)  # fmt: skip

    def states(self) -> set[State]:
        with open_journal(self._folder / "j.sqlite", time.time) as journal:
            return {one.state for one in journal.exceptions(self.plan.id)}


def lose_answers(sandbox: Sandbox, share: float) -> None:
    faults = Faults(cut_after=share)
    sandbox._hub.faults = faults
    sandbox._hub._chance = Chance(faults)


@pytest.fixture
def sandbox() -> object:
    with Sandbox(validate=required_keys) as running:
        lose_answers(running, 1.0)
        yield running


@pytest.fixture
def machine(tmp_path: Path, sandbox: Sandbox) -> Machine:
    return Machine(tmp_path, sandbox)


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        (0.0, 20 * HOUR, None),
        (0.0, 25 * HOUR, "150 requests were sent more than 24 hours ago and had no answer"),
        (0.0, -2 * HOUR, "s behind what the journal has seen"),
        (48 * HOUR, 0.0, "s behind what the journal has seen"),
        (-48 * HOUR, 0.0, "150 requests were sent more than 24 hours ago and had no answer"),
        (0.0, -30.0, None),
    ],
    ids=["later", "a day later", "set back", "was ahead", "was behind", "half a minute"],
)
def test_unknown_requests_meet_another_time(
    machine: Machine, sandbox: Sandbox, first: float, then: float, says: str | None
) -> None:
    lost = machine.dispatch("--attempts", "1", by=first)
    assert lost.returncode == 1, lost.stdout + lost.stderr
    assert machine.states() == {"unknown"}
    calls = sandbox.count.calls
    lose_answers(sandbox, 0.0)
    done = machine.dispatch(by=then)
    if says is None:
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        assert done.returncode == 1, done.stdout + done.stderr
        assert says in done.stderr
        assert "nac journal retry" in done.stderr
        assert "--unknown-after-window" in done.stderr
        assert "Traceback" not in done.stderr
        assert sandbox.count.calls == calls
        short = machine.plan.id[:12]
        decided = machine.nac("journal", "retry", short, "--journal", "j.sqlite", "--unknown-after-window", "skip",
                              by=then)  # fmt: skip
        assert decided.returncode == 0, decided.stderr
        assert "150 unknown requests" in decided.stderr
        assert "settled by hand: not sent again" in machine.dispatch(by=then).stdout
        assert sandbox.count.calls == calls
    assert sandbox.count.delivered == 150


def test_a_window_that_ends_while_the_run_waits_to_try_again(machine: Machine, sandbox: Sandbox) -> None:
    """The clock leaps over the window between two tries of one run."""
    leap = SHIFTED.replace("time.time = lambda: real() + by", (
        "seen = []\ntime.time = lambda: real() + (by if len(seen) > 1 else 0)\n"
        "from nac.dispatch import async_client\nsend = async_client.AsyncClient.send\n"
        "async def counted(*args):\n    seen.append(1)\n    return await send(*args)\n"
        "async_client.AsyncClient.send = counted"
    ))  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", leap, str(WINDOW), "dispatch", "plan", "--yes", "--hub", machine._hub, "--backoff",
         "0.01", "--journal", "j.sqlite", "--connections", "1"],
        cwd=machine._folder, env=environ(), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "can no longer be sent again safely" in done.stdout
    assert sandbox.count.calls <= 3
    assert sandbox.count.delivered <= 150


def test_an_intent_of_a_killed_run_counts_from_its_first_call(machine: Machine, sandbox: Sandbox) -> None:
    """Killed after the intent was entered: it may have been received, and is asked about after a day."""
    lose_answers(sandbox, 0.0)
    assert machine.dispatch("--attempts", "1").returncode == 0
    sandbox.clear()
    with open_journal(machine._folder / "j.sqlite", lambda: time.time() + 1) as journal:
        now = journal.now()
        journal.write(machine.plan.id, [Intent(1, 100, now - WINDOW - 1), Intent(2, 50, now)])
    done = machine.dispatch()
    assert done.returncode == 1
    assert "100 requests were sent more than 24 hours ago" in done.stderr
    assert "batch 1 (100)" in done.stderr
    assert sandbox.count.calls == 0
