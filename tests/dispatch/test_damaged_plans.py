"""A plan that is not whole is never begun: whatever byte of it was changed, cut off or taken away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from plans_made import people, stored

from nac.cli import cli
from nac.sandbox import Sandbox, required_keys

PAIR = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
BATCHES = "batches/000001.ndjson.zst"
Edit = Callable[[Path], object]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(validate=required_keys) as running:
        yield running


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "notifications").mkdir()
    return stored(tmp_path / "plan", people(250), workspace="production").folder


def dispatch(plan: Path, sandbox: Sandbox, *args: str) -> Result:
    where = ["--hub", sandbox.url, "--project", str(plan.parent), "--journal", str(plan.parent / "journal.sqlite")]
    return CliRunner().invoke(cli, ["dispatch", f"{plan}/", "--yes", *where, *args], env=PAIR)


def refused(found: Result, sandbox: Sandbox) -> str:
    """What was said, where nothing was sent and nobody saw a traceback."""
    assert found.exit_code == 1, found.output
    assert isinstance(found.exception, SystemExit), repr(found.exception)
    assert "Traceback" not in found.output
    assert "refused: " in found.stderr
    assert sandbox.count.calls == 0
    return found.stderr


def change(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1 + place % 255
    path.write_bytes(content)


def test_no_byte_of_a_plan_can_be_another(plan: Path, sandbox: Sandbox) -> None:
    random = Random(5)
    good = {path: path.read_bytes() for path in (plan / BATCHES, plan / "manifest.json")}
    for path, content in good.items():
        size = len(content)
        for place in sorted({0, 1, size - 2, *random.sample(range(size), 45)}):
            change(path, place)
            if path.suffix == ".json" and same(path.read_bytes(), content):
                path.write_bytes(content)
                continue  # another byte of white space, and the same plan
            said = refused(dispatch(plan, sandbox), sandbox)
            assert "plan again" in said, (path.name, place, said)
            path.write_bytes(content)
    assert dispatch(plan, sandbox).exit_code == 0
    assert sandbox.count.delivered == 250


def same(one: bytes, other: bytes) -> bool:
    try:
        found = json.loads(one)
    except ValueError:
        return False
    return bool(found == json.loads(other))


@pytest.mark.parametrize("name", [BATCHES, "manifest.json"])
def test_no_plan_can_be_shorter_or_longer(plan: Path, sandbox: Sandbox, name: str) -> None:
    path = plan / name
    content = path.read_bytes()
    closing = len(content.rstrip())
    for length in sorted({0, 1, closing - 1, *Random(6).sample(range(closing), 25)}):
        path.write_bytes(content[:length])
        assert "plan again" in refused(dispatch(plan, sandbox), sandbox), length
    for more in (b"x", b"\0" * 100, content):
        path.write_bytes(content + more)
        refused(dispatch(plan, sandbox), sandbox)


def newer(plan: Path) -> None:
    path = plan / "manifest.json"
    told = json.loads(path.read_text())
    told["plan"]["format"] = 2
    path.write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda plan: (plan / BATCHES).unlink(), "000001.ndjson.zst cannot be read: no such file or directory"),
        (lambda plan: shutil.rmtree(plan / "batches"), "cannot be read: no such file or directory"),
        (lambda plan: (plan / "manifest.json").unlink(), "there is no manifest.json in it"),
        (lambda plan: [shutil.rmtree(plan), plan.mkdir()], "there is no manifest.json in it"),
        (lambda plan: shutil.rmtree(plan), "cannot be read"),
        (lambda plan: [shutil.rmtree(plan), plan.write_text("a file")], "cannot be read"),
        (newer, "the plan has format 2, and this nac reads 1"),
        (lambda plan: (plan / "manifest.json").write_text("[]"), "manifest.json"),
        (lambda plan: (plan / "manifest.json").write_text("[" * 100_000), "manifest.json"),
        (lambda plan: [(plan / BATCHES).unlink(), (plan / BATCHES).mkdir()], "cannot be read"),
    ],
    ids=["no file", "no folder", "no manifest", "empty", "nothing", "a file", "newer", "list", "deep", "dir"],
)  # fmt: skip
def test_what_is_no_whole_plan_is_said_so(plan: Path, sandbox: Sandbox, edit: Edit, says: str) -> None:
    edit(plan)
    assert says in refused(dispatch(plan, sandbox), sandbox)


def test_a_plan_for_another_workspace_is_not_sent(plan: Path, sandbox: Sandbox) -> None:
    said = refused(dispatch(plan, sandbox, "--workspace", "staging"), sandbox)
    assert "is for the workspace `production`, not for `staging`" in said


def test_a_plan_that_was_begun_elsewhere_is_not_sent_here(plan: Path, sandbox: Sandbox) -> None:
    assert dispatch(plan, sandbox).exit_code == 0
    with Sandbox(validate=required_keys) as other:
        said = refused(dispatch(plan, other), other)
        assert "everybody would be sent to twice" in said


def test_a_file_that_changes_while_it_is_sent_stops_the_run(tmp_path: Path, sandbox: Sandbox) -> None:
    """The plan is verified first; what is sent is checked again as it is read."""
    (tmp_path / "notifications").mkdir()
    plan = stored(tmp_path / "plan", people(20_000)).folder
    later = plan / "batches/000002.ndjson.zst"
    whole = later.read_bytes()

    seen = sandbox._hub.answer

    def answer(*args: object) -> object:
        change(later, 5) if later.read_bytes() == whole else None
        return seen(*args)  # type: ignore[arg-type]

    sandbox._hub.answer = answer  # type: ignore[assignment, method-assign]
    found = dispatch(plan, sandbox)
    assert found.exit_code == 1, found.output
    assert "plan again" in found.output
    assert "Traceback" not in found.output
    assert 0 < sandbox.count.accepted < 20_000
    later.write_bytes(whole)
    sandbox._hub.answer = seen  # type: ignore[method-assign]
    assert dispatch(plan, sandbox).exit_code == 0
    assert (sandbox.count.delivered, sandbox.count.duplicates) == (20_000, 0)
