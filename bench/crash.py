"""`python -m bench.crash --runs 200`: kill `nac dispatch` at random moments, resume it, and count.

Each run sends a plan of its own to a sandbox that fails in every way it can, is killed with SIGKILL (several times, at
random moments), and is then run to its end. Every record must have been delivered once, by the sandbox's own count, and
be accepted in the journal. Exit 1 and say what is wrong as soon as it is not so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from nac.journal import open_journal
from nac.payload import Envelope, Payload
from nac.plan import plan, record
from nac.plans import Manifest, PlanWriter, TriggerCount
from nac.sandbox import Faults, Sandbox, required_keys


def make_plan(folder: Path, name: str, records: int) -> Manifest:
    """A plan with one record for each of as many people; `name` tells it from others."""
    envelope = Envelope("crash", "workflow", {"workflow": "crash", "data": {"run": name}})
    with PlanWriter(folder) as writer:
        made = [record(Payload(envelope, (f"user-{n}",), f"{name}-{n}"), "", n) for n in range(records)]
        for batch in plan(made):
            writer.add(batch)
        size = sum(len(one.body) for one in made)
        count = TriggerCount(kind="workflow", records=records, recipients=records, bytes=size)
        return writer.finish(Manifest(run=name, triggers={"crash": count}), {})


def dispatch(project: str, folder: str, hub: str, journal: str, log: str) -> None:
    """What the child process does: `nac dispatch`, by its own command line."""
    from nac.cli import main

    with open(log, "ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    os.environ.update(SUPRSEND_WORKSPACE_KEY="sandbox", SUPRSEND_WORKSPACE_SECRET="sandbox-secret")
    main(["dispatch", folder, "--yes", "--hub", hub, "--journal", journal, "--project", project,
          "--backoff", "0.05", "--attempts", "30"])  # fmt: skip


class Crashes:
    """A place to crash in: a project, a journal, and children that are quick to start."""

    def __init__(self, root: Path, journal: str, faults: float, records: int, seed: int) -> None:
        (root / "notifications").mkdir()
        self._root = root
        self._journal = journal
        self._faults = faults
        self._records = records
        self._random = Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            ["nac.cli.dispatch_command", "nac.cli.sending", "nac.dispatch.engine", "httpx", "nac.journal.sqlite",
             "nac.api", "nac.report.sending"])  # fmt: skip
        self.killed = self.duplicates = 0

    def _start(self, folder: Path, hub: str) -> multiprocessing.process.BaseProcess:
        args = (str(self._root), str(folder), hub, self._journal, str(self._root / "log"))
        child = self._context.Process(target=dispatch, args=args)
        child.start()
        return child

    def run(self, number: int, kills: int) -> None:
        """One run. Raises SystemExit where a record was lost or delivered twice."""
        name = f"run-{number}-{os.getpid()}"
        folder = self._root / name
        manifest = make_plan(folder, name, self._records)
        faults = Faults.every(self._faults, latency=0.01, seed=number)
        with Sandbox(validate=required_keys, faults=faults, keep=100_000) as sandbox:
            for _ in range(kills):
                child = self._start(folder, sandbox.url)
                child.join(self._random.uniform(0.05, 0.7))
                self.killed += child.exitcode is None
                if child.pid is not None and child.exitcode is None:
                    os.kill(child.pid, signal.SIGKILL)
                child.join()
            for _ in range(20):
                child = self._start(folder, sandbox.url)
                child.join()
                if child.exitcode == 0:
                    break
            count, people = sandbox.count, [str(one.recipient) for one in sandbox.deliveries]
        with open_journal(self._journal, time.time) as journal:
            known = journal.plan(manifest.id)
        accepted = known.counts.accepted if known else 0
        expected = {f"user-{n}" for n in range(self._records)}
        self.duplicates += count.duplicates
        if child.exitcode or accepted != self._records or len(people) != self._records or set(people) != expected:
            log = (self._root / "log").read_text()[-2000:]
            raise SystemExit(f"run {number}: exit {child.exitcode}, journal {accepted}, delivered {len(people)} "
                             f"({len(set(people))} different) of {self._records}\n{log}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=2, help="in each run")
    parser.add_argument("--records", type=int, default=1_500)
    parser.add_argument("--faults", type=float, default=0.05, help="the share of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", help="postgresql://…; else a SQLite file")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        journal = options.journal or str(root / "journal.sqlite")
        crashes = Crashes(root, journal, options.faults, options.records, options.seed)
        for number in range(options.runs):
            crashes.run(number, options.kills)
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {options.runs}", end="", file=sys.stderr)
        print(f"{options.runs} runs, killed {crashes.killed} times: every one of {options.records:,} records delivered "
              f"once in each; {crashes.duplicates:,} were sent again under their key; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
