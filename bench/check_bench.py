"""`python -m bench.check_bench`: `nac check` on 1,000 triggers with a template each: cold, unchanged, one file changed.

Beside it check-jsonschema, where it is installed (`--check-jsonschema PROGRAM`), over the same YAML with the JSON
Schema that `nac schema` gives to editors: it looks at no template, no sample and no rule.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.projects import many_triggers

TEMPLATE = """\
---
subject: "{{{{{{title}}}}}}"
---
Hello {{{{{{default $recipient.name 'friend'}}}}}},

your order {{{{{{order_{n}}}}}}} of {{{{total}}}} is on its way:
{{{{#each items}}}}
- {{{{{{this}}}}}}
{{{{/each}}}}
"""


def project(root: Path, count: int) -> None:
    """`count` triggers with a template each, in which nothing is wrong."""
    many_triggers(root, count)
    for number in range(count):
        folder = root / f"notifications/templates/order-shipped-{number}"
        folder.mkdir(parents=True)
        (folder / "email.hbs").write_text(TEMPLATE.format(n=number))


def schema(path: Path) -> None:
    """What an editor is given, by `nac schema`."""
    from nac.editor_schema import trigger

    path.write_text(json.dumps(trigger()))


Cost = tuple[float, float]


def cost(command: Sequence[str]) -> Cost:
    """Seconds by the clock, and seconds of processor time: on a busy machine these can be compared."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command[:6])}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def measured(commands: Sequence[Callable[[], Cost]], runs: int) -> list[Cost]:
    """The medians of each, run in turn."""
    rounds = [[one() for one in commands] for _ in range(runs)]
    medians = ([statistics.median(each) for each in zip(*one, strict=True)] for one in zip(*rounds, strict=True))
    return [(took, busy) for took, busy in medians]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.check_bench")
    parser.add_argument("--triggers", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check-jsonschema", default=shutil.which("check-jsonschema"), metavar="PROGRAM")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        os.environ["XDG_CACHE_HOME"] = str(Path(folder, "cache"))
        project(root, options.triggers)
        nac = [sys.executable, "-m", "nac", "check", "--strict", "--project", str(root)]
        edits = iter(range(1_000_000))

        def template_changed() -> Cost:
            path = root / "notifications/templates/order-shipped-7/email.hbs"
            path.write_text(TEMPLATE.format(n=7) + f"Thank you, {next(edits)} times.\n")
            return cost(nac)

        def trigger_changed() -> Cost:
            path = root / "notifications/order-9.yaml"
            text = path.read_text()
            path.write_text(f"{text.partition('# ')[0]}# {next(edits)}\n")
            return cost(nac)

        commands: dict[str, Callable[[], Cost]] = {
            "cold": lambda: cost([*nac, "--no-cache"]),
            "unchanged": lambda: cost(nac),
            "one template changed": template_changed,
            "one trigger changed": trigger_changed,
        }
        if options.check_jsonschema:
            schema(Path(folder, "trigger.json"))
            files = sorted(map(str, root.glob("notifications/*.yaml")))
            peer = [options.check_jsonschema, "--schemafile", str(Path(folder, "trigger.json")), *files]
            commands["check-jsonschema"] = lambda: cost(peer)
        subprocess.run(nac, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = dict(zip(commands, measured(list(commands.values()), options.runs), strict=True))
        peer_took = found.pop("check-jsonschema", None)
        for what, (took, busy) in found.items():
            line = f"{f'nac check, {options.triggers:,} triggers, {what}':<50} {took:7.3f} s ({busy:6.3f} s CPU)"
            if peer_took:
                line += f"   check-jsonschema {peer_took[0]:7.3f} s ({peer_took[1]:6.3f} s CPU)"
                line += f"   ratio {took / peer_took[0]:5.2f} ({busy / peer_took[1]:5.2f})"
            print(line)
        if peer_took is None:
            print("check-jsonschema is not installed: name one by --check-jsonschema")


if __name__ == "__main__":
    main()
