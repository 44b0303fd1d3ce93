"""The comment and the annotations: whatever a project holds, they stay text, short enough, and obeyed by nobody."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from building_histories import Repo
from markdown_it import MarkdownIt
from reviewing_outside import run

from nac.diagnostics import Diagnostic, Label, Rule
from nac.diff.changes import Diff, FieldChanged, MessageChanged, Place, Text
from nac.diff.words import words
from nac.expectations import Failure, Outcome
from nac.report import tested as testing
from nac.report.checked import Checked
from nac.report.review import Review, marker, report_files
from nac.report.review.markdown import review_markdown
from nac.report.review.workflow_commands import inert, workflow_commands
from nac.source import Span

HOSTILE = [
    "</pre></details><img src=x onerror=alert(1)>", "`code` ``` ```", "| a | b |", "@everyone @org/team", "#123 GH-1",
    "https://evil.example.com www.evil.example.com", "[x](javascript:alert(1))", "<!-- nac-review -->", "&lt;b&gt;",
    "\x1b[31mred\x1b[0m", "\u202egnp.exe", "\n\n# Heading\n\n- item\n\n", "~~x~~ **y** _z_", ":tada:", "$$x$$",
    "```suggestion\nx\n```", "\n/merge\n /approve\n", "::error::x\n::stop-commands::y", "##[error]x", "a,b:c%0A%",
]  # fmt: skip
RULE = Rule("NAC311", "message-dropped")


def review(text: str, count: int = 1, size: int = 1) -> Review:
    """A review in which everything that comes from the project is `text`."""
    long = text * size
    label = Label(text, Span(1, 1, 1, 2))
    findings = [Diagnostic(RULE, long, label, help=long, events=(text,)) for _ in range(count)]
    warnings = [Diagnostic(RULE, long, label, level="warning") for _ in range(count)]
    outcomes = [
        Outcome(f"{text}{number}", text, label, (Failure(long, label, long, f"{long} other", help=long),))
        for number in range(count)
    ]
    place = Place(text, text, "sms", "en", text)
    changes = tuple(
        change
        for number in range(count)
        for change in (
            MessageChanged(trigger=f"{text}{number}", cls="content", reason=text, where=(place,), causes=(text,),
                           channel="sms", texts=(Text("text", words("before", long)),)),
            FieldChanged(trigger=f"{text}{number}", cls="breaking", reason=text, path=text, before=long, after=text,
                         causes=(text,)),
        )
    )  # fmt: skip
    lines = lambda path, number: text.split("\n")[0]  # noqa: E731
    checked = Checked([*findings, *warnings], [RULE], lines, lambda rule: "", "1.0", "a/")
    tested = testing.Tested(outcomes, (), lines, "1.0", "a/")
    return Review(checked, tested, Diff("0" * 40, None, changes, (text,)), frozenset(range(count * 2)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_the_project_is_markdown_or_html(text: str) -> None:
    comment = review_markdown(review(text))
    assert comment.count("<!--") == 1
    plain = review_markdown(review("plain"))
    made, expected = (
        re.findall(r"<(/?[a-z!][^\s>]*)", MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(one))
        for one in (comment, plain)
    )
    allowed = {"pre", "/pre", "del", "/del", "ins", "/ins"}
    assert [one for one in made if one not in allowed] == [one for one in expected if one not in allowed]
    outside = html.unescape(re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", comment, flags=re.DOTALL))
    for mark in ("@everyone", "https://", "www.", "#123", ":tada:"):
        assert mark not in outside
    assert not re.search(r"^[ \t]*/", comment, re.MULTILINE), "an order to GitLab"
    assert "\x1b" not in comment
    assert "\u202e" not in comment


@pytest.mark.parametrize(("count", "size"), [(1, 1), (400, 1), (100, 1_000), (3, 40_000), (5_000, 1)])
@pytest.mark.parametrize("text", ["“😀” ", "\n/x", "<&>"])
def test_a_comment_is_never_too_long(text: str, count: int, size: int) -> None:
    comment = review_markdown(review(text, count, size))
    assert len(comment.encode("utf-16-le")) // 2 < 65_536
    places = [comment.index(part) for part in ("**Failed**", "#### Findings", "#### Failed samples", "#### Changes")]
    assert places == sorted(places)
    if count > 3:
        assert "not fit" in comment or "not shown here" in comment
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(comment)
    assert shown.count("<details") == shown.count("</details>")


@pytest.mark.parametrize("text", HOSTILE)
def test_annotations_are_one_line_each(text: str) -> None:
    commands = workflow_commands(review(text)).splitlines()
    assert len(commands) == len(workflow_commands(review("plain")).splitlines())
    for one in commands:
        # As the runner reads a command: what it is for ends at the next `::`, properties at commas.
        found = re.fullmatch(r"::(error|warning|notice) ([^\n]*?)::(.*)", one)
        assert found, one
        names = [each.split("=")[0] for each in found[2].split(",")]
        assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert len(names) == len(set(names))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_log_is_inert(text: str) -> None:
    first, *inside, last = inert(f"{text}\nmore\n").rstrip("\n").split("\n")
    word = first.removeprefix("::stop-commands::")
    assert (first, last) == (f"::stop-commands::{word}", f"::{word}::")
    assert len(word) > 40
    assert word not in "\n".join(inside)


def test_kinds_of_annotations_take_turns() -> None:
    lines = workflow_commands(review("x", 30)).splitlines()
    titles = [re.search(r"title=([^:]*)", one)[1] for one in lines[:9]]  # type: ignore[index]
    assert [one.split("%3A")[0].split(" ")[0] for one in titles] == ["nac", "nac", "NAC311"] * 3
    assert len(lines) <= 100


@pytest.mark.parametrize("text", HOSTILE)
def test_every_file_is_made_of_hostile_texts(text: str) -> None:
    made = report_files(review(text))
    for name, data in made.items():
        assert b"\x1b" not in data, name
        data.decode("utf-8")


def test_the_marker_names_the_project() -> None:
    assert marker("") == "<!-- nac-review -->"
    assert marker("services/shop/") == "<!-- nac-review services/shop -->"
    assert marker("a --> <b>/") == "<!-- nac-review a-b -->"


def test_the_step_on_github(repo: Repo, tmp_path: Path) -> None:
    summary, output = tmp_path / "summary", tmp_path / "output"
    summary.write_text("before\n")
    repo.edit("notifications/templates/order-shipped/sms.hbs", ("{{order}}", "::add-mask::x {{odrer}}"))
    done = run(repo.root, "review", "--report", "out", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary),
               GITHUB_OUTPUT=str(output))  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.startswith("::stop-commands::nac-")
    assert "\n::error file=notifications/templates/order-shipped/sms.hbs," in done.stdout
    report = (repo.root / "out" / "report.md").read_text("utf-8")
    assert summary.read_text("utf-8") == f"before\n{report}"
    assert output.read_text() == "class=breaking\nfailed=true\nsilent=false\nreport=out\n"
    assert "::stop-commands" not in run(repo.root, "review", "--no-github", GITHUB_ACTIONS="true").stdout


def test_file_names_are_hostile(repo: Repo) -> None:
    repo.write("notifications/a,b::error file=x%0A\n::notice::@x`<b>.yaml", "workflow: [\n")
    done = run(repo.root, "review", "--github", "--report", "out")
    commands = done.stdout.rsplit("::nac-", 1)[-1].split("\n", 1)[1].splitlines()
    assert commands
    assert all(one.startswith(("::error file=notifications/", "::warning file=notifications/")) for one in commands)
    comment = (repo.root / "out" / "report.md").read_text("utf-8")
    assert "@x" not in re.sub(r"<code>.*?</code>", "", comment)
    assert "<b>.yaml" not in comment
