"""A test run for somebody at a terminal: a line for each sample, what failed, what was found, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

from nac.expectations import Failure, Outcome
from nac.report.difference import difference
from nac.report.findings import Lines, findings_text, one_line, place_lines
from nac.report.terminal import Style
from nac.report.tested import Tested

MAX_SHOWN = 20


def render(tested: Tested, style: Style) -> str:
    lines = [_sample(one, style) for one in tested.outcomes]
    lines += [style.dim(f"- {one_line(name)}: no samples") for name in tested.unsampled]
    blocks = ["\n".join(lines)] if lines else []
    for one in tested.outcomes:
        blocks += ["\n".join(_failure(one, failure, tested.line, style)) for failure in one.failures]
    blocks += [findings_text(found, tested.line, style).rstrip("\n")] if (found := tested.all_findings) else []
    return "\n\n".join([*blocks, "\n".join(_summary(tested, style))]) + "\n"


def _sample(one: Outcome, style: Style) -> str:
    mark = style.green("✓") if one.passed else style.red("✗")
    new = style.dim(" (new snapshot)") if one.state == "new" else ""
    return f"{mark} {one_line(one.trigger)} · {one_line(one.sample)}{new}"


def _failure(one: Outcome, failure: Failure, line: Lines, style: Style) -> Iterator[str]:
    where = f"{one_line(one.trigger)} · {one_line(one.sample)}"
    yield f"{style.red('failed')}: {where}: {style.bold(one_line(failure.message))}"
    yield from place_lines(failure.label, line, style, style.red)
    for related in failure.related:
        yield from place_lines(related, line, style, style.blue)
    if failure.expected is not None and failure.actual is not None:
        yield f"  {style.cyan('difference')}: [-expected-] {{+actual+}}"
        yield from (f"    {text}".rstrip() for text in difference(failure.expected, failure.actual, style))
    else:
        yield from _alone("expected", failure.expected, style)
        yield from _alone("actual", failure.actual, style)
    if failure.help:
        yield f"  {style.cyan('help')}: {one_line(failure.help)}"


def _alone(name: str, text: str | None, style: Style) -> Iterator[str]:
    if text is None:
        return
    lines = text.split("\n")
    if len(lines) == 1:
        yield f"  {style.cyan(name)}: {one_line(_cut(text))}"
        return
    yield f"  {style.cyan(name)}:"
    yield from (f"    {one_line(_cut(one))}".rstrip() for one in lines[:MAX_SHOWN])
    if len(lines) > MAX_SHOWN:
        yield f"    … {len(lines) - MAX_SHOWN} more lines"


def _cut(text: str) -> str:
    return text if len(text) <= 1000 else f"{text[:1000]}…"


def _summary(tested: Tested, style: Style) -> Iterator[str]:
    for problem in tested.problems:
        yield f"{style.red('snapshot')}: {one_line(problem)}"
    if tested.written or tested.deleted:
        yield f"snapshots: {tested.written} written, {tested.deleted} deleted"
    if tested.new:
        yield f"snapshots: {tested.new} new: `nac test --update` writes {'it' if tested.new == 1 else 'them'}"
    if tested.obsolete:
        names = ", ".join(map(one_line, tested.obsolete[:10])) + (", …" if len(tested.obsolete) > 10 else "")
        yield f"snapshots: {len(tested.obsolete)} obsolete ({names}): `nac test --update` deletes them"
    if any(one.state in ("changed", "unreadable") for one in tested.outcomes):
        yield "snapshots: some differ: if that is meant, run `nac test --update` and review what it writes"
    count = len(tested.outcomes)
    passed = sum(one.passed for one in tested.outcomes)
    text = f"{count} sample{'s' if count != 1 else ''}: {passed} passed"
    text += f", {count - passed} failed" if passed < count else ""
    text += f" in {tested.seconds:.2f} s" if tested.seconds is not None else ""
    yield style.red(text) if tested.failed else style.green(text)
