"""The example project with one mistake in it, many times over: does nac find each, and does it point there?

`python tests/rules/mutations.py` tries 300 mutants and lists the survivors; `make mutants` does the same. A mutant is
one key of a trigger's `data`, one property that a selector maps, or one translation, that is deleted, renamed or given
a value of another kind. It is found when `nac check` has a finding that the example itself does not give, and found
*there* when that finding points at the mutated key or at a place that reads it. What `nac check` misses, `nac test` may
find: there, when what it says names the key.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from nac import api, diagnostics
from nac.api.testing import Runner
from nac.api.triggers import directories
from nac.check import Compiler
from nac.diagnostics import Diagnostic, Label
from nac.directory import Directories
from nac.json_reader import read_json
from nac.project import Project, Written
from nac.source import Node, SourceFile, Span

EXAMPLE = Path(__file__).resolve().parents[2]
OPERATIONS = ("delete", "rename", "retype")
COUNT = 300
# What is found in any case, and the rules of variable flow: the others take long, and are about other things.
CODES = frozenset({rule.code for rule in diagnostics.RULES} | {f"NAC{number}" for number in range(320, 340)})


@dataclass(frozen=True)
class Target:
    """One key that can be mutated. `slug` is the template that reads it, "" for a translation; `made` what the first
    sample makes of it."""

    kind: str
    path: str
    steps: tuple[str | int, ...]
    slug: str
    node: Node
    source: SourceFile
    made: Any = None

    @property
    def name(self) -> str:
        return str(self.steps[-1])

    @property
    def key(self) -> Span:
        return self.node.key_span(self.steps)

    @property
    def value(self) -> Node:
        return self.node.at(self.steps)


@dataclass(frozen=True)
class Mutant:
    target: Target
    operation: str
    text: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.target.steps))
        return f"{self.operation} {self.target.kind} {where} in {self.target.path}:{self.target.key.line}"


def targets(project: Project, where: Directories) -> Iterator[Target]:
    samples = Compiler(project, where)
    for name in sorted(project.triggers):
        trigger = project.triggers[name]
        made = [one for one in samples(trigger) if one.fields is not None]
        data = made[0].fields["data"] if made and made[0].fields else None
        yield from _keys("data", trigger.at("data"), trigger.template, data)
        for index, selector in enumerate(getattr(trigger.model, "recipients", ())):
            people = [one.recipient for each in made for one in each.people if one.selector == index]
            for key in ("user", "object"):
                if isinstance(getattr(selector, key, None), dict):
                    at = trigger.at("recipients", index, key)
                    yield from _keys("property", at, trigger.template, people[0] if people else None, deep=False)
    if project.written is not None:
        for name, one in project.settings.directories.items():
            if isinstance(one.user, dict):
                yield from _keys("property", project.written.below("directories", name, "user"), "", deep=False)
    for path in sorted(project.tree.files("suprsend/translations")):
        source = SourceFile(path, project.tree.read(path).decode())
        node, _ = read_json(source)
        if node is not None:
            yield from _keys("translation", Written(node, source), "")


def _keys(kind: str, at: Written, slug: str, made: Any = None, *, deep: bool = True) -> Iterator[Target]:
    value: Any = at.value
    for key in value if isinstance(value, dict) else ():
        below = at.below(key)
        one = made.get(key) if isinstance(made, dict) else None
        yield Target(kind, at.source.path, below.path, slug, at.node, at.source, one)
        if deep:
            yield from _keys(kind, below, slug, one)


def mutants(project: Project, where: Directories, count: int) -> list[Mutant]:
    """The same ones every time: the first by a checksum of what they change."""
    every = [Mutant(one, operation, "") for one in targets(project, where) for operation in OPERATIONS]
    every.sort(key=lambda one: (crc32(str(one).encode()), str(one)))
    return [Mutant(one.target, one.operation, _text(one)) for one in every[:count]]


def _text(mutant: Mutant) -> str:
    target, text = mutant.target, mutant.target.source.text
    key, value = _offsets(text, target.key), _offsets(text, target.value.span)
    if mutant.operation == "rename":
        quoted = text[key[1] - 1] in "\"'"
        end = key[1] - quoted
        return text[:end] + "_x" + text[end:]
    if mutant.operation == "retype":
        return text[: value[0]] + _other(target, text[slice(*value)]) + text[value[1] :]
    start, end = key[0], value[1]
    line = text.rfind("\n", 0, start) + 1
    if not target.path.endswith(".json") and not text[line:start].strip() and not _in_flow(target):
        after = text.find("\n", end) + 1 if text[end - 1 : end] != "\n" else end
        return text[:line] + text[after:]
    rest = text[end:].lstrip()
    if rest.startswith(","):
        return text[:start] + rest[1:].lstrip()
    return text[:start].rstrip().removesuffix(",") + text[end:]


def _in_flow(target: Target) -> bool:
    parent = target.node.at(target.steps[:-1])
    start = _offsets(target.source.text, parent.span)[0]
    return target.source.text[start : start + 1] == "{"


def _other(target: Target, written: str) -> str:
    """A literal of another kind than what stands there."""
    value = target.value.value if target.made is None else target.made
    kinds = ["42", '["wrong"]', '{"wrong": 1}']
    if isinstance(value, str) and written[:1] not in "|>":
        return kinds[crc32(f"{target.path} {target.steps}".encode()) % 3]
    return ' "wrong"\n' if written.endswith("\n") else '"wrong"'


def _offsets(text: str, span: Span) -> tuple[int, int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


@dataclass(frozen=True)
class Outcome:
    """`by` is the command that found it, "" where none did."""

    mutant: Mutant
    by: str
    there: bool
    found: tuple[Diagnostic, ...] = ()


class Bench:
    """A copy of the example. Directories are opened once: no mutant changes them."""

    def __init__(self, root: Path) -> None:
        for folder in ("notifications", "suprsend"):
            shutil.copytree(EXAMPLE / folder, root / folder)
        self.root = root
        self.loaded = api.load(root)
        self.project = self.loaded.project
        self.where = directories(self.project)
        self.clean = {_essence(one) for one in api.check(self.loaded, self.where, codes=CODES)}

    def run(self, mutant: Mutant) -> Outcome:
        path = self.root / mutant.target.path
        before = path.read_bytes()
        path.write_bytes(mutant.text.encode())
        try:
            loaded = api.load(self.root)
            found = api.check(loaded, self.where, paths=self._paths(mutant), codes=CODES)
            new = tuple(one for one in found if _essence(one) not in self.clean)
            there = any(self._is_there(one, mutant) for one in new)
            tested = () if there else tuple(self._tested(loaded.project, mutant))
        finally:
            path.write_bytes(before)
        if not there and any(mutant.target.name in one for one in tested):
            return Outcome(mutant, "test", True, new)
        return Outcome(mutant, "check" if new else "test" if tested else "", there, new)

    def _tested(self, project: Project, mutant: Mutant) -> Iterator[str]:
        """In words, what is not as it was in the samples that fail: a snapshot's path leads to the key."""
        runner = Runner(project, self.where)
        try:
            for name, trigger in sorted(project.triggers.items()):
                if trigger.written.source.path == mutant.target.path or not mutant.target.slug:
                    for outcome in runner.run(name):
                        yield from (one.message for one in outcome.failures)
        finally:
            runner.templates.close()

    def _paths(self, mutant: Mutant) -> list[str] | None:
        """The files that may tell of it: a trigger's own and its template's."""
        slug = mutant.target.slug
        if not slug:
            return None
        folders = (f"notifications/templates/{slug}/", f"suprsend/templates/{slug}/")
        files = [one for folder in folders for one in self.project.tree.files(folder.rstrip("/"))]
        return [mutant.target.path, *files]

    def _is_there(self, finding: Diagnostic, mutant: Mutant) -> bool:
        return any(self._points(label, mutant) for label in (finding.label, *finding.related))

    def _points(self, label: Label, mutant: Mutant) -> bool:
        target = mutant.target
        if label.span is None:
            return False
        if label.path == target.path:
            # The key itself, or, where it is gone, what it stood in.
            parent = target.node.key_span(target.steps[:-1]) if len(target.steps) > 1 else target.key
            return label.span.line <= target.value.span.end_line and label.span.end_line >= min(
                parent.line, target.key.line
            )
        text = mutant.text if label.path == target.path else (self.root / label.path).read_text("utf-8")
        start, end = _offsets(text, label.span)
        return target.name in text[start:end] or str(target.steps[-2:][0]) in text[start:end]


def _essence(one: Diagnostic) -> tuple[Any, ...]:
    return one.rule.code, one.label.path, one.message


def run(count: int) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        return [bench.run(one) for one in mutants(bench.project, bench.where, count)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what was found of each")
    arguments = parser.parse_args()
    outcomes = run(arguments.count)
    for one in outcomes:
        state = f"by {one.by}" if one.there else f"by {one.by}, elsewhere" if one.by else "SURVIVES"
        if arguments.verbose or not one.there:
            print(f"{state:20} {one.mutant}", flush=True)
            for finding in one.found:
                span = finding.label.span
                place = f"{finding.label.path}:{span.line if span else ''}"
                print(f"    {finding.rule.code} {place} {finding.message}")
    total = len(outcomes)
    found, there = sum(bool(one.by) for one in outcomes), sum(one.there for one in outcomes)
    checked = sum(one.by == "check" for one in outcomes)
    print(
        f"{found} of {total} mutants found ({found / total:.1%}), {there} of them at the place ({there / total:.1%}); "
        f"{checked} by nac check ({checked / total:.1%})"
    )
    return 0 if there >= 0.95 * total else 1


if __name__ == "__main__":
    sys.exit(main())
