"""On the wire: what nac sends is, byte for byte, what the vendor's SDK sends for the same request."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from suprsend import Suprsend, WorkflowTriggerRequest
from suprsend.signature import get_request_signature

from nac.dispatch import Bearer, Hmac
from nac.dispatch.async_client import AsyncClient
from nac.payload import canonical

SECRET = "s3cr3t-of-mine+/="
DATA: dict[str, Any] = {
    "ascii": "plain", "unicode": "Grüße, 日本語, 👩‍👩‍👧, é and é", "quotes": "\" \\ / ' <b>&amp;",
    "controls": "tab\tline\nreturn\r, unit \x1f, delete \x7f, \u2028 \u2029",
    "floats": [0.1, 1.0, 1e22, 1e-7, -0.0, 3.141592653589793, 1e16, 123456789.123456789],
    "ints": [0, -1, 2**53 + 1, 10**30], "bools": [True, False, None],
    "nested": {"z": {"y": {"x": [{"b": 1, "a": {}}, [], [[]]]}}, "a": ""}, "": "empty key", "ключ": "nicht-ASCII",
}  # fmt: skip
NOBODY = [{"distinct_id": "ü1", "$email": ["ana@exämple.example"], "name": 'Ána "A" O\'Neil'}, {"distinct_id": "u2"}]


@dataclass
class Caught:
    url: str = ""
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def caught() -> Iterator[Caught]:
    """A server that keeps what it is sent, as it is."""
    found = Caught()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.calls.append((self.path, dict(self.headers), body))
            answer = b'{"status": "success", "message_id": "m", "records": [%s]}'
            taken = b'{"status": "success", "message_id": "m"}'
            answer %= b", ".join([taken] * (len(json.loads(body)) if body[:1] == b"[" else 1))
            self.send_response(202)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    with closing(server.socket):
        thread.join()


def request(number: int) -> dict[str, Any]:
    recipients = [{**one, "name": f"{one.get('name', 'N')} {number}"} for one in NOBODY]
    return {"workflow": "wörk", "recipients": recipients, "data": {**DATA, "n": number}, "tenant_id": "té"}


def theirs(caught: Caught, *requests: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    """What the SDK sends."""
    sdk = Suprsend("wk", SECRET, base_url=caught.url)
    made = [WorkflowTriggerRequest(one, idempotency_key=f"kéy {n}") for n, one in enumerate(requests)]
    if len(made) == 1:
        assert sdk.workflows.trigger(made[0])["success"]
    else:
        bulk = sdk.workflows.bulk_trigger_instance()
        bulk.append(*made)
        assert bulk.trigger().status == "success"
    return caught.calls.pop()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_bytes_the_signature_and_the_headers_are_the_sdks(caught: Caught, count: int) -> None:
    path, headers, body = theirs(caught, *(request(n) for n in range(count)))
    records = [canonical({**request(n), "$idempotency_key": f"kéy {n}"}).encode() for n in range(count)]

    async def send(auth: Hmac | Bearer) -> None:
        date = parsedate_to_datetime(headers["Date"])
        client = AsyncClient(auth, base_url=caught.url, clock=lambda: date)
        answer = await client.send("workflow", records)
        await client.close()
        assert answer.taken

    asyncio.run(send(Hmac("wk", SECRET)))
    ours_path, ours, ours_body = caught.calls.pop()
    assert ours_body == body
    assert ours_path == path == "/trigger/"
    for name in ("Authorization", "Content-Type", "Date"):
        assert ours[name] == headers[name]
    assert headers["Authorization"].startswith("wk:")
    asyncio.run(send(Bearer("an-api-key")))
    _, bearer, bearer_body = caught.calls.pop()
    assert bearer_body == body
    assert bearer["Authorization"] == "Bearer an-api-key"


def test_the_whole_way_from_a_trigger_to_the_wire(caught: Caught, tmp_path: Path) -> None:
    """A trigger is compiled, planned, packed, unpacked and sent: the bytes are still those of the SDK."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications/w.yaml").write_text(
        'workflow: "wörk"\nidempotency_key: "kéy 0"\ntenant_id: "té"\nrecipients:\n'
        '  - user: {distinct_id: ü1, $email: [ana@exämple.example], name: "Ána \\"A\\" O\'Neil 0"}\n'
        "data:\n" + "".join(f"  {json.dumps(name)}: '{{{{ event[{json.dumps(name)}] }}}}'\n" for name in DATA),
        "utf-8",
    )
    (tmp_path / "event.json").write_text(json.dumps(DATA), "utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_"))}
    done = subprocess.run(
        [sys.executable, "-m", "nac", "dispatch", "w", "--event", "event.json", "--yes", "--hub", caught.url],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
        env={**clean, "SUPRSEND_WORKSPACE_KEY": "wk", "SUPRSEND_WORKSPACE_SECRET": SECRET},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    path, ours, body = caught.calls.pop()
    sent = json.loads(body)
    _, headers, expected = theirs(caught, {name: sent[name] for name in sent if name != "$idempotency_key"})
    assert sent["data"] == DATA
    assert body.replace(sent["$idempotency_key"].encode(), "kéy 0".encode()) == expected
    _, signed = get_request_signature(caught.url[:-1] + path, "POST", sent, ours, SECRET)
    assert ours["Authorization"] == f"wk:{signed}"
    assert ours["Content-Type"] == headers["Content-Type"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.text(st.characters(codec="utf-8")), values), min_size=1, max_size=3))
def test_any_bulk_is_signed_as_the_sdk_signs_it(requests: list[dict[str, Any]]) -> None:
    url = "https://hub.suprsend.com/trigger/"
    body = b"[" + b", ".join(canonical(one).encode() for one in requests) + b"]"
    headers = Hmac("wk", SECRET).headers("POST", url, body, parsedate_to_datetime("Thu, 29 Feb 2024 23:05:09 GMT"))
    text, signed = get_request_signature(url, "POST", requests, headers, SECRET)
    assert body == text.encode()
    assert headers["Authorization"] == f"wk:{signed}"
