"""What the sandbox keeps, delivers once, and forgets, over HTTP."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from nac.dispatch import Accepted, Bearer, Client
from nac.sandbox import Sandbox, kept, required_keys

PEOPLE: list[object] = [
    "u1",
    {"distinct_id": "u2", "$email": ["u2@example.com"]},
    {"object_type": "teams", "id": "finance", "$skip_create": True},
    {"is_transient": True, "$email": ["someone@example.com"]},
]


def record(recipients: list[object] | None = None, **more: object) -> bytes:
    return json.dumps({"workflow": "w", "recipients": recipients or ["u1"], "data": {}, **more}).encode()


def test_what_was_received_can_be_read_back(client: Client, http: httpx.Client) -> None:
    client.send("workflow", [record(PEOPLE)])
    (shown,) = http.get("/requests").json()
    assert shown == {
        "id": 1,
        "call": 1,
        "time": "2026-01-02T03:04:05+00:00",
        "path": "/trigger/",
        "kind": "workflow",
        "auth": "hmac",
        "body": json.loads(record(PEOPLE)),
        "outcome": {"status": "accepted", "message_id": "sandbox-1"},
        "duplicate": False,
    }
    assert http.get("/requests/1").json() == shown
    assert http.get("/requests/2").status_code == 404
    assert http.get("/deliveries").json() == [
        {"recipient": "u1", "record": 1},
        {"recipient": "u2", "record": 1},
        {"recipient": {"object_type": "teams", "id": "finance"}, "record": 1},
        {"recipient": PEOPLE[3], "record": 1},
    ]


def test_delete_forgets_everything(client: Client, http: httpx.Client, sandbox: Sandbox) -> None:
    same = record(**{"$idempotency_key": "k"})
    client.send("workflow", [same])
    assert http.delete("/requests").status_code == 200
    assert http.get("/requests").json() == http.get("/deliveries").json() == []
    assert client.send("workflow", [same]) == [Accepted("sandbox-1")]
    assert not sandbox.requests[0].duplicate
    sandbox.clear()
    assert sandbox.requests == []


def test_an_idempotency_key_holds_for_24_hours(client: Client, clock: Any, sandbox: Sandbox) -> None:
    def send(key: object) -> bool:
        (outcome,) = client.send("workflow", [record(**{"$idempotency_key": key})])
        assert isinstance(outcome, Accepted)
        return sandbox.requests[-1].duplicate

    assert [send("k"), send(" k "), send("other"), send(None), send(None), send(""), send("  ")] == [
        False, True, False, False, False, False, False,
    ]  # fmt: skip
    clock.now += timedelta(hours=23, minutes=59)
    assert send("k")
    assert sandbox.requests[-1].duplicate_of == 1
    clock.now += timedelta(minutes=1)
    assert not send("k")
    assert send("k")
    assert sandbox.requests[-1].duplicate_of == 9
    assert len(sandbox.deliveries) == 7


def test_a_duplicate_names_the_record_that_was_first(client: Client, http: httpx.Client) -> None:
    client.send("workflow", [record(**{"$idempotency_key": key}) for key in ("a", "b", "a", "b ", "a")])
    shown = http.get("/requests").json()
    assert [one["duplicate"] for one in shown] == [False, False, True, True, True]
    assert [one.get("duplicate_of") for one in shown] == [None, None, 1, 2, 1]


def test_a_rejected_record_does_not_use_up_its_key(client: Client, sandbox: Sandbox) -> None:
    client.send("workflow", [b'{"$idempotency_key": "k"}'])
    client.send("workflow", [record(**{"$idempotency_key": "k"})])
    assert [received.duplicate for received in sandbox.requests] == [False, False]
    assert len(sandbox.deliveries) == 1


def test_lone_surrogates_and_escapes_survive(http: httpx.Client, sandbox: Sandbox) -> None:
    body = b'{"workflow": "w", "recipients": ["\\ud800\\u001b<script>"], "data": {}}'
    assert (
        http.post(
            "/trigger/",
            content=body,
            headers={"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"},
        ).status_code
        == 202
    )
    assert http.get("/deliveries").json() == [{"recipient": "\ud800\x1b<script>", "record": 1}]
    assert sandbox.deliveries[0].recipient == "\ud800\x1b<script>"


def test_memory_is_bounded() -> None:
    with (
        Sandbox(validate=required_keys, keep=3) as sandbox,
        Client(Bearer("sandbox-key"), base_url=sandbox.url) as client,
    ):
        client.send("workflow", [record([f"u{number}"]) for number in range(10)])
        assert [received.id for received in sandbox.requests] == [8, 9, 10]
        assert [delivery.recipient for delivery in sandbox.deliveries] == ["u7", "u8", "u9"]


def test_memory_is_bounded_in_bytes_and_in_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "BYTES", 1000)
    monkeypatch.setattr(kept, "KEYS", 2)
    with Sandbox(validate=required_keys) as sandbox, Client(Bearer("sandbox-key"), base_url=sandbox.url) as client:
        for _ in range(5):
            client.send("workflow", [record(["x" * 400])])
        assert [received.id for received in sandbox.requests] == [4, 5]
        for key in ("a", "b", "c", "a", "c"):
            client.send("workflow", [record(**{"$idempotency_key": key})])
        assert [received.duplicate for received in sandbox.requests[-5:]] == [False, False, False, False, True]
