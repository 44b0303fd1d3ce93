"""One HTTP client for the hub: exact bytes in, one outcome per record out. It sends once and never retries.

httpx is imported when a `Client` is made, so that commands which send nothing do not pay for it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from nac._version import __version__
from nac.dispatch.answers import clean, read_answer, read_retry_after
from nac.dispatch.auth import Auth, Hmac
from nac.dispatch.endpoints import HUB, address, is_loopback
from nac.dispatch.outcomes import Outcome, Unsent
from nac.limits import MAX_RECORDS, Kind

if TYPE_CHECKING:
    import httpx

ANSWER_BYTES = 4 * 1024 * 1024  # far above the answer to 100 records; the rest is not read
# Answers are small: no encoding means none to get wrong, and no bomb.
HEADERS = {"User-Agent": f"nac/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}


class Client:
    """A connection to the hub at `base_url`. Safe to share between threads; close it, or use it in a `with`.

    `workspace_key` is needed for dynamic workflows and broadcasts; an `Hmac` brings its own. `timeout` is in
    seconds, for each of: connecting, each write, each read. Raises ValueError for a base URL that is not
    https (http is for loopback), holds credentials, a query or a fragment, or is no URL. A proxy or CA bundle
    named in the environment (HTTPS_PROXY, SSL_CERT_FILE) is used, except for http to loopback.
    """

    def __init__(
        self,
        auth: Auth,
        *,
        base_url: str = HUB,
        workspace_key: str | None = None,
        transport: httpx.BaseTransport | None = None,
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
        self._http = httpx.Client(
            transport=transport,
            timeout=timeout,
            follow_redirects=False,
            trust_env=base.scheme == "https",
            headers=HEADERS,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, kind: Kind, records: Sequence[bytes]) -> list[Outcome]:
        """POST the records in one call and return their outcomes, in order; no records, no call.

        Each record is the exact UTF-8 JSON of one request. One is sent as it is; several become a JSON array.
        Raises ValueError for more than 100 records, or more than one broadcast, and CredentialsError where
        the workspace key is missing. Whatever happens on the network is an outcome.
        """
        import httpx

        if len(records) > (most := 1 if kind == "broadcast" else MAX_RECORDS):
            raise ValueError(f"{len(records)} {kind} records in one call: the service takes at most {most}")
        if not records:
            return []
        body = records[0] if len(records) == 1 else b"[" + b", ".join(records) + b"]"
        url = httpx.URL(address(self._base, kind, self._workspace_key))
        # The signature covers the URL as httpx will write it, so it is asked for after httpx has parsed it.
        headers = self._auth.headers("POST", str(url), body, self._clock())
        try:
            with self._http.stream("POST", url, content=body, headers=headers) as response:
                text = _text(response)
        except httpx.RequestError as error:
            return [unsent(error, self._host, self._timeout)] * len(records)
        return read_answer(
            response.status_code,
            text,
            len(records),
            retry_after=read_retry_after(response.headers.get("Retry-After"), self._clock()),
            mask=self._auth.mask,
        )


def unsent(error: httpx.RequestError, host: str, timeout: float) -> Unsent:
    """What a failure on the network says of the records of its call."""
    import httpx

    match error:
        # Only a failed connection is quoted: other texts can repeat a header, and so a secret.
        case httpx.ConnectError() if found := re.search(r"CERTIFICATE_VERIFY_FAILED\] (.*?)( \(_ssl|$)", str(error)):
            why = clean(found[1].removeprefix("certificate verify failed: "))
            return Unsent(f"{host} cannot be trusted, and nothing was sent to it: {why}. Where it is yours, name its "
                          "certificate authority in SSL_CERT_FILE", maybe_received=False, hopeless=True)  # fmt: skip
        case httpx.ConnectError():
            return Unsent(f"no connection to {host}: {clean(str(error))}", maybe_received=False)
        case httpx.ConnectTimeout():
            return Unsent(f"no connection to {host} in {timeout:g} s", maybe_received=False)
        case httpx.PoolTimeout():
            return Unsent(f"all connections were busy for {timeout:g} s", maybe_received=False)
        case httpx.ProxyError():
            return Unsent(f"the proxy did not connect to {host}", maybe_received=False)
        case httpx.TimeoutException():
            return Unsent(f"no answer from {host} in {timeout:g} s", maybe_received=True)
    return Unsent(f"the connection to {host} broke before the whole answer came", maybe_received=True)


@contextmanager
def environment_of_tls() -> Iterator[None]:
    """ValueError for a CA bundle or a proxy of the environment that httpx cannot use. Its address is not repeated: it
    may hold a password."""
    import httpx

    try:
        yield
    except OSError as error:  # ssl.SSLError is one
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else (error.strerror or "error").lower()
        raise ValueError(f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be used: {why}") from None
    except ImportError:
        raise ValueError('a SOCKS proxy (ALL_PROXY, HTTPS_PROXY) needs: pip install "httpx[socks]"') from None
    except (ValueError, httpx.InvalidURL):
        raise ValueError("HTTPS_PROXY, ALL_PROXY or NO_PROXY cannot be used: a proxy is written as "
                         "http://proxy.example:3128") from None  # fmt: skip


def _text(response: httpx.Response) -> str:
    read = bytearray()
    for chunk in response.iter_bytes():
        read += chunk
        if len(read) >= ANSWER_BYTES:
            break
    return read[:ANSWER_BYTES].decode("utf-8", "replace")


def checked_url(base_url: str) -> httpx.URL:
    """A hub's `base_url`, parsed by the parser that will connect, ending in `/`.

    Raises ValueError, and never repeats the URL in it: it may hold a secret.
    """
    import httpx

    try:
        url = httpx.URL(base_url if base_url.endswith("/") else base_url + "/")
        url.host.encode("idna")  # what the socket will do with it
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("the base URL is not a URL") from None
    if url.userinfo:
        raise ValueError("the base URL must not hold a user name or password")
    if url.query or url.fragment:
        raise ValueError("the base URL must not hold a query or a fragment")
    if not url.host or (url.port or 0) > 65535:
        raise ValueError("the base URL is not a URL")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise ValueError("the base URL must be https; plain http is only for loopback hosts such as 127.0.0.1")
    return url
