"""Every example of the README and the documentation, run as a reader would run it.

A page's examples run in order, in one copy of the example project:
- ```yaml title="path"``` and ```text title="path"``` are files of the project; a trigger must be without findings,
  unless the block says `findings`
- ```console``` holds commands after `$ ` and what they print, stderr too; `…` stands for any text
- ```python``` runs as a script
- ```sh``` is for what cannot be run here: set-up, and commands that stay up
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nac

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS = {"yaml", "text", "console", "python", "sh", "json"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("notifications", "suprsend"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_work(page: Path, project: Path) -> None:
    for kind, info, body in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert kind in KINDS, f"```{kind} is run by nothing"
        title = re.search(r'title="([^"]+)"', info)
        if kind in ("yaml", "text"):
            assert title, f"a {kind} block needs a title:\n{body}"
            write(project, title[1], body, may_have_findings="findings" in info)
        elif kind == "console":
            run_console(project, body)
        elif kind == "python":
            done = run([sys.executable, "-c", body], project)
            assert done.returncode == 0, done.stdout


def write(project: Path, path: str, body: str, *, may_have_findings: bool) -> None:
    if path == "notifications/nac.yaml":
        # A page shows the part it speaks of: it is checked alone, and the example's settings stay.
        project = project / "settings-alone"
    target = project / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(body, encoding="utf-8")
    loaded = nac.load(project)
    found = [one for one in loaded.diagnostics if one.label.path == path]
    assert bool(found) == may_have_findings, found
    name = path.removeprefix("notifications/").removesuffix(".yaml")
    is_trigger = path.startswith("notifications/") and path.endswith(".yaml")
    is_trigger = is_trigger and not path.endswith("nac.yaml") and not name.startswith("tenants/")
    if is_trigger and not may_have_findings:
        for event in nac.samples(loaded.project, name):
            assert not nac.compile(loaded.project, name, event).diagnostics


def run(command: list[str] | str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    environ.pop("FORCE_COLOR", None)
    return subprocess.run(
        command, cwd=cwd, env=environ, shell=isinstance(command, str), text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
    )  # fmt: skip


def run_console(project: Path, body: str) -> None:
    for step in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        printed = run(command, project).stdout
        pattern = "".join(".*?" if part == "…" else re.escape(part) for part in re.split("(…)", expected.strip("\n")))
        assert re.fullmatch(rf"{pattern}\n*", printed, re.DOTALL), f"$ {command}\n{printed}\nexpected:\n{expected}"


def test_every_command_is_documented() -> None:
    from nac.cli import COMMANDS

    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"## nac {name}\n" in text


def test_commands_page_is_the_help(request: pytest.FixtureRequest) -> None:
    page = ROOT / "docs" / "commands.md"
    made = commands_page()
    if request.config.getoption("--update", default=False):
        page.write_text(made, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == made, "run pytest --update"


def commands_page() -> str:
    from click.testing import CliRunner

    from nac.cli import COMMANDS, cli

    parts = ["# Commands\n", "`nac COMMAND --help` prints these; `python -m nac` is the same as `nac`.\n"]
    for name in ("", *COMMANDS):
        args = [name, "--help"] if name else ["--help"]
        printed = CliRunner(env={"COLUMNS": "100"}).invoke(cli, args, prog_name="nac", terminal_width=100)
        assert printed.exit_code == 0
        assert "Example: " in printed.output or not name
        parts.append(f"## nac {name}".rstrip() + f"\n\n```\n{printed.output.rstrip()}\n```\n")
    return "\n".join(parts)


def test_every_finding_is_documented() -> None:
    from nac.rules import RULES, page_name

    text = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(NAC\d{3})\]\(rules/(\S+)\) \| ([a-z0-9-]+) \| (\w+) \|", text, re.MULTILINE)
    assert rows == [(rule.code, page_name(rule), rule.name, rule.severity) for rule in RULES]


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_init_files_are_a_project(tmp_path: Path) -> None:
    from nac.scaffold import FILES, write_project

    write_project(tmp_path)
    loaded = nac.load(tmp_path)
    assert not loaded.diagnostics
    for name in loaded.project.triggers:
        for event in nac.samples(loaded.project, name):
            shown = nac.preview(loaded.project, name, event)
            assert not shown.diagnostics
            assert all(one.text for reader in shown.readers for one in reader.previews)
    assert set(FILES) == {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
