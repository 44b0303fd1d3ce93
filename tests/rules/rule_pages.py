"""A rule's page, `docs/rules/<CODE>-<name>.md`, as what it claims.

Blocks with `title="path"` are files of a project. Those above `## Bad` belong to both examples; `## Bad` must give
findings of this rule and no other, exactly as its `console` block shows them (`pytest --update` writes them there), and
`## Good` must give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from nac import api
from nac.diagnostics import Diagnostic
from nac.report.findings import findings_text
from nac.source import SourceFile

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
COMMAND = "$ nac check"
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<path>[^\"]+)\")?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Page:
    path: Path
    title: str
    summary: str
    bad: dict[str, str] = field(default_factory=dict)
    good: dict[str, str] = field(default_factory=dict)
    findings: str | None = None

    def update(self, findings: str) -> None:
        text = self.path.read_text("utf-8")
        block = f"```console\n{COMMAND}\n{findings}```"
        self.path.write_text(
            re.sub(r"```console\n.*?```", lambda _: block, text, count=1, flags=re.DOTALL), "utf-8", newline="\n"
        )


def read_page(path: Path) -> Page:
    text = path.read_text("utf-8")
    head, _, rest = text.partition("\n## Bad\n")
    bad, _, good = rest.partition("\n## Good\n")
    title, _, summary, *_ = head.split("\n")
    page = Page(path, title.removeprefix("# "), summary)
    shared = _files(head)
    page.bad, page.good = (shared | _files(bad), shared | _files(good)) if bad else ({}, {})
    if found := re.search(rf"^```console\n{re.escape(COMMAND)}\n(.*?)^```$", bad, re.MULTILINE | re.DOTALL):
        page.findings = found[1]
    return page


def _files(text: str) -> dict[str, str]:
    return {found["path"]: found["body"] for found in _BLOCK.finditer(text) if found["path"]}


def write_files(root: Path, files: dict[str, str]) -> None:
    (root / "notifications").mkdir(parents=True)
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="")


def checked(root: Path) -> list[Diagnostic]:
    return api.check(api.load(root))


def shown(found: list[Diagnostic], files: dict[str, str]) -> str:
    return findings_text(found, lambda path, number: SourceFile(path, files.get(path, "")).line(number))
