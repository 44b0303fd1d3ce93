"""The client for many calls at once. It sends each once and never retries.

httpx is imported when one is made. HTTP/2 is spoken where the service offers it and h2 is installed (`nac[http2]`).
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterable, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from nac.dispatch.answers import read_answer, read_retry_after
from nac.dispatch.auth import Auth, Hmac
from nac.dispatch.client import ANSWER_BYTES, HEADERS, checked_url, environment_of_tls, unsent
from nac.dispatch.endpoints import HUB, address
from nac.dispatch.outcomes import Accepted, Outcome, Rejected, Unsent
from nac.dispatch.proxies import proxy_for
from nac.dispatch.verdicts import Answer
from nac.limits import Kind

if TYPE_CHECKING:
    import httpx

_ACCEPTED = Accepted(None)
WHOLE = 2  # times `timeout`, which is for each step: how long a whole call may take, however often a byte comes


class AsyncClient:
    """`Client`, for an event loop: its arguments mean the same. TLS is always verified."""

    def __init__(
        self,
        auth: Auth,
        *,
        base_url: str = HUB,
        workspace_key: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: float = 30.0,
    ) -> None:
        import httpx

        base = checked_url(base_url)
        self._base = str(base)
        self._host = base.host
        self._auth = auth
        self._workspace_key = workspace_key or (auth.workspace_key if isinstance(auth, Hmac) else None)
        self._clock = clock
        self._timeout = timeout
        self._secure = base.scheme == "https"
        self._proxy = proxy_for(base.host, base.port) if self._secure else None
        # Its own address may hold a password.
        self._told = f"{base.host} by the proxy of HTTPS_PROXY or ALL_PROXY" if self._proxy else base.host
        self._step = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._all: list[httpx.AsyncHTTPTransport] = []
        self._free: list[httpx.AsyncHTTPTransport] = []
        self._urls: dict[Kind, httpx.URL] = {}
        with environment_of_tls():
            # Without TLS, the certificates need not be read: a context that has none trusts nobody.
            self._context = httpx.create_ssl_context() if self._secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._free.append(self._take())

    def address(self, kind: Kind) -> str:
        """Where records of a kind go. CredentialsError where the workspace key is missing."""
        return address(self._base, kind, self._workspace_key)

    async def ready(self) -> None:
        """Load what httpx loads with its first call, so that it does not hold up the run, nor counts as sending."""
        from anyio.lowlevel import checkpoint

        await checkpoint()

    async def close(self) -> None:
        for one in self._all:
            await one.aclose()

    def _take(self) -> httpx.AsyncHTTPTransport:
        """A transport that no other call uses: each has one connection, because a pool looks at all its connections
        for every call. The one that was used last comes first, so that no more are opened than calls are made at once.

        Transports and no clients: what a client adds (cookies, redirects, its own authentication) is not wanted here,
        and costs a third of a call.
        """
        import httpx

        if self._free:
            return self._free.pop()
        made = httpx.AsyncHTTPTransport(
            verify=self._context,
            http2=self._secure and find_spec("h2") is not None,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            proxy=self._proxy,
        )
        self._all.append(made)
        return made

    async def send(self, kind: Kind, records: Sequence[bytes]) -> Answer:
        """POST the records, which fit into one call, and say what became of them, in order."""
        import httpx

        body = records[0] if len(records) == 1 else b"[" + b", ".join(records) + b"]"
        url = self._urls.get(kind)
        if url is None:
            url = self._urls[kind] = httpx.URL(self.address(kind))
        headers = {**HEADERS, **self._auth.headers("POST", str(url), body, self._clock())}
        request = httpx.Request("POST", url, headers=headers, content=body, extensions=self._step)
        transport = self._take()
        broken = True
        try:
            async with asyncio.timeout(self._timeout * WHOLE):
                response = await transport.handle_async_request(request)
                text = await _text(response)
            broken = len(text) == ANSWER_BYTES  # the rest is still to come
        except httpx.RequestError as error:
            return Answer(None, (unsent(error, self._told, self._timeout),) * len(records))
        except TimeoutError:
            reason = f"no whole answer from {self._told} in {self._timeout * WHOLE:g} s"
            return Answer(None, (Unsent(reason, maybe_received=True),) * len(records))
        finally:
            if broken:  # its connection may be dead without knowing: with HTTP/2 it would be used again
                self._all.remove(transport)
                with suppress(Exception):
                    await transport.aclose()
            else:
                self._free.append(transport)
        return self._read(response, text, len(records))

    def _read(self, response: httpx.Response, text: bytes, count: int) -> Answer:
        status = response.status_code
        if 200 <= status < 300 and count > 1 and _all_taken(text, count):
            return Answer(status, (_ACCEPTED,) * count, taken=True)
        after = read_retry_after(response.headers.get("Retry-After"), self._clock())
        shown = text.decode("utf-8", "replace")
        outcomes = read_answer(status, shown, count, retry_after=after, mask=self._auth.mask)
        if status == 401:
            outcomes = [Rejected(401, f"{_said(one)} (nothing of this call was taken: check {self._auth.variables})")
                        for one in outcomes]  # fmt: skip
        return Answer(status, tuple(outcomes), after, all(isinstance(one, Accepted) for one in outcomes))


async def _text(response: httpx.Response) -> bytes:
    """The body, up to ANSWER_BYTES. The connection is free after it, or closed."""
    text = bytearray()
    async with aclosing(response):
        async for chunk in cast("AsyncIterable[bytes]", response.stream):
            text += chunk
            if len(text) > ANSWER_BYTES:
                break
    return bytes(text[:ANSWER_BYTES])


def _said(outcome: Outcome) -> str:
    return outcome.message.rstrip(".") if isinstance(outcome, Rejected) else ""


def _all_taken(text: bytes, count: int) -> bool:
    """Whether a bulk answer says that every record was taken: nearly always, and so worth to be quick about."""
    try:
        records = json.loads(text)["records"]
        return len(records) == count and all(one["status"] == "success" for one in records)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
