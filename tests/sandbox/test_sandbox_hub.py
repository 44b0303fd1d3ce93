"""What the sandbox takes and refuses, over HTTP."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from nac.dispatch import Accepted, Bearer, Client, Hmac, Rejected
from nac.limits import Kind
from nac.sandbox import Sandbox, required_keys

KEY = Bearer("sandbox-key")
PAIR = Hmac("sandbox", "sandbox-secret")
HEADERS = {"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"}


def record(recipients: list[object] | None = None, **more: object) -> bytes:
    return json.dumps({"workflow": "w", "recipients": recipients or ["u1"], "data": {}, **more}).encode()


@pytest.mark.parametrize(("minutes", "status"), [(-16, 401), (-14, 202), (14, 202), (16, 401)])
def test_a_signature_holds_for_15_minutes(http: httpx.Client, clock: Any, minutes: int, status: int) -> None:
    then = clock.now + timedelta(minutes=minutes)
    headers = PAIR.headers("POST", "http://h/trigger/", record(), then)
    assert http.post("/trigger/", content=record(), headers=headers).status_code == status


@pytest.mark.parametrize("change", ["body", "date", "uri", "type"])
def test_a_signature_covers_body_date_address_and_type(http: httpx.Client, clock: Any, change: str) -> None:
    headers = PAIR.headers("POST", "http://h/trigger/", record(), clock.now)
    if change == "date":
        headers["Date"] = headers["Date"].replace(":05 ", ":06 ")
    if change == "type":
        headers["Content-Type"] = "application/json"
    url = "/trigger/?x=1" if change == "uri" else "/trigger/"
    answer = http.post(url, content=record(["x"]) if change == "body" else record(), headers=headers)
    assert answer.status_code == 401
    assert "signature" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Fri, 99 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:05 +9999999999"]
)
def test_a_signature_needs_a_date(http: httpx.Client, clock: Any, date: str) -> None:
    headers = PAIR.headers("POST", "http://h/trigger/", record(), clock.now) | {"Date": date}
    assert http.post("/trigger/", content=record(), headers=headers).status_code == 401


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", "Bearer sandbox-keyy", "Basic eDp5", ":", "sandbox:", "sandbox", "x:y", "\xff:\xff"],
)
def test_strangers_get_401(http: httpx.Client, sandbox: Sandbox, clock: Any, authorization: str) -> None:
    headers = PAIR.headers("POST", "http://h/trigger/", record(), clock.now)
    raw = {key.encode(): value.encode() for key, value in headers.items()}
    raw[b"Authorization"] = authorization.encode("latin-1")
    answer = http.post("/trigger/", content=record(), headers=list(raw.items()))
    assert answer.status_code == 401
    assert not sandbox.deliveries
    (received,) = sandbox.requests
    assert (received.auth, received.body) == (None, None)


def test_a_signature_is_for_its_own_workspace(http: httpx.Client, clock: Any) -> None:
    headers = PAIR.headers("POST", "http://h/other/trigger/", record(), clock.now)
    assert http.post("/other/trigger/", content=record(), headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/trigger/", b"{", 400, "not JSON"),
        ("/trigger/", b"", 400, "not JSON"),
        ("/trigger/", b"\xff\xfe", 400, "not JSON"),
        ("/trigger/", "\ufeff{}".encode(), 400, "not JSON"),
        ("/trigger/", '{"é": 1}'.encode("utf-16"), 400, "not JSON"),
        ("/trigger/", b'{"data": NaN}', 400, "not JSON"),
        ("/trigger/", b'{"data": 1e999}', 400, "not JSON"),
        ("/trigger/", b'{"data": ' + b"9" * 5000 + b"}", 400, "not JSON"),
        ("/trigger/", b"[" * 400_000, 400, "not JSON"),
        ("/trigger/", b"[" * 101 + b"]" * 101, 400, "nested more than 100"),
        ("/trigger/", b'{"a":' * 500 + b"1" + b"}" * 500, 400, "nested more than 100"),
        ("/trigger/", b"[]", 400, "a list holds 1 to 100 records, this one 0"),
        ("/trigger/", b"[" + b", ".join([b"{}"] * 101) + b"]", 400, "this one 101"),
        ("/trigger/", b'"text"', 400, "a record must be an object"),
        ("/trigger/", b"{}", 400, "workflow is required; recipients is required; data is required"),
        ("/w/trigger/", b"{}", 400, "users is required"),
        ("/w/broadcast/", b"{}", 400, "$insert_id is required; $time is required; list_id"),
        ("/w/broadcast/", b"[{}]", 400, "a broadcast is sent alone"),
        ("/event/", b"{}", 404, "no such address"),
        ("//trigger/", b"{}", 400, "workflow is required"),  # http.server folds leading slashes
        ("/trigger", b"{}", 404, "no such address"),
        ("/requests", b"{}", 404, "no such address"),
    ],
)  # fmt: skip
def test_odd_requests(http: httpx.Client, sandbox: Sandbox, path: str, body: bytes, status: int, says: str) -> None:
    answer = http.post(httpx.URL(sandbox.url[:-1] + path), content=body, headers=HEADERS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    assert says in answer.json()["error"]["message"]
    (received,) = sandbox.requests
    assert isinstance(received.outcome, Rejected)
    assert http.get("/requests").json()[0]["outcome"]["status_code"] == status
    assert not sandbox.deliveries


def test_a_record_of_800_kb_counts_200_bytes_more() -> None:
    most = 800 * 1024 - 200
    fits = record(data={"x": ""})
    fits = fits.replace(b'"x": ""', b'"x": "' + b"x" * (most - len(fits)) + b'"')
    half = record(data={"x": "y" * (400 * 1024 - 200 - len(record(data={"x": ""})))})
    with Sandbox(validate=required_keys) as sandbox, Client(KEY, base_url=sandbox.url) as client:
        assert client.send("workflow", [fits]) == [Accepted("sandbox-1")]
        (over,) = client.send("workflow", [fits + b" "])
        assert isinstance(over, Rejected)
        assert over.status == 413
        assert client.send("workflow", [half, half]) == [Accepted("sandbox-3"), Accepted("sandbox-4")]
        assert client.send("workflow", [half, half + b" "]) == [over, over]


def test_the_content_type_must_be_json(http: httpx.Client) -> None:
    for wrong in ("text/plain", "application/json; charset=latin-1", "", "application/json, text/html"):
        answer = http.post("/trigger/", content=record(), headers=HEADERS | {"Content-Type": wrong})
        assert answer.status_code == 415


def test_validate_is_told_the_kind_and_may_fail() -> None:
    seen: list[Kind] = []
    lines: list[str] = []

    def validate(kind: Kind, body: object) -> list[str]:
        seen.append(kind)
        if kind == "dynamic":
            raise LookupError("\x1b[2J")
        return required_keys(kind, body)

    with Sandbox(validate=validate, log=lines.append) as sandbox, Client(PAIR, base_url=sandbox.url) as client:
        client.send("workflow", [record()])
        (failed,) = client.send("dynamic", [b"{}"])
    assert seen == ["workflow", "dynamic"]
    assert failed == Rejected(500, "the sandbox failed with LookupError: see its log")
    assert "failed: LookupError: \\x1b[2J" in lines
