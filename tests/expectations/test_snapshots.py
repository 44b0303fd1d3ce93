"""Snapshots: written, compared, kept and deleted, from outside and as text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outside import SIMPLE, make, run

from nac.expectations.block_yaml import to_yaml
from nac.report.difference import MAX_LINES, difference
from nac.source import SourceFile
from nac.yaml_reader import read_yaml

SNAPSHOT = "notifications/__snapshots__/hello.snap.yaml"


def test_written_compared_and_deleted(tmp_path: Path) -> None:
    make(tmp_path)
    before = run(tmp_path, "test")
    assert (before.returncode, "snapshot" in before.stdout) == (0, False), "nobody has to keep snapshots"
    assert run(tmp_path, "test", CI="true").returncode == 0
    written = run(tmp_path, "test", "--update")
    assert written.returncode == 0
    assert "snapshots: 1 written, 0 deleted" in written.stdout
    text = (tmp_path / SNAPSHOT).read_text()
    assert "text: Hello Bo in Lyon" in text
    assert run(tmp_path, "test", CI="true").returncode == 0
    assert "written" not in run(tmp_path, "test", "--update").stdout
    assert (tmp_path / SNAPSHOT).read_text() == text
    (tmp_path / "notifications/templates/hello/sms.hbs").write_text("Hi {{$recipient.name}} in {{city}}\n")
    differs = run(tmp_path, "test")
    assert differs.returncode == 1
    assert "[-Hello-]{+Hi+} Ana in Lyon" in differs.stdout
    assert f"--> {SNAPSHOT}:" in differs.stdout
    assert "--> notifications/templates/hello/sms.hbs" in differs.stdout
    assert run(tmp_path, "test", "--update").returncode == 0
    assert run(tmp_path, "test").returncode == 0
    (tmp_path / "notifications/hello.yaml").unlink()
    assert "1 obsolete" in run(tmp_path, "test").stdout
    assert "0 written, 1 deleted" in run(tmp_path, "test", "--update").stdout
    assert not (tmp_path / "notifications/__snapshots__").exists()


def test_new_sample_fails_in_ci_alone(tmp_path: Path) -> None:
    make(tmp_path)
    run(tmp_path, "test", "--update")
    with (tmp_path / "notifications/hello.yaml").open("a") as file:
        file.write("  - {name: nobody known, event: {city: Rome, people: [{id: u1, name: Ana}]}}\n")
    done = run(tmp_path, "test")
    assert (done.returncode, "(new snapshot)" in done.stdout) == (0, True)
    strict = run(tmp_path, "test", CI="true")
    assert strict.returncode == 1
    assert "this sample has no snapshot" in strict.stdout
    assert "notifications/hello.yaml:9:12" in strict.stdout


def test_update_of_one_sample_keeps_the_others(tmp_path: Path) -> None:
    make(tmp_path)
    with (tmp_path / "notifications/hello.yaml").open("a") as file:
        file.write("  - {name: another, event: {city: Rome, people: [{id: u1, name: Ana}]}}\n")
    run(tmp_path, "test", "--update")
    old = (tmp_path / SNAPSHOT).read_text()
    (tmp_path / "notifications/templates/hello/sms.hbs").write_text("Bye {{$recipient.name}} in {{city}}\n")
    assert run(tmp_path, "test", "--sample", "another", "--update").returncode == 0
    new = (tmp_path / SNAPSHOT).read_text()
    assert new == old.replace("Hello Ana in Rome", "Bye Ana in Rome")


def test_trigger_with_mistakes_keeps_its_snapshots(tmp_path: Path) -> None:
    make(tmp_path)
    run(tmp_path, "test", "--update")
    (tmp_path / "notifications/hello.yaml").write_text("workflo: hello\n")
    done = run(tmp_path, "test", "--update")
    assert done.returncode == 1
    assert "unknown-key" in done.stdout
    assert (tmp_path / SNAPSHOT).exists()


def test_link_that_leads_out_is_not_written_through(tmp_path: Path) -> None:
    make(tmp_path / "in")
    (tmp_path / "out").mkdir()
    (tmp_path / "in/notifications/__snapshots__").symlink_to(tmp_path / "out")
    done = run(tmp_path / "in", "test", "--update")
    assert done.returncode == 1
    assert "leads out of the project" in done.stderr
    assert not list((tmp_path / "out").iterdir())


def test_too_large_to_be_kept(tmp_path: Path) -> None:
    files = {**SIMPLE, "notifications/templates/hello/sms.hbs": "{{$recipient.name}} " + "many words " * 2000}
    people = ", ".join(f"{{id: u{one}, name: A}}" for one in range(100))
    files["notifications/hello.yaml"] = re.sub(
        r"people: \[.*\]", f"people: [{people}]", SIMPLE["notifications/hello.yaml"]
    )
    make(tmp_path, files)
    done = run(tmp_path, "test", "--update")
    assert done.returncode == 1
    assert "cannot be kept" in done.stdout
    assert not (tmp_path / "notifications/__snapshots__").exists()


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("a \n\t:-#'\"|\\{}é\u2028\x85\ufeff"),
    st.sampled_from("null ~ 1 0x1f 1e3 - # = << .inf .5 1_000 yes 2026-01-01 a:b {{a}} &a *a !a @a %a".split()),
)
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False), TEXT
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=4))
def test_yaml_is_read_as_it_was_written(value: dict[str, object]) -> None:
    text = to_yaml(value)
    node, problems = read_yaml(SourceFile("x", text))
    assert not problems
    assert node is not None
    assert json.dumps(node.value) == json.dumps(value)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert not re.search(r"[ \t]$", text, re.MULTILINE) or any(one.isspace() for one in text.split(":"))


def test_difference_shows_what_is_near() -> None:
    before = "\n".join(f"line {one}" for one in range(50))
    lines = difference(before, before.replace("line 25", "line twenty-five"))
    assert lines == ["…", "line 23", "line 24", "line [-25-]{+twenty-five+}", "line 26", "line 27", "…"]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a  b", "a b", ["only white space differs:", "[-a··b-]", "{+a·b+}"]),
        ("a", "a\x1b[2J", ["a{+\\x1b[2J+}"]),
        ("", "new", ["{+new+}"]),
        ("a\n\nb", "a\nb", None),
    ],
)
def test_difference(before: str, after: str, shown: list[str] | None) -> None:
    found = difference(before, after)
    assert found
    assert shown is None or found == shown


def test_difference_of_much_is_short() -> None:
    before, after = (" ".join(f"{word}{one}" for one in range(30_000)) for word in "ab")
    assert sum(map(len, difference(before, after))) < 10_000
    assert len(difference(before.replace(" ", "\n"), after.replace(" ", "\n"))) <= MAX_LINES + 1
