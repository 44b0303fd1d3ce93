"""Every variant of the shipped example, and of the folder from elsewhere, is what the vendor's JSON Schemas ask for
once it is put together; the schemas are kept beside the repository."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import Schema

from nac.templates.library import load_template, template_slugs
from nac.templates.serialise import assembled
from nac.templates.template import Template
from nac.tree import WorkTree

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "reference" / "schemas"
FOLDERS = {"example": (ROOT, "suprsend"), "elsewhere": (Path(__file__).parent / "elsewhere", "upstream/vendor")}
IDENTITIES = "https://schema.suprsend.com/"
NINE = {"email", "sms", "whatsapp", "inbox", "slack", "ms_teams", "androidpush", "iospush", "webpush"}


@cache
def _registry() -> Registry[Schema]:
    if not SCHEMAS.exists():
        pytest.skip(f"there are no vendor schemas at {SCHEMAS}")
    found = [json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.rglob("*.json")]
    return Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found if "$id" in one)


def _mistakes(schema: str, value: object) -> list[str]:
    validator = Draft202012Validator({"$ref": IDENTITIES + schema}, registry=_registry())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def _templates(where: str) -> dict[str, Template]:
    folder, vendor = FOLDERS[where]
    tree = WorkTree(folder)
    return {
        slug: load_template(tree, slug, vendor)[0]
        for slug in template_slugs(tree, vendor)
        if (folder / vendor / "templates" / slug).is_dir()
    }


@pytest.mark.parametrize("where", FOLDERS)
def test_every_variant_satisfies_the_vendors_schemas(where: str) -> None:
    checked = 0
    for slug, template in _templates(where).items():
        for variant in template.variants:
            assert _mistakes("template/v2/variant_schema.json", assembled(variant)) == [], (slug, variant.name)
            checked += 1
    assert checked >= 40


@pytest.mark.parametrize("where", FOLDERS)
def test_every_template_satisfies_the_vendors_schema(where: str) -> None:
    folder, vendor = FOLDERS[where]
    for path in sorted((folder / vendor / "templates").glob("*/template.json")):
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        assert _mistakes("cli/template/v2/schema.json", value) == [], path
        assert value["slug"] == path.parent.name


def test_the_example_shows_what_a_template_can_be() -> None:
    templates = _templates("example")
    variants = [variant for template in templates.values() for variant in template.variants]
    assert set(templates["document_shared"].channels) == NINE
    assert {variant.locale for variant in variants} >= {"en", "es", "fr", "de"}
    assert {variant.tenant for variant in variants} == {None, "globex"}
    assert any(variant.conditions for variant in variants)
    assert {variant.content["body"]["type"] for variant in variants if variant.channel == "email"} == {
        "raw", "designer", "plain_text",
    }  # fmt: skip
    assert {variant.content["type"] for variant in variants if variant.channel == "sms"} == {"basic", "dlt"}
    for channel in ("slack", "ms_teams"):
        languages = {one.content.get("templating_language") for one in variants if one.channel == channel}
        assert languages >= {"handlebars", "jsonnet"}, channel
    for template in templates.values():
        assert template.mock_data, template.slug
