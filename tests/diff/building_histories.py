"""Git histories for tests: files written, committed by a fixed author at a fixed time, the same ids on every machine.

A case file `histories/*.history` is one change of the project SHOP:

```
# One sentence that says what the change is.
=== edit notifications/orders/shipped.yaml
tracking: "{{ ==> track: "{{
=== after notifications/new.yaml
workflow: …
=== delete notifications/orders/late.yaml
=== move notifications/orders/late.yaml (to notifications/late.yaml)
=== before notifications/x.yaml (crlf)
…
=== arguments
--markup
=== report
…
```
`edit` replaces what stands left of `==>` by what stands right of it, wherever it occurs; `before` adds a file to the
first commit and `after` one to the second, with the options of `tests/cases`. `report`, the last section, is written by
`pytest --update`: its first line is the class of the change.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from cases import _bytes, _sections

HERE = Path(__file__).parent
_TIME = "2026-01-01T00:00:00+00:00"
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "GIT_AUTHOR_DATE": _TIME, "GIT_COMMITTER_DATE": _TIME,
}  # fmt: skip

SHOP: dict[str, str] = {
    "notifications/nac.yaml": """\
directories:
  people: {path: directories/people.csv}
env: {APP_URL: "https://app.example.com"}
""",
    "notifications/directories/people.csv": """\
id,name,email,team
u1,Amelia Watson,amelia@example.com,red
u2,Bernard Lowe,bernard@example.com,red
u3,Clementine Penny,clementine@example.com,blue
""",
    "notifications/orders/shipped.yaml": """\
workflow: order-shipped
description: Tell whoever ordered it that it is on its way.
tenant_id: "{{ event.shop }}"
idempotency_key: "shipped-{{ event.order.id }}"
recipients:
  - user:
      distinct_id: "{{ event.buyer.id }}"
      name: "{{ event.buyer.name }}"
      $email: ["{{ event.buyer.email }}"]
      $sms: ["{{ event.buyer.phone }}"]
  - each: "{{ event.watchers }}"
    as: watcher
    user: {distinct_id: "{{ watcher.id }}", name: "{{ watcher.name }}", $email: ["{{ watcher.email }}"]}
except: ["{{ event.seller }}"]
data:
  order: "{{ event.order.id }}"
  items: "{{ event.order.items }}"
  url: "{{ env.APP_URL }}/orders/{{ event.order.id }}"
samples:
  - name: two items
    event:
      shop: acme
      seller: s1
      order: {id: o-17, items: [Pen, Paper]}
      buyer: {id: b1, name: Bea, email: bea@example.com, phone: "+12025550101"}
      watchers:
        - {id: w1, name: Will, email: will@example.com}
        - {id: s1, name: Sam, email: sam@example.com}
""",
    "notifications/templates/order-shipped/email.hbs": """\
---
subject: Your order {{order}} is on its way
---
<h1>{{t "hello" name=$recipient.name}}</h1>
<ul>{{#each items}}<li>{{this}}</li>{{/each}}</ul>
<p><a href="{{url}}">Follow it</a></p>
<p>{{$brand.brand_name}}</p>
""",
    "notifications/templates/order-shipped/sms.hbs": "Order {{order}} is on its way: {{url}}\n",
    "notifications/translations/en.json": '{"hello": "Hello {{name}}", "bye": "Bye"}\n',
    "notifications/translations/fr.json": '{"hello": "Bonjour {{name}}", "bye": "Au revoir"}\n',
    "notifications/tenants/default.yaml": "brand_name: Shop\n",
    "notifications/tenants/acme.yaml": "brand_name: Acme\n",
    "notifications/team_news.yaml": """\
workflow: team-news
idempotency_key: "news-{{ event.id }}"
recipients:
  - from: people
    where: team = $team
    params: {team: "{{ event.team }}"}
    user: {distinct_id: "{{ row.id }}", name: "{{ row.name }}", $email: ["{{ row.email }}"]}
data: {title: "{{ event.title }}"}
samples:
  - {name: red, event: {id: n1, team: red, title: Lunch}}
""",
    "notifications/templates/team-news/inbox.hbs": """\
---
header: "{{title}}"
---
Dear {{$recipient.name}}, there is news: {{title}}.
""",
}


@dataclass
class History:
    """A case file: what the first commit has beside SHOP, and what the second makes of it."""

    path: Path
    title: str
    before: dict[str, bytes | str] = field(default_factory=dict)
    steps: list[tuple[str, str, list[str], str]] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    report: str = ""

    def update(self, report: str) -> None:
        head, _, _ = self.path.read_text("utf-8").partition("=== report\n")
        self.path.write_text(f"{head}=== report\n{report}", "utf-8", newline="\n")


def read_history(path: Path) -> History:
    title, *lines = path.read_text("utf-8").split("\n")
    assert title.startswith("# "), path.name
    made = History(path, title.removeprefix("# "))
    for name, options, body in _sections(lines):
        verb, _, file = name.partition(" ")
        if verb == "report":
            made.report = body
        elif verb == "arguments":
            made.arguments = body.split()
        elif verb == "before":
            link = next((one.removeprefix("link ") for one in options if one.startswith("link ")), None)
            made.before[file] = f"link {link}" if link else _bytes(body, options)
        else:
            assert verb in ("edit", "after", "delete", "move"), verb
            made.steps.append((verb, file, options, body))
    return made


class Repo:
    """A repository in a folder."""

    def __init__(self, root: Path, *, init: bool = True) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        if init:
            self.git("init", "-q", "-b", "main", ".")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments], cwd=self.root, env={**os.environ, **GIT},
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, path: str, data: bytes | str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, str) and data.startswith("link "):
            target.unlink(missing_ok=True)
            target.symlink_to(data.removeprefix("link "))
        else:
            target.write_bytes(data.encode() if isinstance(data, str) else data)

    def commit(self, message: str = "a change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def shop(self, **files: bytes | str) -> str:
        for path, text in {**SHOP, **files}.items():
            self.write(path, text)
        return self.commit("the shop")

    def edit(self, path: str, *pairs: tuple[str, str]) -> None:
        target = self.root / path
        text = target.read_bytes().decode()
        for old, new in pairs:
            assert old in text, f"{old!r} is not in {path}"
            text = text.replace(old, new)
        target.write_bytes(text.encode())

    def apply(self, history: History) -> None:
        """The steps of a case, in the work tree."""
        for verb, file, options, body in history.steps:
            if verb == "edit":
                pairs = [line.split(" ==> ") if " ==> " in line else [line.removesuffix(" ==>"), ""]
                         for line in body.splitlines() if line.strip()]  # fmt: skip
                self.edit(file, *((old.replace("\\n", "\n"), new.replace("\\n", "\n")) for old, new in pairs))
            elif verb == "after":
                link = next((one.removeprefix("link ") for one in options if one.startswith("link ")), None)
                self.write(file, f"link {link}" if link else _bytes(body, options))
            elif verb == "move":
                to = self.root / options[0].removeprefix("to ")
                to.parent.mkdir(parents=True, exist_ok=True)
                (self.root / file).rename(to)
            elif file.endswith("/"):
                import shutil

                shutil.rmtree(self.root / file)
            else:
                (self.root / file).unlink()
