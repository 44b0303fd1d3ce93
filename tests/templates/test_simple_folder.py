"""The simple form: one file a channel, front matter for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from nac.templates.library import load_template
from nac.templates.template import Template
from nac.tree import WorkTree


def load(root: Path, **files: str) -> Template:
    folder = root / "notifications" / "templates" / "order"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_bytes(text.encode())
    template, found = load_template(WorkTree(root), "order")
    assert found == []
    return template


@pytest.mark.parametrize(
    ("name", "text", "content"),
    [
        ("email__hbs", "<p>Hi</p>\n", {"body": {"type": "raw", "raw": {"html": "<p>Hi</p>"}}}),
        ("email__hbs", "Hi 1 < 2", {"body": {"type": "plain_text", "plain_text": {"text": "Hi 1 < 2"}}}),
        ("email__hbs", "---\nsubject: Hi\npreheader: P\ntext: T\ncc: a@example.com\n---\n<p>",
         {"subject": "Hi", "cc": "a@example.com",
          "body": {"type": "raw", "preheader": "P", "raw": {"text": "T", "html": "<p>"}}}),
        ("email__hbs", "---\ntype: raw\n---\n{{{html}}}", {"body": {"type": "raw", "raw": {"html": "{{{html}}}"}}}),
        ("sms__hbs", "Hi", {"type": "basic", "body": "Hi"}),
        ("sms__hbs", "---\ntype: dlt\nheader: ACME\ncategory: transactional\n---\nHi",
         {"type": "dlt", "header": "ACME", "category": "transactional", "body": "Hi"}),
        ("whatsapp__hbs", "---\nfooter: {text: F}\n---\nHi", {"footer": {"text": "F"}, "body": {"text": "Hi"}}),
        ("inbox__hbs", "---\nheader: H\nbuttons:\n  - {text: Go, url: u}\nis_pinned: true\n---\nHi",
         {"header": "H", "buttons": [{"text": "Go", "url": "u"}], "is_pinned": True, "body": "Hi"}),
        ("slack__hbs", "*Hi*", {"body_type": "text", "body_text": "*Hi*"}),
        ("slack__hbs", "---\nbody_type: block\n---\n[]", {"body_type": "block", "body_block": "[]"}),
        ("slack__jsonnet", "[]", {"body_type": "block", "templating_language": "jsonnet", "body_block": "[]"}),
        ("ms_teams__jsonnet", "{}", {"body_type": "card", "templating_language": "jsonnet", "body_card": "{}"}),
        ("androidpush__hbs", "---\nheader: H\naction_url: u\n---\nHi",
         {"header": "H", "action_url": "u", "body": "Hi"}),
        ("webpush__hbs", "", {"body": ""}),
        ("messenger__hbs", "Hi", {"body": "Hi"}),
    ],
)  # fmt: skip
def test_content(tmp_path: Path, name: str, text: str, content: dict[str, object]) -> None:
    [variant] = load(tmp_path, **{name: text}).variants
    assert variant.content == content
    assert (variant.id, variant.locale, variant.tenant) == ("default", "en", None)


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    text = "---\nsubject: 'Don''t {{a}}'\n---\n<p>\r\n{{b}}\r\n"
    [variant] = load(tmp_path, email__hbs=text).variants
    subject, html = variant.texts["subject",], variant.texts["body", "raw", "html"]
    assert subject.span(6, 11) == (2, 18, 2, 23)
    assert html.value == "<p>\r\n{{b}}"
    assert html.span(5, 10) == (5, 1, 5, 6)


def test_locales_are_variants(tmp_path: Path) -> None:
    template = load(tmp_path, sms__hbs="Hi", sms__es__hbs="Hola", sms__pt_BR__hbs="Oi", README__md="x", email__txt="x")
    assert [(one.id, one.locale) for one in template.variants] == [("default", "en"), ("es", "es"), ("pt_BR", "pt_BR")]
    assert template.order == {"sms": ("es", "pt_BR")}
    assert template.enabled is None
