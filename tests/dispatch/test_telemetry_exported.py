"""OpenTelemetry as a collector sees it: traces and metrics come, and nothing about anybody is in them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from plans_made import stored
from wire_servers import needed

from nac.dispatch.telemetry import FLUSH_SECONDS, telemetry
from nac.payload import Envelope, Payload
from nac.plan import record
from nac.sandbox import Sandbox, required_keys

SECRETS = ("sandbox-secret", "sandbox:", "ana@", "people.example", "+12025550", "Bearer", "hello Ana", "key-of-ana")


@pytest.fixture
def exporter() -> None:
    try:
        found = find_spec("opentelemetry.exporter.otlp.proto.http")
    except ModuleNotFoundError:
        found = None
    needed("opentelemetry-exporter-otlp-proto-http", found is not None)


@pytest.fixture
def collected() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """An OTLP collector's address, and what it was sent."""
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    with closing(server.socket):
        thread.join()


def dispatch(folder: Path, hub: str, **environ: str) -> subprocess.CompletedProcess[str]:
    (folder / "notifications").mkdir()
    envelope = Envelope("news", "workflow", {"workflow": "w", "data": {"text": "hello Ana"}})
    records = [
        record(Payload(envelope, ({"distinct_id": f"u{n}", "$email": [f"ana@{n}.people.example"],
                                   "$sms": [f"+12025550{n:03}"]},), f"key-of-ana-{n}"), "", n)
        for n in range(1, 501)
    ]  # fmt: skip
    stored(folder / "plan", records, workspace="production")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_", "OTEL_"))}
    pair = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
    return subprocess.run([sys.executable, "-m", "nac", "dispatch", "plan", "--yes", "--hub", hub], cwd=folder,
                          env={**clean, **pair, **environ}, capture_output=True, text=True, timeout=180,
                          check=False)  # fmt: skip


@pytest.mark.usefixtures("exporter")
def test_traces_and_metrics_arrive_and_say_nothing_about_anybody(
    tmp_path: Path, collected: tuple[str, list[tuple[str, bytes]]]
) -> None:
    url, got = collected
    with Sandbox(validate=required_keys) as sandbox:
        done = dispatch(tmp_path, sandbox.url, OTEL_EXPORTER_OTLP_ENDPOINT=url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        assert sandbox.count.delivered == 500
    assert {path for path, _ in got} == {"/v1/traces", "/v1/metrics"}
    sent = b"".join(body for _, body in got)
    for word in (b"nac dispatch", b"nac.plan", b"nac.records", b"nac.call.duration", b"service.name", b"production"):
        assert word in sent
    for word in SECRETS:
        assert word.encode() not in sent


@pytest.mark.usefixtures("exporter")
@pytest.mark.parametrize("collector", ["dead", "deaf", "misconfigured"])
def test_a_collector_that_is_not_there_holds_nothing_up(tmp_path: Path, collector: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf, Sandbox(validate=required_keys) as sandbox:
        port = deaf.getsockname()[1] if collector == "deaf" else 9
        more = {"OTEL_BSP_SCHEDULE_DELAY": "soon", "OTEL_TRACES_SAMPLER": "never heard of it"}
        began = time.monotonic()
        done = dispatch(tmp_path, sandbox.url, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}",
                        **(more if collector == "misconfigured" else {}))  # fmt: skip
        assert time.monotonic() - began < FLUSH_SECONDS + 60
        assert done.returncode == 0, done.stdout + done.stderr
        assert "500 accepted" in done.stdout
        assert done.stderr == (
            "telemetry could not be exported, at least not all of it; nothing else depends on that\n"
        )
        assert sandbox.count.calls == 5


def test_an_endpoint_without_the_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.metric_exporter", None)
    said: list[str] = []
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    with telemetry(endpoint, said.append) as told, told.run("id", "", 1), told.call(1, "workflow", 1, 1) as status:
        status(202)
    assert said == ['no telemetry: OTEL_EXPORTER_OTLP_ENDPOINT needs the extra: pip install "nac[otel]"']
    with telemetry({**endpoint, "OTEL_SDK_DISABLED": "true"}, said.append):
        pass
    assert len(said) == 1
