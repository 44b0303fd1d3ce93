"""A vendor's folder that nac's own project has nothing to do with: read without a finding, and chosen from and rendered
as SuprSend's published rules say. The answers in `expected.yaml` were worked out by hand, from the rules alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from nac import load
from nac.jsonnet import Evaluator, evaluator
from nac.preview import Scene, names_of, preview
from nac.recipients import Person
from nac.templates.choice import choose
from nac.templates.library import load_template, template_slugs
from nac.templates.serialise import files
from nac.templates.template import Template
from nac.templates.translation_files import load_translations
from nac.tree import WorkTree
from nac.vocabulary import CHANNELS

HERE = Path(__file__).parent
VENDOR = "upstream/vendor"
TREE = WorkTree(HERE / "elsewhere")
LOADED = load(HERE / "elsewhere")
EXPECTED = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
SLUGS = ["digest", "namespaces", "new-ids", "operators", "order.Shipped_v2", "ordered", "quiet", "soft"]
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

EVERYWHERE = {
    "$email": ["reader@example.com"],
    "$sms": ["+12025550142"],
    "$whatsapp": ["+12025550142"],
    "$inbox": ["c-1"],
    "$slack": [{"user_id": "U0", "access_token": "xoxb-sample"}],
    "$ms_teams": [{"incoming_webhook": {"url": "https://example.webhook.office.com/sample"}}],
    "$androidpush": [{"token": "sample", "provider": "fcm", "device_id": "d"}],
    "$iospush": [{"token": "sample", "provider": "apns", "device_id": "d"}],
    "$webpush": [{"endpoint": "https://push.example.com/s", "keys": {"p256dh": "k", "auth": "a"}}],
}

CHOICES = [(name, *row) for name, rows in EXPECTED["choices"].items() for row in rows]


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    found = {slug: load_template(TREE, slug, VENDOR)[0] for slug in SLUGS}
    # No order names its variants: a finding of its own (see test_mistakes.py), and `seq_no` alone chooses.
    return {**found, "ties": load_template(WorkTree(HERE / "mistakes"), "ties")[0]}


@pytest.fixture(scope="module")
def jsonnet() -> Iterator[Evaluator]:
    with evaluator() as one:
        yield one


def test_nothing_in_it_is_a_finding() -> None:
    assert LOADED.diagnostics == ()
    assert LOADED.project.settings.suprsend == VENDOR
    assert sorted(LOADED.project.tenants) == ["aurora", "default", "zenith"]
    assert template_slugs(TREE, VENDOR) == SLUGS
    for slug in SLUGS:
        assert load_template(TREE, slug, VENDOR)[1] == [], slug
    assert load_translations(TREE, VENDOR)[1] == []


def test_unchanged_variants_are_written_as_they_were_read(templates: dict[str, Template]) -> None:
    for slug in SLUGS:
        for variant in templates[slug].variants:
            for path, content in files(variant).items():
                assert content == (HERE / "elsewhere" / path).read_bytes(), path


def test_everything_in_it_is_read(templates: dict[str, Template]) -> None:
    assert templates["order.Shipped_v2"].channels == tuple(one for one in CHANNELS if one != "messenger")
    assert templates["quiet"].variants == ()
    found = sum(len(template.variants) for slug, template in templates.items() if slug in SLUGS)
    assert found == len(list((HERE / "elsewhere" / VENDOR).rglob("variant.json")))
    for template in templates.values():
        for variant in template.variants:
            for path, text in variant.texts.items():
                assert not text.value.startswith(("\ufeff", "@")), (variant.name, path)


@pytest.mark.parametrize(("where", "tenant", "locale", "data", "expected"), CHOICES, ids=str)
def test_the_variant_that_is_chosen(
    where: str,
    tenant: str | None,
    locale: str,
    data: dict[str, Any],
    expected: str | None,
    templates: dict[str, Template],
) -> None:
    slug, channel = where.split()
    data = dict(data)
    recipient, actor = data.pop("recipient", {}), data.pop("actor", {})
    scene = Scene(data=data, actor=actor, now=NOW, tenants=LOADED.project.tenants)
    names = names_of(scene, recipient, tenant)
    choice = choose(templates[slug], channel, names, tenant=tenant, locale=locale)
    assert (choice.variant.name if choice.variant else None) == expected
    of = [step.variant.name for step in choice.steps]
    assert sorted(of) == sorted(variant.name for variant in templates[slug].of(channel)), "a reason for each, once"
    assert [step.variant for step in choice.steps if step.chosen] == ([choice.variant] if choice.variant else [])
    assert all(step.reason for step in choice.steps)


@pytest.mark.parametrize("case", EXPECTED["texts"], ids=lambda one: " ".join(_named(one)))
def test_what_is_read(case: Mapping[str, Any], templates: dict[str, Template], jsonnet: Evaluator) -> None:
    template = templates[case.get("template", "order.Shipped_v2")]
    batch = tuple(case.get("batch", ()))
    data = dict(batch[0] if batch else template.mock_data or {})
    recipient = {**data.pop("$recipient", {"distinct_id": "c-1"}), **EVERYWHERE}
    recipient["name"] = case.get("name", recipient.get("name", "somebody"))
    scene = Scene(
        data=data,
        actor=data.pop("$actor", None),
        now=NOW,
        batch=batch,
        translations=load_translations(TREE, VENDOR)[0],
        tenants=LOADED.project.tenants,
        jsonnet=jsonnet,
    )
    person = Person(recipient, "c-1", 0)
    locale, tenant = case.get("locale", "en"), case.get("tenant")
    [found] = preview(template, person, scene, locale=locale, tenant=tenant, channels={case["channel"]})
    assert found.problems == ()
    assert found.not_sent is None
    assert {path: _at(found.message, path) for path in case["message"]} == case["message"]


def test_the_command_shows_every_tenant_and_locale_without_a_finding() -> None:
    done = _nac("--all", "--format", "json")
    assert done.returncode == 0
    assert "error[" not in done.stderr
    shown = json.loads(done.stdout)["previews"]
    of = [one for one in shown if one["template"] == "order.Shipped_v2"]
    assert {one["channel"] for one in of} == {one for one in CHANNELS if one != "messenger"}
    assert {one["locale"] for one in of} >= {"en", "es", "es-MX", "hi", "ar"}
    assert {one["tenant"] for one in of} >= {"aurora", "zenith"}
    assert [one for one in shown if one["dropped"] or one["refused"]] == []
    assert _nac("--template", "order.Shipped_v2", "--all", "--format", "html").stdout.startswith("<!doctype html>")


@pytest.mark.parametrize(("tenant", "locale"), [("aurora", "ar"), ("zenith", "es"), ("aurora", "hi"), ("zenith", "hi")])
def test_the_command_chooses_alike(tenant: str, locale: str) -> None:
    done = _nac("--template", "order.Shipped_v2", "--tenant", tenant, "--locale", locale, "--format", "json")
    chosen = {one["channel"]: one["variant"] for one in json.loads(done.stdout)["previews"]}
    table = {
        where.split()[1]: expected
        for where, *row, data, expected in CHOICES
        if where.startswith("order.Shipped_v2 ") and row == [tenant, locale] and not data
    }
    assert table
    assert {channel: chosen[channel] for channel in table} == table


def _nac(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nac", "preview", "--project", str(HERE / "elsewhere"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)


def _named(case: Mapping[str, Any]) -> list[str]:
    return [str(case[key]) for key in ("template", "channel", "tenant", "locale", "name") if key in case]


def _at(found: Any, path: str) -> Any:
    for key in path.split("."):
        if found is None:
            return None
        if isinstance(found, dict):
            found = found[key]
        elif key.isdigit():
            found = found[int(key)]
        else:
            found = getattr(found, key)
    return found.replace("\r\n", "\n") if isinstance(found, str) else found
