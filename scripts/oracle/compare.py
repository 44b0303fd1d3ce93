"""`make oracle`: random templates through handlebars.js and through nac.handlebars; prints where they differ.

Each difference is shrunk to a case ready to be pasted into tests/handlebars/cases. `--record N` writes N cases with
what handlebars.js printed to tests/handlebars/recorded, where the ordinary tests read them: those need no node.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from templates import SHOP, WILD, make, pieces

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent.parent / "tests" / "handlebars"
sys.path.insert(0, str(TESTS))
from oracle_helpers import SETS  # noqa: E402 - found only now

from nac import handlebars  # noqa: E402
from nac.handlebars import HandlebarsError  # noqa: E402

Case = dict[str, Any]
PACKAGES = ["handlebars@4.7", "moment@2", "moment-timezone@0.6"]


def install(folder: Path) -> None:
    if not (folder / "node_modules" / "handlebars").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        subprocess.run(["npm", "install", "--silent", *PACKAGES], cwd=folder, check=True)


def theirs(cases: list[Case], folder: Path) -> list[dict[str, str]]:
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        ["node", str(HERE / "render.js"), str(folder)],
        input=lines,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def ours(case: Case) -> dict[str, str]:
    try:
        template = handlebars.compile(
            case["template"], strict=case["strict"], partials=case["partials"], helpers=SETS[case["helpers"]]
        )
        return {"prints": template.render(case["data"])}
    except HandlebarsError as error:
        return {"fails": str(error)}


def same(one: dict[str, str], other: dict[str, str]) -> bool:
    """Two failures are the same: ours say more of the reason."""
    return one.get("prints") == other.get("prints")


def compare(cases: list[Case], folder: Path) -> Iterator[tuple[Case, dict[str, str], dict[str, str]]]:
    for case, expected in zip(cases, theirs(cases, folder), strict=True):
        found = ours(case)
        if not same(found, expected):
            yield case, found, expected


def smaller(case: Case) -> Iterator[Case]:
    """Cases with a little less in them."""
    for name in case["partials"]:
        yield {**case, "partials": {key: text for key, text in case["partials"].items() if key != name}}
    parts = pieces(case["template"])
    for size in (16, 8, 4, 2, 1):
        for start in range(0, len(parts), size):
            yield {**case, "template": "".join(parts[:start] + parts[start + size :])}
    for name, text in case["partials"].items():
        cut = pieces(text)
        for start in range(len(cut)):
            yield {**case, "partials": {**case["partials"], name: "".join(cut[:start] + cut[start + 1 :])}}
    data = case["data"]
    if isinstance(data, dict):
        for key in data:
            yield {**case, "data": {name: value for name, value in data.items() if name != key}}
    if case["helpers"] != "plain":
        yield {**case, "helpers": "plain"}


def shrink(case: Case, folder: Path) -> tuple[Case, dict[str, str], dict[str, str]]:
    while True:
        found = next(compare(list(smaller(case)), folder), None)
        if found is None:
            return next(compare([case], folder))
        case = found[0]


def show(case: Case, found: dict[str, str], expected: dict[str, str]) -> None:
    print(f"- name: differs, with the helpers {case['helpers']}")
    print(f"  template: {json.dumps(case['template'], ensure_ascii=False)}")
    print(f"  data: {json.dumps(case['data'], ensure_ascii=False)}")
    if case["partials"]:
        print(f"  partials: {json.dumps(case['partials'], ensure_ascii=False)}")
    if not case["strict"]:
        print("  lenient: true")
    for word, text in expected.items():
        print(f"  {word}: {json.dumps(text, ensure_ascii=False)}")
    for word, text in found.items():
        print(f"  # ours {word}: {json.dumps(text, ensure_ascii=False)}")


def used(case: Case) -> Case:
    """A case without the partials that it does not name."""
    text = case["template"] + "".join(case["partials"].values())
    partials = {name: body for name, body in case["partials"].items() if re.search(rf">\s*{name}\b|lookup", text)}
    return {**case, "partials": partials}


def record(seed: int, count: int, folder: Path) -> None:
    """Cases that are short but do something, two of three of which print."""
    contexts = [SHOP, *WILD[1:]]
    kept: list[Case] = []
    seen: set[str] = set()
    index = 0
    while len(kept) < count:
        cases = [used(make(seed, number)) for number in range(index, index + 2000)]
        index += 2000
        for case, expected in zip(cases, theirs(cases, folder), strict=True):
            text = expected.get("prints", "")
            size = len(case["template"]) + sum(map(len, case["partials"].values())) + len(text)
            wanted = text.strip() if len(kept) % 3 else "fails" in expected
            if not wanted or not 40 < size < 450 or case["template"].count("{{") < 3 or case["template"] in seen:
                continue
            seen.add(case["template"])
            data = next(number for number, context in enumerate(contexts) if context is case["data"])
            kept.append({**case, "data": data, "prints": expected.get("prints")})
    target = TESTS / "recorded"
    target.mkdir(exist_ok=True)
    (target / "contexts.json").write_text(json.dumps(contexts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in kept[:count])
    (target / "cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"recorded {count} cases of seed {seed}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, default=HERE.parent.parent / ".venv" / "oracle", help="for npm's packages"
    )
    parser.add_argument("--show", type=int, default=10, help="how many differences to shrink and show")
    parser.add_argument("--record", type=int, metavar="N", help="write N cases for the ordinary tests instead")
    options = parser.parse_args()
    folder = options.folder.resolve()
    install(folder)
    if options.record:
        record(options.seed, options.record, folder)
        return 0
    differences = printed = 0
    for start in range(0, options.count, 2000):
        made = [make(options.seed, index) for index in range(start, min(start + 2000, options.count))]
        cases = [{**case, "strict": strict} for case in made for strict in (True, False)]
        results = theirs(cases, folder)
        printed += sum("prints" in result for result in results)
        for case, expected in zip(cases, results, strict=True):
            if same(ours(case), expected):
                continue
            differences += 1
            if differences <= options.show:
                show(*shrink(case, folder))
    count, both = options.count, 2 * options.count
    print(
        f"{count:,} templates of seed {options.seed}, strict and lenient: {printed:,} of {both:,} print something, "
        f"{differences} differ"
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
