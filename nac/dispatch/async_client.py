"""The client for many calls at once. It sends each once and never retries.

httpx is imported when one is made. HTTP/2 is spoken where the service offers it and h2 is installed (`nac[http2]`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from nac.dispatch.answers import read_answer, read_retry_after
from nac.dispatch.auth import Auth, Hmac
from nac.dispatch.client import ANSWER_BYTES, HEADERS, checked_url, unsent
from nac.dispatch.endpoints import HUB, address
from nac.dispatch.outcomes import Accepted
from nac.dispatch.verdicts import Answer
from nac.limits import Kind

if TYPE_CHECKING:
    import httpx

_ACCEPTED = Accepted(None)


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

        if find_spec("sniffio") is None:
            # httpcore imports it, if it is there, at every step of every call: to find each time that it is not
            # takes longer than the call.
            sys.modules["sniffio"] = None  # type: ignore[assignment]

        base = checked_url(base_url)
        self._base = str(base)
        self._host = base.host
        self._auth = auth
        self._workspace_key = workspace_key or (auth.workspace_key if isinstance(auth, Hmac) else None)
        self._clock = clock
        self._timeout = timeout
        self._secure = base.scheme == "https"
        self._context = httpx.create_ssl_context(trust_env=self._secure)
        self._all: list[httpx.AsyncClient] = []
        self._free: list[httpx.AsyncClient] = []
        self._urls: dict[Kind, httpx.URL] = {}

    def address(self, kind: Kind) -> str:
        """Where records of a kind go. CredentialsError where the workspace key is missing."""
        return address(self._base, kind, self._workspace_key)

    async def close(self) -> None:
        for one in self._all:
            await one.aclose()

    def _take(self) -> httpx.AsyncClient:
        """A client that no other call uses: each has one connection, because a pool looks at all its connections for
        every call. The one that was used last comes first, so that no more are opened than there are calls at once."""
        import httpx

        if self._free:
            return self._free.pop()
        made = httpx.AsyncClient(
            verify=self._context,
            timeout=self._timeout,
            follow_redirects=False,
            trust_env=self._secure,
            http2=self._secure and find_spec("h2") is not None,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            headers=HEADERS,
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
        headers = self._auth.headers("POST", str(url), body, self._clock())
        text = bytearray()
        client = self._take()
        try:
            async with client.stream("POST", url, content=body, headers=headers) as response:
                async for chunk in response.aiter_raw():
                    text += chunk
                    if len(text) > ANSWER_BYTES:
                        break
        except httpx.RequestError as error:
            return Answer(None, (unsent(error, self._host, self._timeout),) * len(records))
        finally:
            self._free.append(client)
        return self._read(response, bytes(text[:ANSWER_BYTES]), len(records))

    def _read(self, response: object, text: bytes, count: int) -> Answer:
        import httpx

        assert isinstance(response, httpx.Response)
        status = response.status_code
        if 200 <= status < 300 and count > 1 and _all_taken(text, count):
            return Answer(status, (_ACCEPTED,) * count, taken=True)
        after = read_retry_after(response.headers.get("Retry-After"), self._clock())
        shown = text.decode("utf-8", "replace")
        outcomes = read_answer(status, shown, count, retry_after=after, mask=self._auth.mask)
        return Answer(status, tuple(outcomes), after, all(isinstance(one, Accepted) for one in outcomes))


def _all_taken(text: bytes, count: int) -> bool:
    """Whether a bulk answer says that every record was taken: nearly always, and so worth to be quick about."""
    try:
        records = json.loads(text)["records"]
        return len(records) == count and all(one["status"] == "success" for one in records)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
