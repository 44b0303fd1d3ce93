"""What a preview takes from outside its template: the time of the event, the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import Nac

TRIGGER = """\
workflow: hello
recipients:
  - user: {distinct_id: u1, name: Ana, $locale: es-MX}
  - user: {distinct_id: u2, name: Kofi}
samples: [{name: one, now: 2026-03-01T23:30:00Z}]
"""


def previews(nac: Nac) -> list[str]:
    rows = json.loads(nac("preview", "hello", "--channel", "sms", "--format", "json").stdout)["previews"]
    return [row["text"] for row in rows]


def write(project: Path, template: str) -> None:
    folder = project / "notifications"
    (folder / "hello.yaml").write_text(TRIGGER)
    (folder / "templates/hello/sms.hbs").write_text(template)
    (folder / "translations").mkdir(exist_ok=True)
    (folder / "translations/en.json").write_text('{"hi": "Hello {{name}}", "bye": "Bye"}')
    (folder / "translations/es.json").write_text('{"hi": "Hola {{name}}"}')


def test_now_is_the_time_of_the_event(nac: Nac, project: Path) -> None:
    write(project, '{{datetime-format "now" "Do MMMM YYYY"}}, {{datetime-format "now" "Do" "Asia/Tokyo"}}')
    assert previews(nac) == ["1st March 2026, 2nd"] * 2


def test_the_language_is_the_readers(nac: Nac, project: Path) -> None:
    write(project, '{{t "hi" name=$recipient.name}}')
    assert previews(nac) == ["Hola Ana", "Hello Kofi"]


def test_a_missing_translation_drops_the_message(nac: Nac, project: Path) -> None:
    write(project, '{{t "hii" name=$recipient.name}}')
    done = nac("preview", "hello")
    assert done.returncode == 1
    assert "NAC311" in done.stderr
    assert "hii" in done.stderr


def test_a_broken_translation_file_is_told(nac: Nac, project: Path) -> None:
    write(project, "hello")
    (project / "notifications/translations/es.json").write_text('{"hi": }')
    done = nac("preview", "hello")
    assert done.returncode == 1
    assert "notifications/translations/es.json:1" in done.stderr


def test_an_unclosed_block_points_at_both_ends_wherever_it_is_rendered(nac: Nac, project: Path) -> None:
    write(project, "Hi {{#if a}}x")
    for done in (nac("preview", "hello"), nac("render", "-", stdin="Hi {{#if a}}x")):
        assert done.returncode == 1
        assert ":1:4" in done.stderr
        assert "expected `{{/if}}` by here" in done.stderr
