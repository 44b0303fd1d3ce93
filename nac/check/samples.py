"""A trigger's samples → what became of each: the facts that rules are asked about."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from nac.compile import compile_trigger
from nac.diagnostics import Diagnostic, met_with
from nac.directory import Directories
from nac.event import Event, sample_event
from nac.expectations import Result, not_expected
from nac.model import Sample
from nac.payload import Payload
from nac.preview.result import Reader
from nac.project import Project, Trigger
from nac.recipients import Person
from nac.resolve import Resolved, resolve
from nac.rules.sampled import Sampled

# People and requests that are kept of one sample for rules to look at; all of them are compiled.
MAX_KEPT = 100

Previewing = Callable[[Resolved], tuple[Sequence[Reader], Sequence[Diagnostic]]]
"""What the first of these people would read, and what is wrong with their messages."""


@dataclass(frozen=True)
class Compiler:
    """Compiles samples, and previews them where it is told how. `now` replaces the time of every sample."""

    project: Project
    directories: Directories
    previewing: Previewing | None = None
    now: datetime | None = None

    def __call__(self, trigger: Trigger) -> list[Sampled]:
        settings = self.project.settings
        samples = trigger.model.samples
        return [_told(one, self._sampled(trigger, sample_event(one, settings, self.now))) for one in samples]

    def _sampled(self, trigger: Trigger, event: Event) -> Sampled:
        resolved = resolve(self.project, trigger, event, self.directories)
        if isinstance(resolved, list):
            return Sampled(trigger, event, diagnostics=tuple(met_with(event.name, resolved)))
        people: list[Person] = []
        payloads: list[Payload] = []
        count = 0

        def watched() -> Iterator[Person]:
            nonlocal count
            for person in resolved.people:
                count += 1
                if len(people) < MAX_KEPT:
                    people.append(person)
                yield person

        everybody = watched()
        for payload in compile_trigger(replace(resolved, people=everybody)):
            if len(payloads) < MAX_KEPT:
                payloads.append(payload)
        deque(everybody, maxlen=0)  # whom compiling did not come to, as a request is too large, has a message too
        problems = met_with(event.name, resolved.problems)
        readers: Sequence[Reader] = ()
        if self.previewing is not None:
            readers, found = self.previewing(replace(resolved, people=iter(people)))
            problems += found
        return Sampled(
            trigger, event, resolved.fields, resolved.key, tuple(people), tuple(payloads),
            count - len(people), tuple(readers), tuple(problems),
        )  # fmt: skip


def _told(sample: Sample, one: Sampled) -> Sampled:
    """Without the findings that the sample expects: `nac test` holds it to them."""
    if sample.expect is None or not one.diagnostics:
        return one
    result = Result(one.trigger, sample.name, True, one.diagnostics, one.people, readers=one.readers)
    return replace(one, diagnostics=tuple(not_expected(sample.expect, result)))
