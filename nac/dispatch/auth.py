"""The two ways to sign a request to the hub: an API key, or a workspace key and secret.

Both put an `Authorization` header on the request. With an API key it holds the key itself (`Bearer <key>`);
with a workspace key and secret it holds `<workspace key>:<signature>`, and the secret stays here. The string
that is signed is the one SuprSend's Python SDK 0.20 signs.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import urlsplit

CONTENT_TYPE = "application/json; charset=utf-8"
API_KEY = "SUPRSEND_API_KEY"
WORKSPACE_KEY = "SUPRSEND_WORKSPACE_KEY"
WORKSPACE_SECRET = "SUPRSEND_WORKSPACE_SECRET"  # noqa: S105 - the name of a variable, not a secret


class CredentialsError(ValueError):
    """A credential is missing or cannot be used. The text says what to set and never shows a value."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """An API key. Raises CredentialsError for one that cannot stand in a header."""

    variables: ClassVar[str] = API_KEY
    api_key: str

    def __post_init__(self) -> None:
        check_credential(API_KEY, self.api_key)

    def __repr__(self) -> str:
        return "Bearer(api_key='***')"

    def headers(self, method: str, url: str, body: bytes, now: datetime) -> dict[str, str]:
        """`Authorization`, `Content-Type` and `Date` of a request, whatever its content."""
        return {
            "Authorization": f"Bearer {self.api_key}",
            "Content-Type": CONTENT_TYPE,
            "Date": http_date(now),
        }

    def mask(self, text: str) -> str:
        """`text` without the API key, for text that came from outside and will be shown."""
        return text.replace(self.api_key, "***")


@dataclass(frozen=True, slots=True)
class Hmac:
    """A workspace key and its secret. Raises CredentialsError for one that cannot stand in a header."""

    variables: ClassVar[str] = f"{WORKSPACE_KEY} and {WORKSPACE_SECRET}, and this machine's clock"
    workspace_key: str
    workspace_secret: str

    def __post_init__(self) -> None:
        check_credential(WORKSPACE_KEY, self.workspace_key)
        check_credential(WORKSPACE_SECRET, self.workspace_secret)

    def __repr__(self) -> str:
        return f"Hmac(workspace_key={self.workspace_key!r}, workspace_secret='***')"

    def headers(self, method: str, url: str, body: bytes, now: datetime) -> dict[str, str]:
        """`Authorization`, `Content-Type` and `Date` of a request, signed over these very bytes.

        `url` must be the URL as it goes over the wire, percent-encoded: its path and query are signed.
        """
        parts = urlsplit(url)
        uri = f"{parts.path}?{parts.query}" if parts.query else parts.path
        date = http_date(now)
        signed = signature(self.workspace_secret, method, uri, CONTENT_TYPE, date, body)
        return {"Authorization": f"{self.workspace_key}:{signed}", "Content-Type": CONTENT_TYPE, "Date": date}

    def mask(self, text: str) -> str:
        """`text` without the secret, for text that came from outside and will be shown."""
        return text.replace(self.workspace_secret, "***")


Auth = Bearer | Hmac


def credentials(environ: Mapping[str, str]) -> Auth:
    """The credentials in `environ`: SUPRSEND_API_KEY, else SUPRSEND_WORKSPACE_KEY and its _SECRET.

    The API key wins where both are set, because SUPRSEND_WORKSPACE_KEY is also set beside it to say which
    workspace a dynamic workflow or a broadcast is for. An empty variable counts as not set: that is how CI
    systems hand over a secret they do not have. Raises CredentialsError.
    """
    if api_key := environ.get(API_KEY):
        return Bearer(api_key)
    key, secret = environ.get(WORKSPACE_KEY), environ.get(WORKSPACE_SECRET)
    if key and secret:
        return Hmac(key, secret)
    if key or secret:
        missing, present = (WORKSPACE_SECRET, WORKSPACE_KEY) if key else (WORKSPACE_KEY, WORKSPACE_SECRET)
        raise CredentialsError(f"{present} is set but {missing} is not: set both, or set {API_KEY}")
    raise CredentialsError(f"no credentials: set {API_KEY}, or {WORKSPACE_KEY} and {WORKSPACE_SECRET}")


def signature(secret: str, method: str, uri: str, content_type: str, date: str, body: bytes) -> str:
    """The base64 HMAC-SHA256 of a request. `uri` is its path and query; an empty body has no MD5 in it."""
    # The MD5 is the service's choice and no secret rests on it.
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest() if body and method != "GET" else ""
    text = "\n".join((method, digest, content_type, date, uri))
    return b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


def http_date(now: datetime) -> str:
    """`now` as RFC 1123 writes it, in GMT; English in every locale, which `strftime` is not."""
    return format_datetime(now.astimezone(UTC), usegmt=True)


def check_credential(name: str, value: str) -> None:
    """CredentialsError where `value`, held by the variable `name`, cannot stand in a header or an address."""
    if not re.fullmatch(r"[!-~]+", value):
        raise CredentialsError(f"{name} must be printable ASCII without spaces or line breaks: set it again")
