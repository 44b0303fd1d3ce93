"""The client against real sockets: what it writes, and what it makes of every way a call can end."""

import json
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

import nac
from nac.dispatch import Accepted, Bearer, Client, CredentialsError, Hmac, Rejected
from nac.limits import Kind
from nac.sandbox import Sandbox, required_keys

KEY = Bearer("sandbox-key")
PAIR = Hmac("sandbox", "sandbox-secret")
RECORDS: dict[Kind, bytes] = {
    "workflow": '{"workflow": "w", "recipients": ["ü€😀"], "data": {}}'.encode(),
    "dynamic": b'{"name":"n","template":"t","notification_category":"c","users":[{"distinct_id":"u"}],"data":{}}',
    "broadcast": b'{"$insert_id":"i","$time":1,"list_id":"l","template":"t","notification_category":"c","data":{}}',
}
NEVER = "http://127.0.0.1:9/"


@pytest.mark.parametrize("auth", [KEY, PAIR])
@pytest.mark.parametrize("kind", ["workflow", "dynamic", "broadcast"])
def test_each_kind_is_accepted_with_each_way_to_sign(kind: Kind, auth: Bearer | Hmac) -> None:
    with (
        Sandbox(validate=required_keys) as sandbox,
        Client(auth, base_url=sandbox.url, workspace_key="sandbox") as client,
    ):
        assert client.send(kind, [RECORDS[kind]]) == [Accepted("sandbox-1")]
        (received,) = sandbox.requests
        assert received.body == json.loads(RECORDS[kind])
        assert received.path == {"workflow": "/trigger/", "dynamic": "/sandbox/trigger/"}.get(
            kind, "/sandbox/broadcast/"
        )


def test_bulk_outcomes_come_in_order() -> None:
    good = RECORDS["workflow"]
    with Sandbox(validate=required_keys) as sandbox, Client(PAIR, base_url=sandbox.url) as client:
        assert client.send("workflow", [good, b"{}", good]) == [
            Accepted("sandbox-1"),
            Rejected(400, "workflow is required; recipients is required; data is required"),
            Accepted("sandbox-3"),
        ]
        assert {received.call for received in sandbox.requests} == {1}


def test_the_bytes_on_the_wire() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202, json={"records": [{"status": "success"}] * 2})

    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with Client(
        PAIR, base_url="https://gate.example/hub", transport=httpx.MockTransport(answer), clock=lambda: now
    ) as client:
        client.send("dynamic", [b'{"a": 1}', b'{"b":"\xc3\xbc"}'])
    (request,) = seen
    assert str(request.url) == "https://gate.example/hub/sandbox/trigger/"
    assert request.content == b'[{"a": 1}, {"b":"\xc3\xbc"}]'
    assert request.headers["User-Agent"] == f"nac/{nac.__version__}"
    assert request.headers["Date"] == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    expected = PAIR.headers("POST", str(request.url), request.content, now)
    assert request.headers["Authorization"] == expected["Authorization"]


def test_a_workspace_key_with_odd_letters_is_signed_as_it_is_sent() -> None:
    odd = Hmac("a/b?#%:~", "secret")
    with Sandbox(validate=required_keys, auth=[odd]) as sandbox, Client(odd, base_url=sandbox.url) as client:
        assert client.send("dynamic", [RECORDS["dynamic"]]) == [Accepted("sandbox-1")]


def test_wrong_credentials_are_rejected() -> None:
    with Sandbox(validate=required_keys) as sandbox:
        for auth in (Bearer("other"), Hmac("sandbox", "other"), Hmac("other", "sandbox-secret")):
            with Client(auth, base_url=sandbox.url) as client:
                (outcome,) = client.send("workflow", [RECORDS["workflow"]])
            assert isinstance(outcome, Rejected)
            assert outcome.status == 401
        assert not sandbox.deliveries


def test_threads_share_a_client() -> None:
    with (
        Sandbox(validate=required_keys) as sandbox,
        Client(PAIR, base_url=sandbox.url) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        outcomes = list(pool.map(lambda _: client.send("workflow", [RECORDS["workflow"]]), range(80)))
    ids = {outcome.message_id for (outcome,) in outcomes if isinstance(outcome, Accepted)}
    assert ids == {f"sandbox-{number}" for number in range(1, 81)}


def test_misuse() -> None:
    with Client(KEY, base_url=NEVER) as client:
        assert client.send("workflow", []) == []
        with pytest.raises(ValueError, match="101 workflow records in one call: the service takes at most 100"):
            client.send("workflow", [b"{}"] * 101)
        with pytest.raises(ValueError, match="2 broadcast records in one call"):
            client.send("broadcast", [b"{}"] * 2)
        with pytest.raises(CredentialsError, match="set SUPRSEND_WORKSPACE_KEY"):
            client.send("dynamic", [b"{}"])
    for key in (".", "..", "a\n", "a b"):
        with Client(KEY, base_url=NEVER, workspace_key=key) as client, pytest.raises(CredentialsError):
            client.send("dynamic", [b"{}"])


@pytest.mark.parametrize(
    ("base_url", "says"),
    [
        ("http://hub.suprsend.com/", "must be https"),
        ("http://127.0.0.1.evil.example/", "must be https"),
        ("http://2130706433/", "must be https"),
        ("ftp://127.0.0.1/", "must be https"),
        ("https://user:pa55word@h/", "user name or password"),
        ("http://localhost\\@pa55word.example/", "user name or password"),
        ("https://h/?token=pa55word", "query or a fragment"),
        ("https://h/#pa55word", "query or a fragment"),
        ("https:///pa55word", "is not a URL"),
        ("hub.suprsend.com", "is not a URL"),
        ("https://h:99999/", "is not a URL"),
        ("https://a..b/", "is not a URL"),
        (f"https://{'a' * 70}.example/", "is not a URL"),
        ("https://h\n/", "is not a URL"),
        ("", "is not a URL"),
    ],
)
def test_base_urls_that_could_leak_are_refused(base_url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        Client(KEY, base_url=base_url)
    assert "pa55word" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "base_url", ["https://hub.suprsend.com", "http://localhost:1", "http://[::1]/", "http://127.9.9.9"]
)
def test_base_urls_that_are_fine(base_url: str) -> None:
    Client(KEY, base_url=base_url).close()
