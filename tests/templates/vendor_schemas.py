"""The vendor's JSON Schemas, kept beside the repository; without them the tests that need them are skipped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[3] / "shared" / "reference" / "schemas"

Json = dict[str, Any]


@cache
def validator(path: str) -> Draft202012Validator:
    """The validator of one schema, such as `template/variant_schema.json`."""
    if not SCHEMAS.exists():
        pytest.skip(f"there are no schemas at {SCHEMAS}")
    read = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(SCHEMAS.glob("template/**/*.json"))]
    registry: Registry[Any] = Registry().with_resources(
        [(one["$id"], Resource.from_contents(one)) for one in read if "$id" in one]
    )
    return Draft202012Validator(json.loads((SCHEMAS / path).read_text(encoding="utf-8")), registry=registry)


def variant(channel: str, content: Json | None, **more: Any) -> Json:
    """A variant of that channel, as the vendor's API gives it."""
    whole: Json = {"channel": channel, "id": "default", "tenant_id": None, "locale": "en", "conditions": []}
    if channel == "sms":
        whole["needs_vendor_approval"] = True
    return {**whole, **({"content": content} if content is not None else {}), **more}


CONDITION = {
    "type": "expression_v1",
    "expression_v1": {
        "op": "AND",
        "args": [
            {"variable_ns": "$recipient", "variable": "plan", "op": "==", "value": "pro"},
            {"variable_ns": "", "variable": "order.id", "op": "EMPTY"},
        ],
    },
}
APPROVAL = {
    "vendor_slug": "msg91-sms", "vendor_uid": "12345", "vendor_template_name": "order", "vendor_template_id": "t1",
    "provider_template_id": "p1", "approval_status": "approved", "comment": None,
}  # fmt: skip
VARIANTS: list[Json] = [
    variant("email", {"subject": "Hi {{name}}", "from_name": "A", "cc": "a@example.com", "templating_language":
            "handlebars", "body": {"type": "raw", "raw": {"html": "<p>", "text": ""}, "designer": None,
            "preheader": "p", "email_markup": "{}"}}, conditions=[CONDITION], seq_no=2),
    variant("email", {"subject": "Hi", "body": {"type": "designer", "raw": None, "designer": {
            "html": "<p>", "text": "x", "design_json": {"body": {"rows": []}}, "display_conditions": [{}],
            "merge_tags": [{"id": "1", "before": "b", "after": "a", "expression": "e"}]}}}),
    variant("email", {"subject": "Hi", "body": {"type": "plain_text", "plain_text": {"text": "x"}}}, conditions=None),
    variant("sms", {"type": "dlt", "category": "transactional", "header": "ABCDEF", "body": "Hi"},
            vendor_approvals=[APPROVAL, {**APPROVAL, "approval_status": "rejected", "comment": "no"}]),
    variant("sms", {"type": "basic", "body": ""}),
    variant("whatsapp", {"category": "UTILITY", "subcategory": "basic_interactive", "body": {"text": "Hi"},
            "header": {"format": "TEXT", "text": "H"}, "footer": {"text": "F"}, "button_type": "CALL_TO_ACTION",
            "buttons": [{"type": "URL", "text": "Go", "url_type": "dynamic", "url_static_part": "https://example.com/",
                         "url_dynamic_part": "{{id}}"},
                        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+4912345678"}]}),
    variant("whatsapp", {"category": "MARKETING", "subcategory": "basic_interactive", "body": {"text": "Hi"},
            "header": {"format": "IMAGE", "media_url": "https://example.com/a.png"}, "footer": None,
            "button_type": "QUICK_REPLY", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]}),
    variant("whatsapp", {"category": "UTILITY", "subcategory": "basic_interactive", "body": {"text": "Hi"},
            "header": None, "button_type": "NONE", "buttons": []}),
    variant("inbox", {"header": "H", "body": "B", "action_url": "", "open_in_new_tab": True, "image_url": "",
            "schema_version": "1.0", "subtext": {"text": "s", "url": ""}, "importance": "high",
            "avatar": {"image_url": "", "url": ""}, "tags": ["a"], "is_expiry_enabled": True, "is_pinned": False,
            "expiry": {"format": "relative", "expiry_type": "fixed", "value": "1d", "is_expiry_visible": True},
            "buttons": [{"text": "Go", "url": "u", "open_in_new_tab": False}], "extra_data": "{}"}),
    variant("slack", {"body_type": "block", "body_block": "{}", "templating_language": "jsonnet"}),
    variant("slack", {"body_type": "text", "body_text": "Hi"}, tenant_id="acme"),
    variant("ms_teams", {"body_type": "card", "body_card": "{}"}),
    variant("ms_teams", {"body_type": "text", "body_text": "Hi", "body_card": ""}),
    variant("androidpush", {"header": "H", "body": "B", "subtext": "s", "buttons": [{"id": "1", "text": "Go",
            "url": "u"}], "channel_show_badge": True, "channel_importance": "HIGH", "priority": "DEFAULT",
            "timeout_sec": 0, "channel_lock_screen_visibility": "SECRET", "extra_payload": {"a": "b"}}),
    variant("iospush", {"header": "H", "body": "B", "badge": 1, "sound": "default", "content_available": 1,
            "mutable_content": 1, "via_suprsend": True, "action_url": "u"}),
    variant("webpush", {"header": "H", "body": "B", "dir": "auto", "vibrate": [100, 200], "is_sticky": True,
            "buttons": [{"text": "Go", "url": "u", "icon": ""}], "extra_payload": {"a": {"b": 1}}}),
    variant("email", None),
]  # fmt: skip
TEMPLATES: list[Json] = [
    {"slug": "order-shipped", "name": "Order", "enabled_channels": ["email", "sms"], "description": None,
     "variant_order": {"email": ["promo", "default"], "email/acme": ["default"], "sms": []}, "tags": ["a"]},
    {"$schema": "https://schema.suprsend.com/cli/template/v2/schema.json", "slug": "a.b", "name": "A",
     "enabled_channels": None, "variant_order": {}, "tags": None, "description": "d"},
]  # fmt: skip
