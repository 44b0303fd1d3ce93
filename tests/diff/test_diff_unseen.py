"""What is said of variants that no sample shows."""

from __future__ import annotations

import time

import pytest

from nac.diff.unseen import _tidy, _words


def test_how_a_tag_is_written_is_no_change() -> None:
    assert _tidy("Hi {{  name  }}{{!-- who --}}!") == _tidy("Hi {{name}}!")
    assert _tidy("{{#if  a }}x{{/if}}") == _tidy("{{#if a}}x{{/if }}")
    assert _words("a  {{b}}\n") == _words("a {{b}}")
    for one, other in [("{{a}}", "{{{a}}}"), ("{{a b}}", "{{ab}}"), ("\\{{a}}", "{{a}}"), ("{{a}}", "{{~a}}")]:
        assert _tidy(one) != _tidy(other)
    assert _tidy("{{#if") == "{{#if"


@pytest.mark.parametrize(
    "text", ["{{" * 200_000, "{{ " + " " * 400_000, "{{!--" * 100_000, "{{a " * 100_000, "}}{{" * 9]
)
def test_time_grows_with_the_length(text: str) -> None:
    start = time.process_time()
    _words(text)
    assert time.process_time() - start < 20
