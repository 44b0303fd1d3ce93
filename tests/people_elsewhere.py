"""A project whose people are not in a file of it, and what its commands say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from nac.cli import cli


class People:
    """A project with one trigger and the directory `people`, that is elsewhere."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "notifications"
        (self.folder / "templates" / "hello").mkdir(parents=True)
        (self.folder / "templates" / "hello" / "sms.hbs").write_text("Hello\n", "utf-8")
        (root / "event.json").write_text('{"id": 1, "ids": ["u1"]}', "utf-8")
        self.sample("id,name\nsample-1,Sample\n")
        self.trigger({"from": "people"})

    def sample(self, text: str) -> None:
        (self.folder / "people-sample.csv").write_text(text, "utf-8")

    def directory(self, **settings: Any) -> None:
        whole = {"sample": "people-sample.csv", "user": {"distinct_id": "{{ row.id }}"}, **settings}
        known = {key: value for key, value in whole.items() if value is not None}
        (self.folder / "nac.yaml").write_text(json.dumps({"directories": {"people": known}}), "utf-8")

    def trigger(self, *recipients: Any) -> None:
        trigger = {
            "workflow": "hello", "idempotency_key": "hello-{{ event.id }}", "recipients": recipients,
            "samples": [{"name": "one", "event": {"id": 1, "ids": ["sample-1"]}}],
        }  # fmt: skip
        (self.folder / "hello.yaml").write_text(json.dumps(trigger), "utf-8")

    def run(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--project", str(self.root)], env=environment)

    def recipients(self, *allowed: str, **environment: str) -> Result:
        options = [part for one in allowed for part in ("--allow-remote", one)]
        event = str(self.root / "event.json")
        return self.run("recipients", "hello", "--event", event, "--format", "ndjson", *options, **environment)


def ids(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return [json.loads(line)["recipient"]["distinct_id"] for line in done.stdout.splitlines()]
