"""Killed, starved and restarted: nobody is forgotten, and nobody is sent to twice.

`python -m bench.crash --runs 200` is the long form of the first of these.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from plans_made import people, stored
from postgres_server import Server, postgres

from nac.journal import open_journal
from nac.sandbox import Faults, Sandbox, required_keys

ROOT = Path(__file__).resolve().parents[2]
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from nac.cli import main
main(sys.argv[2:])
"""


def environ() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_"))}
    return {**clean, "SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}


def crash(*args: str) -> str:
    done = subprocess.run([sys.executable, "-m", "bench.crash", "--seed", "4", *args], cwd=ROOT, env=environ(),
                          capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def dispatch(project: Path, *args: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    (project / "notifications").mkdir(exist_ok=True)
    how = ["-c", LIMITED, str(limit)] if limit is not None else ["-m", "nac"]
    return subprocess.run(
        [sys.executable, *how, "dispatch", str(project / "plan"), "--yes", "--project", str(project), "--backoff",
         "0.05", *args],
        cwd=project, env=environ(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def delivered(sandbox: Sandbox) -> list[str]:
    return sorted(str(one.recipient) for one in sandbox.deliveries)


def everybody(count: int) -> list[str]:
    return sorted(f"user-{n}" for n in range(count))


def test_killed_twenty_times_with_a_file() -> None:
    assert "delivered once in each" in crash("--runs", "7", "--kills", "3", "--records", "800")


def test_killed_five_times_with_a_server() -> None:
    with postgres() as server:
        said = crash("--runs", "2", "--kills", "3", "--records", "800", "--journal", server.url)
    assert "delivered once in each" in said


def test_a_disk_that_fills_up_stops_the_run_and_it_goes_on_later(tmp_path: Path) -> None:
    stored(tmp_path / "plan", people(20_000))
    with Sandbox(validate=required_keys, keep=100_000) as sandbox:
        args = ("--hub", sandbox.url, "--journal", "journal.sqlite")
        full = dispatch(tmp_path, *args, limit=120_000)
        assert full.returncode == 1, full.stdout + full.stderr
        said = full.stdout + full.stderr
        assert "journal" in said
        assert "cannot be written" in said
        assert "Traceback" not in said
        assert 0 < sandbox.count.accepted < 20_000
        done = dispatch(tmp_path, *args)
        assert done.returncode == 0, done.stdout + done.stderr
        assert delivered(sandbox) == everybody(20_000)


def test_a_journal_that_cannot_be_written_stops_before_the_first_byte(tmp_path: Path) -> None:
    stored(tmp_path / "plan", people(10))
    with Sandbox(validate=required_keys) as sandbox:
        for journal in ("/proc/nac/journal.sqlite", "/proc/version"):
            done = dispatch(tmp_path, "--hub", sandbox.url, "--journal", journal)
            assert done.returncode == 1
            assert f"the journal {journal} cannot be written" in done.stderr
            assert "Traceback" not in done.stderr
        assert sandbox.count.calls == 0


def test_a_server_that_is_restarted_in_the_middle(tmp_path: Path) -> None:
    stored(tmp_path / "plan", people(6_000))
    with postgres() as server, Sandbox(validate=required_keys, keep=100_000, faults=Faults(latency=0.05)) as sandbox:
        args = ("--hub", sandbox.url, "--journal", server.url)
        restart = threading.Thread(target=_restart, args=(server, sandbox))
        restart.start()
        done = dispatch(tmp_path, *args, "--rate", "3000")
        restart.join()
        assert done.returncode == 0, done.stdout + done.stderr
        assert delivered(sandbox) == everybody(6_000)
        with open_journal(server.url, time.time) as journal:
            (known,) = journal.plans()
        assert known.counts.accepted == 6_000
        assert known.finished is not None


def _restart(server: Server, sandbox: Sandbox) -> None:
    for _ in range(600):
        if sandbox.count.accepted > 1_000:
            break
        time.sleep(0.05)
    server.stop()
    server.start()


def test_two_runs_at_once_exclude_each_other_or_wait(tmp_path: Path) -> None:
    plan = stored(tmp_path / "plan", people(100))
    with Sandbox(validate=required_keys) as sandbox:
        args = ("--hub", sandbox.url, "--journal", "journal.sqlite")
        with open_journal(tmp_path / "journal.sqlite", time.time) as journal:
            journal.lock(plan.id)
            refused = dispatch(tmp_path, *args)
            assert refused.returncode == 1
            assert "another run is sending this plan" in refused.stderr
            assert sandbox.count.calls == 0
            command = [sys.executable, "-m", "nac", "dispatch", str(plan.folder), "--yes", *args, "--wait"]
            with subprocess.Popen(command, cwd=tmp_path, env=environ(), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True) as waiting:  # fmt: skip
                assert waiting.stderr is not None
                assert "waiting for it" in waiting.stderr.readline()
                journal.close()
        assert waiting.returncode == 0
        assert sandbox.count.delivered == 100


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_a_plan_cut_short_is_not_begun(tmp_path: Path, cut: int) -> None:
    made = stored(tmp_path / "plan", people(250))
    path = made.folder / "batches" / "000001.ndjson.zst"
    path.write_bytes(path.read_bytes()[: -cut or None][: None if cut else 0])
    with Sandbox(validate=required_keys) as sandbox:
        done = dispatch(tmp_path, "--hub", sandbox.url)
        assert done.returncode == 1
        assert "altered or cut short: plan again" in done.stderr
        assert sandbox.count.calls == 0
