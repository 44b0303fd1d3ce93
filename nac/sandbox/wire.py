"""HTTP/1.1 for the sandbox, on 127.0.0.1. Everything in a request is hostile until the hub has read it."""

import re
import socketserver
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from socket import SHUT_RDWR, socket
from threading import Event, Lock

from nac._version import __version__
from nac.dispatch.answers import clean
from nac.dispatch.endpoints import is_loopback
from nac.limits import MAX_BYTES
from nac.sandbox.door import Refused
from nac.sandbox.hub import Hub, Reply, failure

READ_BYTES = MAX_BYTES + 64 * 1024  # of a body: enough to say why one that is a little too large is refused
DRAIN_BYTES = 8 * 1024 * 1024  # of a body that is not read
DRAIN_SECONDS = 1.0  # between two pieces of it
CHUNK_LINE_BYTES = 1024  # of a line that tells a chunk's size, or of a trailer
FRAMING_BYTES = 8 * 1024 * 1024  # of all such lines of a body: as many as its smallest chunks need
IDLE_SECONDS = 30.0
CONNECTIONS = 256


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; OSError where the port cannot be had. `log` gets a line per request."""

    daemon_threads = False  # closing waits for them, so that no connection outlives the server
    request_queue_size = 128

    def __init__(self, port: int, hub: Hub, log: Callable[[str], None]) -> None:
        self.hub = hub
        self._log = log
        self._open: set[object] = set()
        self._lock = Lock()
        self.closing = Event()  # ends what waits on purpose
        super().__init__(("127.0.0.1", port), Handler)

    def log(self, line: str) -> None:
        """Hand on a line with whatever could steer a terminal escaped."""
        self._log(line[:500].encode("unicode_escape").decode())

    def close(self) -> None:
        """Cut the open connections and free the port. Nothing may be serving any more."""
        self.closing.set()
        with self._lock:
            for connection in self._open:
                assert isinstance(connection, socket)
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)  # wakes the thread that waits for its next request
        self.server_close()

    def server_bind(self) -> None:
        # HTTPServer's own asks the resolver for this machine's name, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()

    def verify_request(self, request: object, client_address: object) -> bool:
        with self._lock:
            if len(self._open) < CONNECTIONS:
                self._open.add(request)
                return True
        self.log(f"more than {CONNECTIONS} connections at once: one was cut")
        return False

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        self.log(f"connection lost: {type(error).__name__}: {error}")


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests whose Host is this machine, hands them to the hub, writes its replies."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        try:
            self._check_host()
            body = self._read()
        except Refused as refused:
            self._write(failure(refused.status, refused.message), close=True)
            self._drain()
            return
        try:
            reply = self.server.hub.answer(self.command, self.path, self.headers, body)
        except Exception as error:  # a bug, most likely in `validate`: the client is still owed an answer
            self.server.log(f"failed: {type(error).__name__}: {error}")
            reply = failure(500, f"the sandbox failed with {type(error).__name__}: see its log")
        late = self.command == "POST" and self.server.hub.faults.latency
        if reply.fault in ("cut", "cut-after") or (late and self.server.closing.wait(late)):
            self._cut()
        else:
            self._write(reply)

    do_GET = do_DELETE = do_POST  # noqa: N815 - the names http.server looks for

    def _check_host(self) -> None:
        """A web page may reach this port under a name of its own (DNS rebinding), and is told so by the Host."""
        hosts = self.headers.get_all("Host", [])
        named = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::[0-9]*)?|([^:\[\]]+)(?::[0-9]*)?", hosts[0] if hosts else "")
        if len(hosts) != 1 or not named or not is_loopback((named[1] or named[2]).lower()):
            raise Refused(403, "the Host header must name this machine")

    def _read(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", [])
        if codings := self.headers.get_all("Transfer-Encoding", []):
            # Both, or a coding that is told twice: two readers of such bytes could see two requests.
            if lengths or len(codings) != 1 or self.request_version != self.protocol_version:
                raise Refused(400, "a body has a Content-Length or one Transfer-Encoding, not both")
            if codings[0].strip().lower() != "chunked":
                raise Refused(501, "of transfer codings, only `chunked` is known here")
            return self._chunks()
        if not lengths and self.command == "POST":
            raise Refused(411, "a Content-Length is required, or Transfer-Encoding: chunked")
        if not lengths:
            return b""
        if len(lengths) != 1 or not re.fullmatch(r"[0-9]{1,18}", lengths[0]):
            raise Refused(400, "the Content-Length is not a number")
        if (length := int(lengths[0])) > READ_BYTES:
            raise Refused(413, f"the body is over {MAX_BYTES} bytes")
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the body broke off")
        return body

    def _chunks(self) -> bytes:
        """A body in chunks (RFC 9112, 7.1); extensions and trailers are passed over."""
        body = bytearray()
        framing = 0

        def line() -> bytes:
            nonlocal framing
            read = self.rfile.readline(CHUNK_LINE_BYTES)
            framing += len(read)
            if not read.endswith(b"\r\n"):
                if len(read) < CHUNK_LINE_BYTES and not read.endswith(b"\n"):
                    raise ConnectionError("the body broke off")
                raise Refused(400, "the chunks of the body cannot be read")
            if framing > FRAMING_BYTES:
                raise Refused(413, "the chunks of the body have more framing than content")
            return read[:-2]

        while size := self._chunk_size(line()):
            if len(body) + size > READ_BYTES:
                raise Refused(413, f"the body is over {MAX_BYTES} bytes")
            chunk = self.rfile.read(size)
            if len(chunk) < size:
                raise ConnectionError("the body broke off")
            body += chunk
            if line():
                raise Refused(400, "the chunks of the body cannot be read")
        while line():
            pass
        return bytes(body)

    @staticmethod
    def _chunk_size(line: bytes) -> int:
        if (found := re.fullmatch(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;.*)?", line)) is None:
            raise Refused(400, "the chunks of the body cannot be read")
        return int(found[1], 16)

    def _drain(self) -> None:
        """Read on for a while: closing over unread bytes would take the reply back from the client."""
        self.connection.settimeout(DRAIN_SECONDS)
        for _ in range(DRAIN_BYTES // 65536):
            if not self.rfile.read1(65536):
                return

    def _cut(self) -> None:
        """End the connection without an answer."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)

    def _trickle(self, answer: bytes) -> None:
        """A byte at a time, so that whoever waits for the next byte alone waits to the end."""
        began, step = time.monotonic(), self.server.hub.faults.slow_seconds / len(answer)
        for place in range(len(answer)):
            left = began + step * place - time.monotonic()
            if left > 0 and self.server.closing.wait(left):
                self._cut()
                return
            self.wfile.write(answer[place : place + 1])

    def _write(self, reply: Reply, *, close: bool = False) -> None:
        self.request_version = self.protocol_version  # HTTP/0.9 would leave out the status and the headers
        self._quiet = reply.quiet
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        for name, value in reply.headers:
            self.send_header(name, value)
        if close:
            self.send_header("Connection", "close")
        if reply.fault == "slow":
            out, self.wfile = self.wfile, (head := BytesIO())
            self.end_headers()
            self.wfile = out
            self._trickle(head.getvalue() + reply.body)
            return
        self.end_headers()
        self.wfile.write(reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server itself refuses in the service's shape; its own way is an HTML page."""
        self._write(failure(code, clean(message or "this request cannot be read")), close=True)

    def version_string(self) -> str:
        return f"nac-sandbox/{__version__}"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if not self._quiet:
            super().log_request(code, size)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gave it
        self.server.log(format % args)
