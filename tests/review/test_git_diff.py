"""`nac git-diff`, called by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from building_histories import GIT, Repo
from reviewing_outside import NAC, SMS, bare, run

SHIPPED = "notifications/orders/shipped.yaml"


@pytest.fixture
def watched(repo: Repo) -> Repo:
    repo.git("config", "diff.nac.command", f"'{NAC}' git-diff")
    repo.write(".gitattributes", "notifications/** diff=nac\n")
    repo.commit()
    return repo


def git(repo: Repo, *arguments: str, **environ: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=repo.root, env=bare(**{**GIT, **environ}), capture_output=True,
                          check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


def test_a_trigger_shows_what_its_change_does(watched: Repo) -> None:
    watched.edit(SHIPPED, ('  order: "', '  number: "'), ('except: ["{{ event.seller }}"]\n', ""))
    text = git(watched, "diff")
    assert text.startswith(f"diff --nac {SHIPPED} {SHIPPED}\n\norders/shipped\n")
    assert "breaking  data.order renamed to data.number" in text
    assert "audience  s1 added, by recipients[1] (each watcher)" in text
    assert "breaking  email: newly dropped" in text


def test_a_template_shows_its_messages(watched: Repo) -> None:
    watched.edit(SMS, ("on its way", "coming"))
    assert "is [-on its way-]{+coming+}:" in git(watched, "diff")
    watched.commit()
    assert "{+coming+}" in git(watched, "show", "--ext-diff", "HEAD")
    assert "+Order {{order}} is coming" in git(watched, "show", "HEAD"), "log and show ask for it"
    assert "\x1b[32mcoming" in git(watched, "diff", "HEAD~1", FORCE_COLOR="1")


def test_another_way_to_write_the_same(watched: Repo) -> None:
    watched.edit(SHIPPED, ("workflow: order-shipped", "workflow:   'order-shipped' # the same"))
    text = git(watched, "diff")
    assert text.split("\n")[1].startswith("nac: no change in what is sent")


@pytest.mark.parametrize("text", ["workflow: [", "", "\x00\xff", "kind: nothing\n", "a: &a [*a]\n"])
def test_what_does_not_parse_is_shown_as_lines(watched: Repo, text: str) -> None:
    watched.write(SHIPPED, text.encode("latin-1"))
    shown = git(watched, "diff")
    assert "nac cannot read it" in shown
    assert "-workflow: order-shipped\n" in shown or "Files differ: " in shown
    watched.commit()
    watched.git("show", "--ext-diff", "HEAD")


def test_files_that_come_go_and_move(watched: Repo) -> None:
    watched.write("notifications/late.yaml", "workflow: late\nrecipients: [{user: u1}]\nsamples: [{name: one}]\n")
    (watched.root / "notifications/team_news.yaml").unlink()
    watched.git("mv", SMS, SMS.replace("sms", "inbox"))
    watched.git("add", "-A")
    text = git(watched, "diff", "--cached", "-M")
    assert "new trigger" in text
    assert "trigger removed" in text
    assert f"diff --nac {SMS} {SMS.replace('sms', 'inbox')}" in text


def test_other_files_are_lines(watched: Repo) -> None:
    watched.write("notifications/README.md", "one\n\x1b[31mtwo\n")
    watched.git("add", "-A")
    text = git(watched, "diff", "--cached")
    assert "+++ b/notifications/README.md\n@@ -0,0 +1,2 @@\n+one\n+\\x1b[31mtwo\n" in text


def test_odd_files(watched: Repo) -> None:
    watched.write("notifications/link.yaml", "link nac.yaml")
    watched.write("notifications/big.yaml", b"x: " + b"y" * 9_000_000)
    watched.write("notifications/sp ace\n\x1b[31m.yaml", "workflow: x\n")
    watched.git("add", "-A")
    text = git(watched, "diff", "--cached")
    assert "\x1b" not in text
    assert text.count("diff --nac") == 3


def test_a_conflict(watched: Repo) -> None:
    watched.git("switch", "-qc", "topic")
    watched.edit(SMS, ("on its way", "coming"))
    watched.commit()
    watched.git("switch", "-q", "main")
    watched.edit(SMS, ("on its way", "here"))
    watched.commit()
    subprocess.run(["git", "merge", "-q", "topic"], cwd=watched.root, env={**os.environ, **GIT}, capture_output=True,
                   check=False)  # fmt: skip
    assert f"diff --cc {SMS}" in git(watched, "diff")
    assert f"diff --nac {SMS} {SMS}" in git(watched, "diff", "HEAD")
    assert f"* Unmerged path {SMS}" in run(watched.root, "git-diff", SMS).stdout


def test_the_end_of_a_file(watched: Repo) -> None:
    watched.write("notifications/README.md", "one\n")
    watched.commit()
    watched.write("notifications/README.md", "one")
    assert git(watched, "diff").endswith(" one\n+\\ No newline at end of file\n")


def test_a_project_below_the_top(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    inner = Repo(repo.root / "services" / "shop", init=False)
    inner.shop()
    inner.edit(SMS, ("on its way", "coming"))
    repo.git("config", "diff.nac.command", f"'{NAC}' git-diff")
    repo.write(".git/info/attributes", "notifications/** diff=nac\n**/notifications/** diff=nac\n")
    assert "{+coming+}" in git(repo, "diff")
    assert "{+coming+}" in git(inner, "diff", ".")


def test_many_files_are_lines(watched: Repo) -> None:
    old, new = watched.root / "old", watched.root / "new"
    old.write_text("a\n")
    new.write_text("b\n")
    asked = ("git-diff", SMS, str(old), "0" * 40, "100644", str(new), "1" * 40, "100644")
    assert "-a\n+b" in run(watched.root, *asked, GIT_DIFF_PATH_TOTAL="500").stdout
    assert "{+b+}" in run(watched.root, *asked, GIT_DIFF_PATH_TOTAL="5").stdout
    assert "\x1b[32mb" in run(watched.root, *asked, GIT_PAGER_IN_USE="1").stdout


def test_by_hand(watched: Repo) -> None:
    assert run(watched.root, "git-diff").returncode == 2
    for given in (("a",), ("a", "b"), ("a", "/none", ".", ".", "/none", ".", "."), ("-x", "--y")):
        assert run(watched.root, "git-diff", "--", *given).returncode == 0
