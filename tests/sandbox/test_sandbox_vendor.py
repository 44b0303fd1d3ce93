"""The vendor's own SDK takes the sandbox for the hub."""

from typing import Any

import pytest
from suprsend import SubscriberListBroadcast, Suprsend, Workflow, WorkflowTriggerRequest

from nac.sandbox import Sandbox, required_keys

TRIGGER = {"workflow": "w", "recipients": [{"distinct_id": "ü€😀"}], "data": {"quote": "\"'\\ \u2028"}}
DYNAMIC = {
    "name": "dynamic",
    "template": "template",
    "notification_category": "transactional",
    "users": [{"distinct_id": "u1", "$email": ["u1@example.com"]}],
    "data": {},
}
LIST = {"list_id": "everyone", "template": "template", "notification_category": "promotional", "data": {}}


def sdk(sandbox: Sandbox, way: str) -> Any:
    if way == "hmac":
        return Suprsend("sandbox", "sandbox-secret", base_url=sandbox.url)
    return Suprsend.with_workspace_api_key("sandbox", "sandbox-key", base_url=sandbox.url)


@pytest.mark.parametrize("way", ["hmac", "bearer"])
def test_single_bulk_dynamic_and_broadcast(way: str) -> None:
    with Sandbox(validate=required_keys) as sandbox:
        client = sdk(sandbox, way)
        single = client.workflows.trigger(WorkflowTriggerRequest(dict(TRIGGER), idempotency_key="k1"))
        assert (single["status_code"], single["message"]) == (202, "sandbox-1")

        bulk = client.workflows.bulk_trigger_instance()
        bulk.append(*(WorkflowTriggerRequest(dict(TRIGGER), idempotency_key=key) for key in ("k1", "k2", "k2")))
        answer = bulk.trigger()
        assert (answer.status, answer.total, answer.success) == ("success", 3, 3)

        assert client.trigger_workflow(Workflow(dict(DYNAMIC)))["status_code"] == 202
        many = client.bulk_workflows.new_instance()
        many.append(Workflow(dict(DYNAMIC)), Workflow(dict(DYNAMIC)))
        assert many.trigger().success == 2

        sent = client.subscriber_lists.broadcast(SubscriberListBroadcast(dict(LIST)))
        assert sent["status_code"] == 202

        assert [received.auth for received in sandbox.requests] == [way] * 8
        assert [received.duplicate for received in sandbox.requests][:4] == [False, True, False, True]
        everyone: list[object] = ["ü€😀", "ü€😀", "u1", "u1", "u1", {"list_id": "everyone"}]
        assert [delivery.recipient for delivery in sandbox.deliveries] == everyone


def test_what_fails_looks_to_the_sdk_like_the_hub_failing() -> None:
    with Sandbox(validate=lambda kind, body: ["bad record"] if body["data"].get("bad") else []) as sandbox:
        client = sdk(sandbox, "hmac")
        bad = {**TRIGGER, "data": {"bad": True}}
        single = client.workflows.trigger(WorkflowTriggerRequest(dict(bad)))
        assert (single["success"], single["status_code"], single["message"]) == (False, 400, "bad record")

        bulk = client.workflows.bulk_trigger_instance()
        bulk.append(WorkflowTriggerRequest(dict(TRIGGER)), WorkflowTriggerRequest(dict(bad)))
        answer = bulk.trigger()
        assert (answer.status, answer.success, answer.failure) == ("partial", 1, 1)
        assert answer.failed_records == [{"record": bad, "error": "bad record", "code": 400}]

        stranger = Suprsend("sandbox", "wrong", base_url=sandbox.url)
        refused = stranger.workflows.trigger(WorkflowTriggerRequest(dict(TRIGGER)))
        assert refused["status_code"] == 401
        assert "signature does not fit" in refused["message"]
