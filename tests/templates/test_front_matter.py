"""Front matter: where each character of its texts was written."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from nac.source import SourceFile
from nac.templates.front_matter import split, yaml_text


def texts(front: str, body: str = "Hi\n"):
    source = SourceFile("a.hbs", f"---\n{front}---\n{body}")
    node, rest, found = split(source)
    assert found == []
    assert node is not None
    return {key: yaml_text(source, below) for key, below in node.children.items()}, rest


def shown(text) -> list[str]:
    """What stands in the file where each character of the value is."""
    return [text.source.text[text.places[index]] for index in range(len(text.value))]


def test_every_style() -> None:
    found, body = texts(
        "plain: Hi {{name}}  # a comment\n"
        "single: 'It''s {{x}}'\n"
        'double: "a\\tb \\u00e9 \\"{{y}}\\" \\U0001F600z"\n'
        "literal: |\n  one {{a}}\n\n    two\n"
        "folded: >-\n  one\n  two {{b}}\n"
        'long: "one\n  two {{c}} \\\n  three"\n'
        "open: one\n  two {{d}}\n"
        "empty: ''\n",
        body="{{e}}\r\n",
    )
    assert (body.value, body.source.text[body.places[0] : body.places[-1]]) == ("{{e}}", "{{e}}")
    assert found["single"].value == "It's {{x}}"
    assert shown(found["double"]) == list("a\\b \\ \\{{y}}\\ \\z")
    assert found["empty"].span(0, 0)[:2] == (17, 9)
    for name, text in found.items():
        start = text.value.find("{{")
        if start >= 0:
            end = text.value.index("}}") + 2
            assert text.source.text[text.places[start] : text.places[end]] == text.value[start:end], name


def test_line_breaks_of_windows() -> None:
    found, _ = texts("a: |\r\n  one\r\n  two {{b}}\r\nb: 'c'\r\n")
    assert found["a"].value == "one\ntwo {{b}}\n"
    assert shown(found["a"])[4:] == [*"two {{b}}", "\r"]


@settings(deadline=None)
@given(st.text(alphabet="ab{}'\" \\é😀\n\t:#", max_size=30))
def test_double_quotes(text: str) -> None:
    found, _ = texts(f"k: {json.dumps(text, ensure_ascii=False)}\n")
    one = found["k"]
    assert one.value == text
    assert list(one.places) == sorted(one.places)
    for index, character in enumerate(text):
        there = one.source.text[one.places[index]]
        assert there in (character, "\\")


@settings(deadline=None)
@given(st.text(alphabet="ab{}'é😀 ", max_size=30).filter(lambda one: one == one.strip() and "  " not in one))
def test_single_quotes(text: str) -> None:
    quoted = text.replace("'", "''")
    found, _ = texts(f"k: '{quoted}'\n")
    assert found["k"].value == text
    assert shown(found["k"]) == list(text)


def test_what_is_no_front_matter() -> None:
    for text in ("Hi", "---\nHi\n", "--- \nHi", "----\na: b\n---\n", "a\n---\nb: c\n---\n"):
        node, body, found = split(SourceFile("a.hbs", text))
        assert (node, found, body.value) == (None, [], text.removesuffix("\n")), text


def test_empty_front_matter() -> None:
    node, body, found = split(SourceFile("a.hbs", "---\n---\nHi"))
    assert (node, body.value, found) == (None, "Hi", [])


def test_never_closed() -> None:
    _, _, [found] = split(SourceFile("a.hbs", "---\nsubject: Hi\n\nHello"))
    assert found.message == "the front matter that starts here is never closed"
