"""The sandbox as its users see it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Thread
from typing import Self

from nac.dispatch.auth import Auth, Bearer, Hmac
from nac.sandbox.faults import NONE, Faults
from nac.sandbox.hub import Hub, Validate
from nac.sandbox.kept import Count, Delivery, Received
from nac.sandbox.view import View
from nac.sandbox.wire import Server

# Secrets to nobody: documentation and tests use them.
PUBLIC: tuple[Auth, ...] = (Bearer("sandbox-key"), Hmac("sandbox", "sandbox-secret"))
POLL_SECONDS = 0.05  # how soon closing is noticed


def _silent(line: str) -> None:
    pass


class Sandbox:
    """The stand-in for the hub, at `url`. In a `with` it serves from its own thread; or call `serve_forever`.

    port      0 takes a free one. The host is always 127.0.0.1.
    auth      the credentials accepted.
    validate  (kind, record) → what is wrong with it, by default every rule that nac knows; called from several threads.
    clock     the time, with a zone: for signatures, idempotency keys and `Received.time`.
    keep      how many records are remembered, the newest; their JSON is never more than 64 MiB.
    faults    what is to go wrong on purpose, and how often.
    view      what draws the page for browsers at `GET /`, such as `nac.api.arrivals.Arrivals`; by default none.
    log       gets a line per request, with control characters escaped; it is called from several threads.

    Raises OSError where the port cannot be had.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        auth: Sequence[Auth] = PUBLIC,
        validate: Validate | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: int = 10_000,
        log: Callable[[str], None] = _silent,
        faults: Faults = NONE,
        view: View | None = None,
    ) -> None:
        if validate is None:
            from nac.sandbox.validation import record_mistakes

            validate = record_mistakes
        self._hub = Hub(auth, validate, clock, keep, faults, view)
        self._server = Server(port, self._hub, log)
        self._thread = Thread(target=self.serve_forever, name="nac-sandbox", daemon=True)
        self._serving = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def requests(self) -> list[Received]:
        """The records received and the calls refused, oldest first.

        Calls refused before their body was read, for their Host or their length, are only in the log.
        """
        return self._hub.kept.received()

    @property
    def deliveries(self) -> list[Delivery]:
        """Who would have been notified, in order."""
        return self._hub.kept.deliveries()

    @property
    def count(self) -> Count:
        """How many records there were of what, since the start."""
        return self._hub.kept.count()

    def clear(self) -> None:
        """Forget what was received, idempotency keys too, and count from 1 again."""
        self._hub.kept.clear()

    def __enter__(self) -> Self:
        self._serving = True  # before the thread says so, so that closing at once waits for it
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def serve_forever(self) -> None:
        """Serve from this thread until another calls `close`, or an exception such as KeyboardInterrupt comes."""
        self._serving = True
        try:
            self._server.serve_forever(POLL_SECONDS)
        finally:
            self._serving = False
            self._server.close()

    def close(self) -> None:
        """Stop serving, cut the open connections and free the port. Not for the thread in `serve_forever`."""
        if self._serving:
            self._server.shutdown()
        if self._thread.is_alive():
            self._thread.join()
        self._server.close()
