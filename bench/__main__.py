"""`make bench`: what nac costs, side by side with a peer in the same run. Prints; judges nothing.

Machines are noisy: read the ratios and the medians, not single seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import rendering_bench
from bench.previews_bench import main as bench_previews
from bench.projects import many_triggers, million_people

PEER_SDK = """
import json, sys, time
from suprsend.workflow_request import WorkflowTriggerRequest
body = json.loads(sys.argv[1])
count = int(sys.argv[2])
start = time.perf_counter()
for index in range(count):
    one = {**body, "recipients": [{**body["recipients"][0], "distinct_id": f"user-{index}"}]}
    made, size = WorkflowTriggerRequest(one, idempotency_key=f"k-{index}").get_final_json(None)
    json.dumps(made, ensure_ascii=False)
print(count / (time.perf_counter() - start))
"""
PEER_YAML = """
import sys
from pathlib import Path
from ruamel.yaml import YAML
for path in Path(sys.argv[1]).rglob("*.yaml"):
    YAML(typ="safe", pure=True).load(path.read_text())
"""


def seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def paired(ours: Sequence[str], peer: Sequence[str], runs: int) -> tuple[float, float, float]:
    """Medians of both, run in turn, and the median of the ratios pair by pair."""
    seconds(ours), seconds(peer)
    pairs = [(seconds(ours), seconds(peer)) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def report(what: str, ours: float, peer: float, ratio: float, peer_name: str) -> None:
    print(f"{what:<44} {ours:8.3f} s   {peer_name:<34} {peer:8.3f} s   ratio {ratio:6.2f}")


def peak_memory(command: Sequence[str]) -> tuple[float, float]:
    """Seconds, and the peak of the process's memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {command}")
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return time.perf_counter() - start, usage.ru_maxrss / unit


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--triggers", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=11)
    options = parser.parse_args()
    nac = [sys.executable, "-m", "nac"]
    click = [sys.executable, "-c", "import click"]
    here = Path(__file__).resolve().parent.parent

    report("nac --version", *paired([*nac, "--version"], click, options.runs), "import click")
    report(
        "nac list (the example)", *paired([*nac, "list", "--project", str(here)], click, options.runs), "import click"
    )
    bench_previews()
    rendering_bench.main()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        many_triggers(root / "many", options.triggers)
        ours = [*nac, "compile", "--format", "ndjson", "--project", str(root / "many")]
        peer = [sys.executable, "-c", PEER_YAML, str(root / "many")]
        what = f"load + compile {options.triggers:,} triggers"
        report(what, *paired(ours, peer, 3), "ruamel.yaml, load alone")

        body = million_people(root / "people", options.people)
        out = str(root / "out.ndjson")
        took, memory = peak_memory(
            [*nac, "compile", "all", "--format", "ndjson", "-o", out, "--project", str(root / "people")]
        )
        count = 5_000
        peer_rate = float(
            subprocess.run(
                [sys.executable, "-c", PEER_SDK, json.dumps(body), str(count)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        rate = options.people / took
        print(
            f"{options.people:,} people, Parquet to NDJSON: {took:.1f} s, {rate:,.0f} a second, peak {memory:.0f} MB; "
            f"the vendor's SDK makes {peer_rate:,.0f} bodies/s of the same kind: ratio {rate / peer_rate:.1f}"
        )


if __name__ == "__main__":
    main()
