"""Variants put together as the vendor's API has them, and written back as its CLI does."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vendor_schemas import VARIANTS, validator
from vendor_schemas import variant as variant_json

from nac.templates.library import load_template
from nac.templates.serialise import assembled, files
from nac.tree import TreeError

FOLDER = "suprsend/templates/order"


class Files:
    """A tree in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.held = files

    def files(self, under: str) -> Any:
        yield from sorted(path for path in self.held if path.startswith(f"{under}/"))

    def read(self, path: str, limit: int = 0) -> bytes:
        if path not in self.held:
            raise TreeError("there is no such file")
        return self.held[path]

    def exists(self, path: str) -> bool:
        return path in self.held


SLOTS = {
    "email": {("body", "raw", "html"): ["body.raw.html"], ("body", "raw", "text"): ["body.raw.txt"],
              ("body", "designer", "html"): ["body.designer.html"],
              ("body", "designer", "design_json"): ["design.json", "body.designer.json"],
              ("body", "plain_text", "text"): ["body.plain_text.txt"]},
    "slack": {("body_block",): ["body.block.json", "body.block.jsonnet"]},
    "ms_teams": {("body_card",): ["body.block.json"]},
    "inbox": {("body",): ["body.md"], ("header",): ["header.txt"]},
    "sms": {("body",): ["text.txt"]},
}  # fmt: skip
BODY = st.text(alphabet='ab{}<>é😀\n\r"\\ ', max_size=20)


def laid_out(draw: Any, whole: dict[str, Any]) -> dict[str, bytes]:
    """The files of a variant, some of its bodies beside it in one of the forms that are met."""
    written = copy.deepcopy(whole)
    found: dict[str, bytes] = {}
    channel = whole["channel"]
    tenant = draw(st.sampled_from([None, "acme"]))
    written["tenant_id"] = whole["tenant_id"] = tenant
    folder = f"{FOLDER}/{channel}/{f'_tenants/{tenant}/' if tenant else ''}default"
    for path, names in SLOTS.get(channel, {}).items():
        here: Any = written.get("content")
        for step in path[:-1]:
            here = here.get(step) if isinstance(here, dict) else None
        if not isinstance(here, dict) or not isinstance(here.get(path[-1]), str | dict):
            continue
        form = draw(st.sampled_from(["inline", "reference", "absent", "empty"]))
        name = draw(st.sampled_from(names))
        value = here[path[-1]]
        if form == "inline" or (form != "reference" and name in ("text.txt", "header.txt")):
            continue
        end = draw(st.sampled_from(["", "\n", "\r\n"]))
        if isinstance(value, str) and not end and value.endswith(("\n", "\r")):
            end = "\n"
        if isinstance(value, str) and value.endswith("\r") and end == "\n":
            end = "\r\n"
        text = value + end if isinstance(value, str) else json.dumps(value, indent=2) + end
        found[f"{folder}/{name}"] = text.encode()
        if form == "absent":
            del here[path[-1]]
        else:
            here[path[-1]] = f"@{name}" if form == "reference" else None if isinstance(value, dict) else ""
        if name.endswith(".jsonnet") and whole["content"].get("templating_language") != "jsonnet":
            whole["content"]["templating_language"] = "jsonnet"
            written["content"].pop("templating_language", None)
    if channel == "email" and draw(st.booleans()):
        for kind in ("raw", "designer", "plain_text"):  # what is there for its bodies' sake alone is left out
            if written.get("content", {}).get("body", {}).get(kind) == {}:
                del written["content"]["body"][kind]
    end = draw(st.sampled_from(["", "\n"]))
    found[f"{folder}/variant.json"] = (json.dumps(written, indent=2, ensure_ascii=False) + end).encode()
    return found


def with_bodies(draw: Any, whole: dict[str, Any]) -> dict[str, Any]:
    for path in SLOTS.get(whole["channel"], {}):
        here: Any = whole.get("content")
        for step in path[:-1]:
            here = here.get(step) if isinstance(here, dict) else None
        if isinstance(here, dict) and isinstance(here.get(path[-1]), str):
            here[path[-1]] = draw(BODY) + "x"
    return whole


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_unchanged_variants_are_written_as_they_were_read(data: st.DataObject) -> None:
    whole = with_bodies(data.draw, copy.deepcopy(data.draw(st.sampled_from(VARIANTS))))
    held = laid_out(data.draw, whole)
    template, _ = load_template(Files(held), "order")
    [variant] = template.variants
    assert assembled(variant) == whole
    assert list(validator("template/variant_schema.json").iter_errors(assembled(variant))) == []
    assert files(variant) == held
    # The same by way of writing each JSON file anew: the values are in the layout that was read.
    other = replace(variant, content={**variant.content, "extra": 1})
    again = files(other)
    assert set(again) == set(held)
    reread, _ = load_template(Files(again), "order")
    assert reread.variants[0].content == other.content
    unchanged = json.loads(again[variant.written.source.path])
    unchanged["content"].pop("extra")
    before = json.loads(held[variant.written.source.path])
    assert {"content": {}, **before} == unchanged


def test_changes_go_to_the_file_that_holds_them() -> None:
    held = {
        f"{FOLDER}/slack/default/variant.json": json.dumps(
            {"locale": "en", "conditions": None, "content": {"body_type": "block", "body_block": "@b.json"}}, indent=2
        ).encode(),
        f"{FOLDER}/slack/default/b.json": b"[]\r\n",
    }  # fmt: skip
    [variant] = load_template(Files(held), "order")[0].variants
    changed = replace(variant, content={**variant.content, "body_block": "[1]"})
    assert files(changed) == {**held, f"{FOLDER}/slack/default/b.json": b"[1]\r\n"}


def test_simple_templates(tmp_path: Path) -> None:
    path = "notifications/templates/order/email.hbs"
    held = {path: b"---\nsubject: Hi\n---\n<p>Hi</p>\r\n"}
    [variant] = load_template(Files(held), "order")[0].variants
    assert files(variant) == held
    whole = assembled(variant)
    assert list(validator("template/variant_schema.json").iter_errors(whole)) == []
    body = {**whole["content"]["body"], "raw": {"html": "<b>"}}
    assert files(replace(variant, content={**variant.content, "body": body})) == {
        path: b"---\nsubject: Hi\n---\n<b>\r\n"
    }
    with pytest.raises(ValueError, match="front matter"):
        files(replace(variant, content={**variant.content, "subject": "Ho"}))


def test_a_byte_order_mark_is_kept() -> None:
    whole = variant_json("sms", {"type": "basic", "body": "@body.txt"})
    held = {f"{FOLDER}/sms/default/variant.json": b"\xef\xbb\xbf" + json.dumps(whole).encode(),
            f"{FOLDER}/sms/default/body.txt": b"\xef\xbb\xbfHi\r\n"}  # fmt: skip
    [found] = load_template(Files(held), "order")[0].variants
    assert files(found) == dict(sorted(held.items()))
    other = replace(found, content={**found.content, "body": "Ho"})
    assert files(other)[f"{FOLDER}/sms/default/body.txt"] == b"\xef\xbb\xbfHo\r\n"


def test_what_cannot_be_read_is_kept() -> None:
    """A body that is lost, or that stands in two places, is no change; nor is a variant without content."""
    raw = {"html": "@gone.html", "text": "@../t.txt"}
    lost = variant_json("email", {"subject": "S", "body": {"type": "raw", "raw": raw}})
    twice = variant_json("inbox", {"header": "H", "body": "inline"}, tenant_id="acme")
    bare = variant_json("inbox", None)
    held = {
        f"{FOLDER}/email/default/variant.json": json.dumps(lost).encode(),
        f"{FOLDER}/inbox/_tenants/acme/default/body.md": b"in the file\n",
        f"{FOLDER}/inbox/_tenants/acme/default/variant.json": json.dumps(twice).encode(),
        f"{FOLDER}/inbox/default/body.md": b"Hi\n",
        f"{FOLDER}/inbox/default/variant.json": json.dumps(bare).encode(),
    }
    found = load_template(Files(held), "order")[0].variants
    assert {path: data for one in found for path, data in files(one).items()} == held
    email, hello, acme = found
    assert (hello.content, acme.content["body"]) == ({"body": "Hi"}, "in the file")
    [changed] = [data for path, data in files(replace(acme, content={**acme.content, "body": "new"})).items()
                 if path.endswith(".md")]  # fmt: skip
    assert changed == b"new\n"
    body = {**email.content["body"], "raw": {"html": "<p>", "text": ""}}
    written = json.loads(files(replace(email, content={**email.content, "body": body}))[next(iter(held))])
    assert written["content"]["body"]["raw"] == {"html": "<p>", "text": "@../t.txt"}
