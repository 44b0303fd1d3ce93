"""Fixes as text edits: what is not edited stays byte for byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nac.check.fixes import plan
from nac.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from nac.source import SourceFile, Span

RULE = Rule("NAC999", "a-rule")


def finding(*edits: tuple[Span, str], path: str = "a.yaml") -> Diagnostic:
    return Diagnostic(RULE, "x", Label(path), fix=Fix("do it", tuple(Edit(path, span, text) for span, text in edits)))


def fixed(data: bytes, *found: Diagnostic) -> tuple[bytes, int, int]:
    """What becomes of a file, how many fixes were made and how many were left."""
    result = plan(found, lambda path: data)
    return (result.files[0].after if result.files else data), len(result.made), result.left


def test_line_ends_and_marks_are_kept() -> None:
    data = "\ufeffa: 1\r\nb:  '2' # c\r\n".encode()
    made = fixed(data, finding((Span(2, 5, 2, 8), "3\nx: 4")))
    assert made == ("\ufeffa: 1\r\nb:  3\r\nx: 4 # c\r\n".encode(), 1, 0)


def test_several_fixes_of_one_file() -> None:
    found = [finding((Span(1, 4, 1, 5), "9")), finding((Span(2, 4, 2, 5), "8"), (Span(1, 1, 1, 2), "z"))]
    assert fixed(b"a: 1\nb: 2\n", *found) == (b"z: 9\nb: 8\n", 2, 0)


def test_of_two_that_touch_the_first_is_made_and_the_other_not_at_all() -> None:
    found = [finding((Span(1, 1, 1, 5), "x")), finding((Span(2, 1, 2, 2), "y"), (Span(1, 3, 1, 4), "z"))]
    assert fixed(b"a: 1\nb: 2\n", *found) == (b"x\nb: 2\n", 1, 1)


def test_the_same_twice() -> None:
    one = finding((Span(1, 1, 1, 1), "x"))
    assert fixed(b"a\n", one, one) == (b"xa\n", 1, 1)


def test_places_that_are_not_there() -> None:
    for span in (Span(9, 1, 9, 2), Span(1, 1, 1, 99), Span(2, 1, 1, 1), Span(0, 1, 1, 1)):
        assert fixed(b"a\n", finding((span, "x"))) == (b"a\n", 0, 1)
    assert fixed(b"\xff\n", finding((Span(1, 1, 1, 1), "x"))) == (b"\xff\n", 0, 1)


def test_files_that_cannot_be_read() -> None:
    result = plan([finding((Span(1, 1, 1, 2), ""))], lambda path: None)
    assert (result.files, result.made, result.left) == ([], [], 1)


def test_a_fix_of_two_files() -> None:
    files = {"a.yaml": b"a\n", "b.hbs": b"b\n"}
    edits = tuple(Edit(path, Span(1, 1, 1, 2), "c") for path in files)
    result = plan([Diagnostic(RULE, "x", Label("a.yaml"), fix=Fix("do it", edits))], files.get)
    assert {one.path: one.after for one in result.files} == {"a.yaml": b"c\n", "b.hbs": b"c\n"}
    assert list(result.files[0].difference()) == ["--- a/a.yaml", "+++ b/a.yaml", "@@ -1,2 +1,2 @@", "-a", "+c", " "]


@given(
    st.text(alphabet="ab é😀\r\n\u2028#", max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
    st.text("xy", max_size=3),
)
def test_an_edit_is_that_of_the_text(text: str, start: int, length: int, replacement: str) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    if text[start - 1 : start + 1] == "\r\n" or text[end - 1 : end + 1] == "\r\n":
        return  # between CR and LF there is no place
    span = SourceFile("a.yaml", text).span(start, end)
    made, _, left = fixed(text.encode(), finding((span, replacement)))
    assert made.decode() == text[:start] + replacement + text[end:]
    assert left == 0
