"""Every rule has a page, and every page's examples give what it says: `tests/rules/rule_pages.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nac.diagnostics import SEVERITIES
from nac.report.rule_pages import page as text_of
from nac.rules import CHECKS, RULES, find_rule, page_name
from rule_pages import FOLDER, Page, checked, read_page, shown, write_files

PAGES = [read_page(path) for path in sorted(FOLDER.glob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if page.bad]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert [page.path.name for page in PAGES] == [page_name(rule) for rule in RULES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_form(page: Page) -> None:
    rule = find_rule(page.path.stem.partition("-")[0])
    assert rule is not None
    assert page.title == f"{rule.code} {rule.name}"
    assert page.summary.endswith("."), "the first paragraph is one line, a sentence"
    assert text_of(rule) == page.path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)", page.path.read_text("utf-8")):
        assert (page.path.parent / target).exists(), target


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.path.stem)
def test_bad_example(page: Page, tmp_path: Path, update: bool) -> None:
    root = tmp_path / "project"
    write_files(root, page.bad)
    found = checked(root)
    assert {str(one.rule) for one in found} == {page.title}
    text = shown(found, page.bad)
    if update and text != page.findings:
        page.update(text)
    else:
        assert text == page.findings


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.path.stem)
def test_good_example(page: Page, tmp_path: Path) -> None:
    root = tmp_path / "project"
    write_files(root, page.good)
    found = checked(root)
    assert not found, shown(found, page.good)


def test_checks_are_registered_well() -> None:
    codes = [check.rule.code for check in CHECKS]
    assert codes == sorted(set(codes)), "by code, each once"
    shown = {page.title for page in WITH_EXAMPLES}
    assert {str(check.rule) for check in CHECKS} <= shown, "a rule of nac.rules has a bad and a good example"


def test_rules_are_well_named() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES) == len({rule.name for rule in RULES})
    for rule in RULES:
        assert re.fullmatch(r"NAC[1-6]\d\d", rule.code)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
        assert rule.severity in SEVERITIES
