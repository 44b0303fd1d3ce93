"""What git can look like: merges, shallow clones, links, odd names, nothing at all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from building_histories import Repo
from click.testing import CliRunner

from nac import api
from nac.cli import cli
from nac.diff.changes import CountChanged, MessageChanged
from nac.report.diff import diff_text

SMS = "notifications/templates/order-shipped/sms.hbs"
EMAIL = "notifications/templates/order-shipped/email.hbs"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "one")
    made.shop()
    return made


def channels(found: api.Diff) -> list[str]:
    return [one.channel for one in found.changes if isinstance(one, MessageChanged)]


def test_one_argument_looks_from_where_both_grew_apart(repo: Repo) -> None:
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.git("switch", "-q", "main")
    repo.edit(EMAIL, ("Follow", "Track"))
    repo.commit()
    repo.git("switch", "-q", "topic")
    assert channels(api.diff(repo.root, "main")) == ["sms"]
    assert channels(api.diff(repo.root, "main...topic")) == ["sms"]
    assert channels(api.diff(repo.root, "main..topic")) == ["email", "sms"]
    assert channels(api.diff(repo.root, "main", "topic")) == ["email", "sms"]
    repo.git("merge", "-q", "--no-edit", "main")
    assert channels(api.diff(repo.root, "main")) == ["sms"], "a merge commit"


def test_a_shallow_clone_compares_with_the_base_itself_and_says_so(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "topic")
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.git("switch", "-q", "main")
    repo.write("other.txt", "x")
    repo.commit()
    shallow = Repo(tmp_path / "shallow", init=False)
    shallow.git("clone", "-q", "--depth=1", "--no-single-branch", "--branch=topic", repo.root.as_uri(), ".")
    found = api.diff(shallow.root, "origin/main")
    assert channels(found) == ["sms"]
    assert "shallow" in found.notes[0]
    assert "git fetch --unshallow" in found.notes[0]
    with pytest.raises(api.NacError, match="shallow"):
        api.diff(shallow.root, "HEAD~1")


def test_a_partial_clone_says_what_to_fetch(repo: Repo, tmp_path: Path) -> None:
    repo.edit(SMS, ("on its way", "coming"))
    repo.commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    partial = Repo(tmp_path / "partial", init=False)
    partial.git("clone", "-q", "--filter=blob:none", "--no-checkout", repo.root.as_uri(), ".")
    with pytest.raises(api.NacError, match="git fetch --refetch"):
        api.diff(partial.root, "HEAD~1", "HEAD")


def test_no_repository_no_commit_no_such_name(tmp_path: Path, repo: Repo) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(api.NacError, match="no git repository"):
        api.diff(tmp_path / "plain")
    with pytest.raises(api.NacError, match="no commit here yet"):
        api.diff(Repo(tmp_path / "empty").root)
    with pytest.raises(api.NacError, match="no commit 'nowhere'"):
        api.diff(repo.root, "nowhere")
    with pytest.raises(api.NacError, match="no commit '--output=x'"):
        api.diff(repo.root, "--output=x")
    assert not (repo.root / "x").exists()


def test_a_detached_head(repo: Repo) -> None:
    repo.git("switch", "-q", "--detach")
    repo.edit(SMS, ("on its way", "coming"))
    assert channels(api.diff(repo.root)) == ["sms"]


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    inner = Repo(repo.root / "services" / "shop [1]", init=False)
    inner.shop()
    inner.edit(SMS, ("on its way", "coming"))
    assert channels(api.diff(inner.root)) == ["sms"]
    head = repo.commit()
    assert channels(api.diff(inner.root, "HEAD~1", head)) == ["sms"]


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one", init=False)
    repo.git("init", "-q", "--object-format=sha256", ".")
    repo.shop()
    assert api.diff(repo.root).changes == ()
    repo.edit(SMS, ("on its way", "coming"))
    assert channels(api.diff(repo.root)) == ["sms"]


def test_line_ends_that_git_makes_are_no_change(tmp_path: Path, repo: Repo) -> None:
    repo.write("notifications/attachments/terms.txt", "a\nb\n")
    repo.edit("notifications/team_news.yaml", ("data:", "attachments: [{file: attachments/terms.txt}]\ndata:"))
    repo.commit()
    clone = Repo(tmp_path / "clone", init=False)
    clone.git("clone", "-q", "-c", "core.autocrlf=true", repo.root.as_uri(), ".")
    assert b"\r\n" in (clone.root / SMS).read_bytes()
    assert api.diff(clone.root).changes == ()


def test_400_triggers_reformatted_without_effect(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    plain = """\
workflow: w{n}
recipients: [{{user: "{{{{ event.id }}}}"}}]
data: {{a: "{{{{ event.a }}}}"}}
samples: [{{name: s, event: {{id: u, a: 1}}}}]
"""
    other = """\
# again
samples:
  - event: {{a: 1, id: u}}
    name: s
data:
  a: '{{{{event.a}}}}'
recipients:
- user: '{{{{event.id}}}}'
workflow: 'w{n}'
"""
    for number in range(400):
        repo.write(f"notifications/t{number}.yaml", plain.format(n=number))
    repo.commit()
    for number in range(400):
        repo.write(f"notifications/t{number}.yaml", other.format(n=number))
    found = api.diff(repo.root)
    assert found.files == 400
    assert diff_text("text", found) == "no change in what is sent, to whom, or in what they read\n"


def test_the_same_bytes_in_two_clones(repo: Repo, tmp_path: Path) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.edit("notifications/orders/shipped.yaml", ("  order:", "  number:"), ("except:", "fan_out: batch\nexcept:"))
    repo.edit("notifications/translations/fr.json", ("Bonjour", "Salut"))
    repo.edit("notifications/directories/people.csv", ("Bernard", "Arnold"))
    head = repo.commit()
    made = set()
    for name, seed in (("a", "1"), ("somewhere/else", "2")):
        clone = Repo(tmp_path / name, init=False)
        clone.git("clone", "-q", repo.root.as_uri(), ".")
        shown = b""
        for form in ("text", "json", "markdown"):
            shown += _nac(clone.root, "diff", base, head, "--format", form, "--markup", PYTHONHASHSEED=seed).stdout
        made.add(shown)
    assert len(made) == 1
    assert b"Bernard" not in next(iter(made))


def test_ignored_files_are_not_looked_at(repo: Repo) -> None:
    repo.write(".gitignore", "notifications/local.yaml\nnotifications/directories/live.csv\n")
    repo.edit("notifications/nac.yaml", ("env:", "  live: {path: directories/live.csv}\nenv:"))
    repo.write("notifications/live.yaml", "workflow: live\nrecipients: [{from: live}]\nsamples: [{name: one}]\n")
    repo.commit()
    repo.write("notifications/local.yaml", "workflow: x\nrecipients: [{user: u}]\n")
    repo.write("notifications/directories/live.csv", "id\nsecret-person\n")
    assert api.diff(repo.root).changes == ()


def test_what_a_sparse_checkout_leaves_out_is_no_change(repo: Repo) -> None:
    repo.git(
        "sparse-checkout", "set", "--no-cone", "/notifications/*", "!/notifications/orders/", "!/notifications/tenants/"
    )
    assert not (repo.root / "notifications/orders").exists()
    assert not api.diff(repo.root).changes
    repo.edit(SMS, ("on its way", "coming"))
    found = api.diff(repo.root)
    assert channels(found) == ["sms"], "the trigger that was left out is compared"
    assert found.cls == "content"


def test_a_submodule_is_no_part_of_the_project(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.write("x.yaml", "workflow: x\n")
    other.commit()
    repo.git("submodule", "--quiet", "add", other.root.as_uri(), "notifications/sub")
    base = repo.commit()
    assert (repo.root / "notifications/sub/x.yaml").exists()
    assert not api.diff(repo.root, base).changes
    assert not api.diff(repo.root, f"{base}~1", base).changes


def test_a_large_directory_is_counted(repo: Repo) -> None:
    lines = [
        f"p{number},Person {number},p{number}@example.com,{'red' if number % 2 else 'blue'}" for number in range(20_000)
    ]
    repo.write("notifications/directories/people.csv", "id,name,email,team\n" + "\n".join(lines) + "\n")
    repo.commit()
    repo.edit("notifications/team_news.yaml", ("team = $team", "team = $team OR id < 'p2'"))
    found = api.diff(repo.root)
    counted = [one for one in found.changes if isinstance(one, CountChanged)]
    assert [(one.before, one.after) for one in counted] == [(10_000, 15_556)]
    assert len(diff_text("markdown", found)) < 10_000


def test_no_project_on_either_side(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.write("README.md", "x")
    repo.commit()
    with pytest.raises(api.NacError, match="no folder `notifications`"):
        api.diff(repo.root)


def test_odd_files(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.shop()
    repo.git("submodule", "--quiet", "add", other.root.as_uri(), "notifications/sub")
    odd = os.fsencode(repo.root) + b"/notifications/\xff\xfe \x1b[31m`@x`.yaml"
    with open(odd, "wb") as stream:
        stream.write(b"workflow: odd\nrecipients: [{user: u}]\nsamples: [{name: one}]\n")
    repo.write("notifications/huge.yaml", "workflow: huge\n# " + "x" * 20_000_000)
    repo.write("notifications/loop.yaml", "link loop.yaml")
    repo.write("notifications/bomb.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n")
    base = repo.git("rev-parse", "HEAD")
    found = api.diff(repo.root)
    names = {one.trigger for one in found.changes}
    assert {"huge", "bomb"} <= names
    head = repo.commit()
    for form in ("text", "json", "markdown"):
        done = _nac(repo.root, "diff", base, head, "--format", form)
        assert done.returncode == 0, done.stderr
        assert b"\x1b" not in done.stdout
        done.stdout.decode("utf-8")


def test_a_missing_merge_base_and_a_base_without_a_project(repo: Repo) -> None:
    repo.git("switch", "-q", "--orphan", "island")
    repo.write("README.md", "x")
    repo.commit()
    repo.git("switch", "-q", "main")
    found = api.diff(repo.root, "island")
    assert "share no history" in found.notes[0]
    assert {one.kind for one in found.changes} == {"trigger-added"}


def _nac(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    import sys

    clean = {key: value for key, value in os.environ.items() if not key.startswith(("FORCE_", "NAC_"))}
    return subprocess.run([sys.executable, "-m", "nac", *arguments], cwd=root, env={**clean, **environ},
                          capture_output=True, timeout=180, check=False)  # fmt: skip


def test_the_command(repo: Repo) -> None:
    assert _nac(repo.root, "diff").stdout.decode().startswith("no change")
    repo.edit(SMS, ("on its way", "coming"))
    assert _nac(repo.root, "diff", "--fail-on", "content").returncode == 1
    coloured = _nac(repo.root, "diff", FORCE_COLOR="1").stdout.decode()
    assert "\x1b[32mcoming\x1b[0m" in coloured
    wrong = _nac(repo.root, "diff", "--channel", "emial")
    assert (wrong.returncode, b"did you mean 'email'" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 0, "1 content"),
        (("--fail-on", "audience"), 0, "1 content"),
        (("--trigger", "team_news"), 0, "no change"),
        (("--trigger", "orders/shipped"), 0, "1 content"),
        (("--channel", "email"), 0, "no change"),
        (("--trigger", "team_new"), 2, "did you mean `team_news`"),
        (("nowhere",), 2, "no commit 'nowhere'"),
    ],
)
def test_options(repo: Repo, arguments: tuple[str, ...], code: int, says: str) -> None:
    repo.edit(SMS, ("on its way", "coming"))
    done = CliRunner().invoke(cli, ["diff", "--project", str(repo.root), *arguments])
    assert (done.exit_code, says in done.output) == (code, True), done.output


def test_the_report_goes_to_a_file(repo: Repo) -> None:
    out = repo.root / "out.md"
    done = CliRunner().invoke(cli, ["diff", "--project", str(repo.root), "-o", str(out), "--format", "markdown"])
    assert (done.exit_code, done.output) == (0, "")
    assert out.read_text().startswith("<!-- nac-diff -->\n")
