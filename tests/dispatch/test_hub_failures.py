"""A network failure is a value, and says whether the record may have arrived."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread

import httpx
import pytest

from nac.dispatch import Bearer, Client, Rejected, Unsent
from nac.sandbox import Sandbox, required_keys

KEY = Bearer("sandbox-key")
Answering = Callable[[bytes], str]


@contextmanager
def _answering(answer: bytes) -> Iterator[str]:
    """A server that reads one request, writes these bytes, whatever they are, and closes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(5)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                request = b""
                while b"\r\n\r\n" not in request or b"{" not in request:
                    request += connection.recv(65536)
                connection.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


@pytest.fixture
def answering() -> Iterator[Answering]:
    """`answering(b"…")` starts a server that answers one request with these bytes, and returns its URL."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(_answering(answer))


def test_a_refused_connection_was_certainly_not_received() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with Client(KEY, base_url=f"http://127.0.0.1:{port}") as client:
        for outcome in client.send("workflow", [b"{}", b"{}"]):
            assert isinstance(outcome, Unsent)
            assert not outcome.maybe_received
            assert "no connection to 127.0.0.1" in outcome.reason


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\n{",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"220 mail.example ESMTP\r\n",
    ],
)
def test_a_connection_that_breaks_off_may_have_delivered(answering: Answering, answer: bytes) -> None:
    with Client(KEY, base_url=answering(answer)) as client:
        outcomes = client.send("workflow", [b"{}", b"{}"])
    assert outcomes == [Unsent("the connection to 127.0.0.1 broke before the whole answer came", True)] * 2


def test_a_late_answer_may_have_been_received() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Client(KEY, base_url=url, timeout=0.5) as client:
            assert client.send("workflow", [b"{}"]) == [Unsent("no answer from 127.0.0.1 in 0.5 s", True)]


def test_redirects_are_not_followed(answering: Answering) -> None:
    with Sandbox(validate=required_keys) as elsewhere:
        url = answering(f"HTTP/1.1 307 Go\r\nLocation: {elsewhere.url}trigger/\r\nContent-Length: 0\r\n\r\n".encode())
        with Client(KEY, base_url=url) as client:
            (outcome,) = client.send("workflow", [b"{}"])
        assert isinstance(outcome, Rejected)
        assert outcome.status == 307
        assert not elsewhere.requests


def test_retry_after_is_seen(answering: Answering) -> None:
    with Client(KEY, base_url=answering(b"HTTP/1.1 429 No\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n")) as client:
        assert client.send("workflow", [b"{}"]) == [Rejected(429, "no message", 3.0)]


def test_an_endless_answer_is_cut(answering: Answering) -> None:
    url = answering(b"HTTP/1.1 500 No\r\nContent-Length: 4300000\r\n\r\n" + b"x" * 4_300_000)
    with Client(KEY, base_url=url) as client:
        (outcome,) = client.send("workflow", [b"{}"])
    assert isinstance(outcome, Rejected)
    assert len(outcome.message) == 500


def test_an_answer_that_repeats_the_secret_does_not_show_it() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(401, text=request.headers["Authorization"]))
    with Client(KEY, transport=transport) as client:
        assert client.send("workflow", [b"{}"]) == [Rejected(401, "Bearer ***")]


@pytest.mark.parametrize(
    ("error", "maybe_received"),
    [
        (httpx.ConnectError("[SSL] certificate\x1b verify failed"), False),
        (httpx.ConnectTimeout("sandbox-key"), False),
        (httpx.PoolTimeout("sandbox-key"), False),
        (httpx.ProxyError("sandbox-key"), False),
        (httpx.WriteTimeout("sandbox-key"), True),
        (httpx.WriteError("sandbox-key"), True),
        (httpx.ReadError("sandbox-key"), True),
        (httpx.LocalProtocolError("Illegal header value sandbox-key"), True),
    ],
)
def test_every_network_failure_is_a_value(error: httpx.RequestError, maybe_received: bool) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with Client(KEY, transport=httpx.MockTransport(fail)) as client:
        (outcome,) = client.send("workflow", [b"{}"])
    assert isinstance(outcome, Unsent)
    assert outcome.maybe_received is maybe_received
    assert "hub.suprsend.com" in outcome.reason or "busy" in outcome.reason
    assert "sandbox-key" not in outcome.reason
    assert outcome.reason.isprintable()
