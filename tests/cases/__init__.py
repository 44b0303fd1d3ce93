"""A test case is one text file: a project, and what nac says about it.

```
# One sentence that says what this case is about.
=== notifications/nac.yaml
directories: {people: {path: people.csv}}
=== notifications/people.csv (hex)
69 64 0a 75 31 0a
=== findings
…
```
Each `=== path` starts a file of the project; sections of the same path are put together. What stands in round
brackets behind a path, separated by commas, changes the section:

| option | meaning |
|---|---|
| `hex`, `base64` | the bytes themselves |
| `latin-1`, `utf-16` | another encoding than UTF-8 |
| `bom`, `crlf`, `cr` | a byte order mark in front; other line ends |
| `inline` | without the last line feed |
| `repeat N` | the text N times |
| `steps N` | the text N times, each indented by one more space |
| `directory` | an empty folder |
| `link TARGET` | a symbolic link |

`=== never shown` lists texts, one a line, that no message may hold. `=== findings`, the last section, is written by
`pytest --update`: change the project, run it, read the difference.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nac import api
from nac.diagnostics import Diagnostic, ordered
from nac.report.findings import findings_text
from nac.source import SourceFile
from nac.templates.library import load_template, template_slugs
from nac.templates.translation_files import load_translations

_HEAD = re.compile(r"=== (?P<path>.*?)(?: \((?P<options>.*)\))?")
_FINDINGS, _NEVER = "findings", "never shown"


@dataclass
class Case:
    """A case file. `files` holds bytes by path; a path that ends in `/` is a folder; `links` has their targets."""

    path: Path
    title: str
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    findings: str = ""

    def write(self, root: Path) -> None:
        """Make the project in the folder `root`."""
        for path, data in self.files.items():
            target = root / path
            if path.endswith("/"):
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        for path, link in self.links.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(link)

    def source(self, path: str) -> SourceFile:
        """A file as nac shows it. Bytes that are not UTF-8 count as one character each."""
        return SourceFile(path, self.files.get(path, b"").decode("utf-8-sig", "replace"))

    def text(self, found: list[Diagnostic]) -> str:
        return findings_text(found, lambda path, number: self.source(path).line(number))

    def update(self, findings: str) -> None:
        """Write `findings` into the case file."""
        head, _, _ = self.path.read_text("utf-8").partition(f"=== {_FINDINGS}\n")
        self.path.write_text(f"{head}=== {_FINDINGS}\n{findings}", "utf-8", newline="\n")


def read_case(path: Path) -> Case:
    """The case in a file. Raises ValueError when it is not one."""
    title, *lines = path.read_text("utf-8").split("\n")
    if not title.startswith("# "):
        raise ValueError(f"{path.name} does not start with `# ` and a sentence")
    case = Case(path, title.removeprefix("# "))
    for name, options, body in _sections(lines):
        if name == _FINDINGS:
            case.findings = body
        elif name == _NEVER:
            case.never = tuple(body.splitlines())
        elif options[:1] == ["directory"]:
            case.files[name.rstrip("/") + "/"] = b""
        elif options and options[0].startswith("link "):
            case.links[name] = options[0].removeprefix("link ")
        else:
            case.files[name] = case.files.get(name, b"") + _bytes(body, options)
    return case


def _sections(lines: list[str]) -> Iterator[tuple[str, list[str], str]]:
    head, body = None, []
    for line in [*lines[:-1], "=== end"]:
        if (found := _HEAD.fullmatch(line)) is None:
            body.append(line + "\n")
            continue
        if head is not None:
            options = [one.strip() for one in (head["options"] or "").split(",") if one.strip()]
            yield head["path"], options, "".join(body)
        head, body = found, []


def _bytes(text: str, options: list[str]) -> bytes:
    encoding, prefix = "utf-8", b""
    for option in options:
        word, _, number = option.partition(" ")
        if option == "hex":
            return bytes.fromhex(text)
        if option == "base64":
            return base64.b64decode(text)
        if option in ("latin-1", "utf-16"):
            encoding = option
        elif option == "bom":
            prefix = "\ufeff".encode()
        elif option in ("crlf", "cr"):
            text = text.replace("\n", {"crlf": "\r\n", "cr": "\r"}[option])
        elif option == "inline":
            text = text.removesuffix("\n")
        elif word == "repeat":
            text = text * int(number)
        elif word == "steps":
            text = "".join(" " * step + text for step in range(int(number)))
        else:
            raise ValueError(f"there is no option `{option}`")
    return prefix + text.encode(encoding)


def findings_of(root: Path) -> list[Diagnostic]:
    """What nac says about the project in `root`: when it and its templates are read, and each sample is compiled."""
    loaded = api.load(root)
    found = list(loaded.diagnostics)
    tree, suprsend = loaded.project.tree, loaded.project.settings.suprsend
    for slug in template_slugs(tree, suprsend):
        found += load_template(tree, slug, suprsend)[1]
    found += load_translations(tree, suprsend)[1]
    where = api.directories(loaded.project)
    for name in loaded.project.triggers:
        for event in api.samples(loaded.project, name):
            found += api.compile(loaded.project, name, event, where).diagnostics
    return ordered(found)


def cases(folder: Path) -> list[Case]:
    """The cases in a folder, by name."""
    return [read_case(path) for path in sorted(folder.glob("*.case"))]


def check(case: Case, found: list[Diagnostic], root: Path) -> None:
    """What must hold for every finding of every case."""
    assert found, "nothing was found"
    assert found == ordered(found), "not sorted, or one is there twice"
    for one in found:
        for label in (one.label, *one.related):
            assert label.path in case.files or f"{label.path}/" in case.files or label.path in case.links, label
            if label.span is not None:
                _inside(case.source(label.path), label.span)
        assert one.message == one.message.strip(), one
    text = case.text(found)
    strange = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", text)
    assert strange is None, f"{strange[0]!r} in the findings"
    assert len(re.findall(r"^(?:error|warning|info)\[", text, re.MULTILINE)) == len(found), "a message on several lines"
    assert str(root) not in text, "a path of this machine in the findings"
    assert re.search(r"\w(Error|Exception)\b", text) is None, "the words of a library"
    said = "\n".join(f"{one.message}\n{one.help}" for one in found)
    for secret in case.never:
        assert secret not in said, f"{secret} is shown"


def _inside(source: SourceFile, span: tuple[int, int, int, int]) -> None:
    line, column, end_line, end_column = span
    lines = source.lines
    assert 1 <= line <= end_line <= len(lines), span
    assert 1 <= column <= len(lines[line - 1]) + 1, span
    assert 1 <= end_column <= len(lines[end_line - 1]) + 1, span
    assert (line, column) <= (end_line, end_column), span
