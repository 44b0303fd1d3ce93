"""`nac preview` from outside: what is shown, and with what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command_line import Nac

TRIGGER = """\
workflow: hello
tenant_id: "{{ event.tenant | default(none) }}"
recipients:
  - user: {distinct_id: u1, name: Ana, $email: [ana@example.com], $locale: es-MX}
  - user: {distinct_id: u2, name: Kofi}
data: {n: "{{ event.n }}"}
samples:
  - {name: one, event: {n: 1}}
  - {name: two, event: {n: 2, tenant: acme}, batch: [{n: 3, tenant: acme}]}
"""
MOCK = """\
{"n": 9, "$recipient": {"distinct_id": "m1", "name": "Mock", "$locale": "es"}, "$brand": {"brand_name": "Mocked"}}
"""


@pytest.fixture
def vendor(project: Path) -> Path:
    """A template in the vendor's form: English and Spanish, one variant for a tenant, and mock data."""
    folder = project / "notifications"
    (folder / "hello.yaml").write_text(TRIGGER)
    (folder / "templates/hello/sms.hbs").unlink()
    (folder / "tenants").mkdir()
    (folder / "tenants/acme.yaml").write_text("brand_name: Acme\n")
    (folder / "tenants/globex.yaml").write_text("brand_name: Globex\n")
    bodies = {
        "default": "Hi {{{$recipient.name}}} {{n}} {{$batched_events_count}}",
        "es": "Hola {{{$recipient.name}}} {{n}}",
        "_tenants/acme/default": "{{{$brand.brand_name}}}: {{n}} {{$batched_events_count}}",
    }
    top = project / "suprsend/templates/hello"
    for path, text in bodies.items():
        at = top / "sms" / path
        at.mkdir(parents=True)
        variant: dict[str, Any] = {
            "channel": "sms", "id": at.name, "tenant_id": "acme" if path.startswith("_tenants") else None,
            "locale": "es" if path == "es" else "en", "conditions": [], "needs_vendor_approval": False,
            "content": {"type": "basic", "body": text},
        }  # fmt: skip
        (at / "variant.json").write_text(json.dumps(variant, indent=2) + "\n")
    order = {"sms": ["es", "default"], "sms/acme": ["default"]}
    (top / "template.json").write_text(
        json.dumps({"slug": "hello", "name": "Hello", "enabled_channels": ["sms"], "variant_order": order})
    )
    (top / "mock_data.json").write_text(MOCK)
    return project


def rows(nac: Nac, *args: str, stdin: str = "", code: int = 0) -> list[dict[str, Any]]:
    done = nac("preview", "--format", "json", *args, stdin=stdin)
    assert done.returncode == code, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["previews"]
    return found


def texts(nac: Nac, *args: str, stdin: str = "") -> list[str]:
    return [row["text"] for row in rows(nac, *args, stdin=stdin)]


@pytest.mark.usefixtures("vendor")
class TestWhatIsShown:
    def test_locale_and_tenant_are_the_readers_and_the_triggers(self, nac: Nac) -> None:
        assert texts(nac, "hello") == ["Hi Ana 1 1", "Hi Kofi 1 1", "Acme: 2 2", "Acme: 2 2"]
        assert [(row["locale"], row["tenant"]) for row in rows(nac)] == [
            ("es-MX", None), ("en", None), ("es-MX", "acme"), ("en", "acme"),
        ]  # fmt: skip

    def test_locale_and_tenant_can_be_given(self, nac: Nac) -> None:
        assert texts(nac, "--locale", "es", "--sample", "one") == ["Hola Ana 1", "Hola Kofi 1"]
        assert texts(nac, "--tenant", "acme", "--sample", "one") == ["Acme: 1 1", "Acme: 1 1"]
        [row] = rows(nac, "--locale", "es", "--tenant", "globex", "--sample", "one", "--recipient", "u2")
        assert (row["locale"], row["tenant"], row["text"], row["variant"]) == ("es", "globex", "Hola Kofi 1", "sms/es")

    def test_all_is_a_matrix(self, nac: Nac) -> None:
        found = rows(nac, "--all", "--sample", "two", "--recipient", "u1")
        assert [(row["tenant"], row["locale"]) for row in found] == [
            (tenant, locale) for tenant in ("acme", None, "globex") for locale in ("es-MX", "en", "es")
        ]
        assert {row["tenant"] for row in rows(nac, "--all", "--tenant", "globex")} == {"globex"}
        assert {row["locale"] for row in rows(nac, "--all", "--locale", "en")} == {"en"}

    def test_all_shows_what_can_make_a_difference(self, nac: Nac, vendor: Path) -> None:
        (vendor / "notifications/translations").mkdir(exist_ok=True)
        for locale in ("en", "fr"):
            (vendor / f"notifications/translations/{locale}.json").write_text('{"hi": "Hi"}')
        plain = vendor / "notifications/templates/plain/sms.hbs"
        plain.parent.mkdir(parents=True)
        (plain.parent / "sms.es.hbs").write_text("Es {{n}}")

        def places(text: str) -> set[tuple[str, str | None]]:
            plain.write_text(text)
            found = rows(nac, "--template", "plain", "--all", "--event", "-", stdin='{"n": 1}')
            return {(row["locale"], row["tenant"]) for row in found}

        assert places("It isn't {{n}}") == {("en", None), ("es", None)}
        assert places("{{t 'hi'}}") == {("en", None), ("es", None), ("fr", None)}
        assert places("{{default $brand.brand_name 'x'}}") == {
            (locale, tenant) for locale in ("en", "es") for tenant in (None, "acme", "globex")
        }

    def test_recipients_are_shown_by_name(self, nac: Nac) -> None:
        assert "  Ana · u1 (user)" in nac("preview", "--recipient", "u1").stdout
        [row] = rows(nac, "--recipient", "u1", "--sample", "one")
        assert (row["recipient"], row["name"]) == ("user u1", "Ana")
        assert '"Ana · u1"' in re.sub(r"\s+", " ", nac("preview", "--format", "html").stdout)

    def test_nobody_of_that_name_is_told_beside_findings(self, nac: Nac, vendor: Path) -> None:
        (vendor / "suprsend/templates/hello/sms/es/variant.json").write_text("{}")
        done = nac("preview", "--recipient", "nobody")
        assert done.returncode == 1
        assert "the selectors find nobody called 'nobody'" in done.stderr

    def test_mock_data_instead_of_samples(self, nac: Nac) -> None:
        [row] = rows(nac, "hello", "--mock")
        assert (row["text"], row["event"], row["trigger"], row["recipient"]) == (
            "Hola Mock 9", "mock_data.json", "hello", "user m1"
        )  # fmt: skip

    def test_a_template_by_itself(self, nac: Nac) -> None:
        [row] = rows(nac, "--template", "hello")
        assert (row["text"], row["trigger"], row["template"], row["via"]) == (
            "Hola Mock 9", None, "hello", "mock_data.json"
        )  # fmt: skip
        [row] = rows(nac, "--template", "hello", "--event", "-", stdin='{"n": 5}')
        assert (row["text"], row["event"]) == ("Hola Mock 5", "event")
        [row] = rows(nac, "--template", "hello", "--tenant", "acme")
        assert row["text"] == "Mocked: 9 1"
        [row] = rows(nac, "--template", "hello", "--recipient", '{"distinct_id": "x", "name": "Xu"}')
        assert row["text"] == "Hi Xu 9 1"
        [row] = rows(nac, "--template", "hello", "--recipient", "m1")
        assert (row["text"], row["name"]) == ("Hola Mock 9", "Mock")
        [row] = rows(nac, "--template", "hello", "--recipient", "u7", code=1)
        assert row["dropped"][0]["message"].endswith("`$recipient` has no `name`")

    def test_without_triggers_every_template_is_shown(self, nac: Nac, vendor: Path) -> None:
        (vendor / "notifications/hello.yaml").unlink()
        done = nac("preview")
        assert done.returncode == 0
        assert "Hola Mock 9" in done.stdout
        assert "there are no triggers" in done.stderr
        for path in sorted((vendor / "notifications").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (vendor / "notifications").rmdir()
        assert "Hola Mock 9" in nac("preview").stdout

    def test_a_trigger_without_samples_is_shown_with_mock_data(self, nac: Nac, vendor: Path) -> None:
        (vendor / "notifications/hello.yaml").write_text(TRIGGER.split("samples:")[0])
        done = nac("preview")
        assert "hello · mock_data.json" in done.stdout
        assert "no samples" in done.stderr
        (vendor / "suprsend/templates/hello/mock_data.json").unlink()
        done = nac("preview")
        assert done.stdout == ""
        assert "no samples; add some, or pass --event" in done.stderr
        done = nac("preview", "--template", "hello")
        assert (done.returncode, done.stdout) == (0, "")
        assert "has no mock_data.json" in done.stderr

    def test_somebody_the_selectors_do_not_find(self, nac: Nac) -> None:
        done = nac("preview", "hello", "--recipient", "nobody")
        assert done.returncode == 2
        assert "nobody called 'nobody'" in done.stderr
        assert texts(nac, "hello", "--sample", "one", "--recipient", '{"distinct_id": "z", "name": "Zoë"}') == [
            "Hi Zoë 1 1"
        ]
        assert texts(nac, "hello", "--sample", "one", "--recipient", "u2") == ["Hi Kofi 1 1"]

    def test_limit_and_now_and_event(self, nac: Nac) -> None:
        done = nac("preview", "hello", "--event", "-", "--limit", "1", stdin='{"n": 7}')
        assert "Hi Ana 7 1" in done.stdout
        assert "and 1 more recipients" in done.stdout

    def test_why_names_every_variant(self, nac: Nac) -> None:
        done = nac("preview", "hello", "--sample", "one", "--recipient", "u2", "--why")
        assert re.search(r"→ sms/default: ", done.stdout)
        assert re.search(r"· sms/es: ", done.stdout)
        assert re.search(r"· sms/acme/default: ", done.stdout)

    def test_channels_may_be_several(self, nac: Nac, vendor: Path) -> None:
        assert len(rows(nac, "--channel", "sms", "--channel", "email", "--sample", "one")) == 2
        assert "is for other channels: sms" in nac("preview", "--channel", "email").stdout

    @pytest.mark.parametrize(
        ("args", "says"),
        [
            (["--channel", "smss"], "did you mean `sms`?"),
            (["--locale", "fr"], "nothing is written in 'fr'"),
            (["--tenant", "acmee"], "did you mean `acme`?"),
            (["--template", "helo"], "did you mean `hello`?"),
            (["--template", "hello", "hello"], "one or the other"),
            (["--template", "hello", "--sample", "one"], "--sample belongs to a trigger"),
            (["--mock", "--sample", "one"], "--mock excludes"),
            (["--recipient", "{"], "--recipient: not JSON"),
            (["--recipient", '{"$email": 1, "distinct_id": "x"}'], "--recipient: $email"),
            (["--format", "eml"], "name a directory with -o"),
            (["--open", "--format", "json"], "--format html or eml"),
            (["--format", "html", "-o", "no/such/page.html"], "cannot write no/such/page.html"),
            (["--format", "eml", "-o", "notifications/hello.yaml"], "it is a file"),
            (["--format", "html", "-o", "notifications"], "it is a directory"),
        ],
    )
    def test_wrong_usage_is_told_and_writes_nothing(self, nac: Nac, args: list[str], says: str) -> None:
        done = nac("preview", *args)
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        assert says in re.sub(r"\s+", " ", done.stderr)


def test_a_broadcast_is_seen_by_somebody_nothing_is_known_of(nac: Nac, project: Path) -> None:
    (project / "notifications/hello.yaml").write_text(
        "kind: broadcast\nlist_id: all\ntemplate: hello\nnotification_category: system\nchannels: [sms]\n"
        "samples: [{name: one, now: 2026-01-01}]\n"
    )
    (project / "notifications/templates/hello/sms.hbs").write_text("Hi {{default $recipient.name 'you'}}")
    [row] = rows(nac)
    assert (row["text"], row["via"], row["recipient"]) == ("Hi you", "everyone on the list", "")


def test_windows_line_ends_and_an_empty_template_folder(nac: Nac, project: Path) -> None:
    folder = project / "notifications/templates/hello"
    (folder / "sms.hbs").write_bytes(b"Hello\r\n{{$recipient.name}}\r\n")
    done = nac("preview", "hello", "--sample", "first")
    assert done.returncode == 0, done.stderr
    assert "    sms         Hello\n                Ana\n" in done.stdout
    (folder / "sms.hbs").unlink()
    done = nac("preview", "hello")
    assert done.returncode == 0
    assert "there is no template `hello`" in done.stdout


def test_what_is_broken_in_a_template_is_told_once(nac: Nac, project: Path) -> None:
    (project / "notifications/templates/hello/sms.hbs").write_text("Hi {{$recipient.nmae}}")
    done = nac("preview", "--format", "text")
    assert done.returncode == 1
    assert done.stdout.count("dropped: SuprSend would drop this message") == 2
    assert done.stderr.count("error[NAC311") == 1
    assert "with: first, second" in done.stderr
