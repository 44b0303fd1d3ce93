from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac.diagnostics import INVALID_VALUE, Diagnostic, Label
from nac.report.findings import findings_text
from nac.report.table import table
from nac.report.terminal import safe, width
from nac.source import Span

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@given(st.text())
def test_no_text_can_drive_a_terminal(text: str) -> None:
    assert not UNSAFE.search(safe(text))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


def test_columns_line_up_below_wide_characters() -> None:
    lines = table(("a", "b"), [("日本", "x"), ("ab", "y")]).splitlines()
    assert {width(line[: line.index(mark)]) for line, mark in zip(lines, "bxy", strict=True)} == {6}


@given(st.text(), st.integers(1, 50), st.integers(1, 50))
def test_a_finding_never_fails_to_print(line: str, column: int, end: int) -> None:
    one = Diagnostic(INVALID_VALUE, "message", Label("a.yaml", Span(1, column, 1, max(column, end))), help="help")
    printed = findings_text([one], lambda path, number: line)
    assert "a.yaml:1:" in printed
    assert not UNSAFE.search(printed)


def test_the_caret_stands_below_the_words_it_means() -> None:
    one = Diagnostic(INVALID_VALUE, "m", Label("a.yaml", Span(1, 6, 1, 9)))
    lines = findings_text([one], lambda path, number: "日本: abc").splitlines()
    text, caret = lines[2], lines[3]
    assert width(text[: text.index("bc")]) == width(caret[: caret.index("^")]) + 0


def test_a_very_long_line_is_cut_around_the_place() -> None:
    one = Diagnostic(INVALID_VALUE, "m", Label("a.yaml", Span(1, 500_001, 1, 500_004)))
    printed = findings_text([one], lambda path, number: "x" * 500_000 + "bad" + "y" * 500_000)
    assert "bad" in printed
    assert len(printed) < 1000
