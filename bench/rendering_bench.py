"""1,000 previews without a project around them: `python -m bench.rendering_bench`. Prints; judges nothing.

10 templates in the vendor's form × 10 people × 10 channels and locales: the nine channels in English, Slack's and
Teams' blocks in JSONNET, and the email in Spanish too. Measured is what comes after the templates were read, in a
process that has rendered nothing before: compiling each text, choosing, rendering, the plain text of each email, facts.
The second round is what a second sample of the same triggers costs. previews_bench.py measures the way through nac's
own API.
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.handlebars_bench import templates

TEMPLATES, PEOPLE = 10, 10

_BLOCKS = """\
local item(one) = {type: "section", text: {type: "mrkdwn", text: "*" + one.name + "* × " + one.quantity}};
{
  blocks: [{type: "header", text: {type: "plain_text", text: "Order %d of " + data["$recipient"].name}}] +
    [item(one) for one in data.items] +
    [{type: "actions", elements: [{type: "button", text: {type: "plain_text", text: "Open"}, url: data.url}]}],
}
"""
_CARD = """\
{
  type: "AdaptiveCard",
  version: "1.5",
  body: [
    {type: "TextBlock", text: "Order %d of " + data["$recipient"].name},
    {type: "FactSet", facts: [{title: one.name, value: "" + one.quantity} for one in data.items]},
  ],
}
"""


def contents(number: int, html: str) -> dict[str, dict[str, Any]]:
    """What the variants of template `number` say, by channel."""
    hi = f"{number}: hi {{{{$recipient.name}}}}, {{{{actor}}}} added {{{{count}}}} comments on {{{{doc.name}}}}"
    push = {"header": hi, "body": hi, "image_url": "{{url}}", "action_url": "{{{url}}}"}
    jsonnet = {"templating_language": "jsonnet"}
    button = {"text": "Open", "url": "{{{url}}}"}
    link = {"type": "URL", "text": "Open", "url_type": "static", "url_static_part": "https://example.com"}
    return {
        "email": {
            "subject": hi,
            "from_name": "{{$brand.brand_name}}",
            "from_address": "no-reply@example.com",
            "body": {"type": "raw", "raw": {"html": f"{html}<p>{number}: {{{{$recipient.name}}}}</p>"}},
        },
        "sms": {"type": "basic", "body": hi + " {{{url}}}"},
        "whatsapp": {
            "category": "UTILITY",
            "subcategory": "basic_interactive",
            "header": {"format": "TEXT", "text": "Order"},
            "body": {"text": hi},
            "button_type": "CALL_TO_ACTION",
            "buttons": [link],
        },
        "inbox": {"header": hi, "body": hi, "action_url": "{{{url}}}", "buttons": [button]},
        "slack": {**jsonnet, "body_type": "block", "body_block": _BLOCKS.replace("%d", str(number))},
        "ms_teams": {**jsonnet, "body_type": "card", "body_card": _CARD.replace("%d", str(number))},
        "androidpush": {**push, "buttons": [button]},
        "iospush": push,
        "webpush": {**push, "buttons": [button]},
    }


def write_project(root: Path) -> dict[str, Any]:
    """A project with the templates, and the data to render them with."""
    html, data = templates()["5 KB email"]
    (root / "notifications").mkdir(parents=True)
    for number in range(TEMPLATES):
        folder = root / f"suprsend/templates/order-{number}"
        said = contents(number, html)
        for channel, content in said.items():
            for name, locale in (("default", "en"), ("spanish", "es"))[: 1 + (channel == "email")]:
                whole: dict[str, Any] = {"id": name, "channel": channel, "locale": locale, "conditions": []}
                if channel in ("sms", "whatsapp"):
                    whole["needs_vendor_approval"] = False
                variant = folder / channel / name
                variant.mkdir(parents=True)
                (variant / "variant.json").write_text(json.dumps({**whole, "content": content}, indent=2))
        about = {"slug": f"order-{number}", "name": "Order", "enabled_channels": list(said)}
        order = {"variant_order": {"email": ["spanish", "default"]}}
        (folder / "template.json").write_text(json.dumps({**about, **order}, indent=2))
    return data


def people() -> list[dict[str, Any]]:
    return [
        {
            "distinct_id": f"u{number}",
            "name": f"Ann {number}",
            "$email": [f"ann{number}@example.com"],
            "$sms": [f"+4930123456{number:02}"],
        }
        for number in range(PEOPLE)
    ]


def main() -> None:
    from nac import load
    from nac.jsonnet import evaluator
    from nac.preview import Preview, Scene, preview
    from nac.recipients import Person
    from nac.templates.library import load_template

    with tempfile.TemporaryDirectory() as folder, evaluator() as jsonnet:
        data = write_project(Path(folder))
        start = time.perf_counter()
        tree = load(folder).project.tree
        loaded = [load_template(tree, f"order-{number}") for number in range(TEMPLATES)]
        print(f"load {TEMPLATES} templates{'':<24} {time.perf_counter() - start:8.3f} s")
        for template, found in loaded:
            assert template.variants
            assert not found, found
        scene = Scene(data, {"name": "Bob"}, datetime(2026, 3, 1, 9, tzinfo=UTC), jsonnet=jsonnet)
        for what in ("first round", "second round"):
            start, cpu = time.perf_counter(), time.process_time()
            made: list[Preview] = []
            for template, _ in loaded:
                for one in people():
                    person = Person(one, one["distinct_id"], 0)
                    made += preview(template, person, scene, locale="en", tenant=None)
                    made += preview(template, person, scene, locale="es", tenant=None, channels=("email",))
            took, cpu = time.perf_counter() - start, time.process_time() - cpu
            assert all(one.text for one in made), next(one for one in made if not one.text)
            print(f"{len(made):,} previews, {what:<22} {took:8.3f} s   of it {cpu:.3f} s in this process")


if __name__ == "__main__":
    main()
