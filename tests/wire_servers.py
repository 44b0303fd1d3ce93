"""What stands between nac and the hub on a real wire: TLS with a certificate of one's own, HTTP/2, a proxy.

`Secure` is a sandbox behind TLS: `https://localhost:port/` in HTTP/2 or HTTP/1.1, whichever it offers. What it does
with a call can be told by a function, so that it can hang up in the middle as real servers do.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from pathlib import Path
from typing import Any, Literal, Self

import pytest

from nac.sandbox import Sandbox

WITHIN_CI = "TESTS_WITHIN_CI"
Act = Literal["answer", "goaway", "goaway-after", "reset-after", "refuse", "drip", "early"]


def needed(what: str, there: bool) -> None:
    """Skip a test for which something is not installed; fail where CI should have it."""
    if there:
        return
    if os.environ.get(WITHIN_CI) not in (None, "", "0", "false"):
        pytest.fail(f"CI is set, and there is no {what}")
    pytest.skip(f"there is no {what}")


def certificate(folder: Path) -> Path:
    """A new self-signed certificate for localhost, with its key in the same file."""
    needed("openssl", shutil.which("openssl") is not None)
    key, made, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


class Secure:
    """A sandbox behind TLS. `calls` are the HTTP versions in which calls came; `act` says what is done with the n-th
    (from 1)."""

    def __init__(
        self, sandbox: Sandbox, pem: Path, *, http2: bool = True, act: Callable[[int], Act] = lambda n: "answer"
    ) -> None:
        self._sandbox = sandbox
        self._act = act
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
        self.calls: list[str] = []
        self.connections = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # clients hang up, as they may
        self._done = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        self.url = f"https://localhost:{self.port}/"
        self._ready.set()
        await self._done.wait()
        server.close()
        for task in self._tasks:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        spoken = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await (self._http2 if spoken == "h2" else self._http1)(reader, writer)
        with suppress(Exception):
            writer.close()
        self._tasks.discard(task)

    def answer(self, path: str, headers: list[tuple[str, str]], body: bytes) -> Any:
        told = Message()
        for name, value in headers:
            told[name] = value
        return self._sandbox._hub.answer("POST", path, told, body)

    async def _http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line)]
            length = int({name.lower(): value for name, value in headers}["content-length"])
            self.calls.append("1.1")
            act = self._act(len(self.calls))
            if act == "early":  # it answers before it has read all, and hangs up
                writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
                return
            body = await reader.readexactly(length)
            if act == "goaway":
                return
            reply = await asyncio.to_thread(self.answer, path, headers, body)
            if act in ("goaway-after", "reset-after", "refuse"):
                return
            start = f"HTTP/1.1 {reply.status} So\r\nContent-Length: {len(reply.body)}\r\n\r\n".encode()
            writer.write(start)
            if act == "drip":
                await _drip(lambda byte: writer.write(byte), writer.drain)
            writer.write(reply.body)
            await writer.drain()

    async def _http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import h2.config
        import h2.connection
        import h2.errors
        import h2.events

        wire = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        wire.initiate_connection()
        bodies: dict[int, bytearray] = {}
        heads: dict[int, list[tuple[str, str]]] = {}
        writer.write(wire.data_to_send())
        while data := await reader.read(65536):
            for event in wire.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    heads[event.stream_id], bodies[event.stream_id] = list(event.headers), bytearray()  # type: ignore[arg-type]
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                    wire.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    stream = event.stream_id
                    path = dict(heads[stream])[":path"]
                    self.calls.append("2")
                    act = self._act(len(self.calls))
                    if act == "goaway":  # nothing of it was looked at, and the client is told so
                        wire.close_connection(last_stream_id=0)
                        writer.write(wire.data_to_send())
                        return
                    if act == "refuse":
                        wire.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
                        continue
                    headers = [(name, value) for name, value in heads[stream] if not name.startswith(":")]
                    reply = await asyncio.to_thread(self.answer, path, headers, bytes(bodies[stream]))
                    if act == "goaway-after":
                        wire.close_connection(last_stream_id=stream)
                        writer.write(wire.data_to_send())
                        return
                    if act == "reset-after":
                        wire.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
                        continue
                    wire.send_headers(stream, [(":status", str(reply.status))])
                    if act == "drip":
                        writer.write(wire.data_to_send())
                        await _drip(lambda byte, stream=stream: _send(wire, writer, stream, byte), writer.drain)  # type: ignore[misc]
                    wire.send_data(stream, reply.body, end_stream=True)
            writer.write(wire.data_to_send())
            await writer.drain()


async def _drip(write: Callable[[bytes], object], drain: Callable[[], Any]) -> None:
    """A byte now and then, so that no single read is ever too late, until the client goes."""
    while True:
        write(b" ")
        await drain()
        await asyncio.sleep(0.05)


def _send(wire: Any, writer: asyncio.StreamWriter, stream: int, byte: bytes) -> None:
    wire.send_data(stream, byte)
    writer.write(wire.data_to_send())


class Proxy:
    """A CONNECT proxy on this machine. `asked` are the targets it was asked for; `credentials` what clients showed."""

    def __init__(self, *, refuse: bool = False) -> None:
        self._refuse = refuse
        self.asked: list[str] = []
        self.credentials: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(connection,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := client.recv(65536)):
                    return
                head += more
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            self.asked.append(f"{method} {target}")
            self.credentials += [line for line in lines if line.lower().startswith("proxy-authorization")]
            if self._refuse or method != "CONNECT":
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            host, _, port = target.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as server:
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join(5)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
