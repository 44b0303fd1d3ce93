"""`python -m bench.send_bench`: `nac dispatch` and the vendor's Python SDK, side by side, against one sandbox.

The sandbox runs in a process of its own, answers after 20 ms, and checks no more than signatures and keys, so that it
is not what is measured. Both send the same records in bulk; the SDK sends its calls one after another. With
--million: a million recipients from a Parquet file to accepted, timed as a whole.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.__main__ import peak_memory
from bench.projects import million_people

SDK = """
import json, sys, time
from suprsend import Suprsend, WorkflowTriggerRequest
url, body, count = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
bulk = Suprsend("sandbox", "sandbox-secret", base_url=url).workflows.bulk_trigger_instance()
for n in range(count):
    one = {**body, "recipients": [{**body["recipients"][0], "distinct_id": f"user-{n}"}]}
    bulk.append(WorkflowTriggerRequest(one, idempotency_key=f"sdk-{time.time_ns()}-{n}"))
began = time.perf_counter()
done = bulk.trigger()
took = time.perf_counter() - began
assert done.success == count, done
print(count / took)
"""
NAC = ("SUPRSEND_WORKSPACE_KEY", "sandbox"), ("SUPRSEND_WORKSPACE_SECRET", "sandbox-secret")


@contextmanager
def sandbox(*args: str) -> Iterator[str]:
    """The URL of a sandbox in a process of its own."""
    command = [sys.executable, "-m", "nac", "sandbox", "--port", "0", "--quiet", "--latency", "20", "--quick", *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def sdk_rate(url: str, body: dict[str, object], count: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", SDK, url, json.dumps(body), str(count)], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return float(done.stdout)


def nac_rate(root: Path, url: str, number: int, count: int) -> float:
    """Records a second of the sending alone, as nac's own report has it."""
    before = counted(url)
    (root / "event.json").write_text(json.dumps({"id": number, "title": "Terms"}))  # another event: other keys
    command = [sys.executable, "-m", "nac", "dispatch", "all", "--event", "event.json", "--yes", "--hub", url,
               "--format", "junit", "--output", "report.xml"]  # fmt: skip
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ, **dict(NAC)})
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    assert counted(url) - before == count
    seconds = re.search(r'<testsuite [^>]*time="([0-9.]+)"', (root / "report.xml").read_text())
    assert seconds
    return count / float(seconds[1])


def counted(url: str) -> int:
    """The records that the sandbox has delivered."""
    with urllib.request.urlopen(f"{url}count") as answer:
        return int(json.load(answer)["delivered"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.send_bench")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sandbox() as url:
        root = Path(folder) / "some"
        body = million_people(root, options.records)
        pairs = []
        for number in range(options.runs):
            pairs.append((nac_rate(root, url, number, options.records), sdk_rate(url, body, options.records)))
        ours, theirs = (statistics.median(one) for one in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{options.records:,} records at 20 ms a call: nac {ours:,.0f} a second, suprsend-py-sdk {theirs:,.0f}, "
              f"ratio {ratio:.1f}")  # fmt: skip
    if options.million:
        million()


def million(people: int = 1_000_000) -> None:
    """From Parquet to accepted, the sandbox's own count at the end."""
    with tempfile.TemporaryDirectory() as folder, sandbox() as url:
        root = Path(folder) / "people"
        million_people(root, people)
        (root / "event.json").write_text('{"id": 1, "title": "Terms"}')
        os.environ.update(dict(NAC))
        began = time.perf_counter()
        _, memory = peak_memory([sys.executable, "-m", "nac", "dispatch", "all", "--event", str(root / "event.json"),
                                 "--yes", "--hub", url, "--project", str(root)])  # fmt: skip
        took = time.perf_counter() - began
        with urllib.request.urlopen(f"{url}count") as answer:
            count = json.load(answer)
        print(f"{people:,} recipients from Parquet to accepted: {took:.1f} s, peak {memory:.0f} MB; the sandbox "
              f"counted {count['delivered']:,} delivered, {count['duplicates']:,} duplicates")  # fmt: skip


if __name__ == "__main__":
    main()
