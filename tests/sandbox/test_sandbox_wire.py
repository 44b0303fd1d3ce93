"""Hostile bytes, hostile hosts, and leaving nothing open."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import httpx
import pytest

from nac.dispatch import Bearer, Client, Rejected
from nac.sandbox import Sandbox, required_keys, wire

LINES: list[str] = []
SIGNED = b"Authorization: Bearer sandbox-key\r\nContent-Type: application/json\r\n"
CHUNKED = b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\n" + SIGNED + b"Transfer-Encoding: Chunked\r\n\r\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(validate=required_keys, log=LINES.append) as running:
        yield running


def ask(sandbox: Sandbox, request: bytes) -> bytes:
    """The raw answer to raw bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", int(httpx.URL(sandbox.url).port or 0)), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (b"Host: 127.0.0.1:99\r\n", b"200"),
        (b"Host: localhost\r\n", b"200"),
        (b"Host: LocalHost:1\r\n", b"200"),
        (b"Host: [::1]:80\r\n", b"200"),
        (b"Host: evil.example\r\n", b"403"),
        (b"Host: 127.0.0.1.evil.example\r\n", b"403"),
        (b"Host: localhost@evil.example\r\n", b"403"),
        (b"Host: 10.0.0.1\r\n", b"403"),
        (b"Host:\r\n", b"403"),
        (b"Host: localhost\r\nHost: evil.example\r\n", b"403"),
        (b"", b"403"),
    ],
)
def test_only_this_machine_may_be_named(sandbox: Sandbox, host: bytes, status: bytes) -> None:
    answer = ask(sandbox, b"GET /requests HTTP/1.1\r\n" + host + b"\r\n")
    assert answer.split()[1] == status


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\n" + SIGNED + b"\r\n{}", b"411"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", b"400"),
        (b"POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\n" + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"501"),
        (CHUNKED + b"2;\r\n{}\r\n0x\r\n\r\n", b"400"),
        (CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"2\n{}\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"2\r\n{}}\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"2;" + b"x" * 2000 + b"\r\n{}\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"ffffffffffffffff\r\n{}\r\n0\r\n\r\n", b"413"),
        (CHUNKED + b"d8000\r\n" + b" " * 0xD8000 + b"\r\n1\r\n \r\n0\r\n\r\n", b"413"),
        (CHUNKED + b"0\r\n" + (b"x: " + b"y" * 1000 + b"\r\n") * 9000, b"413"),
        (b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x2\r\n\r\n{}", b"400"),
        (b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"400"),
        (b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000000\r\n\r\n{}", b"413"),
        (b"BREW <script> HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
        (b"<script>\r\n\r\n", b"400"),
        (b"\x00\xff\x1b[2J / HTTP/1.1\r\n\r\n", b"501"),
        (b"GET / HTTP/9.9.9\r\n\r\n", b"400"),
        (b"GET /\r\n\r\n", b"403"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
        (b"GET http://evil.example/requests HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
    ],
)
def test_bytes_that_are_no_request_are_answered_in_json(sandbox: Sandbox, request_bytes: bytes, status: bytes) -> None:
    head, _, body = ask(sandbox, request_bytes).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"Content-Type: application/json\r\n" in head
    assert b"X-Content-Type-Options: nosniff" in head
    assert body.startswith(b'{"error": {"message": ')


def test_a_body_that_breaks_off_is_not_received(sandbox: Sandbox) -> None:
    sandbox.clear()
    assert (
        ask(sandbox, b"POST /trigger/ HTTP/1.1\r\nHost: localhost\r\n" + SIGNED + b"Content-Length: 9\r\n\r\n{}") == b""
    )
    assert sandbox.requests == []


def test_a_body_in_chunks_is_received_and_the_connection_goes_on(sandbox: Sandbox) -> None:
    sandbox.clear()
    record = b'{"workflow":"w","recipients":["u1"],"data":{}}'
    first = b"%x;a=b\r\n%b\r\n%X\r\n%b\r\n000\r\nTrailer: x\r\n\r\n" % (5, record[:5], len(record) - 5, record[5:])
    one_by_one = b"".join(b"1\r\n%c\r\n" % byte for byte in record) + b"0\r\n\r\n"
    answer = ask(sandbox, CHUNKED + first + CHUNKED + one_by_one)
    assert answer.count(b"HTTP/1.1 202 ") == 2
    assert [one.body for one in sandbox.requests] == [{"workflow": "w", "recipients": ["u1"], "data": {}}] * 2


@pytest.mark.parametrize("cut", [b"", b"2", b"2\r\n{", b"2\r\n{}", b"2\r\n{}\r\n", b"2\r\n{}\r\n0\r\n"])
def test_chunks_that_break_off_are_not_received(sandbox: Sandbox, cut: bytes) -> None:
    sandbox.clear()
    assert ask(sandbox, CHUNKED + cut) == b""
    assert sandbox.requests == []


def test_the_body_of_a_get_is_not_taken_for_the_next_request(sandbox: Sandbox) -> None:
    inner = b"DELETE /requests HTTP/1.1\r\nHost: localhost\r\n\r\n"
    outer = b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(inner)
    assert ask(sandbox, outer + inner).count(b"HTTP/1.1 ") == 1


def test_the_help_is_plain_text(sandbox: Sandbox) -> None:
    answer = httpx.get(sandbox.url, trust_env=False)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "POST   /trigger/" in answer.text


@pytest.mark.parametrize("megabytes", [1, 6])
def test_a_client_hears_that_its_body_is_too_large(sandbox: Sandbox, megabytes: int) -> None:
    with Client(Bearer("sandbox-key"), base_url=sandbox.url) as client:
        (outcome,) = client.send("workflow", [b"{" + b" " * megabytes * 1024 * 1024])
    assert outcome == Rejected(413, "the body is over 819200 bytes")


def test_log_lines_cannot_steer_a_terminal_nor_hold_secrets(sandbox: Sandbox) -> None:
    ask(sandbox, b"GET /\x1b]0;x\x07\xe2\x80\xae HTTP/1.1\r\nHost: localhost\r\n" + SIGNED + b"\r\n")
    assert LINES
    for line in LINES:
        assert line.isascii()
        assert line.isprintable()
        assert "sandbox-key" not in line


def test_closing_cuts_connections_and_frees_the_port() -> None:
    before = set(threading.enumerate())
    with Sandbox(validate=required_keys) as sandbox, httpx.Client(trust_env=False) as client:
        assert client.get(sandbox.url).status_code == 200
        started = time.monotonic()
        sandbox.close()
        assert time.monotonic() - started < 30
        with pytest.raises(httpx.TransportError):
            client.get(sandbox.url)
    assert set(threading.enumerate()) <= before
    with closing(socket.create_server(("127.0.0.1", int(httpx.URL(sandbox.url).port or 0)))):
        pass


def test_connections_that_say_nothing_are_bounded_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECTIONS", 2)
    lines: list[str] = []
    with Sandbox(validate=required_keys, log=lines.append) as sandbox:
        port = int(httpx.URL(sandbox.url).port or 0)
        silent = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(2)]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as third:
            assert third.recv(1) == b""
        assert lines == ["more than 2 connections at once: one was cut"]
        for one in silent:
            one.close()
        for _ in range(100):
            with suppress(httpx.TransportError):
                if httpx.get(sandbox.url, trust_env=False).status_code == 200:
                    break
            time.sleep(0.05)
        else:
            pytest.fail("the places of those that left were not given to others")


def test_serve_forever_serves_until_closed() -> None:
    sandbox = Sandbox(validate=required_keys)
    thread = threading.Thread(target=sandbox.serve_forever)
    thread.start()
    assert httpx.get(sandbox.url, trust_env=False).status_code == 200
    sandbox.close()
    thread.join(5)
    assert not thread.is_alive()


def test_a_sandbox_never_served_closes() -> None:
    Sandbox(validate=required_keys).close()
