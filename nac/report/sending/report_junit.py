"""A run as JUnit XML: the same four test cases every time, so that a pipeline's history can be read."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from nac.journal.journal import SKIPPED
from nac.report.junit import xml_text
from nac.report.sending.report import Report
from nac.report.sending.report_text import SHOWN

_CASES = (
    ("every request is settled", ("planned",)),
    ("no request is rejected", ("rejected",)),
    ("no request is unknown", ("unknown",)),
)


def report_junit(report: Report) -> str:
    cases: list[str] = []
    failures = 0
    for name, states in _CASES:
        causes = [cause for cause in report.causes if cause.state in states and cause.reason != SKIPPED]
        count = sum(len(cause.records) for cause in causes)
        if states == ("planned",):
            count = report.counts.planned
        head = f'    <testcase classname="nac.dispatch" name={quoteattr(name)} time="0"'
        if not count:
            cases.append(f"{head}/>")
            continue
        failures += 1
        lines = []
        for cause in causes:
            named = ", ".join(f"{batch}:{place} {record}".rstrip() for batch, place, record in cause.records[:SHOWN])
            lines.append(f"{len(cause.records):,} {cause.text} ({named})")
        message = quoteattr(f"{count:,} of {report.progress.total:,}")
        text = escape(xml_text("\n".join(lines)))
        cases.append(f"{head}><failure message={message}>{text}</failure></testcase>")
    why = report.ended.why
    head = f'    <testcase classname="nac.dispatch" name="the run ends by itself" time="{report.seconds:.3f}"'
    failures += why is not None
    cases.append(f"{head}/>" if why is None else f"{head}><failure message={quoteattr(xml_text(why))}/></testcase>")
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" time="{report.seconds:.3f}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>",
             f'  <testsuite name="nac dispatch" {counts} skipped="0">', *cases, "  </testsuite>",
             "</testsuites>"]  # fmt: skip
    return "\n".join(lines) + "\n"
