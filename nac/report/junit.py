"""Findings as JUnit XML: one test case a rule, so that the same tests pass or fail in every run.

A rule fails with its findings; those that do not fail the run (warnings, without `--strict`) stand in `system-out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from nac.diagnostics import Diagnostic, Rule
from nac.report.checked import Checked
from nac.report.findings import count_of
from nac.report.terminal import Style, safe

# What XML 1.0 cannot hold, escaped or not (production [2], Char).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(checked: Checked, style: Style) -> str:
    rules = sorted({*checked.rules, *(one.rule for one in checked.findings)}, key=lambda rule: rule.code)
    found = {rule: [one for one in checked.findings if one.rule == rule] for rule in rules}
    failures = sum(any(checked.fails(one) for one in each) for each in found.values())
    counts = f'tests="{len(rules)}" failures="{failures}" errors="0" time="0"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>"]
    lines.append(f'  <testsuite name="nac check" {counts} skipped="0">')
    for rule, each in found.items():
        lines += _case(rule, each, checked)
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _case(rule: Rule, found: list[Diagnostic], checked: Checked) -> Iterator[str]:
    head = f'    <testcase classname={quoteattr("nac.check")} name={quoteattr(str(rule))} time="0"'
    if not found:
        yield f"{head}/>"
        return
    yield f"{head}>"
    failing = [one for one in found if checked.fails(one)]
    if failing:
        message = quoteattr(xml_text(f"{count_of(failing)}; first: {failing[0].message}"))
        yield f"      <failure message={message} type={quoteattr(rule.code)}>{_texts(failing, checked)}</failure>"
    if rest := [one for one in found if not checked.fails(one)]:
        yield f"      <system-out>{_texts(rest, checked)}</system-out>"
    yield "    </testcase>"


def _texts(found: Iterable[Diagnostic], checked: Checked) -> str:
    return escape(xml_text("\n".join(_text(one, checked) for one in found)))


def _text(one: Diagnostic, checked: Checked) -> str:
    place = f":{one.label.span.line}:{one.label.span.column}" if one.label.span else ""
    met = f" (with {', '.join(one.events)})" if one.events else ""
    help = f"\n  help: {one.help}" if one.help else ""
    return f"{checked.path(one.label.path)}{place}: {one.severity}: {one.message}{met}{help}"


def xml_text(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", safe(text))
