"""What the shipped triggers send: `expected/<trigger>.ndjson` holds, after a line with each sample's name, the very
bytes of its requests, one a line. `pytest --update` writes them, to be read as a difference before it is committed."""

import copy
import json
from pathlib import Path

import pytest
from suprsend.utils import (  # type: ignore[import-untyped]
    validate_list_broadcast_body_schema,
    validate_workflow_body_schema,
    validate_workflow_trigger_body_schema,
)

import nac
from nac.directory import Directories
from nac.limits import MAX_BYTES, MAX_KEY, MAX_RECIPIENTS
from nac.payload import Payload
from nac.project import Loaded
from nac.schema import request_mistakes

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"
LOADED = nac.load(ROOT)
TRIGGERS = list(LOADED.project.triggers)
SDK = {
    "workflow": validate_workflow_trigger_body_schema,
    "dynamic": validate_workflow_body_schema,
    "broadcast": validate_list_broadcast_body_schema,
}


@pytest.fixture(scope="module")
def where() -> Directories:
    return nac.directories(LOADED.project)


def compiled(loaded: Loaded, name: str, where: Directories) -> list[tuple[str, tuple[Payload, ...]]]:
    """Each sample's name and requests."""
    found = []
    for event in nac.samples(loaded.project, name):
        result = nac.compile(loaded.project, name, event, where)
        assert result.diagnostics == (), event.name
        found.append((event.name, result.payloads))
    return found


def test_the_shipped_project_has_no_findings() -> None:
    assert LOADED.diagnostics == ()
    assert len(TRIGGERS) >= 12


@pytest.mark.parametrize("name", TRIGGERS)
def test_what_is_sent(name: str, where: Directories, update: bool) -> None:
    lines = []
    for sample, payloads in compiled(LOADED, name, where):
        lines.append(json.dumps({"sample": sample}, ensure_ascii=False).encode())
        lines.extend(payload.encoded for payload in payloads)
    assert lines, "it has no sample"
    text = b"\n".join(lines).decode() + "\n"
    path = EXPECTED / f"{name.replace('/', '.')}.ndjson"
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("name", TRIGGERS)
def test_what_the_service_would_take(name: str, where: Directories) -> None:
    for _, payloads in compiled(LOADED, name, where):
        keys = [payload.key for payload in payloads if payload.key is not None]
        assert len(set(keys)) == len(keys)
        for payload in payloads:
            assert request_mistakes(payload.kind, payload.body) == []
            assert SDK[payload.kind](copy.deepcopy(payload.body)) == payload.body
            assert json.loads(payload.encoded) == payload.body
            assert list(json.loads(payload.encoded)) == list(payload.body)
            assert payload.size <= MAX_BYTES
            assert len(payload.people) <= MAX_RECIPIENTS
            assert payload.key is None or len(payload.key) <= MAX_KEY


@pytest.mark.parametrize("name", TRIGGERS)
def test_every_message_can_be_rendered(name: str, where: Directories) -> None:
    for event in nac.samples(LOADED.project, name):
        previewed = nac.preview(LOADED.project, name, event, where)
        assert previewed.diagnostics == ()
        assert previewed.channels, "it has no template"
        for reader in previewed.readers:
            texts = [message.text for message in reader.previews if message.not_sent is None]
            assert texts, reader
            for text in texts:
                assert text
                assert text == text.strip()


def test_the_documents_own_message(where: Directories) -> None:
    (event,) = nac.samples(LOADED.project, "new_comment")
    [reader] = nac.preview(LOADED.project, "new_comment", event, where, channel="sms").readers
    [message] = reader.previews
    assert message.text == "Hi recipient_1, actor_1 added 2 new comments on the annual IT report."


def test_no_expected_file_is_left_over() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == {name.replace("/", ".") for name in TRIGGERS}


def test_the_shipped_project_shows_every_feature() -> None:
    """What each trigger file and request must hold somewhere, so that the example stays complete."""
    written = "\n".join(trigger.written.source.text for trigger in LOADED.project.triggers.values())
    for key in (
        "kind: dynamic", "kind: broadcast", "actor:", "is_transient:", "$skip_create:", "each:", "as:", "from:",
        "where:", "params:", "order_by:", "limit:", "except:", "fan_out: batch", "fan_out: request", "tenant_id:",
        "idempotency_key:", "cancellation_key:", "metadata:", "attachments:", "file:", "url:", "delivery:", "delay:",
        "trigger_at:", "brand_id:", "template:", "env.", "{{ now", "{% for", "$preferred_language:", "$locale:",
        "$timezone:", "$channels:", "$email:", "$sms:", "$whatsapp:", "$inbox:", "$messenger:", "$slack:",
        "$ms_teams:", "$androidpush:", "$iospush:", "$webpush:", "access_token:", "user_id:", "channel_id:",
        "incoming_webhook:", "conversation_id:", ": |\n", ": >-\n",
    ):  # fmt: skip
        assert key in written, key
    kinds = {directory.kind for directory in LOADED.project.settings.directories.values()}
    assert kinds == {"csv", "json", "ndjson", "yaml", "sqlite", "parquet"}
    for trigger in LOADED.project.triggers.values():
        assert trigger.model.description, trigger.name
        assert trigger.model.samples, trigger.name
