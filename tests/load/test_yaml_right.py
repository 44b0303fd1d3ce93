"""YAML that is right: what it says, and where each part of it stands."""

from pathlib import Path
from typing import Any

import pytest

from nac import api
from nac.source import Node, SourceFile, Span
from nac.yaml_reader import read_yaml


def read(text: str) -> Node:
    node, found = read_yaml(SourceFile("notifications/x.yaml", text))
    assert found == []
    assert node is not None
    return node


def value(text: str) -> Any:
    return read(f"x: {text}\n").value["x"]


ANCHORS = """\
workflow: order-shipped
recipients:
  - user: &ada {distinct_id: u1, $timezone: Europe/Berlin}
  - user: *ada
  - user: {<<: *ada, distinct_id: u2}
data:
  <<: [{a: 1, b: 1}, {b: 2, c: 2}]
  c: 3
"""


def test_an_alias_is_its_anchors_value() -> None:
    first, second, third = (one["user"] for one in read(ANCHORS).value["recipients"])
    assert first == second == {"distinct_id": "u1", "$timezone": "Europe/Berlin"}
    assert third == {"distinct_id": "u2", "$timezone": "Europe/Berlin"}


def test_a_merge_keeps_what_is_written_and_what_comes_first() -> None:
    assert read(ANCHORS).value["data"] == {"a": 1, "b": 1, "c": 3}


def test_what_is_merged_or_aliased_stands_where_it_was_written() -> None:
    node = read(ANCHORS)
    written = Span(3, 45, 3, 58)
    assert node.at(("recipients", 0, "user", "$timezone")).span == written
    assert node.at(("recipients", 1, "user", "$timezone")).span == written
    assert node.at(("recipients", 2, "user", "$timezone")).span == written
    assert node.key_span(("recipients", 2, "user", "$timezone")) == Span(3, 34, 3, 43)
    assert node.key_span(("recipients", 2, "user", "distinct_id")) == Span(5, 22, 5, 33)


def test_an_alias_itself_stands_where_it_is() -> None:
    assert read(ANCHORS).at(("recipients", 1, "user")).span == Span(4, 11, 4, 15)


def test_a_quoted_merge_key_is_a_key_like_any_other() -> None:
    assert read('"<<": {a: 1}\n').value == {"<<": {"a": 1}}


def test_an_anchor_may_be_given_again() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").value == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # YAML 1.2.2, §10.3.2
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("0", 0), ("-19", -19), ("+12", 12), ("007", 7), ("0o7", 7), ("0x3A", 58),
        ("0.", 0.0), ("-0.0", 0.0), (".5", 0.5), ("+12e03", 12000.0), ("-2E+05", -200000.0), ("1e3", 1000.0),
        # what YAML 1.1 took for something else
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("NO", "NO"),
        ("12:30:45", "12:30:45"), ("1_000", "1_000"), ("0b11", "0b11"), ("0777", 777),
        ("2026-01-31", "2026-01-31"), ("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z"), ("=", "="),
        ("nULL", "nULL"), ("tRue", "tRue"), ("0x", "0x"), ("0o8", "0o8"), ("1e", "1e"), (".", "."), ("+", "+"),
        ("1.2.3", "1.2.3"), ("+15555550100", 15555550100), ("nan", "nan"), ("inf", "inf"),
        # quotes make text
        ("'true'", "true"), ('"12"', "12"), ("''", ""), ('"\\u00e9\\n"', "é\n"), ("'it''s'", "it's"),
    ],
)  # fmt: skip
def test_core_scalars(text: str, meant: object) -> None:
    found = value(text)
    assert found == meant
    assert type(found) is type(meant)


def test_a_key_is_text_whatever_it_looks_like() -> None:
    assert read("true: 1\n12: 2\n~: 3\n2026-01-31: 4\n").value == {"true": 1, "12": 2, "~": 3, "2026-01-31": 4}


@pytest.mark.parametrize("before", ["", "\ufeff", "# a comment\n", "---\n", "%YAML 1.2\n---\n", "\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_beginnings(before: str, end: str, tmp_path: Path) -> None:
    """What stands in front of a file and at the end of its lines changes no column."""
    folder = tmp_path / "notifications"
    folder.mkdir()
    text = before + "workflow: order-shipped\nrecipients:\n  - user: {distinct_id: u1, $timezone: Nowhere}\n"
    (folder / "order-shipped.yaml").write_bytes(text.replace("\n", end).encode())
    (found,) = api.load(tmp_path).diagnostics
    assert "`Nowhere`" in found.message
    assert found.label.span == Span(3 + before.count("\n"), 40, 3 + before.count("\n"), 47)


def test_crlf_in_a_block_of_text_is_one_line_feed() -> None:
    assert read("note: |\r\n  one\r\n  two\r\n").value == {"note": "one\ntwo\n"}


def test_other_marks_that_look_like_line_ends_are_text() -> None:
    node = read("a: 'one\u2028two\u0085three'\nb: 1\n")
    assert node.value == {"a": "one\u2028two\u0085three", "b": 1}
    assert node.at(("b",)).span == Span(2, 4, 2, 5)


def test_unicode_names(tmp_path: Path) -> None:
    folder = tmp_path / "notifications" / "größe"
    folder.mkdir(parents=True)
    (folder / "出荷🚀.yaml").write_text(
        'workflow: order-shipped\nrecipients: [user: "{{ event.名前 }}"]\nsamples: [{name: ünï, event: {名前: Zoë}}]\n',
        "utf-8",
    )
    loaded = api.load(tmp_path)
    assert loaded.diagnostics == ()
    assert list(loaded.project.triggers) == ["größe/出荷🚀"]
    (event,) = api.samples(loaded.project, "größe/出荷🚀")
    assert event.name == "ünï"
    compiled = api.compile(loaded.project, "größe/出荷🚀", event)
    assert compiled.diagnostics == ()
    assert compiled.payloads[0].people == ("Zoë",)


def test_a_flow_value_ends_behind_its_bracket() -> None:
    node = read("a: {b: [1, 2 ], c: { } }\n")
    assert node.at(("a",)).span == Span(1, 4, 1, 25)
    assert node.at(("a", "b")).span == Span(1, 8, 1, 15)
    assert node.at(("a", "c")).span == Span(1, 20, 1, 23)


def test_as_deep_and_as_large_as_is_allowed() -> None:
    deep = "x: " + "[" * 63 + "]" * 63 + "\n"
    assert read(deep).at(("x",)).size == 63
    assert len(read("x:\n" + "- 1\n" * 99_997).value["x"]) == 99_997


def test_settings_may_be_empty(tmp_path: Path) -> None:
    folder = tmp_path / "notifications"
    folder.mkdir()
    (folder / "nac.yaml").write_text("# nothing yet\n")
    assert api.load(tmp_path).diagnostics == ()
