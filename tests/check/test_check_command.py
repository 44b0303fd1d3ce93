"""`nac check` and `nac explain` as their users run them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner

from nac.check.fixes import Fixed
from nac.cli import cli
from nac.cli.checking import write
from nac.tree import WorkTree

ENVIRON = {
    key: value for key, value in os.environ.items() if not key.startswith(("SUPRSEND_", "NAC_", "FORCE_", "GIT_"))
}

HELLO = """\
workflow: hello
recipients: [{user: "{{ event.user }}"}]
data: {name: "{{ event.name }}"}
samples: [{name: first, event: {user: u1, name: Ana}}]
"""


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root
        # What these tests are not about: each of them has its own.
        self.write("notifications/nac.yaml", "rules: {NAC323: off, NAC340: off, NAC413: off}\n")
        self.write("notifications/hello.yaml", HELLO)
        self.write("notifications/templates/hello/inbox.hbs", "Hello {{{name}}}\n")

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="")

    def nac(self, *args: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nac", *args], cwd=cwd or self.root, env={**ENVIRON, **environ}, text=True,
            encoding="utf-8", capture_output=True, timeout=180, check=False,
        )  # fmt: skip

    def check(self, *args: str) -> tuple[int, list[str]]:
        """The exit code, and each finding as `path:line code`. In this process: it takes a tenth of the time."""
        with contextlib.chdir(self.root):
            done = CliRunner().invoke(cli, ["check", "--format", "json", *args])
        assert done.exit_code in (0, 1), done.output
        found = json.loads(done.stdout)["findings"]
        return done.exit_code, [f"{one['location']['path']}:{one['location']['line']} {one['code']}" for one in found]

    def git(self, *args: str) -> str:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"]
        command = ["git", *identity, *args]
        return subprocess.run(command, cwd=self.root, env=ENVIRON, check=True, capture_output=True, text=True).stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def test_clean(project: Project) -> None:
    done = project.nac("check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no findings\n")


def test_errors_fail_and_warnings_only_with_strict(project: Project) -> None:
    project.write(
        "notifications/hello.yaml", HELLO + '# nac: ignore[NAC301] of old\nidempotency_key: "{{ event.user }}"\n'
    )
    done = project.nac("check")
    assert done.returncode == 0
    assert "warning[NAC691 unused-ignore]" in done.stdout
    assert done.stdout.endswith("1 finding: 1 warning\n")
    assert project.nac("check", "--strict").returncode == 1
    project.write("notifications/nac.yaml", "strict: true\n")
    assert project.nac("check").returncode == 1
    project.write("notifications/nac.yaml", "strict: true\nrules: {NAC691: info}\n")
    assert project.nac("check").returncode == 0
    project.write("notifications/nac.yaml", "rules: {NAC691: error}\n")
    assert project.nac("check").returncode == 1
    project.write("notifications/nac.yaml", "rules: {unused-ignore: off}\n")
    assert project.nac("check").stdout == ""


def test_samples_are_previewed(project: Project) -> None:
    project.write("notifications/templates/hello/inbox.hbs", "Hello {{nmae}}\n")
    assert project.check() == (1, ["notifications/templates/hello/inbox.hbs:1 NAC311"])


def test_sarif_is_written_and_exits_clean(project: Project) -> None:
    project.write("notifications/hello.yaml", "workflow: [\n")
    done = project.nac("check", "--format", "sarif", "-o", "out.sarif")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((project.root / "out.sarif").read_text())["runs"][0]["results"]
    done = project.nac("check", "--format", "junit", "-o", "out.xml")
    assert done.returncode == 1
    assert "<failure" in (project.root / "out.xml").read_text()


def test_only_what_was_asked_for(project: Project) -> None:
    broken = HELLO.replace("event.name", "event.nmae")
    for name in ("a", "b"):
        project.write(f"notifications/{name}.yaml", broken.replace("hello", name))
    a, b = "notifications/a.yaml:3 NAC301", "notifications/b.yaml:3 NAC301"
    assert project.check()[1] == [a, b]
    assert project.check("a")[1] == [a]
    assert project.check("notifications/b.yaml")[1] == [b]
    assert project.check("notifications")[1] == [a, b]
    assert project.check("notifications/hello.yaml", "notifications/templates")[1] == []
    assert project.check("hello", "--rule", "NAC301") == (0, [])
    assert project.check("--rule", "undefined-variable")[1] == [a, b]
    assert project.check("--rule", "NAC602")[1] == []
    # Files outside the project are what pre-commit may hand over: nothing is said about them.
    (project.root.parent / "other.yaml").write_text("workflow: [")
    assert project.check("../other.yaml")[1] == []


def test_a_finding_concerns_the_file_that_it_points_at_second(project: Project) -> None:
    project.write("notifications/hello.yml", HELLO)
    (found,) = project.check()[1]
    assert found.endswith("NAC205")
    for name in ("hello.yaml", "hello.yml"):
        assert project.check(f"notifications/{name}")[1] == [found]


def test_a_template_is_checked_with_the_triggers_that_use_it(project: Project) -> None:
    project.write("notifications/templates/hello/inbox.hbs", "Hello {{nmae}}\n")
    assert project.check("notifications/templates/hello/inbox.hbs")[1] == [
        "notifications/templates/hello/inbox.hbs:1 NAC311"
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nothing.yaml"], "there is neither a file nor a trigger 'nothing.yaml'"),
        (["helo"], "did you mean 'hello'?"),
        (["--rule", "NAC999"], "there is no rule 'NAC999'"),
        (["--rule", "undefined-varible"], "did you mean 'undefined-variable'?"),
        (["--diff"], "--diff goes with --fix"),
        (["--since", "main"], "--since main: "),
        (["--project", "nowhere"], "there is no folder"),
    ],
)
def test_misuse(project: Project, args: list[str], said: str) -> None:
    done = project.nac("check", *args)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_since(project: Project) -> None:
    broken = HELLO.replace("event.name", "event.nmae")
    project.write("notifications/old.yaml", broken.replace("hello", "old"))
    project.git("init", "-q")
    project.commit()
    project.git("branch", "base")
    assert project.check("--since", "base") == (0, [])
    project.write("notifications/templates/hello/inbox.hbs", "Hello {{nmae}}\n")  # not staged
    assert project.check("--since", "base")[1] == ["notifications/templates/hello/inbox.hbs:1 NAC311"]
    project.commit()
    project.write("notifications/new.yaml", broken.replace("hello", "new"))  # not known to git
    every = ["notifications/new.yaml:3 NAC301", "notifications/templates/hello/inbox.hbs:1 NAC311"]
    assert project.check("--since", "base")[1] == every
    assert project.check("--since", "base", "notifications/new.yaml")[1] == every[:1]
    assert project.check("--since", "HEAD")[1] == every[:1]
    # What others did to the base meanwhile is not what changed here.
    project.git("checkout", "-q", "base")
    (project.root / "notifications/new.yaml").unlink()
    project.write("notifications/old.yaml", broken.replace("hello", "old") + "# touched\n")
    project.commit()
    project.git("checkout", "-q", "main")
    assert project.check("--since", "base")[1] == every[1:]


def test_since_a_file_was_deleted(project: Project) -> None:
    project.write("notifications/attachments/terms.txt", "x")
    project.write("notifications/hello.yaml", HELLO + "attachments: [{file: attachments/terms.txt}]\n")
    project.write("notifications/other.yaml", HELLO.replace("event.name", "event.nmae"))
    project.git("init", "-q")
    project.commit()
    (project.root / "notifications/attachments/terms.txt").unlink()
    assert project.check("--since", "HEAD")[1] == ["notifications/hello.yaml:5 NAC406"]


def test_since_in_a_folder_of_the_repository_with_strange_names(project: Project) -> None:
    inner = Project(project.root / "-inner dir")
    project.git("init", "-q")
    project.commit()
    for name in ("--help", "a b\tc", "ü", "x\ny"):
        inner.write(f"notifications/{name}.yaml", "workflow: [\n")
    done = project.nac("check", "--format", "json", "--since", "HEAD", "--project", "./-inner dir")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["findings"]) == 4
    done = project.nac("check", "--format", "github", "--since", "HEAD", "--project", "./-inner dir")
    assert done.stdout.count("\n") == 4
    assert all(line.startswith("::error file=-inner dir/notifications/") for line in done.stdout.splitlines())


@pytest.mark.parametrize("ref", ["--output=owned", "-h", "no such", "HEAD:notifications", "a..b", "$(touch owned)", ""])
def test_since_hostile_names(project: Project, ref: str) -> None:
    project.git("init", "-q")
    project.commit()
    done = project.nac("check", f"--since={ref}")
    assert done.returncode == 2, done.stdout
    assert done.stderr.count("Error: --since") == 1
    assert not (project.root / "owned").exists()


UNUSED = 'data: {a: "{{ event.user }}"} # nac: ignore[NAC301] needless\n'


def test_fix(project: Project) -> None:
    text = "\ufeff" + HELLO.replace(
        'data: {name: "{{ event.name }}"}\n', "# kept\n# nac: ignore[NAC303] needless\n" + UNUSED
    )
    text = text.replace("\n", "\r\n")
    path = project.root / "notifications" / "hello.yaml"
    project.write("notifications/templates/hello/inbox.hbs", "Hello {{a}}\n{{! nac: ignore[NAC311] needless }}\n")
    project.write("notifications/hello.yaml", text)
    path.chmod(0o640)
    done = project.nac("check", "--fix", "--diff")
    assert done.returncode == 1
    assert "-# nac: ignore[NAC303] needless" in done.stdout
    assert path.read_bytes() == text.encode()
    done = project.nac("check", "--fix")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "fixed 3 findings\nno findings\n")
    expected = text.replace("# nac: ignore[NAC303] needless\r\n", "").replace(" # nac: ignore[NAC301] needless", "")
    assert path.read_bytes() == expected.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert (project.root / "notifications/templates/hello/inbox.hbs").read_text() == "Hello {{a}}\n"
    assert project.nac("check", "--fix").stderr == "nothing to fix\nno findings\n"
    assert project.nac("check", "--fix", "--diff").returncode == 0
    assert sorted(one.name for one in path.parent.iterdir()) == ["hello.yaml", "nac.yaml", "templates"]


def test_fix_only_what_was_asked_for(project: Project) -> None:
    for name in ("a", "b"):
        project.write(f"notifications/{name}.yaml", HELLO.replace("hello", name) + "# nac: ignore[NAC301] needless\n")
    project.nac("check", "--fix", "a")
    assert "ignore" not in (project.root / "notifications/a.yaml").read_text()
    assert "ignore" in (project.root / "notifications/b.yaml").read_text()


def test_fix_refuses_a_file_that_changed_meanwhile(project: Project) -> None:
    tree = WorkTree(project.root)
    hello, other = "notifications/hello.yaml", "notifications/other.yaml"
    project.write(other, "a")
    with pytest.raises(ClickException, match="was changed meanwhile"):
        write(tree, [Fixed(other, b"a", b"b"), Fixed(hello, b"old", b"new")])
    assert (tree.read(other), tree.read(hello)) == (b"a", HELLO.encode())


def test_narrowed_ignores_are_not_called_needless(project: Project) -> None:
    # `name` is missing for the second trigger alone: asked about the first, the ignore is still needed.
    project.write("notifications/templates/hello/inbox.hbs", "{{! nac: ignore[NAC311] of old }}\nHello {{name}}\n")
    project.write(
        "notifications/second.yaml",
        HELLO.replace("workflow: hello", "workflow: second\ntemplate: hello").replace("data: {name", "data: {nmae"),
    )
    assert project.check() == (0, [])
    assert project.check("hello") == (0, [])
    assert project.check("notifications/hello.yaml") == (0, [])
    assert project.check("--rule", "NAC691") == (0, [])


def test_explain(project: Project) -> None:
    listed = project.nac("explain").stdout
    assert "NAC301  undefined-variable" in listed
    page = project.nac("explain", "nac301").stdout
    assert page.startswith("# NAC301 undefined-variable\n")
    assert project.nac("explain", "undefined-variable").stdout == page
    coloured = project.nac("explain", "NAC301", FORCE_COLOR="1", COLUMNS="80").stdout
    assert "\x1b[" in coloured
    assert "notifications/order-shipped.yaml" in coloured
    assert project.nac("explain", "NAC3001").returncode == 2


def test_colours(project: Project) -> None:
    project.write("notifications/hello.yaml", "workflow: [\n")
    assert "\x1b[1;31merror[NAC101" in project.nac("check", FORCE_COLOR="1").stdout
    assert "\x1b" not in project.nac("check", "--format", "json", FORCE_COLOR="1").stdout


def test_the_shipped_example_is_clean() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-m", "nac", "check", "--strict", "--project", str(root)], env=ENVIRON,
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no findings\n")
