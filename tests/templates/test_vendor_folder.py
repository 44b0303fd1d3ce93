"""The vendor's folder, in every form that is met; what is wrong with one is in `tests/broken/vendor-*.case`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from vendor_schemas import CONDITION, variant

from nac.templates.library import has_template, load_template, template_slugs
from nac.templates.template import Condition, Template
from nac.tree import WorkTree

ROOT = "suprsend/templates/order"


def write(root: Path, files: dict[str, Any], folder: str = ROOT) -> None:
    for name, content in files.items():
        path = root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else None
        text = content if isinstance(content, str) else None
        path.write_bytes(data if data is not None else (text or json.dumps(content, indent=2)).encode())


def one_variant(root: Path, channel: str, content: Any, bodies: dict[str, Any], **more: Any) -> Template:
    write(root, {f"{channel}/default/variant.json": variant(channel, content, **more)})
    write(root, bodies, f"{ROOT}/{channel}/default")
    write(root, {"template.json": {"slug": "order", "name": "Order", "enabled_channels": [channel],
                                   "variant_order": {channel: ["default"]}}})  # fmt: skip
    template, found = load_template(WorkTree(root), "order")
    assert found == []
    return template


EMAIL_RAW = {"subject": "S {{a}}", "body": {"type": "raw"}}


@pytest.mark.parametrize(
    ("channel", "content", "bodies", "path", "value"),
    [
        ("email", {**EMAIL_RAW, "body": {"type": "raw", "raw": {"html": "inline"}}}, {}, "body.raw.html", "inline"),
        ("email", EMAIL_RAW, {"body.raw.html": "<p>\n"}, "body.raw.html", "<p>"),
        ("email", {**EMAIL_RAW, "body": {"type": "raw", "raw": None}}, {"body.raw.html": "<p>\r\n"},
         "body.raw.html", "<p>"),
        ("email", {**EMAIL_RAW, "body": {"type": "raw", "raw": {"html": "@body.raw.html", "text": "@t.txt"}}},
         {"body.raw.html": "<p>\n\n", "t.txt": "T"}, "body.raw.html", "<p>\n"),
        ("email", EMAIL_RAW, {"body.raw.html": b"", "body.raw.txt": "T\n"}, "body.raw.text", "T"),
        ("email", EMAIL_RAW, {"body.raw.html": b""}, "body.raw.html", ""),
        ("email", {"subject": "S", "body": {"type": "designer"}}, {"body.designer.html": "<b>", "design.json": "{}"},
         "body.designer.html", "<b>"),
        ("email", {"subject": "S", "body": {"type": "designer", "designer": {"html": "@body.designer.html",
                   "design_json": "@body.designer.json"}}},
         {"body.designer.html": "<b>", "body.designer.json": '{"a": 1}'}, "body.designer.design_json", {"a": 1}),
        ("email", {"subject": "S", "body": {"type": "plain_text"}}, {"body.plain_text.txt": "T"},
         "body.plain_text.text", "T"),
        ("slack", {"body_type": "block"}, {"body.block.json": '{"blocks": []}\n'}, "body_block", '{"blocks": []}'),
        ("slack", {"body_type": "block", "body_block": "@body.block.json"}, {"body.block.json": "[]"},
         "body_block", "[]"),
        ("slack", {"body_type": "block", "body_block": "", "templating_language": "jsonnet"},
         {"body.block.jsonnet": "{blocks: []}"}, "body_block", "{blocks: []}"),
        ("slack", {"body_type": "block"}, {"body.block.jsonnet": "{}"}, "templating_language", "jsonnet"),
        ("ms_teams", {"body_type": "card"}, {"body.block.json": "{}"}, "body_card", "{}"),
        ("ms_teams", {"body_type": "text", "body_text": "@hi.md"}, {"hi.md": "**Hi**"}, "body_text", "**Hi**"),
        ("inbox", {}, {"body.md": "**Hi**\n"}, "body", "**Hi**"),
        ("inbox", {"body": "@ann is here"}, {}, "body", "@ann is here"),
        ("inbox", {"body": "B", "header": "@ann.md"}, {}, "header", "@ann.md"),
        ("inbox", {"body": "@ann.smith"}, {}, "body", "@ann.smith"),
        ("sms", {"type": "basic", "body": "@ann.smith"}, {}, "body", "@ann.smith"),
        ("email", {**EMAIL_RAW, "body": {"type": "raw", "raw": {"html": "@b.htm"}}}, {"b.htm": "<i>"},
         "body.raw.html", "<i>"),
        ("email", {**EMAIL_RAW, "body": {"type": "raw", "raw": {"html": "@ann wrote"}}}, {},
         "body.raw.html", "@ann wrote"),
        ("sms", {"type": "basic", "body": "@body.txt"}, {"body.txt": "Hi {{a}}\n"}, "body", "Hi {{a}}"),
    ],
)  # fmt: skip
def test_bodies(tmp_path: Path, channel: str, content: Any, bodies: dict[str, Any], path: str, value: Any) -> None:
    [found] = one_variant(tmp_path, channel, content, bodies).variants
    here: Any = found.content
    for step in path.split("."):
        here = here[step]
    assert here == value
    steps = tuple(path.split("."))
    if isinstance(value, str) and steps in found.texts:
        text = found.texts[steps]
        assert text.value == value
        assert (text.source is found.written.source) == (steps not in found.sidecars)


def test_every_text_has_its_places(tmp_path: Path) -> None:
    content = {"header": 'Hé "{{a}}"', "body": "B", "buttons": [{"text": "{{b}}", "url": "u"}], "tags": ["t\n{{c}}"]}
    [found] = one_variant(tmp_path, "inbox", content, {}).variants
    assert set(found.texts) == {("header",), ("body",), ("buttons", 0, "text"), ("buttons", 0, "url"), ("tags", 0)}
    for path, text in found.texts.items():
        start = text.value.find("{{")
        if start >= 0:
            line, column, end_line, end_column = text.span(start, start + 5)
            assert line == end_line
            assert text.source.line(line)[column - 1 : end_column - 1] == text.value[start : start + 5], path


def test_envelope(tmp_path: Path) -> None:
    conditions = [CONDITION, CONDITION]
    [found] = one_variant(tmp_path, "sms", {"type": "basic", "body": "x"}, {}, conditions=conditions, seq_no=3,
                          locale="es-MX", unknown={"left": "alone"}).variants  # fmt: skip
    assert (found.locale, found.seq_no, found.tenant, found.id) == ("es-MX", 3, None, "default")
    assert (
        found.conditions
        == (
            Condition("$recipient", "plan", "==", "pro"),
            Condition("", "order.id", "EMPTY"),
        )
        * 2
    )


def test_tenants_order_and_mock_data(tmp_path: Path) -> None:
    sms = {"type": "basic", "body": "x"}
    folders = {"sms/default": None, "sms/late": None, "sms/promo": None, "sms/_tenants/acme/default": "acme"}
    for folder, tenant in folders.items():
        one = variant("sms", sms, tenant_id=tenant, id=folder.rsplit("/", 1)[-1])
        del one["channel"]  # the folder says it
        write(tmp_path, {f"{folder}/variant.json": one, f"{folder}/notes.txt": "left alone"})
    write(tmp_path, {
        "template.json": {"slug": "order", "name": "Order", "enabled_channels": ["sms"], "extra": 1,
                          "variant_order": {"sms": ["promo", "late", "default"], "sms/acme": ["default"],
                                            "email": []}},
        "mock_data.json": {"data": {"a": 1}}, ".DS_Store": "x", "README.md": "x", "assets/logos/a.png": b"\xff",
    })  # fmt: skip
    template, found = load_template(WorkTree(tmp_path), "order")
    assert found == []
    assert [one.name for one in template.variants] == ["sms/promo", "sms/late", "sms/default", "sms/acme/default"]
    assert template.order["sms"] == ("promo", "late", "default")
    assert (template.enabled, template.mock_data, template.folder) == (frozenset({"sms"}), {"a": 1}, ROOT)


def test_older_folders(tmp_path: Path) -> None:
    write(tmp_path, {"main.json": {"slug": "order", "name": "Order", "enabled_channels": ["sms"]},
                     "sms/default/variant.json": variant("sms", {"type": "basic", "body": "x"}),
                     "sms/promo/variant.json": variant("sms", {"type": "basic", "body": "x"}, id="promo"),
                     "mock_data.json": {"data": {"a": 1}, "b": 2}})  # fmt: skip
    template, found = load_template(WorkTree(tmp_path), "order")
    assert found == []
    assert (template.order, template.mock_data) == ({}, {"data": {"a": 1}, "b": 2})


def test_a_byte_order_mark_and_line_breaks_of_windows(tmp_path: Path) -> None:
    one = json.dumps(variant("inbox", {"body": "x {{y}}"}), indent=2).replace("\n", "\r\n")
    write(tmp_path, {"inbox/default/variant.json": b"\xef\xbb\xbf" + one.encode(), "template.json": {
        "slug": "order", "name": "O", "enabled_channels": None, "variant_order": {}}})  # fmt: skip
    template, found = load_template(WorkTree(tmp_path), "order")
    assert found == []
    text = template.variants[0].texts["body",]
    line, column, _, _ = text.span(2, 7)
    assert text.source.line(line)[column - 1 :] == '{{y}}"'
    assert template.enabled is None


@pytest.mark.parametrize("suprsend", ["suprsend", "./suprsend/", "config/vendor", "."])
def test_wherever_the_settings_point(tmp_path: Path, suprsend: str) -> None:
    files = {"sms/default/variant.json": variant("sms", {"type": "basic", "body": "x"}), "template.json": {
        "slug": "order", "name": "O", "enabled_channels": ["sms"], "variant_order": {}}}  # fmt: skip
    write(tmp_path, files, f"{suprsend}/templates/order")
    write(tmp_path, {"sms.hbs": "x"}, "notifications/templates/teams/simple")
    tree = WorkTree(tmp_path)
    template, found = load_template(tree, "order", suprsend)
    assert found == []
    assert [one.name for one in template.variants] == ["sms/default"]
    assert template_slugs(tree, suprsend) == ["order", "teams/simple"]
    assert has_template(tree, "order", suprsend)


@pytest.mark.parametrize("slug", ["", ".", "..", "../order", "/etc", "no\x00", "order/sms", "nothing"])
def test_no_such_template(tmp_path: Path, slug: str) -> None:
    write(tmp_path, {"sms/default/variant.json": variant("sms", {"type": "basic", "body": "x"})})
    assert load_template(WorkTree(tmp_path), slug) == (Template(slug), [])
    assert not has_template(WorkTree(tmp_path), slug)


def test_only_the_template_itself_is_read(tmp_path: Path) -> None:
    class Counting(WorkTree):
        def read(self, path: str, limit: int = 0) -> bytes:
            assert path.startswith(f"{ROOT}/"), path
            return super().read(path, limit)

    write(tmp_path, {"sms/default/variant.json": variant("sms", {"type": "basic", "body": "x"})})
    write(tmp_path, {"sms/default/variant.json": "broken"}, "suprsend/templates/other")
    assert load_template(Counting(tmp_path), "order")[0].variants


def test_a_name_in_the_order_that_is_a_long_path(tmp_path: Path) -> None:
    """No folder is looked for along it: that took seconds for one of a few thousand steps."""
    order = {"sms": ["a/" * 100_000, "default"], "sms/" + "b/" * 100_000: ["x"]}
    content = {"type": "basic", "body": "Hi"}
    template = {"slug": "order", "name": "Order", "enabled_channels": ["sms"], "variant_order": order}
    write(tmp_path, {"template.json": template, "sms/default/variant.json": variant("sms", content)})
    _, found = load_template(WorkTree(tmp_path), "order")
    assert any(one.message.startswith("there is no variant `a/a/") for one in found)


def test_a_body_that_is_lost_is_a_finding_and_known_to_be_lost(tmp_path: Path) -> None:
    content = {**EMAIL_RAW, "body": {"type": "raw", "raw": {"html": "@body.raw.htm"}}}
    write(tmp_path, {"email/default/variant.json": variant("email", content)})
    write(tmp_path, {"template.json": {"slug": "order", "name": "Order", "enabled_channels": ["email"],
                                       "variant_order": {"email": ["default"]}}})  # fmt: skip
    template, [found] = load_template(WorkTree(tmp_path), "order")
    assert found.message == "there is no file `body.raw.htm` beside it"
    assert template.variants[0].lost == (("body", "raw", "html"),)
