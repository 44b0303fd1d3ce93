"""Projects to measure with, the same at every run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TRIGGER = """\
workflow: order-shipped-{n}
description: Tell whoever ordered it that order kind {n} is on its way.
tenant_id: "{{{{ event.tenant }}}}"
idempotency_key: "order-{n}-{{{{ event.order.id_{n} }}}}"
actor:
  distinct_id: "{{{{ event.seller.id }}}}"
  name: "{{{{ event.seller.name }}}}"
recipients:
  - user:
      distinct_id: "{{{{ event.buyer.id }}}}"
      $email: ["{{{{ event.buyer.email }}}}"]
      $timezone: Europe/Berlin
      name: "{{{{ event.buyer.name }}}}"
  - each: "{{{{ event.watchers }}}}"
    as: person
    user: {{distinct_id: "{{{{ person.id }}}}", $email: ["{{{{ person.email }}}}"]}}
    except: ["{{{{ event.seller.id }}}}"]
  - object: {{object_type: teams, id: fulfilment}}
data:
  order_{n}: "{{{{ event.order.id_{n} }}}}"
  total: "{{{{ event.order.total }}}}"
  items: "{{{{ event.order.lines | map(attribute='name') | list }}}}"
  title: "Order {{{{ event.order.id_{n} }}}} of {{{{ event.buyer.name }}}}"
samples:
  - name: one
    event:
      tenant: acme
      seller: {{id: s1, name: Shop}}
      buyer: {{id: b1, name: Bea, email: bea@example.com}}
      watchers: [{{id: w1, email: w1@example.com}}, {{id: w2, email: w2@example.com}}]
      order: {{id_{n}: o{n}, total: 12.5, lines: [{{name: Pen}}, {{name: Paper}}]}}
"""

ALL = """\
workflow: all
idempotency_key: "all-{{ event.id }}"
recipients:
  - from: people
    user:
      distinct_id: "{{ row.id }}"
      $email: ["{{ row.email }}"]
      $sms: ["{{ row.phone }}"]
      $timezone: "{{ row.zone }}"
      name: "{{ row.name }}"
data: {title: "{{ event.title }}", body: "The terms of use change on the first of May."}
samples: [{name: one, event: {id: 1, title: Terms}}]
"""


def many_triggers(root: Path, count: int) -> None:
    """`count` triggers of about 30 lines, no two with the same expressions."""
    folder = root / "notifications"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"order-{number}.yaml").write_text(TRIGGER.format(n=number))


def million_people(root: Path, count: int) -> dict[str, Any]:
    """A project that sends to everyone in a Parquet directory; returns a body of the kind it makes."""
    import duckdb

    folder = root / "notifications"
    folder.mkdir(parents=True)
    duckdb.sql(
        "COPY (SELECT 'user-' || i AS id, 'user' || i || '@example.com' AS email, "
        "'+1202555' || lpad((i % 10000)::VARCHAR, 4, '0') AS phone, 'Europe/Berlin' AS zone, 'Person ' || i AS name "
        f"FROM range({count:d}) t(i)) TO '{folder / 'people.parquet'}'"
    )
    (folder / "nac.yaml").write_text("directories: {people: {path: people.parquet}}\n")
    (folder / "all.yaml").write_text(ALL)
    return {
        "workflow": "all",
        "recipients": [
            {
                "distinct_id": "user-1",
                "$email": ["user1@example.com"],
                "$sms": ["+12025550001"],
                "$timezone": "Europe/Berlin",
                "name": "Person 1",
            }
        ],
        "data": {"title": "Terms", "body": "The terms of use change on the first of May."},
    }
