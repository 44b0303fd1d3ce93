"""A web server on this machine that gives files in parts, as httpfs asks for them, and misbehaves where told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class RangeServer:
    """`files` by path. `asked` is what was asked for: method, path, and the Authorization header.

    Below /moved/ it redirects to `elsewhere`, below /whole/ it knows no ranges, and below /closed/ it wants the bearer
    token `right`.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.elsewhere = ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None: ...

            def do_HEAD(self) -> None:
                server.answer(self)

            def do_GET(self) -> None:
                server.answer(self)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda request, address: None  # type: ignore[method-assign]  # whoever asks may leave
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, call: BaseHTTPRequestHandler) -> None:
        self.asked.append((call.command, call.path, call.headers.get("Authorization")))
        path = call.path.partition("?")[0]
        folder, _, rest = path.removeprefix("/").partition("/")
        if folder == "moved":
            self._send(call, 302, b"", {"Location": f"{self.elsewhere}/{rest}"})
            return
        if folder == "closed" and call.headers.get("Authorization") != "Bearer right":
            self._send(call, 401, b"")
            return
        data = self.files.get("/" + (rest if folder in ("whole", "closed") else f"{folder}/{rest}".rstrip("/")))
        if data is None:
            self._send(call, 404, b"")
            return
        asked = call.headers.get("Range")
        if asked is None or folder == "whole":
            ranges = {} if folder == "whole" else {"Accept-Ranges": "bytes"}
            self._send(call, 200, data, ranges)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        end = min(int(last) if last else len(data) - 1, len(data) - 1)
        where = f"bytes {first}-{end}/{len(data)}"
        self._send(call, 206, data[int(first) : end + 1], {"Content-Range": where, "Accept-Ranges": "bytes"})

    def _send(
        self, call: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        call.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            call.send_header(name, value)
        call.end_headers()
        if call.command != "HEAD":
            call.wfile.write(body)

    @contextmanager
    def running(self) -> Iterator[RangeServer]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()
