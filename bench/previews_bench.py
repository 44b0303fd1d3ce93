"""1,000 previews: 10 triggers × 10 recipients × 10 messages, all channels, two locales, after the project is loaded.

Run it alone with `python -m bench.previews_bench`. Its budget is two seconds.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

TEXT = "Hi {{{$recipient.name}}}, {{length comments}} comments on {{{doc}}}{{#each comments}}; {{{this}}}{{/each}}"
PARAGRAPHS = "<p>Some words that every mail of this kind has, in a <b>paragraph</b>.</p>" * 40
HTML = f"<html><body>{PARAGRAPHS}<p>{TEXT}</p></body></html>"
CHANNELS = (
    "email", "sms", "whatsapp", "inbox", "slack", "ms_teams", "androidpush", "iospush", "webpush", "messenger",
)  # fmt: skip


def previews_project(root: Path, triggers: int = 10, people: int = 10) -> None:
    """Triggers whose templates have every channel; every other recipient reads another language."""
    folder = root / "notifications"
    folder.mkdir(parents=True)
    recipients = [
        {"user": {"distinct_id": f"u{one}", "name": f"Person {one}", "$locale": "es" if one % 2 else "en",
                  "$email": [f"u{one}@example.com"], "$sms": ["+12025550143"], "$whatsapp": ["+12025550143"]}}
        for one in range(people)
    ]  # fmt: skip
    event = {"doc": "Annual report", "comments": ["one", "two", "three"], "url": "https://app.example.com"}
    for number in range(triggers):
        name = f"t{number}"
        trigger = {"workflow": name, "recipients": recipients, "data": {key: f"{{{{ event.{key} }}}}" for key in event},
                   "samples": [{"name": "one", "event": event}]}  # fmt: skip
        (folder / f"{name}.yaml").write_text(json.dumps(trigger))
        templates = folder / "templates" / name
        templates.mkdir(parents=True)
        for channel in CHANNELS:
            body = f"---\nsubject: '{TEXT}'\n---\n{HTML}" if channel == "email" else TEXT
            (templates / f"{channel}.hbs").write_text(body + "\n")


def seconds_for_previews(runs: int = 5) -> tuple[int, float, float]:
    """How many messages were rendered, and the seconds that took: the first time, with nothing compiled yet, and the
    median. Each run loads the project anew."""
    import nac

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        previews_project(root)
        times = []
        count = 0
        for _ in range(runs):
            project = nac.load(root).project
            start = time.perf_counter()
            count = 0
            with nac.Templates(project) as templates:
                for name in project.triggers:
                    for event in nac.samples(project, name):
                        shown = nac.preview(project, name, event, templates=templates)
                        assert not shown.diagnostics, shown.diagnostics
                        count += sum(one.message is not None for reader in shown.readers for one in reader.previews)
            times.append(time.perf_counter() - start)
    return count, times[0], statistics.median(times)


def main() -> None:
    count, first, median = seconds_for_previews()
    print(f"{count:,} previews: {first:.2f} s the first time, then {median:.2f} s ({count / median:,.0f} a second)")


if __name__ == "__main__":
    main()
