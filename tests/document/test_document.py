"""Every request body in the document "Trigger Workflow from API", one a file: `*.case`.

A case is a project (`tests/cases/__init__.py` says how it is written) with one trigger and one sample, and in
`expected.json` the body as the document shows it, keys in the order in which nac sends them. A placeholder of the
document that could never be sent, such as `U/WXXXXXXXX`, stands there as a value of the same kind.
"""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from suprsend import Workflow, WorkflowTriggerRequest  # type: ignore[import-untyped]
from suprsend.exception import SuprsendValidationError  # type: ignore[import-untyped]
from suprsend.signature import get_request_signature  # type: ignore[import-untyped]
from suprsend.utils import (  # type: ignore[import-untyped]
    get_apparent_workflow_body_size,
    validate_workflow_body_schema,
    validate_workflow_trigger_body_schema,
)

import nac
from cases import Case, cases
from nac.payload import Payload

EXPECTED = "expected.json"
CASES = cases(Path(__file__).parent)
VALIDATE = {"workflow": validate_workflow_trigger_body_schema, "dynamic": validate_workflow_body_schema}

# The document names a Slack channel by `channel`, which the vendor's own JSON Schema does not know. nac takes both.
# Should the vendor come to take `channel`, this test fails, and says so.
REFUSED_BY_THE_SDK = {
    "channel-slack-channel": "'channel' was unexpected",
    "dynamic-slack-channel": "'channel' was unexpected",
}


def compiled(case: Case, root: Path) -> Payload:
    case.write(root)
    loaded = nac.load(root)
    assert loaded.diagnostics == ()
    (event,) = nac.samples(loaded.project, "trigger")
    result = nac.compile(loaded.project, "trigger", event)
    assert result.diagnostics == ()
    (payload,) = result.payloads
    return payload


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_the_body_is_the_document_s(case: Case, tmp_path: Path, update: bool) -> None:
    payload = compiled(case, tmp_path)
    text = json.dumps(json.loads(payload.encoded), ensure_ascii=False, indent=2) + "\n"
    if update:
        head, _, _ = case.path.read_text("utf-8").partition(f"=== {EXPECTED}\n")
        case.path.write_text(f"{head}=== {EXPECTED}\n{text}", "utf-8", newline="\n")
        return
    expected = case.files[EXPECTED].decode()
    assert json.loads(expected) == payload.body
    assert text == expected, "not in this order"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_the_vendor_s_sdk_takes_it(case: Case, tmp_path: Path) -> None:
    payload = compiled(case, tmp_path)
    body = copy.deepcopy(payload.body)  # the SDK writes into what it is given
    refusal = REFUSED_BY_THE_SDK.get(case.path.stem)
    if refusal is None:
        assert VALIDATE[payload.kind](body) == payload.body
        request = {"workflow": WorkflowTriggerRequest, "dynamic": Workflow}[payload.kind](body)
        assert request.get_final_json(None) == (payload.body, payload.size)
    else:
        with pytest.raises(SuprsendValidationError) as refused:
            VALIDATE[payload.kind](body)
        # A recipient may be an id or a user, so that the SDK's message names the whole value; the reason is below.
        assert refusal in "\n".join(_reasons(payload)), refused.value
    assert get_apparent_workflow_body_size(copy.deepcopy(payload.body), is_part_of_bulk=False) == payload.size


def _reasons(payload: Payload) -> list[str]:
    """Every complaint of the SDK's JSON Schema, those in the branches of its `oneOf` too."""
    from suprsend.request_schema import _get_schema_validator  # type: ignore[import-untyped]

    name = {"workflow": "workflow_trigger", "dynamic": "workflow"}[payload.kind]
    found, pending = [], list(_get_schema_validator(name).iter_errors(payload.body))
    while pending:
        error = pending.pop()
        found.append(error.message)
        pending.extend(error.context)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_the_sdk_signs_the_same_bytes(case: Case, tmp_path: Path) -> None:
    payload = compiled(case, tmp_path)
    headers = {"Content-Type": "application/json; charset=utf-8", "Date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    text, _ = get_request_signature("https://hub.suprsend.com/trigger/", "POST", payload.body, headers, "secret")
    assert text.encode() == payload.encoded
    assert hashlib.md5(text.encode()).digest() == hashlib.md5(payload.encoded).digest()


def test_the_attachments_are_those_that_the_sdk_makes(tmp_path: Path) -> None:
    case = next(one for one in CASES if one.path.stem == "attachments")
    payload = compiled(case, tmp_path)
    body: dict[str, Any] = copy.deepcopy(payload.body)
    del body["data"]["$attachments"]
    request = WorkflowTriggerRequest(body)
    request.add_attachment(str(tmp_path / "notifications" / "attachments" / "billing.pdf"))
    request.add_attachment("https://www.adobe.com/sample_file.pdf")
    assert request.get_final_json(None) == (payload.body, payload.size)


def test_the_options_of_the_sdk_give_the_same_body(tmp_path: Path) -> None:
    case = next(one for one in CASES if one.path.stem == "sample-payload")
    payload = compiled(case, tmp_path)
    body = copy.deepcopy(payload.body)
    options = {"tenant_id": body.pop("tenant_id"), "idempotency_key": body.pop("$idempotency_key")}
    assert WorkflowTriggerRequest(body, **options).get_final_json(None)[0] == payload.body


def test_the_cross_user_message_reads_as_in_the_document(tmp_path: Path) -> None:
    case = next(one for one in CASES if one.path.stem == "cross-user")
    compiled(case, tmp_path)
    project = nac.load(tmp_path).project
    (event,) = nac.samples(project, "trigger")
    previewed = nac.preview(project, "trigger", event, channel="sms")
    assert previewed.diagnostics == ()
    [reader] = previewed.readers
    [message] = reader.previews
    assert message.text == "Hi recipient_1, actor_1 added 2 new comments on the annual IT report."


def test_every_form_of_the_document_has_a_case() -> None:
    names = {case.path.stem for case in CASES}
    for kind in ("channel", "dynamic"):
        assert len({name for name in names if name.startswith(f"{kind}-slack")}) == 5  # four forms, one with two keys
        assert len({name for name in names if name.startswith(f"{kind}-teams")}) == 3
    assert len(CASES) >= 35
