"""A test run as JUnit XML: a suite for each trigger, a case for each sample, and one for the project itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from nac.diagnostics import Diagnostic, Label
from nac.expectations import Failure, Outcome
from nac.report.difference import difference
from nac.report.junit import xml_text
from nac.report.terminal import Style
from nac.report.tested import Tested, why

PROJECT = "(project)"


def render(tested: Tested, style: Style) -> str:
    suites = [(name, list(each)) for name, each in groupby(tested.outcomes, lambda one: one.trigger)]
    broken = [one for one in tested.findings if one.severity == "error"]
    wrong = [*broken, *tested.problems]
    failures = sum(not one.passed for one in tested.outcomes)
    counts = _counts(len(tested.outcomes) + bool(wrong), failures + bool(wrong))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>"]
    if wrong:
        texts = [*(_finding(one, tested) for one in broken), *tested.problems]
        lines.append(f'  <testsuite name={_attribute(PROJECT)} {_counts(1, 1)} skipped="0">')
        lines += _case(PROJECT, "is without findings", texts)
        lines.append("  </testsuite>")
    for name, each in suites:
        failed = sum(not one.passed for one in each)
        lines.append(f'  <testsuite name={_attribute(name)} {_counts(len(each), failed)} skipped="0">')
        for one in each:
            lines += _case(one.trigger, one.sample, list(_texts(one, tested)) if not one.passed else [])
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(tests: int, failures: int) -> str:
    return f'tests="{tests}" failures="{failures}" errors="0" time="0"'


def _case(trigger: str, name: str, texts: list[str]) -> Iterator[str]:
    head = f'    <testcase classname={_attribute(trigger)} name={_attribute(name)} time="0"'
    if not texts:
        yield f"{head}/>"
        return
    yield f"{head}>"
    message = _attribute(texts[0].split("\n")[0])
    yield f'      <failure message={message} type="nac test">{escape(xml_text(chr(10).join(texts)))}</failure>'
    yield "    </testcase>"


def _texts(one: Outcome, tested: Tested) -> Iterator[str]:
    yield from (_failure(each, tested) for each in one.failures)
    yield from (_finding(each, tested) for each in one.findings)


def _failure(one: Failure, tested: Tested) -> str:
    lines = [f"{_place(one.label, tested)}: {one.message}"]
    if one.expected is not None and one.actual is not None:
        lines += [f"  {line}" for line in difference(one.expected, one.actual)]
    else:
        lines += [f"  {line}" for line in why(one)]
    lines += [f"  help: {one.help}"] if one.help else []
    return "\n".join(lines)


def _finding(one: Diagnostic, tested: Tested) -> str:
    help = f"\n  help: {one.help}" if one.help else ""
    return f"{_place(one.label, tested)}: {one.rule}: {one.message}{help}"


def _place(label: Label, tested: Tested) -> str:
    span = f":{label.span.line}:{label.span.column}" if label.span else ""
    return f"{tested.base}{label.path}{span}"


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text))
