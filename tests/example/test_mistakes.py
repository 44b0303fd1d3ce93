"""A folder with one mistake of each kind that its files can hold: each is told at its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from nac import load
from nac.diagnostics import Label
from nac.templates.library import load_template, template_slugs
from nac.templates.translation_files import load_translations
from nac.tree import WorkTree

ROOT = Path(__file__).parent / "mistakes"

SEEDED = """
notifications/tenants/colour.yaml:2:1 takes text
notifications/tenants/typo.yaml:2:1 primary_colour
channels/template.json:4:3 `sms`
channels/template.json:5:5 emial
conditions/sms/default/variant.json:3:3 `header` is missing
conditions/sms/namespace/variant.json:9:27 $user
conditions/sms/operator/variant.json:9:57 =~
conditions/sms/value/variant.json:9:12 `value` is missing
json/inbox/default/variant.json:4:3 not JSON
json/inbox/half/variant.json:3:3 `body` is missing
limits/slack/default/variant.json:3:3 `body_block` is missing
limits/webpush/default/variant.json:6:5 at most 2
orders/email/default/variant.json:8:17 body.raw.html
orders/template.json:7:7 gone
ties/template.json:7:5 a-late
ties/template.json:7:5 b-early
ties/template.json:7:5 c-never
suprsend/translations/en.json two files
suprsend/translations/es.json:2:3 never closed
"""


def test_every_mistake_is_told_at_its_place() -> None:
    tree = WorkTree(ROOT)
    found = list(load(ROOT).diagnostics)
    for slug in template_slugs(tree):
        found += load_template(tree, slug)[1]
    found += load_translations(tree)[1]
    told = [(_place(one.label), one.message) for one in found]
    assert len(told) == len(SEEDED.strip().splitlines()), told
    for line in SEEDED.strip().splitlines():
        place, words = line.split(" ", 1)
        assert any(_is_at(where, place) and words in message for where, message in told), (line, told)


def test_a_mistake_keeps_none_of_the_other_variants_from_being_read() -> None:
    tree = WorkTree(ROOT)
    assert [one.id for one in load_template(tree, "json")[0].variants] == ["half"]
    assert [one.name for one in load_template(tree, "channels")[0].variants] == ["sms/default"]


def _place(label: Label) -> str:
    return f"{label.path}:{label.span.line}:{label.span.column}" if label.span else label.path


def _is_at(where: str, place: str) -> bool:
    return where == place or where == f"suprsend/templates/{place}"
