"""What is said of variants that no sample shows."""

from __future__ import annotations

import time

import pytest

from nac.diff.causes import Causes
from nac.diff.unseen import _by_folder, _cut, _files, _tidy, _words


def test_how_a_tag_is_written_is_no_change() -> None:
    assert _tidy("Hi {{  name  }}{{!-- who --}}!") == _tidy("Hi {{name}}!")
    assert _tidy("{{#if  a }}x{{/if}}") == _tidy("{{#if a}}x{{/if }}")
    assert _words("a  {{b}}\n") == _words("a {{b}}")
    assert _words("now here") != _words("nowhere"), "a reader sees that"
    for one, other in [("{{a}}", "{{{a}}}"), ("{{a b}}", "{{ab}}"), ("\\{{a}}", "{{a}}"), ("{{a}}", "{{~a}}")]:
        assert _tidy(one) != _tidy(other)
    assert _tidy("{{#if") == "{{#if"


def test_a_long_text_is_cut_to_where_it_differs() -> None:
    for other in ("new", "x" * 500 + "new"):
        longer = "x" * 400 + other
        assert _cut("x" * 400, longer) != _cut(longer, "x" * 400)
    assert "new" in (_cut("x" * 400 + "new" + "x" * 400, "x" * 900) or "")


@pytest.mark.parametrize(
    "text", ["{{" * 200_000, "{{ " + " " * 400_000, "{{!--" * 100_000, "{{a " * 100_000, "}}{{" * 9]
)
def test_time_grows_with_the_length(text: str) -> None:
    start = time.process_time()
    _words(text)
    assert time.process_time() - start < 20


def test_the_files_of_a_variant() -> None:
    folder = "suprsend/templates/plan"
    gold, acme = f"{folder}/sms/gold/variant.json", f"{folder}/sms/_tenants/acme/gold/variant.json"
    simple = "notifications/templates/a/b/sms.fr.hbs"
    email = f"{folder}/email/gold/variant.json"
    changed = _by_folder(Causes((simple, acme, email, gold, f"{folder}/sms/golden/variant.json")), "sms")
    assert _files(changed, "sms/gold") == (simple, gold)
    assert _files(changed, "sms/acme/gold") == (simple, acme)
    assert _files(changed, "sms/default") == (simple,)
