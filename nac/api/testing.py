"""The samples of a project as tests: each compiled, previewed, and held to what is expected of it.

```python
with Runner(nac.load(".").project) as runner:
    for outcome in runner.run("new_comment"):
        assert outcome.passed, outcome.failures
```
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from nac.api.patterns import is_found
from nac.api.previews import preview, preview_resolved
from nac.api.templates import Templates
from nac.api.triggers import directories, find, people
from nac.compile import compile_trigger
from nac.diagnostics import Diagnostic, Label, met_with, ordered
from nac.event import Event, sample_event
from nac.expectations import Failure, Outcome, Result, check
from nac.expectations.result import State, names
from nac.expectations.snapshots import (
    SNAPSHOTS,
    Kept,
    Planned,
    Snapshot,
    compare,
    obsolete,
    path_of,
    plan,
    read_snapshots,
    snapshot_of,
    trigger_of,
)
from nac.model import Sample
from nac.payload import Payload
from nac.preview.result import Previewed, Reader
from nac.project import FOLDER, Project, Trigger
from nac.recipients import Person
from nac.text_file import read_text
from nac.yaml_reader import MAX_BYTES

if TYPE_CHECKING:
    from nac.check.levels import Levels
    from nac.directory import Directories

MAX_READERS = 100
"""Recipients of one sample whose messages are rendered, unless an expectation names them."""
MAX_KEPT = 10_000
"""Recipients and requests of one sample that are kept; further ones are counted."""


class Runner:
    """Runs samples. Close it, or use it as a context manager.

    `update`: snapshots are to be written, so that none can be wrong. `strict`: a sample without one fails, in a project
    that keeps them.
    """

    def __init__(
        self, project: Project, where: Directories | None = None, *, update: bool = False, strict: bool = False
    ) -> None:
        self.project = project
        self.templates = Templates(project)
        self._where = where
        self.levels = _levels(project)
        self._kept: dict[str, Kept | None] = {}
        self._made: dict[str, dict[str, Snapshot]] = {}
        self._update, self._strict = update, strict
        self.keeps = any(trigger_of(path) for path in project.tree.files(SNAPSHOTS))

    @property
    def where(self) -> Directories:
        if self._where is None:
            self._where = directories(self.project)
        return self._where

    def run(self, trigger: str | Trigger, samples: Collection[str] | None = None) -> Iterator[Outcome]:
        """The outcomes of a trigger's samples, or of those named, in their order. Raises NacError."""
        trigger = find(self.project, trigger)
        for index, sample in enumerate(trigger.model.samples):
            if samples is None or sample.name in samples:
                yield self._outcome(trigger, index, sample)

    def result(self, trigger: Trigger, sample: Sample) -> Result:
        """What becomes of one sample."""
        return _Run(self, trigger, sample).result()

    def kept(self, trigger: str) -> Kept | None:
        """The snapshots of a trigger; None where it has none."""
        if trigger not in self._kept:
            path = path_of(trigger)
            found: Kept | None = None
            if self.project.tree.exists(path):
                source = read_text(self.project.tree, path, MAX_BYTES)
                found = Kept(path, {}, None, source.label) if isinstance(source, Diagnostic) else read_snapshots(source)
            self._kept[trigger] = found
        return self._kept[trigger]

    def plans(self) -> tuple[list[Planned], list[str]]:
        """What `--update` writes for the samples that ran, and why snapshots cannot be kept."""
        planned, problems = [], []
        for name, made in sorted(self._made.items()):
            samples = [one.name for one in self.project.triggers[name].model.samples]
            try:
                if one := plan(path_of(name), self.kept(name), made, samples):
                    planned.append(one)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        return planned, problems

    def obsolete(self, trigger: Trigger) -> list[str]:
        """The names of its snapshots that no sample has."""
        kept = self.kept(trigger.name)
        return obsolete(kept, [one.name for one in trigger.model.samples]) if kept else []

    def orphans(self) -> list[str]:
        """The snapshot files of triggers that there are no more, or that have no samples."""
        found = []
        for path in self.project.tree.files(SNAPSHOTS):
            name = trigger_of(path)
            if name is None:
                continue
            trigger = self.project.triggers.get(name)
            # A trigger with a mistake is not in the project, but is not gone either.
            broken = any(self.project.tree.exists(f"{FOLDER}/{name}{one}") for one in (".yaml", ".yml"))
            if (trigger is None and not broken) or (trigger is not None and not trigger.model.samples):
                found.append(path)
        return found

    def close(self) -> None:
        self.templates.close()
        getattr(self._where, "close", lambda: None)()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _outcome(self, trigger: Trigger, index: int, sample: Sample) -> Outcome:
        result = self.result(trigger, sample)
        at = trigger.at("samples", index)
        failures, findings = check(sample.expect, at.below("expect"), result)
        place = at.below("name").label()
        state, differences = self._compared(trigger, result, place)
        return Outcome(trigger.name, sample.name, place, (*failures, *differences), self._left(findings), state)

    def _left(self, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The findings that nobody ignores, in their files or in nac.yaml."""
        if not findings:
            return ()
        from nac.check.ignores import Ignores
        from nac.rules.view import View

        paths = frozenset(one.label.path for one in findings)
        return tuple(Ignores(View(self.project, self.templates, lambda _: (), paths)).left(findings))

    def _compared(self, trigger: Trigger, result: Result, place: Label) -> tuple[State, list[Failure]]:
        self._made.setdefault(trigger.name, {})[result.sample] = snapshot_of(result)
        kept = self.kept(trigger.name)
        if self._update:
            return "none", []
        if kept is not None and kept.problem is not None:
            failure = Failure("the snapshots cannot be read", kept.problem, help="`nac test --update` writes them anew")
            return "unreadable", [failure]
        if kept is None or result.sample not in kept.samples:
            if not self.keeps:
                return "none", []
            help = "run `nac test --update`, and commit what it writes"
            return "new", [Failure("this sample has no snapshot", place, help=help)] if self._strict else []
        found = compare(kept, result)
        return ("changed" if found else "same"), found


class _Run:
    """One sample: what came of it, and further previews as they are asked for."""

    def __init__(self, runner: Runner, trigger: Trigger, sample: Sample) -> None:
        self.runner, self.trigger, self.sample = runner, trigger, sample
        self.event: Event = sample_event(sample, runner.project.settings)
        self.readers: tuple[Reader, ...] = ()
        self.asked: dict[tuple[str | None, str | None, str | None], Sequence[Reader]] = {}

    def result(self) -> Result:
        runner, trigger, event = self.runner, self.trigger, self.event
        resolved = people(runner.project, trigger, event, runner.where)
        if isinstance(resolved, list):
            return Result(trigger, event.name, False, self._told(met_with(event.name, resolved)), matching=is_found)
        kept: list[Person] = []
        payloads: list[Payload] = []
        wanted = self._named()
        audience = requests = 0

        def watched() -> Iterator[Person]:
            nonlocal audience
            for person in resolved.people:
                audience += 1
                if audience <= MAX_KEPT or not wanted.isdisjoint(names(person)):
                    kept.append(person)
                yield person

        everybody = watched()
        for requests, payload in enumerate(compile_trigger(replace(resolved, people=everybody)), 1):
            if requests <= MAX_KEPT:
                payloads.append(payload)
        deque(everybody, maxlen=0)  # whom compiling did not come to, as a request is too large, are people too
        if resolved.problems:  # nothing is sent that lacks something
            payloads, requests = [], 0
        found = replace(resolved, people=iter(kept))
        shown = preview_resolved(found, runner.templates, runner.where, limit=MAX_READERS)
        self.readers = shown.readers
        told = self._told([*met_with(event.name, resolved.problems), *shown.diagnostics])
        return Result(
            trigger, event.name, True, told, tuple(kept), audience, tuple(payloads), requests, resolved.key,
            self.readers, self._previewing, is_found,
        )  # fmt: skip

    def _named(self) -> set[str]:
        """Everybody whom an expectation names."""
        expect = self.sample.expect
        if expect is None:
            return set()
        found = {one.recipient for one in expect.previews if one.recipient}
        if isinstance(expect.recipients, list):
            return found | set(expect.recipients)
        if expect.recipients is not None:
            for name in ("exactly", "includes", "excludes"):
                found |= set(getattr(expect.recipients, name) or ())
        return found

    def _shown(self, identity: str | None, locale: str | None, tenant: str | None) -> Previewed:
        runner = self.runner
        return preview(
            runner.project, self.trigger, self.event, runner.where,
            recipient=identity, locale=locale, tenant=tenant, limit=MAX_READERS, templates=runner.templates,
        )  # fmt: skip

    def _previewing(self, identity: str | None, locale: str | None, tenant: str | None) -> Sequence[Reader]:
        if locale is None and tenant is None:
            found = [one for one in self.readers if identity in (None, one.identity)]
            if found:
                return found
        asked = (identity, locale, tenant)
        if asked not in self.asked:
            readers = self._shown(*asked).readers
            self.asked[asked] = [one for one in readers if identity in (None, one.identity)]
        return self.asked[asked]

    def _told(self, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Those that nac.yaml does not turn off, at the severities that it gives them."""
        levels = self.runner.levels
        told = ordered(found)
        return tuple(told if levels is None else levels.applied(one for one in told if levels.runs(one.rule)))


def _levels(project: Project) -> Levels | None:
    """What nac.yaml says of rules, None where it says nothing: all of them would be imported for that."""
    if not project.settings.rules:
        return None
    from nac.check.levels import Levels

    return Levels(project)
