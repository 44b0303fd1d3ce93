"""The GitHub Action: what its file says, and its scripts, run with a `gh` that remembers what it was asked."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from building_histories import Repo
from reviewing_outside import NAC, ROOT, SMS, Done, bash, needs_bash

ACTIONS = ["action.yml", "ci/comment/action.yml"]
SCRIPTS = sorted((ROOT / "ci").glob("*.sh"))
pytestmark = needs_bash
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq stands in for that of gh")

GH = r"""#!/usr/bin/env bash
printf '%s\n' "$*" >> "$GH_LOG"
for one in "$@"; do
  case "$one" in
    body=@*) cat "${one#body=@}" > "$GH_BODY" ;;
  esac
done
case "$*" in
  *PATCH* | *POST*) exit "${GH_WRITES:-0}" ;;
esac
[[ "${GH_READS:-0}" == 0 ]] || exit "$GH_READS"
while [[ "$1" != --jq ]]; do shift; done
jq -r "$2" "$GH_ANSWER"
"""


@pytest.fixture(params=ACTIONS)
def action(request: pytest.FixtureRequest) -> dict[str, Any]:
    found = yaml.safe_load((ROOT / request.param).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_scripts_take_nothing_but_their_environment(action: dict[str, Any]) -> None:
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"], "what somebody else writes would be a part of the script"
            assert step["shell"] == "bash"
            asked = set(re.findall(r"\$\{?([A-Z_]+)", step["run"]))
            assert asked <= set(step["env"])
            script = re.fullmatch(r'bash "\$ACTION_PATH/(?:\.\./)?([\w/.-]+)"', step["run"])
            assert script
            assert (ROOT / "ci" / script[1].removeprefix("ci/")).is_file()
        else:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), "GitHub's own, by major version"


def test_every_input_is_used_and_described(action: dict[str, Any]) -> None:
    steps = json.dumps(action["runs"]["steps"])
    used = set(re.findall(r"inputs\.([\w-]+)", steps))
    assert used == set(action["inputs"])
    for one in action["inputs"].values():
        assert one["description"]
        assert isinstance(one["default"], str)


def test_the_inputs_that_are_documented() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    page = (ROOT / "docs" / "review.md").read_text("utf-8")
    assert [name for name in inputs if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_scripts_are_strict_and_readable(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert "\nset -euo pipefail\n" in text
    assert script.stat().st_mode & stat.S_IXUSR
    assert bash(f"bash -n {script}", ROOT).returncode == 0
    assert "eval" not in text
    if shellcheck := shutil.which("shellcheck"):
        done = bash(f"{shellcheck} {script}", ROOT)
        assert done.returncode == 0, done.stdout


# ---- the base


@pytest.fixture
def pull(repo: Repo, tmp_path: Path) -> tuple[Repo, str, Repo]:
    """A repository with a long history and a pull request; what actions/checkout leaves of it, one commit deep."""
    for number in range(5):
        repo.write("other.txt", str(number))
        repo.commit()
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.git("switch", "-q", "main")
    repo.write("other.txt", "main went on")
    base = repo.commit()
    repo.git("switch", "-q", "--detach", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    merge = repo.git("rev-parse", "HEAD")
    repo.git("update-ref", "refs/pull/1/merge", merge)
    repo.git("switch", "-q", "main")
    clone = Repo(tmp_path / "checkout")
    clone.git("remote", "add", "origin", repo.root.as_uri())
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge")
    clone.git("checkout", "-q", "--detach", "refs/remotes/pull/1/merge")
    return repo, base, clone


def fetched(clone: Repo, **environ: str) -> tuple[Any, str]:
    output = clone.root.parent / "output"
    output.unlink(missing_ok=True)
    output.touch()
    done = bash(ROOT / "ci" / "fetch-base.sh", clone.root, GITHUB_OUTPUT=str(output), **environ)
    return done, output.read_text().strip().removeprefix("base=")


def test_the_base_is_fetched_as_deep_as_it_takes(pull: tuple[Repo, str, Repo]) -> None:
    _, base, clone = pull
    done, found = fetched(clone, BASE_SHA=base)
    assert (done.returncode, found) == (0, base), done.stderr
    assert clone.git("merge-base", base, "HEAD") == base
    assert clone.git("rev-parse", "--is-shallow-repository") == "true", "no more than it takes"


def test_a_branch_as_the_base(pull: tuple[Repo, str, Repo]) -> None:
    _, base, clone = pull
    for name in ("main", "origin/main"):
        assert fetched(clone, BASE=name)[1] == base


def test_the_history_is_deepened_until_both_ends_meet(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "topic")
    for number in range(70):
        repo.write("other.txt", str(number))
        repo.commit()
    repo.git("switch", "-q", "main")
    repo.write("more.txt", "x")
    base = repo.commit()
    clone = Repo(tmp_path / "clone", init=False)
    clone.git("clone", "-q", "--depth=1", "--branch=topic", repo.root.as_uri(), ".")
    assert fetched(clone, BASE_SHA=base)[1] == base
    assert clone.git("merge-base", base, "HEAD") == repo.git("rev-parse", "main~1")


def test_a_push_without_anything_before_it(pull: tuple[Repo, str, Repo]) -> None:
    _, base, clone = pull
    done, found = fetched(clone, BASE_SHA="0" * 40)
    assert (done.returncode, found) == (0, base), "the first parent"
    assert fetched(clone, BASE_SHA="")[1] == base


@pytest.mark.parametrize("base", ["nowhere", "--upload-pack=touch x", "a b", "$(touch x)", "`touch x`", "f" * 40])
def test_a_base_that_cannot_be_had(pull: tuple[Repo, str, Repo], base: str) -> None:
    _, _, clone = pull
    done, found = fetched(clone, BASE=base)
    assert (done.returncode, found) == (2, "")
    assert "::error title=nac::" in done.stdout
    assert not (clone.root / "x").exists()


# ---- the review


def reviewed(clone: Repo, base: str, **environ: str) -> tuple[Any, dict[str, str]]:
    temp = clone.root.parent / "temp"
    temp.mkdir(exist_ok=True)
    output = temp / "output"
    output.write_text("")
    done = bash(
        ROOT / "ci" / "review.sh", clone.root, NAC=str(NAC), BASE=base, RUNNER_TEMP=str(temp), GITHUB_ACTIONS="true",
        GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(temp / "summary"), **environ,
    )  # fmt: skip
    return done, dict(line.split("=", 1) for line in output.read_text().splitlines())


def test_the_review_of_a_pull_request(pull: tuple[Repo, str, Repo]) -> None:
    _, base, clone = pull
    fetched(clone, BASE_SHA=base)
    done, outputs = reviewed(clone, base, FAIL_ON="breaking", STRICT="false", PROJECT=".")
    assert done.returncode == 0, done.stderr
    report = clone.root.parent / "temp" / "nac-review"
    assert outputs == {
        "artifact": "nac-review", "class": "content", "failed": "false", "silent": "false", "report": str(report),
    }  # fmt: skip
    assert (report.parent / "summary").read_text("utf-8") == (report / "report.md").read_text("utf-8")
    assert reviewed(clone, base, FAIL_ON="content")[0].returncode == 1
    assert reviewed(clone, base, FAIL_ON="$(touch x)")[0].returncode == 2
    assert not (clone.root / "x").exists()


def test_a_project_has_an_artifact_of_its_own(pull: tuple[Repo, str, Repo]) -> None:
    _, base, clone = pull
    outputs = reviewed(clone, base, PROJECT="a b/../$(x)")[1]
    assert outputs == {"artifact": "nac-review-a-b-..---x-"}


# ---- the comment


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    report = tmp_path / "report"
    report.mkdir()
    (report / "report.md").write_text("<!-- nac-review -->\n### “report”\n", "utf-8")
    return tmp_path


def note(number: int, body: str | None, kind: str = "Bot") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"type": kind}}


def commented(gh: Path, notes: list[Any], *, script: str = "comment.sh", **environ: str) -> tuple[Any, str, str, str]:
    (gh / "answer.json").write_text(json.dumps(notes))
    for name in ("log", "body", "summary"):
        (gh / name).write_text("")
    given = {
        "PULL_REQUEST": "7", "SILENT": "false", "GITHUB_REPOSITORY": "o/r", "GH_TOKEN": "t",
        "GH_LOG": str(gh / "log"), "GH_BODY": str(gh / "body"), "GH_ANSWER": str(gh / "answer.json"),
        "GITHUB_STEP_SUMMARY": str(gh / "summary"), "REPORT": str(gh / "report"),
    }  # fmt: skip
    made = bash(f'PATH="{gh}/bin:$PATH" exec bash "{ROOT}/ci/{script}"', gh, **{**given, **environ})
    log, body, summary = ((gh / name).read_text("utf-8") for name in ("log", "body", "summary"))
    return made, log, body, summary


@needs_jq
def test_a_comment_is_made_once_and_then_written_anew(gh: Path) -> None:
    done, log, body, _ = commented(gh, [note(1, "hello"), note(2, None)])
    assert done.returncode == 0, done.stderr
    assert "--method POST repos/o/r/issues/7/comments" in log
    assert body == "<!-- nac-review -->\n### “report”\n"
    done, log, _, _ = commented(gh, [note(1, "hello"), note(2, "<!-- nac-review -->\r\nold"), note(3, "later")])
    assert "--method PATCH repos/o/r/issues/comments/2" in log
    assert "POST" not in log


@needs_jq
def test_a_comment_of_somebody_else_is_left_alone(gh: Path) -> None:
    others = [note(1, "<!-- nac-review -->\nmine", "User"), note(2, "see <!-- nac-review -->"),
              note(3, "<!-- nac-review services/shop -->\n")]  # fmt: skip
    log = commented(gh, others)[1]
    assert "POST" in log
    assert "PATCH" not in log


@needs_jq
def test_with_nothing_to_tell_there_is_no_comment_but_an_old_one_is_written_anew(gh: Path) -> None:
    assert "POST" not in commented(gh, [], SILENT="true")[1]
    assert "PATCH" in commented(gh, [note(2, "<!-- nac-review -->\n")], SILENT="true")[1]


@needs_jq
@pytest.mark.parametrize("environ", [{"GH_WRITES": "1"}, {"GH_READS": "1"}])
def test_a_token_of_a_fork_leaves_the_report_in_the_summary(gh: Path, environ: dict[str, str]) -> None:
    done, _, _, summary = commented(gh, [], **environ)
    assert done.returncode == 0
    assert "::notice title=nac::no comment: this token may not" in done.stdout
    assert "No comment was written: this token may not" in summary


@pytest.mark.parametrize("number", ["", "7; touch x", "../../../user"])
def test_a_number_is_a_number(gh: Path, number: str) -> None:
    done, log, _, _ = commented(gh, [], PULL_REQUEST=number)
    assert (done.returncode, log) == (0, "")
    assert not (gh / "x").exists()


def test_what_an_artifact_brings_is_not_trusted(gh: Path) -> None:
    report = gh / "report" / "report.md"
    for text in ("no marker", "<!-- nac-review $(x) -->\n", f"<!-- nac-review -->\n{'x' * 70_000}"):
        report.write_text(text)
        assert commented(gh, [])[1] == ""
    secret = gh / "secret"
    secret.write_text("<!-- nac-review -->\nsecret")
    report.unlink()
    report.symlink_to(secret)
    assert commented(gh, [])[1] == "", "a link to another file of the runner"


def test_without_gh(gh: Path) -> None:
    (gh / "bin" / "gh").unlink()
    if shutil.which("gh") is None:
        done = commented(gh, [])[0]
        assert (done.returncode, "gh is not installed" in done.stdout) == (0, True)


@needs_jq
def test_the_number_of_a_fork_s_pull_request_comes_from_github(gh: Path) -> None:
    pulls = [{"number": 5, "head": {"sha": "old"}}, {"number": 6, "head": {"sha": "new"}}]
    given = {"HEAD_SHA": "new", "HEAD_OWNER": "fork", "HEAD_BRANCH": "a;b"}
    (gh / "bin" / "gh").write_text(
        GH.replace('jq -r "$2"', '[[ "$2" == *comments* || "$2" == *NAC_MARKER* ]] || jq -r "$2"')
    )
    done, log, _, _ = commented(gh, pulls, script="comment-of-run.sh", **given)
    assert done.returncode == 0, done.stderr
    assert "head=fork:a;b" in log
    assert "POST repos/o/r/issues/6/comments" in log
    gone, log, _, _ = commented(gh, pulls, script="comment-of-run.sh", **{**given, "HEAD_SHA": "none"})
    assert (gone.returncode, "POST" in log, "no open pull request" in gone.stdout) == (0, False, True)


# ---- the installation


def test_nac_comes_from_the_action_itself(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "python"
    fake.write_text(f"""#!/usr/bin/env bash
echo "$*" >> "{asked}"
if [[ "$*" == "-I -m venv"* ]]; then mkdir -p "${{@: -1}}/bin"; cp "$0" "${{@: -1}}/bin/python"; fi
""")
    fake.chmod(0o755)

    def install(version: str) -> Done:
        asked.write_text("")
        made = bash(
            f'PATH="{tmp_path}/bin:$PATH" exec bash "{ROOT}/ci/install.sh"', tmp_path, VERSION=version,
            ACTION_PATH="/action", ACTION_REPOSITORY="o/nac", SERVER_URL="https://github.com",
            RUNNER_TEMP=str(tmp_path), GITHUB_ENV=str(tmp_path / "env"),
        )  # fmt: skip
        return Done(made.returncode, asked.read_text(), made.stderr)

    assert install("").stdout.rstrip("\n").endswith("-I -m pip install --quiet --disable-pip-version-check /action")
    assert install("v1.2").stdout.rstrip("\n").endswith(" nac @ git+https://github.com/o/nac@v1.2")
    assert install("v1; --index-url=x").returncode == 2
    assert (tmp_path / "env").read_text().startswith(f"NAC={tmp_path}/nac-venv/bin/nac\n")
