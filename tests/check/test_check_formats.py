"""One outcome in every format: `formats/*`, written by `pytest --update`; and each against what its readers require."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from nac.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from nac.report.checked import FORMATS, Checked, render
from nac.source import Span
from report_schemas import GITLAB, JUNIT, SARIF

HERE = Path(__file__).parent / "formats"
NAMES = {
    "text": "text.txt",
    "json": "json.json",
    "sarif": "sarif.json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "junit": "junit.xml",
}

UNDEFINED = Rule("NAC301", "undefined-variable")
UNUSED = Rule("NAC691", "unused-ignore", "warning")
SECRET = Rule("NAC601", "secret-in-file")
CLEAN = Rule("NAC602", "constant-idempotency-key")

HELLO, ODD = "notifications/hello.yaml", "notifications/ü, a:b%.yaml"
FILES = {
    HELLO: ["workflow: hello", "data:", '  name: "{{ event.nmae }}" # nac: ignore[NAC302] why', "  a: 1"],
    ODD: ["token: 9kdj3Hs7Lq2mXw8RtYv4 {{ x }}", "token: 9kdj3Hs7Lq2mXw8RtYv4 {{ x }}"],
}
FINDINGS = [
    Diagnostic(
        UNDEFINED,
        "`event.nmae` is not defined",
        Label(HELLO, Span(3, 13, 3, 23)),
        (Label(HELLO, Span(2, 1, 2, 5), "read here"), Label(ODD)),
        "did you mean `event.name`?",
        ("first", "second"),
    ),
    Diagnostic(
        UNUSED,
        "this ignore is not needed",
        Label(HELLO, Span(3, 26, 3, 49)),
        fix=Fix("delete the comment", (Edit(HELLO, Span(3, 25, 3, 49), ""),)),
    ),
    Diagnostic(UNDEFINED, "of several lines", Label(HELLO, Span(2, 1, 4, 5)), level="info"),
    Diagnostic(
        SECRET,
        '100% <b>hostile</b> [link](https://example.com) & "quotes" ]]> ::error::x\r\n\x1b[31m\x00\ud800\u202e, a: b',
        Label(ODD, Span(1, 8, 1, 28), secret=True),
    ),
    Diagnostic(SECRET, "the same line twice", Label(ODD, Span(2, 8, 2, 28), secret=True)),
    Diagnostic(SECRET, "of a whole file", Label(ODD)),
]


def line(path: str, number: int) -> str | None:
    return FILES[path][number - 1] if number <= len(FILES[path]) else None


def outcome(findings: list[Diagnostic], **options: Any) -> Checked:
    options = {"base": "sub dir/", **options}
    return Checked(findings, (UNDEFINED, CLEAN), line, lambda rule: f"# {rule}\n", "0.0", **options)


@pytest.mark.parametrize("form", FORMATS)
def test_snapshot(form: str, update: bool) -> None:
    path = HERE / NAMES[form]
    made = render(form, outcome(FINDINGS))
    if update:
        path.write_bytes(made.encode())
    assert path.read_bytes().decode() == made


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_dangerous_and_no_secret(form: str) -> None:
    made = render(form, outcome(FINDINGS))
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", made) is None
    assert "9kdj3Hs7Lq2mXw8RtYv4" not in made
    if form != "json":
        assert "\u202e" not in made


@pytest.mark.parametrize("form", FORMATS)
def test_no_findings(form: str) -> None:
    made = render(form, outcome([]))
    if form in ("text", "github"):
        assert made == ""
    elif form == "junit":
        assert ElementTree.fromstring(made).get("failures") == "0"
    else:
        json.loads(made)


def test_sarif() -> None:
    made = json.loads(render("sarif", outcome(FINDINGS)))
    jsonschema.validate(made, SARIF)
    (run,) = made["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result, one in zip(run["results"], FINDINGS, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == one.rule.code
    assert "[link](" not in run["results"][3]["message"]["text"].replace("\\[", "")


def test_gitlab() -> None:
    made = json.loads(render("gitlab", outcome(FINDINGS)))
    jsonschema.validate(made, GITLAB)
    assert len({one["fingerprint"] for one in made}) == len(FINDINGS)


def test_github() -> None:
    commands = render("github", outcome(FINDINGS)).splitlines()
    assert len(commands) == len(FINDINGS)
    for command in commands:
        found = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:]*,?)+)::(.*)", command)
        assert found, command
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", command)
    assert [one.partition(" ")[0] for one in commands] == ["::error"] * 4 + ["::warning", "::notice"]


@pytest.mark.parametrize("strict", [False, True])
def test_junit(strict: bool) -> None:
    root = ElementTree.fromstring(render("junit", outcome(FINDINGS, strict=strict)))
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = JUNIT[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
    cases = list(root.iter("testcase"))
    assert len(cases) == int(root.attrib["tests"]) == 4, "every rule is a test case, passed or failed"
    failed = [case.attrib["name"] for case in cases if case.find("failure") is not None]
    expected = [str(UNDEFINED), str(SECRET), *([str(UNUSED)] if strict else [])]
    assert failed == expected
    assert int(root.attrib["failures"]) == len(expected)
    assert [case.attrib["name"] for case in cases if not len(case)] == [str(CLEAN)]


def test_fingerprints_stay_when_lines_move() -> None:
    def moved(path: str, number: int) -> str | None:
        return line(path, number - 3)

    def lower(one: Diagnostic) -> Diagnostic:
        assert one.label.span is not None
        first, column, last, end = one.label.span
        label = Label(one.label.path, Span(first + 3, column, last + 3, end))
        return Diagnostic(one.rule, "said in other words", label)

    before = FINDINGS[:3]
    after = [lower(one) for one in before]
    shifted = Checked(after, (), moved, lambda rule: "", "9.9")
    assert outcome(before).fingerprints == shifted.fingerprints
    assert len(set(outcome(FINDINGS).fingerprints)) == len(FINDINGS)
