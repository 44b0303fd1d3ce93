"""What `nac check` says with its cache is what it says without it, whatever was changed before."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from nac.cache import store as stores
from nac.cache.files import RACY, NotPlainError, scan
from nac.cli import check_cache, cli
from nac.tree import WorkTree

REPOSITORY = Path(__file__).resolve().parents[2]

TRIGGER = """\
workflow: {name}
description: "{name}"
idempotency_key: "{name}-{{{{ event.id }}}}"
recipients: [{{user: {{distinct_id: "{{{{ event.user }}}}", plan: "{{{{ event.plan }}}}"}}}}]
data: {{name: "{{{{ event.name }}}}"}}
samples: [{{name: first, event: {{id: i1, user: u1, plan: gold, name: Ana}}}}]
"""
SETTINGS = "rules: {NAC323: off, NAC340: off, NAC606: off}\n"
TRANSLATION = {"greeting": "Hello {{name}}", "bye": "Goodbye"}


class Alike:
    """A project that is checked with and without a cache."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.parts = 0

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="")

    def check(self, *args: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["check", "--project", str(self.root), *args], standalone_mode=False)
        assert done.exception is None or done.exit_code == 1, done.exception
        return done.exit_code, done.output

    def same(self, *args: str) -> tuple[int, str]:
        with_cache = self.check(*args)
        assert with_cache == self.check("--no-cache", *args)
        return with_cache


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NAC_NO_CACHE", raising=False)
    return tmp_path / "cache/nac/check"


@pytest.fixture
def project(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Alike:
    made = Alike(tmp_path / "project")
    made.write("notifications/nac.yaml", SETTINGS)
    for name in ("first", "second", "third"):
        made.write(f"notifications/{name}.yaml", TRIGGER.format(name=name))
        made.write(f"notifications/templates/{name}/inbox.hbs", "Hello {{{name}}}\n")
    original = check_cache._in_parts

    def counted(*args: object) -> object:
        found = original(*args)  # type: ignore[arg-type]
        made.parts += found is not None
        return found

    monkeypatch.setattr(check_cache, "_in_parts", counted)
    return made


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`whole` for every time that a whole project was checked."""
    found: list[str] = []
    original = check_cache._whole

    def whole(*args: object) -> object:
        found.append("whole")
        return original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(check_cache, "_whole", whole)
    return found


def test_nothing_changed(project: Alike, looked: list[str]) -> None:
    first = project.same("--format", "json")
    assert looked == ["whole"]
    assert project.same("--format", "json") == first
    assert project.same("--format", "sarif")[0] == 0
    assert looked == ["whole"]


def test_one_template_changed(project: Alike, looked: list[str]) -> None:
    project.same()
    for text in ("Hello {{nmae}}\n", "Hello {{name}}\n", "Hi {{{name}}}\n"):
        project.write("notifications/templates/second/inbox.hbs", text)
        code, said = project.same()
        assert (code, "templates/second" in said) == (int("nmae" in text), "nmae" in text)
    assert looked == ["whole"]
    assert project.parts == 3


def test_a_trigger_that_becomes_the_twin_of_another(project: Alike) -> None:
    project.same()
    project.write("notifications/second.yaml", TRIGGER.format(name="first"))
    assert "NAC420" in project.same()[1]
    project.write("notifications/second.yaml", TRIGGER.format(name="second"))
    assert "NAC420" not in project.same()[1]


def test_a_key_that_becomes_that_of_another(project: Alike) -> None:
    project.same()
    shared = TRIGGER.format(name="second").replace('"second-{{', '"first-{{')
    project.write("notifications/second.yaml", shared)
    assert "NAC511" in project.same()[1]
    project.write("notifications/second.yaml", TRIGGER.format(name="second"))
    assert "NAC511" not in project.same()[1]


def test_a_property_that_becomes_another_kind(project: Alike) -> None:
    project.same()
    project.write("notifications/third.yaml", TRIGGER.format(name="third").replace("plan: gold", "plan: 1"))
    assert "NAC327" in project.same()[1]
    project.write("notifications/third.yaml", TRIGGER.format(name="third"))
    assert "NAC327" not in project.same()[1]


def test_a_translation_that_nothing_asks_for_any_more(project: Alike) -> None:
    project.write("suprsend/translations/en.json", json.dumps(TRANSLATION))
    project.write("notifications/templates/first/inbox.hbs", '{{t "greeting" name=name}}\n')
    project.write("notifications/templates/second/inbox.hbs", '{{t "bye"}} {{{name}}}\n')
    assert "`bye`" not in project.same()[1]
    project.write("notifications/templates/second/inbox.hbs", "Hello {{{name}}}\n")
    assert "`bye`" in project.same()[1]
    project.write("notifications/templates/third/inbox.hbs", '{{t "bye"}} {{{name}}}\n')
    assert "`bye`" not in project.same()[1]


def test_settings_in_two_places(project: Alike) -> None:
    project.same()
    project.write("notifications/nac.yaml", SETTINGS + "strict: true\n")
    project.write("notifications/templates/first/inbox.hbs", "Hello {{{name}}} {{{name}}}\n")
    project.same()
    project.write("notifications/nac.yaml", "rules: {NAC340: off, NAC301: off}\n")
    project.same()


def test_rules_that_were_asked_for_have_answers_of_their_own(project: Alike) -> None:
    project.write("notifications/templates/second/inbox.hbs", "Hello {{nmae}}\n")
    every, one = project.same(), project.same("--rule", "NAC601")
    assert every != one == (0, one[1])
    assert project.same() == every


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"form": 1}', "\udcff", "[" * 100_000, "deleted"])
def test_a_damaged_cache_is_none(project: Alike, cache: Path, damage: str) -> None:
    project.write("notifications/templates/second/inbox.hbs", "Hello {{nmae}}\n")
    project.same()
    (entry,) = cache.iterdir()
    if damage == "deleted":
        shutil.rmtree(cache)
    else:
        entry.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert "nmae" in project.same()[1]


def test_every_part_of_an_entry_may_be_of_another_kind(project: Alike, cache: Path) -> None:
    project.write("notifications/templates/second/inbox.hbs", "Hello {{nmae}}\n")
    project.same()
    (entry,) = cache.iterdir()
    good = stores.opened(entry.read_bytes())
    others: list[object] = [None, 1, "x", [], {}, [[]], {"x": 1}]
    for name in good:
        for other in others:
            if good[name] == other or name == "outside":
                continue
            entry.write_bytes(stores.sealed({**good, name: other}))
            project.check()
    assert project.same()[0] == 1


def test_not_one_character_can_be_lost(project: Alike, cache: Path) -> None:
    project.write("notifications/templates/second/inbox.hbs", "Hello {{nmae}}\n")
    project.same()
    (entry,) = cache.iterdir()
    data = entry.read_bytes()
    assert b"nmae" in data
    entry.write_bytes(data.replace(b"nmae", b"name"))
    assert "nmae" in project.same()[1]


def test_nobody_else_may_have_written_it(project: Alike, cache: Path, looked: list[str]) -> None:
    project.same()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert [stat.S_IMODE(one.stat().st_mode) for one in cache.iterdir()] == [0o600]
    cache.chmod(0o777)
    project.same()
    assert looked == ["whole", "whole"]


def test_what_is_known_takes_no_large_library(project: Alike) -> None:
    project.same()
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(sorted({'duckdb', 'jinja2', 'pydantic', 'yaml'} & set(sys.modules))))\n"
        f"from nac.cli import main; main(['check', '--project', {str(project.root)!r}])\n"
    )
    # The first has a Python of its own, whose answers may not be those of this one.
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=180, check=True)
        for _ in range(2)
    ]
    assert (runs[1].stdout, runs[1].stderr) == ("[]\n", "no findings\n")


def test_two_runs_at_once(project: Alike, cache: Path) -> None:
    command = [sys.executable, "-m", "nac", "check", "--project", str(project.root)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
    assert [one.communicate(timeout=180)[0] for one in runs] == ["no findings\n"] * 3
    assert len(list(cache.iterdir())) == 1


def test_turned_off(project: Alike, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project.check("--no-cache")
    monkeypatch.setenv("NAC_NO_CACHE", "1")
    project.check()
    assert not cache.exists()


def test_links_are_not_kept(project: Alike, cache: Path) -> None:
    outside = project.root.parent / "outside.hbs"
    outside.write_text("x")
    (project.root / "notifications/templates/first/sms.hbs").symlink_to(outside)
    project.same()
    assert not cache.exists()
    with pytest.raises(NotPlainError):
        scan(str(project.root), ["notifications"])


def test_folders_are_listed_as_they_are_on_disk(project: Alike) -> None:
    for path in (
        "a.yaml/b.txt",
        "a.yaml/c.yml/d",
        "node_modules/e.hbs",
        "f/.git/g",
        "f/h.yml/i",
        ".hidden/j",
        "f.x",
        "f-/k",
    ):
        project.write(f"notifications/{path}", "")
    (project.root / "notifications/f/empty").mkdir()
    files = scan(str(project.root), ["notifications", "suprsend"])
    known, disk = check_cache._Tree(str(project.root), files), WorkTree(project.root)
    for folder in (
        *(one.rstrip("/") for one in files),
        "notifications/none",
        "suprsend",
        "",
        ".",
        "..",
        "notifications/f/",
    ):
        assert list(known.files(folder)) == list(disk.files(folder)), folder


def test_a_file_that_changes_while_it_is_checked(project: Alike, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = check_cache._whole

    def meanwhile(*args: object) -> object:
        found = original(*args)  # type: ignore[arg-type]
        project.write("notifications/templates/second/inbox.hbs", "Hello {{nmae}}\n")
        return found

    monkeypatch.setattr(check_cache, "_whole", meanwhile)
    assert project.check()[0] == 0
    assert not cache.exists()
    assert project.same()[0] == 1


def test_the_same_size_and_time(project: Alike) -> None:
    path = project.root / "notifications/templates/second/inbox.hbs"
    seen = path.stat()
    project.same()
    path.write_text("Hello {{{nmae}}}\n")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert project.same()[0] == 1


def test_what_cannot_have_changed_is_not_read_again(project: Alike) -> None:
    path, root = "notifications/templates/second/inbox.hbs", str(project.root)
    known = {one: ("seen before", about) for one, (_, about) in scan(root, ["notifications"]).items()}
    later = time.time_ns() + 2 * RACY
    assert scan(root, ["notifications"], known, later)[path][0] == "seen before"
    # Written so shortly before the look that it may have been written again since.
    assert scan(root, ["notifications"], known, time.time_ns())[path][0] != "seen before"
    project.write(path, "Hello {{{nmae}}}\n")
    assert scan(root, ["notifications"], known, later)[path][0] != "seen before"


def test_it_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MAX_ENTRIES", 3)
    store = stores.Store(tmp_path / "cache")
    for number in range(9):
        store.write(str(number), [number])
        os.utime(next(iter(tmp_path.glob("cache/*"))), None)
    assert len(list((tmp_path / "cache").iterdir())) == 3
    assert store.read("8") == [8]
    monkeypatch.setattr(stores, "MAX_TOTAL", 10)
    store.write("9", ["123456"])
    assert store.read("9") == ["123456"]
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert stores.Store(None).read("x") is None


def edits(root: Path, dice: random.Random) -> Iterator[str]:
    """Change after change of a project, each of one or two files; told as a text for whoever reads a failure."""
    removed: dict[Path, bytes] = {}
    while True:
        files = sorted(one for one in root.rglob("*") if one.is_file())
        texts = [one for one in files if one.suffix in (".hbs", ".yaml", ".json") and one.name != "nac.yaml"]
        path = dice.choice(texts if texts and dice.random() < 0.8 else files)
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        kind = dice.choice(
            ["swap", "drop", "double", *["word"] * 3, *["blank"] * 3, *["undo"] * 4, "delete", "rename", "add"]
        )
        if kind == "undo" and removed:
            path = dice.choice(sorted(removed))
            data = removed.pop(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        elif kind == "delete":
            removed[path] = data
            path.unlink()
        elif kind == "rename":
            path.rename(path.with_name(f"x{path.name}"))
        elif kind == "add":
            path.with_name(f"copy-{path.name}").write_bytes(data)
        elif lines:
            removed.setdefault(path, data)
            index = dice.randrange(len(lines))
            if kind == "drop":
                del lines[index]
            elif kind == "double":
                lines.insert(index, lines[index])
            elif kind == "swap":
                other = dice.randrange(len(lines))
                lines[index], lines[other] = lines[other], lines[index]
            elif kind == "blank":
                lines.insert(index, b"\n")
            else:
                words = [b"event", b"name", b"user", b"u1", b"1", b"t", b"workflow", b"row"]
                old, new = dice.sample(words, 2)
                lines[index] = lines[index].replace(old, new)
            path.write_bytes(b"".join(lines))
        yield f"{kind} {path.relative_to(root)}"


@pytest.mark.parametrize("seed", range(int(os.environ.get("CACHE_SEEDS", "2"))))
def test_whatever_is_changed(project: Alike, seed: int) -> None:
    """The example project, and the small one in which a part alone is often all that changed."""
    dice = random.Random(seed)
    project.write("notifications/teams/fourth.yaml", TRIGGER.format(name="fourth") + "template: third\n")
    project.write("notifications/fifth.yaml", TRIGGER.format(name="fifth").replace("recipients:", "recipients: &all"))
    project.write("notifications/templates/fifth/sms.hbs", '{{t "greeting" name=name}}\n')
    project.write("notifications/templates/fifth/email.hbs", "---\nsubject: Hi\n---\n{{> footer}} {{{name}}}\n")
    project.write("suprsend/translations/en.json", json.dumps(TRANSLATION, indent=1))
    project.write("suprsend/translations/es.json", json.dumps(TRANSLATION, indent=1))
    if seed % 4 == 2:
        tree = {"nodes": [{"node_type": "send_inbox", "properties": {"template": "second"}}]}
        project.write("suprsend/workflows/first/workflow.json", json.dumps({"tree": tree}, indent=1))
    if seed % 2:
        shutil.rmtree(project.root)
        for folder in ("notifications", "suprsend"):
            shutil.copytree(REPOSITORY / folder, project.root / folder)
    changes = edits(project.root, dice)
    for _ in range(int(os.environ.get("CACHE_EDITS", "4" if seed % 2 else "25"))):
        done = next(changes)
        if not (project.root / "notifications").is_dir():
            break
        with_cache, without = project.check("--format", "json"), project.check("--format", "json", "--no-cache")
        assert with_cache == without, done
