"""A project with a template of every kind of trouble, and records to send at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

HEADERS = {"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"}
FILES = {
    "notifications/hello.yaml": """\
workflow: hello
recipients:
  - user: {distinct_id: u1}
data: {}
""",
    "notifications/templates/hello/email.hbs": """\
---
subject: 'Hello {{{$recipient.name}}}, from {{{$actor.name}}}'
---
<h1>{{title}}</h1>
<div>{{{html}}}</div>
""",
    "notifications/templates/hello/sms.hbs": "{{{title}}} for {{{$recipient.name}}} at {{{$brand.brand_name}}}\n",
    "notifications/templates/listed/sms.hbs": "To everyone: {{{title}}}\n",
    "notifications/templates/listed/sms.de.hbs": "An alle: {{{title}}}\n",
    "notifications/tenants/acme.yaml": "brand_name: Acme Freight\n",
}
ADA = {"distinct_id": "u_ada", "name": "Ada", "$email": ["ada@example.com"]}


def project(root: Path) -> Path:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def hello(**more: Any) -> dict[str, Any]:
    body = {
        "workflow": "hello", "recipients": [ADA], "actor": {"distinct_id": "a", "name": "Bo"},
        "data": {"title": "A title", "html": "<p>some text</p>"}, "tenant_id": "acme",
    }  # fmt: skip
    return {**body, **more}


def dynamic(**more: Any) -> dict[str, Any]:
    return {"name": "by hand", "template": "listed", "notification_category": "system", "users": [ADA],
            "data": {"title": "news"}, **more}  # fmt: skip


def broadcast(**more: Any) -> dict[str, Any]:
    return {"list_id": "everybody", "template": "listed", "notification_category": "system", "$insert_id": "x" * 36,
            "$time": 1_700_000_000_000, "data": {"title": "news"}, **more}  # fmt: skip


def post(url: str, body: object, path: str = "trigger/") -> int:
    """The status of the answer."""
    answer = httpx.post(url + path, content=json.dumps(body), headers=HEADERS, trust_env=False)
    return answer.status_code
