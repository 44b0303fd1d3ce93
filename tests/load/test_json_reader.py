"""JSON with places: values, every mistake at its place, and the offset of each character of a text."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nac.json_reader import MAX_NODES, places, read_json
from nac.source import Node, SourceFile

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def read(text: str) -> tuple[Node | None, list[Any]]:
    return read_json(SourceFile("a.json", text))


@settings(deadline=None)
@given(value=JSON, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]), end=st.sampled_from(["\n", "\r\n"]))
def test_values_and_places(value: Any, ascii_only: bool, indent: int | None, end: str) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).replace("\n", end)
    source = SourceFile("a.json", text)
    root, found = read_json(source)
    assert found == []
    assert root is not None
    assert root.value == value
    check(root, source)


def check(node: Node, source: SourceFile) -> None:
    """Every span holds the JSON of its value; each character of a text stands where its place says."""
    assert json.loads(cut(source, node.span)) == node.value
    if isinstance(node.children, dict):
        for key, below in node.children.items():
            assert json.loads(cut(source, (node.keys or {})[key])) == key
            check(below, source)
    elif isinstance(node.children, list):
        for below in node.children:
            check(below, source)
    elif isinstance(node.value, str):
        found = places(source, node)
        assert found is not None
        assert len(found) == len(node.value) + 1
        parts = [source.text[found[index] : found[index + 1]] for index in range(len(node.value))]
        assert [json.loads(f'"{part}"') for part in parts] == list(node.value)
        assert source.text[found[-1]] == '"'


def cut(source: SourceFile, span: Any) -> str:
    lines = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", source.text))]
    return source.text[lines[span[0] - 1] + span[1] - 1 : lines[span[2] - 1] + span[3] - 1]


@pytest.mark.parametrize(
    ("text", "code", "says", "place"),
    [
        ("", "NAC104", "holds nothing", (1, 1)),
        (" \n", "NAC104", "holds nothing", (1, 1)),
        ('{"a": 1,}', "NAC108", "a comma behind the last value", (1, 8)),
        ('[\n  1\n  2\n]', "NAC108", "a comma or `]` is missing before this", (3, 3)),
        ("{a: 1}", "NAC108", "a key stands in double quotes", (1, 2)),
        ('{"a" 1}', "NAC108", "a `:` is missing", (1, 6)),
        ('{"a":\r\n [1', "NAC108", "never closed", (2, 2)),
        ('{"a": }', "NAC108", "a value is missing here", (1, 7)),
        ('{"a": NaN}', "NAC108", "`NaN` is not a number that JSON can hold", (1, 7)),
        ("[1e999]", "NAC108", "`1e999` is not a number that JSON can hold", (1, 2)),
        ("[-Infinity]", "NAC108", "not a number that JSON can hold", (1, 2)),
        ("[01]", "NAC108", "`01` is no number", (1, 2)),
        ("[+1]", "NAC108", "`+1` is no number", (1, 2)),
        ("['a']", "NAC108", "`'a'` is no value", (1, 2)),
        (r'["x\ud83dx"]', "NAC108", "half a character", (1, 4)),
        (r'["\ude00\ud83d"]', "NAC108", "half a character", (1, 3)),
        (r'["\x41"]', "NAC108", "escape is not known", (1, 3)),
        (r'["\u12"]', "NAC108", "escape is not known", (1, 3)),
        ('["a\tb"]', "NAC108", "a tab stands in a text", (1, 4)),
        ('["a\x01b"]', "NAC108", "U+0001", (1, 4)),
        ('{"a": "b\n"}', "NAC108", "not closed on its line", (1, 7)),
        ("{} {}", "NAC108", "something follows", (1, 4)),
        ("// hello\n{}", "NAC108", "no comments", (1, 1)),
        ('{"a": 1,\n "a": 2}', "NAC102", "stands twice", (2, 2)),
        ("[" * 100_000, "NAC107", "64 levels", (1, 65)),
        (f"[{'1' * 401}]", "NAC107", "400 digits", (1, 2)),
        (f"[{'1,' * MAX_NODES}1]", "NAC107", "values", (1, 2 * MAX_NODES)),
    ],
    ids=lambda one: repr(one)[:20],
)  # fmt: skip
def test_mistakes(text: str, code: str, says: str, place: tuple[int, int]) -> None:
    found = read(text)[1]
    assert says in found[0].message
    assert found[0].rule.code == code
    assert found[0].label.span[:2] == place


def test_what_can_be_read_past_is_read() -> None:
    root, found = read('{"a": NaN, "b": [1,], "a": "\\q", "c": "\t"}')
    assert root is not None
    assert root.value == {"a": "q", "b": [1], "c": "\t"}
    assert len(found) == 5
    assert found[2].related[0].message == "first written here"


def test_mistakes_of_one_file_are_bounded() -> None:
    root, found = read(f"[{'NaN,' * 1000}1]")
    assert root is None
    assert len(found) == 100


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\u d8x0e-.1tn\n\r\t', max_size=40))
def test_the_verdict_is_that_of_the_standard_library(text: str) -> None:
    try:
        json.loads(text, parse_constant=lambda name: 1 / 0)
        theirs = True
    except (ValueError, ZeroDivisionError):
        theirs = False
    root, found = read(text)
    if theirs and not any("half a character" in one.message or "not a number" in one.message for one in found):
        assert root is not None
        assert {one.rule.code for one in found} <= {"NAC102"}
    elif not theirs:
        assert found
