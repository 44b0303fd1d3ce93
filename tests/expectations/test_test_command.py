"""What `nac test` takes and how it ends: targets, names, formats, and the hooks of pre-commit."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from outside import SIMPLE, make, run

ROOT = Path(__file__).resolve().parents[2]

FAILING = """\
workflow: other
recipients: [{user: u9}]
template: other
data: {a: 1}
samples:
  - name: fails < & "
    event: {}
    expect:
      payload: {data: {a: "two\\nlines"}}
      recipients: [u9]
  - {name: finds, event: {}, expect: {errors: [NAC311]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    more = {
        "notifications/deep/other.yaml": FAILING,
        "notifications/templates/other/sms.hbs": "Hi {{missing}}\n",
        "notifications/translations/en.json": "{}",
        "notifications/broken.yaml": "workflo: x\n",
        "elsewhere.txt": "",
    }
    return make(tmp_path, {**SIMPLE, **more})


def lines(done) -> list[str]:  # type: ignore[no-untyped-def]
    return [one[0] + one[1:].partition(" (")[0] for one in done.stdout.splitlines() if one.startswith(("✓", "✗", "-"))]


@pytest.mark.parametrize(
    ("arguments", "tested", "code"),
    [
        ("hello", ["hello · two people"], 0),
        ("hello --sample 'two people'", ["hello · two people"], 0),
        ("-k TWO", ["hello · two people"], 1),  # broken.yaml is a part of what was asked for
        ("deep/other -k finds", ["deep/other · finds"], 0),
        ("notifications/hello.yaml", ["hello · two people"], 0),
        ("notifications/templates/hello/sms.hbs", ["hello · two people"], 0),
        ("notifications/deep", ["deep/other · fails", "deep/other · finds"], 1),
        ("notifications/broken.yaml", [], 1),
        ("broken", [], 1),
        ("elsewhere.txt", [], 0),
        ("notifications/translations/en.json", ["deep/other · fails", "deep/other · finds", "hello · two people"], 1),
        ("notifications/nac.yaml", ["deep/other · fails", "deep/other · finds", "hello · two people"], 1),
    ],
)
def test_targets(project: Path, arguments: str, tested: list[str], code: int) -> None:
    done = run(project, "test", *shlex.split(arguments))
    found = [one[2:].partition(" <")[0] for one in lines(done)]
    assert (found, done.returncode) == (tested, code), done.stdout + done.stderr


def test_from_another_directory(project: Path) -> None:
    (project / "sub").mkdir()
    done = run(project / "sub", "test", "--project", "..", "../notifications/hello.yaml")
    assert done.returncode == 0, done.stderr
    assert "hello · two people" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("helo", "did you mean 'hello'?"),
        ("--sample none", "there is no sample 'none'"),
        ("--format xml", "xml"),
        ("-o /nowhere/x", "no such file or directory"),
    ],
)
def test_wrong_usage(project: Path, arguments: str, said: str) -> None:
    done = run(project, "test", *arguments.split())
    assert done.returncode == 2
    assert said in done.stderr


def test_json(project: Path) -> None:
    done = run(project, "test", "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["version"], document["passed"]) == (1, False)
    assert document["summary"] == {"samples": 3, "passed": 2, "failed": 1}
    failed = document["results"][0]
    assert (failed["trigger"], failed["passed"]) == ("deep/other", False)
    assert failed["failures"][0]["location"] == {
        "path": "notifications/deep/other.yaml", "line": 9, "column": 27, "end_line": 9, "end_column": 39,
    }  # fmt: skip
    assert (failed["failures"][0]["expected"], failed["failures"][0]["actual"]) == ("two\nlines", "1")
    assert document["findings"][0]["name"] == "unknown-key"
    assert run(project, "test", "--format", "json").stdout == done.stdout


def test_junit(project: Path) -> None:
    done = run(project, "test", "--format", "junit", "-o", "report.xml")
    assert (done.returncode, done.stdout) == (1, "")
    root = ElementTree.parse(project / "report.xml").getroot()
    assert root.attrib == {"tests": "4", "failures": "2", "errors": "0", "time": "0"}
    assert [one.get("name") for one in root] == ["(project)", "deep/other", "hello"]
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    failure = root.find("testsuite/testcase[@name='fails < & \"']/failure")
    assert failure is not None
    assert "notifications/deep/other.yaml:9:27: `data.a` is a number, not text" in (failure.text or "")
    assert {tag.tag for tag in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}


def test_colour_and_time_on_a_terminal_alone(project: Path) -> None:
    assert "\x1b" not in run(project, "test").stdout
    coloured = run(project, "test", FORCE_COLOR="1").stdout
    assert "\x1b[32m✓\x1b[0m" in coloured
    assert " s\x1b" not in coloured


def hook(name: str) -> dict[str, object]:
    (found,) = (one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()) if one["id"] == name)
    return found


@pytest.mark.parametrize("name", ["nac-check", "nac-test"])
def test_hooks_of_pre_commit(project: Path, name: str) -> None:
    """As pre-commit does it: the entry with the files that changed behind it, in the repository's root."""
    one = hook(name)
    assert one["files"] == "^(notifications|suprsend)/"
    program, *arguments = shlex.split(str(one["entry"]))
    assert program == "nac"
    if name == "nac-test":
        files = ["notifications/hello.yaml", "notifications/templates/hello/sms.hbs"]
        done = run(project, *arguments, *files)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(lines(done)) == 1
    done = run(project, *arguments, "notifications/broken.yaml")
    assert done.returncode == 1
    assert "unknown-key" in done.stdout


def test_shipped_example_passes_as_in_ci(tmp_path: Path) -> None:
    for folder in ("notifications", "suprsend"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    done = run(tmp_path, "test", CI="true")
    assert done.returncode == 0, done.stdout
    assert "obsolete" not in done.stdout
    before = {path: path.read_bytes() for path in (tmp_path / "notifications/__snapshots__").rglob("*.yaml")}
    assert "written" not in run(tmp_path, "test", "--update").stdout
    assert {path: path.read_bytes() for path in before} == before


def test_check_tells_no_finding_that_a_sample_expects(project: Path) -> None:
    (project / "notifications/broken.yaml").unlink()
    trigger = project / "notifications/deep/other.yaml"
    trigger.write_text(
        FAILING.partition("  - name: fails")[0] + "  - {name: finds, event: {}, expect: {errors: [NAC311]}}\n"
    )
    told = run(project, "check", "--rule", "NAC311")
    assert told.returncode == 0, told.stdout
    trigger.write_text(trigger.read_text().replace("errors: [NAC311]", "previews: [{channel: sms, dropped: missing}]"))
    assert run(project, "check", "--rule", "NAC311").returncode == 0
    trigger.write_text(trigger.read_text().replace(", expect: {previews: [{channel: sms, dropped: missing}]}", ""))
    assert run(project, "check", "--rule", "NAC311").returncode == 1
