"""Two sides → what differs between them, each thing once, the most severe first. Pure.

triggers paired → what their files say → their samples, one by one (`samples`) → grouped (`grouping`) → sorted
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nac.diagnostics import Diagnostic
from nac.diff.causes import Causes
from nac.diff.changes import (
    Change,
    EventFieldRequired,
    FindingRemoved,
    NewlyDropped,
    Picture,
    SampleAdded,
    SampleEdited,
    SampleRemoved,
    TriggerAdded,
    TriggerRemoved,
    TriggerRenamed,
)
from nac.diff.findings import compare_findings
from nac.diff.grouping import grouped, in_order, settled
from nac.diff.met import Met
from nac.diff.pictures import alike, came, went
from nac.diff.samples import Compared, compare_samples
from nac.diff.side import MOCK, Sampled, Side, Wanted, wanted
from nac.diff.unseen import Met as Variants
from nac.diff.unseen import compare_unseen
from nac.diff.written import compare_written
from nac.event import Event
from nac.project import Trigger


@dataclass(frozen=True)
class Pair:
    """A trigger on both sides; None where it is not there, or cannot be read (then its name stands in `broken`).

    `name` is what it is called in the report. `paths` are the changed files that may alter it.
    """

    name: str
    old: Trigger | None
    new: Trigger | None
    paths: tuple[str, ...] = ()
    old_name: str | None = None

    @property
    def renamed(self) -> bool:
        return self.old_name is not None and self.old_name != self.name


@dataclass(frozen=True)
class Options:
    """`growth`: by how many % a selector may find more people until it is breaking. `markup`: tell its differences.
    `previews`: keep the messages that differ, to be drawn."""

    channels: tuple[str, ...] | None = None
    growth: float | None = None
    markup: bool = False
    previews: bool = False


def compare(pairs: Iterable[Pair], old: Side, new: Side, options: Options | None = None) -> tuple[Change, ...]:
    """Every change of these triggers, sorted."""
    options = options or Options()
    found = [change for pair in pairs for change in _Comparison(pair, old, new, options).changes()]
    return in_order(found)


def compare_templates(
    slugs: Mapping[str, tuple[str, ...]], old: Side, new: Side, options: Options | None = None
) -> tuple[Change, ...]:
    """The same for templates that no trigger uses, with their mock data; `slugs` with the changed files of each."""
    options = options or Options()
    found: list[Change] = []
    for slug, paths in sorted(slugs.items()):
        found += _template(slug, paths, old, new, options)
    return in_order(found)


def _template(slug: str, paths: tuple[str, ...], old: Side, new: Side, options: Options) -> list[Change]:
    asked = wanted([(old, slug), (new, slug)], options.channels)
    templates = [side.templates.load(slug)[0] for side in (old, new)]
    events = [Event(MOCK, one.mock_data or {}) for one in templates]
    before, after = (side.mocked(slug, event, asked) for side, event in zip((old, new), events, strict=True))
    name, causes = f"template {slug}", Causes(paths)
    compared = Compared(name, None, None, causes, {}, options.growth, options.markup, options.previews)
    met = list(compare_samples(before, after, compared))
    if before.event != after.event:
        met = told_apart(met, before, new.mocked(slug, events[0], asked), compared)
    variants = Variants()
    variants.add(before, after)
    unseen = compare_unseen(name, templates[0], templates[1], variants, causes, options.channels)
    return [*grouped(met), *unseen, *compare_findings(name, before.findings, after.findings, causes)]


class _Comparison:
    def __init__(self, pair: Pair, old: Side, new: Side, options: Options) -> None:
        self.pair, self.old, self.new, self.options = pair, old, new, options

    def changes(self) -> Iterator[Change]:
        pair = self.pair
        if pair.old is None and pair.new is None:
            yield from self._unreadable()
        elif pair.old is None and pair.new is not None and pair.name not in self.old.broken:
            yield from self._added(pair.new)
        elif pair.new is None and pair.old is not None and pair.name not in self.new.broken:
            yield self._removed(pair.old)
        else:
            yield from self._both()

    def _unreadable(self) -> Iterator[Change]:
        """A trigger that no side can read, or that comes or goes as such."""
        pair = self.pair
        before = self.old.broken.get(pair.old_name or pair.name, ())
        after = self.new.broken.get(pair.name, ())
        causes = Causes(pair.paths)
        if before and not after:
            reason = "the trigger is gone; it could not be read before"
            yield TriggerRemoved(trigger=pair.name, cls="cosmetic", reason=reason, causes=pair.paths)
        elif after and not before:
            reason = "a new trigger, which cannot be read"
            yield TriggerAdded(trigger=pair.name, cls="content", reason=reason, causes=pair.paths)
            yield from compare_findings(pair.name, before, after, causes)
        else:
            yield from compare_findings(pair.name, before, after, causes)

    def _removed(self, trigger: Trigger) -> Change:
        shown: tuple[Picture, ...] = ()
        if self.options.previews:
            asked = wanted([(self.old, trigger.template)], self.options.channels)
            made = (self.old.sampled(trigger, event, asked) for event in self.old.samples(trigger).values())
            shown = alike(one for sampled in made for one in went(sampled))
        reason = "the trigger is gone: nobody gets its messages any more"
        return TriggerRemoved(
            trigger=self.pair.name, cls="breaking", reason=reason, causes=self.pair.paths, shown=shown
        )

    def _added(self, trigger: Trigger) -> Iterator[Change]:
        asked = wanted([(self.new, trigger.template)], self.options.channels)
        made = [self.new.sampled(trigger, event, asked) for event in self.new.samples(trigger).values()]
        messages = sum(1 for one in made for shown in one.messages.values() if shown.state == "sent")
        reason = "a new trigger: its recipients get messages that they did not get"
        shown = alike(one for sampled in made for one in came(sampled)) if self.options.previews else ()
        yield TriggerAdded(trigger=trigger.name, cls="audience", reason=reason, causes=self.pair.paths,
                           messages=messages, shown=shown)  # fmt: skip
        found = [one for sampled in made for one in sampled.findings]
        yield from compare_findings(trigger.name, (), found, Causes(self.pair.paths))

    def _both(self) -> Iterator[Change]:
        pair = self.pair
        old = self.old.facts(pair.old) if pair.old else None
        new = self.new.facts(pair.new) if pair.new else None
        slugs = [(side, one.template) for side, one in ((self.old, pair.old), (self.new, pair.new)) if one]
        asked = wanted(slugs, self.options.channels)
        reads = _read_by(self.new.templates.load(pair.new.template)[0]) if pair.new else frozenset()
        causes = Causes(pair.paths)
        options = self.options
        compared = Compared(pair.name, old, new, causes, reads, options.growth, options.markup, options.previews)
        samples = _Samples(self, compared, asked)
        changes = settled(grouped(samples.met()), samples.rendered)
        if pair.renamed:
            assert pair.old_name is not None
            reason = f"the file moved: the trigger was called {pair.old_name}"
            changes.append(TriggerRenamed(trigger=pair.name, cls="cosmetic", reason=reason, causes=pair.paths,
                                          before=pair.old_name, after=pair.name))  # fmt: skip
        if old and new:
            written = list(compare_written(pair.name, old, new, changes, causes, reads))
            if any(isinstance(one, EventFieldRequired) for one in written):
                changes = [one for one in changes if not isinstance(one, EventFieldRequired)]
            changes += written
            assert pair.old is not None
            assert pair.new is not None
            templates = [side.templates.load(slug)[0] for side, slug in slugs]
            changes += compare_unseen(pair.name, templates[0], templates[1], samples.variants, causes, options.channels)
        told = {why for one in changes if isinstance(one, NewlyDropped) for why in one.why}
        findings = compare_findings(pair.name, samples.found_before, samples.found_after, causes)
        yield from changes
        yield from (one for one in findings if one.message not in told or isinstance(one, FindingRemoved))
        yield from samples.changes


class _Samples:
    """The samples of one trigger. `changes`: which came, went and were edited; `rendered`: whether any message is."""

    def __init__(self, comparison: _Comparison, compared: Compared, asked: Wanted) -> None:
        self.pair, self.old, self.new = comparison.pair, comparison.old, comparison.new
        self.compared, self.asked = compared, asked
        self.changes: list[Change] = []
        self.found_before: list[Diagnostic] = []
        self.found_after: list[Diagnostic] = []
        self.rendered = False
        self.variants = Variants()

    def met(self) -> list[Met]:
        old, new = self.pair.old, self.pair.new
        before = self.old.samples(old) if old else {}
        after = self.new.samples(new) if new else {}
        found: list[Met] = []
        for name in dict.fromkeys((*before, *after)) if old and new else (*before, *after):
            if (name in before or old is None) and (name in after or new is None):
                found += self._sample(name, before.get(name), after.get(name))
            elif new is not None and name in after:
                self.found_after += self.new.sampled(new, after[name], self.asked).findings
                self._note(SampleAdded, name, "a sample more: nothing that is sent changes by it")
            else:
                self._note(SampleRemoved, name, "a sample less: what it showed is not looked at any more")
        return found

    def _sample(self, name: str, old: Event | None, new: Event | None) -> list[Met]:
        before = self._sampled(self.old, self.pair.old, old, name, self.pair.old_name or self.pair.name)
        after = self._sampled(self.new, self.pair.new, new, name, self.pair.name)
        self.found_before += before.findings
        self.found_after += after.findings
        self.variants.add(before, after)
        self.rendered |= any(one.state == "sent" for one in after.messages.values())
        met = list(compare_samples(before, after, self.compared))
        if old is None or new is None or before.event == after.event:
            return met
        self._note(SampleEdited, name, "the sample's own event was edited")
        return told_apart(met, before, self._again(name, old), self.compared)

    def _sampled(self, side: Side, trigger: Trigger | None, event: Event | None, name: str, known: str) -> Sampled:
        if trigger is None or event is None:
            return Sampled(name, "", nothing=True, findings=side.broken.get(known, ()))
        return side.sampled(trigger, event, self.asked)

    def _again(self, name: str, event: Event) -> Sampled:
        """What comes of the sample as it was, on the new side."""
        assert self.pair.old is not None
        assert self.pair.new is not None
        sample = next((one for one in self.pair.old.model.samples if one.name == name), None)
        if sample is None:
            return self.new.mocked(self.pair.new.template, event, self.asked)
        return self.new.again(self.pair.new, sample, self.asked)

    def _note(self, kind: type[SampleAdded] | type[SampleRemoved] | type[SampleEdited], name: str, why: str) -> None:
        files = self.compared.causes.files()
        self.changes.append(kind(trigger=self.pair.name, cls="cosmetic", sample=name, reason=why, causes=files))


def told_apart(met: list[Met], before: Sampled, again: Sampled, compared: Compared) -> list[Met]:
    """What differs where a sample was edited: by the edit, or by what is made of the event as it was (`again`).

    Differences that the old event does not show come of the edit alone, and are cosmetic. If less can be sent with
    the old event, whoever still sends it is told.
    """
    if again.fields is None:
        return met  # the file itself shows what is newly required
    by_code = list(compare_samples(before, again, compared))
    keys = {one.key for one in by_code}
    found = [one if one.key in keys else one.of_sample() for one in met]
    if any(isinstance(one.change, NewlyDropped) for one in met):
        return found
    for one in by_code:
        if isinstance(one.change, NewlyDropped):
            why = one.change.why[0] if one.change.why else one.change.reason
            reason = f"with the event as it was before this change, a message is dropped: {why}"
            change = EventFieldRequired(
                trigger=compared.trigger, cls="breaking", path="", because=why, reason=reason,
                where=one.change.where, causes=one.change.causes,
            )  # fmt: skip
            return [*found, Met(change, ("event", why))]
    return found


def _read_by(template: Any) -> frozenset[str]:
    """The names at the top of the data that a template in this tree reads."""
    from nac import handlebars
    from nac.handlebars import HandlebarsError, analyse
    from nac.handlebars.usage import Root
    from nac.templates import HELPERS

    found: set[str] = set()
    for variant in template.variants:
        for text in variant.texts.values():
            try:
                usage = analyse(handlebars.parse(text.value), helpers=HELPERS)
            except HandlebarsError:
                continue
            for read in usage.reads:
                steps = read.place.steps
                if read.place.root is Root.DATA and steps and isinstance(steps[0], str):
                    found.add(steps[0])
    return frozenset(found)
