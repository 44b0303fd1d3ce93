"""Handlebars, side by side with its peers in one run: `python -m bench.handlebars_bench`. Prints; judges nothing.

`--node FOLDER` is a folder with handlebars in its node_modules (`npm install handlebars`), `--pybars PYTHON` a Python
that can import pybars3, this one by default. All are measured in turn, several times, and the best of each counts.

*compile* goes from text to something ready to be rendered, with nothing cached. handlebars.js compiles lazily, at the
first rendering, so there it is what `Handlebars.compile` and the first rendering take, less a later rendering. Both
are measured after a warm-up with other texts; V8 still meets the generated code for the first time, as it would.
*render* is one more rendering of the same compiled template.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SMS = "Hi {{recipient.name}}, {{actor}} added {{count}} new comments on {{doc.name}}. See {{url}} for all of it."
_ITEM = """<tr class="row">
  <td style="padding: 8px 12px; border-bottom: 1px solid #e5e7eb">{{name}}</td>
  <td style="padding: 8px 12px; text-align: right">{{quantity}} × {{price.amount}} {{price.currency}}</td>
  {{#if note}}<td class="note">{{note}}</td>{{else}}<td></td>{{/if}}
</tr>
"""
_PARAGRAPH = """<p style="font-size: 14px; line-height: 20px; color: #374151">
  Dear {{customer.name}}, your order {{order.id}} of {{order.date}} is on its way to {{order.address.street}} in
  {{order.address.city}}. {{#if order.gift}}It is wrapped as a gift.{{/if}} You can follow it
  <a href="{{order.url}}">here</a>, and {{#unless order.paid}}please remember to pay{{else}}thank
  you for paying{{/unless}}.
</p>
"""


def templates() -> dict[str, tuple[str, dict[str, Any]]]:
    """Text and data by name, the same at every run."""
    item = {"name": "Pen & <paper>", "quantity": 3, "price": {"amount": 12.5, "currency": "EUR"}, "note": "blue"}
    data = {
        "recipient": {"name": "Ann"},
        "actor": "Bob",
        "count": 2,
        "doc": {"name": "the annual IT report"},
        "url": "https://example.com/d/1",
        "customer": {"name": "Ann O'Neil"},
        "order": {
            "id": "A-17",
            "date": "2024-05-01",
            "address": {"street": "Main Street 1", "city": "Pune"},
            "gift": True,
            "paid": False,
            "url": "https://example.com/o?id=17",
        },
        "items": [{**item, "note": "blue" if number % 2 else ""} for number in range(100)],
    }
    loop = "<table>{{#each items}}\n" + _ITEM + "{{/each}}</table>\n"
    five = loop + _PARAGRAPH * ((5_000 - len(loop)) // len(_PARAGRAPH))
    fifty = loop + _PARAGRAPH * ((50_000 - len(loop)) // len(_PARAGRAPH))
    few = {**data, "items": data["items"][:5]}
    return {"100-byte SMS": (SMS, data), "5 KB email": (five, few), "50 KB email, 100 items": (fifty, data)}


# Each peer gets [name, text, data, rounds] by name as JSON and prints {name: [compile µs, render µs, characters]}.
PYTHON_PEER = """
import gc, json, sys, time
def measure(make, text, data, rounds, first=0):
    clock = time.perf_counter
    best = [1e9, 1e9]
    out = ""
    for turn in range(first, first + rounds):
        gc.collect(); gc.disable()
        fresh = text + "<!-- %d -->" % turn
        start = clock(); render = make(fresh); best[0] = min(best[0], clock() - start)
        out = render(data)
        for _ in range(5):
            start = clock(); render(data); best[1] = min(best[1], clock() - start)
        gc.enable()
    return [best[0] * 1e6, best[1] * 1e6, len(out)]
def run(make):
    cases = json.load(open(sys.argv[1]))
    for name, (text, data, rounds) in cases.items():
        measure(make, text, data, 1, 1000)
    print(json.dumps({name: measure(make, text, data, rounds) for name, (text, data, rounds) in cases.items()}))
"""
OURS = PYTHON_PEER + "\nfrom nac.handlebars import compile\nrun(lambda text: compile(text).render)\n"
PYBARS = PYTHON_PEER + (
    "\nfrom pybars import Compiler\n"
    "def make(text):\n"
    "    template = Compiler().compile(text)\n"
    "    return lambda data: str(template(data))\n"
    "run(make)\n"
)
NODE = """
const Handlebars = require(process.argv[3] + '/node_modules/handlebars');
const cases = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const clock = () => Number(process.hrtime.bigint()) / 1000;
function measure([text, data, rounds], begin = 0) {
  let first = 1e12, render = 1e12, out = '';
  for (let turn = begin; turn < begin + rounds; turn++) {
    let start = clock();
    const template = Handlebars.compile(text + `<!-- ${turn} -->`, { strict: true });
    out = template(data);
    first = Math.min(first, clock() - start);
    for (let again = 0; again < 5 + 100 / rounds; again++) {
      start = clock(); template(data); render = Math.min(render, clock() - start);
    }
  }
  return [first - render, render, out.length];
}
for (let warm = 1; warm < 4; warm++) Object.values(cases).forEach((one) => measure(one, warm * 1000));
console.log(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, measure(one)]))));
"""


def run(command: list[str]) -> dict[str, list[float]] | None:
    done = subprocess.run(command, capture_output=True, text=True)
    return dict(json.loads(done.stdout)) if not done.returncode else None


def best(runs: list[dict[str, list[float]] | None], name: str) -> tuple[float, float] | None:
    found = [run[name] for run in runs if run]
    return (min(one[0] for one in found), min(one[1] for one in found)) if found else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.handlebars_bench")
    parser.add_argument("--node", help="a folder with handlebars in its node_modules")
    parser.add_argument("--pybars", default=sys.executable, help="a Python that can import pybars3")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    cases = {name: [text, data, 60 if len(text) < 10_000 else 15] for name, (text, data) in templates().items()}
    few = {name: [text, data, 5 if len(text) < 10_000 else 1] for name, (text, data, _) in cases.items()}
    with tempfile.TemporaryDirectory() as folder:
        ours_in, few_in = Path(folder, "cases.json"), Path(folder, "few.json")
        ours_in.write_text(json.dumps(cases))
        few_in.write_text(json.dumps(few))
        commands = {"nac": [sys.executable, "-c", OURS, str(ours_in)]}
        commands["pybars3"] = [options.pybars, "-c", PYBARS, str(few_in)]
        if options.node and shutil.which("node"):
            script = Path(folder, "bench.js")
            script.write_text(NODE)
            commands["handlebars.js"] = ["node", str(script), str(ours_in), str(Path(options.node).resolve())]
        runs = {peer: [run(command) for _ in range(options.runs)] for peer, command in commands.items()}
    for name in cases:
        ours = best(runs["nac"], name)
        assert ours is not None
        print(f"{name:<24} nac            compile {ours[0]:10,.0f} µs                 render {ours[1]:9,.1f} µs")
        for peer in list(commands)[1:]:
            theirs = best(runs[peer], name)
            if theirs is None:
                print(f"{'':<24} {peer:<14} is not there")
                continue
            print(
                f"{'':<24} {peer:<14} compile {theirs[0]:10,.0f} µs (nac ×{theirs[0] / ours[0]:8.2f}) "
                f" render {theirs[1]:9,.1f} µs (nac ×{theirs[1] / ours[1]:5.2f})"
            )


if __name__ == "__main__":
    main()
