"""`nac review` from outside: one verdict, one exit code, the same files everywhere, whatever git looks like."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from building_histories import Repo
from reviewing_outside import SMS, process, run

from nac.cli.reviewing import base_of
from report_schemas import SARIF

FILES = {"report.md", "report.html", "report.json", "checks.sarif", "junit.xml", "code-quality.json"}


def test_a_harmless_change_passes(repo: Repo) -> None:
    repo.edit(SMS, ("on its way", "coming"))
    done = run(repo.root, "review")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(
        "check   no findings\ntest    2 of 2 samples passed\ndiff    1 trigger changed: 1 content\npassed\n"
    )


def test_no_change_is_said_in_a_line(repo: Repo) -> None:
    done = run(repo.root, "review")
    assert (done.returncode, "no change in what is sent" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 0), (("--fail-on", "content"), 1), (("--fail-on", "audience"), 0), (("--fail-on", "none"), 0)],
)
def test_the_class_that_fails(repo: Repo, arguments: tuple[str, ...], code: int) -> None:
    repo.edit(SMS, ("on its way", "coming"))
    assert run(repo.root, "review", *arguments).returncode == code


def test_what_breaks_fails_and_says_why(repo: Repo) -> None:
    repo.edit(SMS, ("{{order}}", "{{odrer}}"))
    repo.edit("notifications/team_news.yaml", ("title: Lunch}}", "title: Lunch}, expect: {recipients: [u3]}}"))
    done = run(repo.root, "review")
    assert done.returncode == 1
    last = done.stdout.rstrip("\n").rsplit("\n", 1)[-1]
    assert last == "failed: 1 change of the class breaking; 1 finding; 2 of 2 samples failed"
    assert "NAC311 message-dropped" in done.stdout
    accepted = run(repo.root, "review", "--fail-on", "none")
    assert accepted.returncode == 1, "findings fail whatever the class"
    assert accepted.stdout.endswith("failed: 1 finding; 2 of 2 samples failed\n")


def test_strict(repo: Repo) -> None:
    repo.edit("notifications/nac.yaml", ("NAC341: off, ", ""))
    repo.edit(SMS, ("{{url}}", "{{url}}!"))
    assert run(repo.root, "review").returncode == 0
    assert run(repo.root, "review", "--strict").returncode == 1


def test_the_files_of_a_report(repo: Repo) -> None:
    repo.edit(SMS, ("{{order}}", "{{odrer}}"))
    done = run(repo.root, "review", "--report", "out/deep")
    out = repo.root / "out" / "deep"
    assert (done.returncode, {one.name for one in out.iterdir()}) == (1, FILES)
    assert (out / "report.md").read_text("utf-8").startswith("<!-- nac-review -->\n### ❌ nac review")
    document = json.loads((out / "report.json").read_text("utf-8"))
    assert (document["version"], document["failed"], document["class"]) == (1, True, "breaking")
    assert (document["check"]["summary"]["error"], document["test"]["summary"]["failed"]) == (1, 1)
    assert document["diff"]["changes"][0]["kind"] == "newly-dropped"
    jsonschema.validate(json.loads((out / "checks.sarif").read_text("utf-8")), SARIF)
    quality = json.loads((out / "code-quality.json").read_text("utf-8"))
    assert [one["location"]["path"] for one in quality] == [SMS]
    suites = ET.fromstring((out / "junit.xml").read_bytes())
    assert [one.get("name") for one in suites] == ["orders/shipped", "team_news", "nac check", "nac diff"]
    assert len(list(suites.iter("testcase"))) == int(suites.get("tests", ""))
    assert sum(case.find("failure") is not None for case in suites.iter("testcase")) == int(suites.get("failures", ""))
    assert (out / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_head_is_read_from_git_alone(repo: Repo) -> None:
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.write(SMS, "{{#broken")
    repo.write("notifications/nac.yaml", "what: [")
    repo.write("notifications/directories/people.csv", "id\n")
    done = run(repo.root, "review", "HEAD~1", "HEAD")
    assert (done.returncode, "1 content" in done.stdout) == (0, True), done.stdout
    assert "2 of 2 samples passed" in done.stdout
    assert run(repo.root, "review", "HEAD~1").returncode == 1


def test_people_of_directories_are_covered_up(repo: Repo) -> None:
    repo.edit(
        "notifications/team_news.yaml",
        ("title: Lunch}}", "title: Lunch}, expect: {previews: [{recipient: u1, channel: inbox, contains: Dinner}]}}"),
    )
    done = run(repo.root, "review", "--report", "out")
    assert (done.returncode, "1 of 2 samples failed" in done.stdout) == (1, True), done.stdout
    everything = done.stdout + "".join(one.read_text("utf-8") for one in (repo.root / "out").iterdir())
    for word in ("Amelia", "Watson", "amelia@"):
        assert word not in everything
    assert "Amelia" in run(repo.root, "review", "--names").stdout


def test_a_base_that_is_not_there(repo: Repo) -> None:
    done = run(repo.root, "review", "origin/main", "--report", "out")
    assert (done.returncode, done.stdout, (repo.root / "out").exists()) == (2, "", False)
    assert "there is no commit 'origin/main' here; `git fetch origin main` brings it" in done.stderr.replace("\n", " ")
    named = run(repo.root, "review", GITHUB_BASE_REF="main")
    assert (named.returncode, "(from $GITHUB_BASE_REF)" in named.stderr.replace("\n", " ")) == (2, True)
    hostile = run(repo.root, "review", GITHUB_BASE_REF="main;touch x", CI="true")
    assert (hostile.returncode, (repo.root / "x").exists()) == (2, False)
    assert run(repo.root, "review", "--", "--output=x").returncode == 2


def test_a_service_names_the_base(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    clone = Repo(tmp_path / "clone", init=False)
    clone.git("clone", "-q", "--branch=topic", repo.root.as_uri(), ".")
    assert "no change" in run(clone.root, "review").stdout
    assert "1 content" in run(clone.root, "review", GITHUB_BASE_REF="main").stdout


@pytest.mark.parametrize(
    ("variable", "base"),
    [
        ("GITHUB_BASE_REF", "origin/x"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "x"),
        ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "origin/x"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "origin/x"),
        ("CHANGE_TARGET", "origin/x"),
    ],
)
def test_the_variables_of_services(variable: str, base: str) -> None:
    assert base_of({variable: "x", "OTHER": "y"}) == (base, variable)
    assert base_of({variable: ""}) == (None, None)


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    clone = Repo(tmp_path / "shallow", init=False)
    clone.git("clone", "-q", "--depth=1", "--no-single-branch", "--branch=topic", repo.root.as_uri(), ".")
    done = run(clone.root, "review", "origin/main", "--report", "out")
    assert done.returncode == 0, done.stderr
    assert "note: no commit was found that both sides grew from" in done.stdout
    assert "git fetch" in (clone.root / "out" / "report.md").read_text("utf-8")
    assert run(clone.root, "review", "HEAD~1").returncode == 2


def test_a_merge_commit(repo: Repo) -> None:
    """What actions/checkout checks out: the pull request merged into its base."""
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.git("switch", "-q", "main")
    repo.edit("notifications/team_news.yaml", ("title: Lunch", "title: Dinner"))
    base = repo.commit()
    repo.git("switch", "-q", "--detach", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    done = run(repo.root, "review", base, "--report", "out")
    assert (done.returncode, "1 trigger changed: 1 content" in done.stdout) == (0, True)
    assert json.loads((repo.root / "out" / "report.json").read_text("utf-8"))["diff"]["base"] == base


def test_a_project_below_the_top(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    inner = Repo(repo.root / "services" / "shop", init=False)
    inner.shop()
    inner.edit(SMS, ("{{order}}", "{{odrer}}"))
    seen = set()
    for where, project in ((repo.root, "services/shop"), (inner.root, ".")):
        done = run(where, "review", "--project", project, "--report", str(tmp_path / "out"), "--github")
        assert done.returncode == 1
        assert f"::error file=services/shop/{SMS}," in done.stdout
        comment = (tmp_path / "out" / "report.md").read_text("utf-8")
        assert comment.startswith("<!-- nac-review services/shop -->\n")
        quality = json.loads((tmp_path / "out" / "code-quality.json").read_text("utf-8"))
        assert f"services/shop/{SMS}" in {one["location"]["path"] for one in quality}
        seen.add(comment)
    assert len(seen) == 1


def test_the_same_bytes_on_another_machine(repo: Repo, tmp_path: Path) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.edit("notifications/orders/shipped.yaml", ("  order:", "  number:"), ("except:", "fan_out: batch\nexcept:"))
    repo.edit("notifications/translations/fr.json", ("Bonjour", "Salut"))
    repo.commit()
    made = []
    for name, seed in (("a", "1"), ("somewhere/else", "2")):
        clone = Repo(tmp_path / name, init=False)
        clone.git("clone", "-q", repo.root.as_uri(), ".")
        done = process(clone.root, "review", base, "HEAD", "--report", "out", "--github", PYTHONHASHSEED=seed)
        files = {one.name: one.read_bytes() for one in sorted((clone.root / "out").iterdir())}
        made.append((done.stdout, files))
    assert made[0] == made[1]
    assert str(tmp_path) not in re.sub(r"\s", "", str(made[0]))


def test_no_project(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    assert run(plain, "review").returncode == 2
    empty = Repo(tmp_path / "empty")
    empty.write("README.md", "x")
    empty.commit()
    done = run(empty.root, "review")
    assert (done.returncode, "notifications" in done.stderr) == (2, True)


def test_a_hostile_pull_request(repo: Repo, tmp_path: Path) -> None:
    """Files that lead out, never end or give orders: findings, and a report that holds together."""
    secret = tmp_path / "secret.txt"
    secret.write_text("workflow: top-secret\n")
    base = repo.git("rev-parse", "HEAD")
    repo.write("notifications/out.yaml", f"link {secret}")
    repo.write("notifications/up.yaml", "link ../../secret.txt")
    repo.write("notifications/loop.yaml", "link loop.yaml")
    repo.write("notifications/bomb.yaml", "a: &a [x,x]\nb: &b [*a,*a,*a]\nworkflow: *b\n")
    repo.write("notifications/big.yaml", "workflow: big\n# " + "x" * 12_000_000)
    repo.write(
        "notifications/path.yaml",
        "workflow: ../../secret\ntemplate: ../../../etc\nrecipients: [{user: u1}]\n"
        "attachments: [{file: ../../secret.txt}]\n"
        "samples: [{name: '::error::</summary><img src=x>@everyone'}]\n",
    )
    repo.write(
        SMS, "{{#each items}}{{#each ../items}}{{#each ../items}}" * 200 + "\x1b]0;x\x07</pre>\n/merge\n::add-mask::a"
    )
    head = repo.commit()
    for arguments in ((base,), (base, head)):
        done = run(repo.root, "review", *arguments, "--report", "out", "--github")
        assert done.returncode == 1
        everything = {one.name: one.read_text("utf-8") for one in (repo.root / "out").iterdir()}
        for name, text in (("the log", done.stdout), *everything.items()):
            assert "top-secret" not in text, name
            assert "\x1b" not in text, name
        comment = everything["report.md"]
        assert len(comment) < 65_536
        assert "<img" not in comment
        assert not re.search(r"^\s*/", comment, re.MULTILINE)
        assert "@everyone" not in re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", comment, flags=re.DOTALL)
        # Nothing but the commands of the review itself stands outside of what is stopped.
        commands = done.stdout[done.stdout.index("\n::nac-") + 1 :].splitlines()[1:]
        assert all(re.match(r"::(error|warning|notice) (file|title)=", one) for one in commands)
