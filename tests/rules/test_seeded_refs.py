"""A defect of each class of references, payload and hygiene, put into a clean project: what is found, and where.

A defect is a change of one file (`path`, what stands there, what is to stand there), or a file more. `found` says the
code, the file, line and column of each finding; a file as a whole is at 0:0.
"""

# ruff: noqa: E501 - a defect stands on a line, as its project does

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nac.diagnostics import Diagnostic
from rule_pages import checked, write_files

SHIPPED = "notifications/orders/shipped.yaml"
REMINDER = "notifications/reminder.yaml"
NEWS = "notifications/news.yaml"
OVERDUE = "notifications/overdue.yaml"
SETTINGS = "notifications/nac.yaml"
WORKFLOW = "suprsend/workflows/order-shipped/workflow.json"
VARIANT = "suprsend/templates/order-shipped/sms/default/variant.json"

BASE = {
    SETTINGS: """\
env: {APP_URL: https://app.example.com, BUILD_ID: "17"}
directories:
  people:
    path: directories/people.csv
    user: {distinct_id: "{{ row.id }}", $email: "{{ row.email }}", $locale: "{{ row.locale }}"}
workspaces:
  production: {tenants: [acme, globex]}
""",
    "notifications/directories/people.csv": """\
id,email,locale,plan
u1,ann@example.com,en-GB,paid
u2,bob@example.org,de,free
""",
    "notifications/directories/README.md": "Made-up people.\n",
    "notifications/tenants/acme.yaml": "brand_name: Acme\n",
    "notifications/tenants/globex.yaml": "brand_name: Globex\n",
    "notifications/attachments/terms.txt": "Payment is due within 30 days.\n",
    "notifications/schemas/overdue.json": """\
{"type": "object", "properties": {"invoice": {"type": "string"}, "limit": {"type": "integer"}}}
""",
    SHIPPED: """\
workflow: order-shipped
description: Tell a customer that the order is on its way.
tenant_id: "{{ event.shop }}"
idempotency_key: "shipped-{{ event.shop }}-{{ event.order.id }}"
cancellation_key: "order-{{ event.order.id }}"
metadata: {source: shop}
recipients:
  - user:
      distinct_id: "{{ event.customer.id }}"
      $email: "{{ event.customer.email }}"
      $sms: "{{ event.customer.phone }}"
      $locale: "{{ event.customer.locale }}"
      $timezone: "{{ event.customer.timezone }}"
      $preferred_language: "{{ event.customer.language }}"
data: {order: "{{ event.order.id }}"}
attachments:
  - url: "{{ event.order.pdf }}"
samples:
  - name: acme
    event:
      shop: acme
      order: {id: o-1, pdf: https://files.example.com/o-1.pdf}
      customer: {id: u1, email: ann@example.com, phone: "+12025550101", locale: en-GB, timezone: Europe/London, language: en}
  - name: globex
    event:
      shop: globex
      order: {id: o-2, pdf: https://files.example.com/o-2.pdf}
      customer: {id: u1, email: bob@example.org, phone: "+447700900123", locale: de, timezone: Europe/Berlin, language: de}
""",
    REMINDER: """\
workflow: reminder
description: Remind paying people.
template: reminder
idempotency_key: "reminder-{{ now | truncate(10, true, '') }}"
recipients:
  - from: people
    where: plan = $plan
    params: {plan: "{{ event.plan }}"}
    except: [u2]
samples:
  - {name: today, event: {plan: paid}}
""",
    NEWS: """\
kind: broadcast
list_id: readers
template: news
notification_category: promotional
channels: [sms]
idempotency_key: "news-{{ event.release }}"
samples:
  - {name: spring, event: {release: "26.3"}}
""",
    OVERDUE: """\
kind: dynamic
name: invoice-overdue
template: reminder
notification_category: transactional
event_schema: schemas/overdue.json
idempotency_key: "overdue-{{ event.invoice }}"
recipients:
  - from: people
    where: plan = 'paid'
    limit: "{{ event.limit }}"
attachments:
  - file: attachments/terms.txt
samples:
  - {name: one, event: {invoice: i-1, limit: 10}}
""",
    WORKFLOW: """\
{
  "name": "Order shipped",
  "category": "transactional",
  "trigger_type": "api",
  "is_enabled": true,
  "tree": {
    "nodes": [
      {"node_type": "branch", "branches": [{"nodes": [
        {"node_type": "send_sms", "properties": {"template": "order-shipped"}}
      ]}]}
    ]
  }
}
""",
    "suprsend/workflows/reminder/workflow.json": '{"tree": {"nodes": []}}\n',
    "suprsend/templates/order-shipped/template.json": """\
{"slug": "order-shipped", "name": "Order shipped", "enabled_channels": ["sms"], "variant_order": {"sms": ["default"]}}
""",
    VARIANT: """\
{
  "id": "default",
  "channel": "sms",
  "tenant_id": null,
  "locale": "en",
  "conditions": [],
  "needs_vendor_approval": false,
  "content": {"type": "basic", "body": "Your order {{{order}}} is on its way."}
}
""",
    "notifications/templates/reminder/sms.hbs": "Your review is due.\n",
    "notifications/templates/news/sms.hbs": "There is a new release.\n",
    "notifications/translations/en.json": "{}\n",
}


@dataclass
class Seeded:
    """A defect: `path`, `old` → `new` (no `old`: a file more), and what is to be found."""

    name: str
    path: str
    old: str
    new: str
    found: list[tuple[str, str, int, int]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)


def at(code: str, path: str, line: int = 0, column: int = 0) -> list[tuple[str, str, int, int]]:
    return [(code, path, line, column)]


MANY = "id,email,locale,plan\n" + "".join(f"u{number},,en,paid\n" for number in range(1_200))
REPORT = 'samples:\n  - {name: one, event: {invoice: "' + "i" * 200 + '", limit: 10}}\n'
DEFECTS = [
    # references
    Seeded("unknown workflow", SHIPPED, "order-shipped\n", "order-shiped\ntemplate: order-shipped\n", at("NAC410", SHIPPED, 1, 11)),
    Seeded("disabled workflow", WORKFLOW, '_enabled": true', '_enabled": false', at("NAC411", SHIPPED, 1, 11)),
    Seeded("workflow sends no such template", WORKFLOW, '"template": "order-shipped"', '"template": "order-shiped"',
           at("NAC412", WORKFLOW, 9, 62)),
    Seeded("workflow sends another template", WORKFLOW, '"template": "order-shipped"', '"template": "news"',
           at("NAC412", SHIPPED, 1, 11)),
    Seeded("template named in a trigger", REMINDER, "template: reminder", "template: remindr", at("NAC405", REMINDER, 3, 11)),
    Seeded("template of a broadcast", NEWS, "template: news", "template: newss",
           at("NAC413", NEWS, 3, 11)),
    Seeded("literal tenant", SHIPPED, '"{{ event.shop }}"\n', "acmee\n", at("NAC414", SHIPPED, 3, 12)),
    Seeded("tenant of a sample", SHIPPED, "shop: globex", "shop: globx", at("NAC414", SHIPPED, 26, 13)),
    Seeded("tenant of a workspace", SETTINGS, "[acme, globex]", "[acme, globx]", at("NAC414", SETTINGS, 7, 32)),
    Seeded("tenant of a folder", VARIANT.replace("sms/", "sms/_tenants/initech/"), "",
           BASE[VARIANT].replace('"tenant_id": null', '"tenant_id": "initech"'),
           at("NAC414", VARIANT.replace("sms/", "sms/_tenants/initech/"), 4, 16)),
    Seeded("directory", REMINDER, "from: people", "from: peple", at("NAC401", REMINDER, 6, 11)),
    Seeded("partial that a sample renders", VARIANT, "Your order {{{order}}}", "{{> head}} {{{order}}}",
           at("NAC310", VARIANT, 8, 45)),
    Seeded("locale of a variant", VARIANT, '"en"', '"jp"', at("NAC416", VARIANT, 5, 13)),
    Seeded("locale of a translation", "notifications/translations/xx.json", "", "{}\n",
           at("NAC416", "notifications/translations/xx.json")),
    Seeded("locale of a sample", SHIPPED, "locale: en-GB", "locale: en-UK", at("NAC416", SHIPPED, 23, 81)),
    Seeded("event schema file", OVERDUE, "schemas/overdue.json", "schemas/overdu.json",
           at("NAC406", OVERDUE, 5, 15)),
    Seeded("attachment file", OVERDUE, "attachments/terms.txt", "attachments/term.txt",
           at("NAC406", OVERDUE, 12, 11)),
    Seeded("the same trigger in another folder", "notifications/parcels/shipped.yaml", "",
           "workflow: order-shipped\nrecipients: [{user: u1}]\ndata: {order: o-1}\n",
           at("NAC420", "notifications/parcels/shipped.yaml", 1, 11)),
    Seeded("the same description", "notifications/parcels/sent.yaml", "",
           "workflow: order-shipped\ndescription: Tell a customer that the order is on its way.\n"
           "recipients: [{user: u1}]\ndata: {order: o-1}\n",
           at("NAC420", "notifications/parcels/sent.yaml", 1, 11)),
    Seeded("variant order", "suprsend/templates/order-shipped/template.json", '["default"]', '["default", "gone"]',
           at("NAC312", "suprsend/templates/order-shipped/template.json", 1, 118)),
    Seeded("dead template", "notifications/templates/old/sms.hbs", "", "Gone.\n", at("NAC417", "notifications/templates/old/sms.hbs")),
    Seeded("dead body", "suprsend/templates/order-shipped/sms/default/body.old.txt", "", "Gone.\n",
           at("NAC418", "suprsend/templates/order-shipped/sms/default/body.old.txt")),
    Seeded("dead partial", "notifications/templates/news/footer.html", "", "Gone.\n",
           at("NAC418", "notifications/templates/news/footer.html")),
    Seeded("dead attachment", "notifications/attachments/old.pdf", "", "x", at("NAC418", "notifications/attachments/old.pdf")),
    Seeded("dead directory", "notifications/directories/old.csv", "", "id\n", at("NAC418", "notifications/directories/old.csv")),
    Seeded("dead schema", "notifications/schemas/old.json", "", "{}", at("NAC418", "notifications/schemas/old.json")),
    # payload
    Seeded("E.164", SHIPPED, '"+12025550101"', '"02025550101"', at("NAC204", SHIPPED, 11, 13)),
    Seeded("a country code that there is not", SHIPPED, '"+12025550101"', '"+9990255501"', at("NAC517", SHIPPED, 23, 57)),
    Seeded("IANA zone", SHIPPED, "Europe/London", "Europe/Londn", at("NAC204", SHIPPED, 13, 18)),
    Seeded("ISO 639-1", SHIPPED, "language: en}", "language: eng}", at("NAC204", SHIPPED, 14, 28)),
    Seeded("length of a key", OVERDUE, 'samples:\n  - {name: one, event: {invoice: i-1, limit: 10}}\n',
           REPORT.replace("i" * 200, "i" * 250), at("NAC204", OVERDUE, 6, 18)),
    Seeded("a literal key that is too long", SHIPPED, '"order-{{ event.order.id }}"', "o" * 256, at("NAC204", SHIPPED, 5, 19)),
    Seeded("tenant id that is too long", SHIPPED, '"{{ event.shop }}"\n', "a" * 65 + "\n",
           at("NAC204", SHIPPED, 3, 12)),
    Seeded("more than a thousand people", "notifications/directories/people.csv", BASE["notifications/directories/people.csv"], MANY,
           at("NAC514", REMINDER, 6, 5)),
    Seeded("a limit over a thousand", OVERDUE, '"{{ event.limit }}"', "5000", at("NAC514", OVERDUE, 10, 12)),
    Seeded("Slack form", SHIPPED, '$sms: "{{ event.customer.phone }}"', '$slack: {user: U012AB3CD, access_token: "{{ event.shop }}"}',
           at("NAC201", SHIPPED, 11, 16)),
    Seeded("Teams form", SHIPPED, '$sms: "{{ event.customer.phone }}"',
           '$sms: "{{ event.customer.phone }}"\n      $ms_teams: {tenant_id: t, service_url: "https://{{ event.shop }}.example.com", user_id: u}',
           at("NAC204", SHIPPED, 12, 46)),
    Seeded("constant key", SHIPPED, '"shipped-{{ event.shop }}-{{ event.order.id }}"', "shipped", at("NAC602", SHIPPED, 4, 18)),
    Seeded("time-based key", SHIPPED, "{{ event.order.id }}\"\ncanc", '{{ now }}"\ncanc', at("NAC510", SHIPPED, 4, 44)),
    Seeded("key of a minute", SHIPPED, "{{ event.order.id }}\"\ncanc", "{{ now | truncate(16, true, '') }}\"\ncanc",
           at("NAC510", SHIPPED, 4, 44)),
    Seeded("key of a run", SHIPPED, "{{ event.order.id }}\"\ncanc", '{{ env.BUILD_ID }}"\ncanc', at("NAC510", SHIPPED, 4, 44)),
    Seeded("random key", SHIPPED, "{{ event.order.id }}\"\ncanc", "{{ event.nonce | default('') }}-{{ event.order.id }}\"\ncanc",
           at("NAC510", SHIPPED, 4, 44)),
    Seeded("key shared by different events", SHIPPED, "shipped-{{ event.shop }}-{{ event.order.id }}", "shipped-{{ event.customer.id }}",
           at("NAC511", SHIPPED, 4, 18)),
    Seeded("key shared by two triggers", OVERDUE, '"overdue-{{ event.invoice }}"', '"news-{{ \'26.3\' if event.invoice else event.invoice }}"',
           at("NAC511", OVERDUE, 6, 18)),
    Seeded("channel without a variant", NEWS, "[sms]", "[sms, inbox]", at("NAC515", NEWS, 5, 17)),
    Seeded("attachment inside", SHIPPED, "https://files.example.com/o-1.pdf", "https://10.0.0.7/o-1.pdf", at("NAC516", SHIPPED, 22, 29)),
    Seeded("attachment that is no address", SHIPPED, "https://files.example.com/o-1.pdf", "ftp://files.example.com/o-1.pdf",
           at("NAC204", SHIPPED, 17, 10)),
    # hygiene
    Seeded("personal data in a key", SHIPPED, "shipped-{{ event.shop }}-", "shipped-{{ event.customer.email }}-", at("NAC603", SHIPPED, 4, 30)),
    Seeded("personal data in metadata", SHIPPED, "{source: shop}", '{source: shop, who: "{{ event.customer.phone }}"}',
           at("NAC603", SHIPPED, 6, 35)),
    Seeded("an address that a key comes to hold", SHIPPED, "id: o-1,", "id: ann@example.com,", at("NAC603", SHIPPED, 4, 18) + at("NAC603", SHIPPED, 5, 19)),
    Seeded("real e-mail in a sample", SHIPPED, "ann@example.com", "ann.miller@gmail.com", at("NAC604", SHIPPED, 23, 33)),
    Seeded("real phone in a sample", SHIPPED, "+12025550101", "+12024561414", at("NAC605", SHIPPED, 23, 58)),
    Seeded("real recipient", NEWS.replace("news", "archive"), "",
           "workflow: reminder\nrecipients:\n  - user: {distinct_id: archive, $email: archive@ourshop.com}\n",
           at("NAC604", NEWS.replace("news", "archive"), 3, 42)),
    Seeded("real people in a directory", "notifications/directories/people.csv", "bob@example.org", "bob@web.de",
           at("NAC606", "notifications/directories/people.csv", 3, 4)),
    Seeded("everyone", REMINDER, "where: plan = $plan\n    params: {plan: \"{{ event.plan }}\"}", 'where: "true"', at("NAC607", REMINDER, 7, 12)),
    Seeded("except nobody", REMINDER, "[u2]", "[u22]", at("NAC608", REMINDER, 9, 14)),
]  # fmt: skip


def shown(found: list[Diagnostic]) -> list[tuple[str, str, int, int]]:
    return [(one.rule.code, one.label.path, *(one.label.span or (0, 0))[:2]) for one in found]


def test_clean(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write_files(root, BASE)
    assert shown(checked(root)) == []


@pytest.mark.parametrize("seeded", DEFECTS, ids=lambda seeded: seeded.name.replace(" ", "-"))
def test_seeded(seeded: Seeded, tmp_path: Path) -> None:
    files = {**BASE, **seeded.more}
    if seeded.old:
        assert files[seeded.path].count(seeded.old) == 1, "what is replaced stands there once"
        files[seeded.path] = files[seeded.path].replace(seeded.old, seeded.new)
    else:
        files[seeded.path] = seeded.new
    root = tmp_path / "project"
    write_files(root, files)
    assert sorted(shown(checked(root))) == sorted(seeded.found)
