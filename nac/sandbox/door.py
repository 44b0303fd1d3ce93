"""Who sent a request: its Authorization header against the credentials the sandbox knows. Pure."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from nac.dispatch.auth import Auth, Bearer, Hmac, signature

CLOCK_SKEW = timedelta(minutes=15)


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A request that is looked at no further, with the HTTP status and the message of its answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def authenticate(known: Sequence[Auth], method: str, uri: str, headers: Message, body: bytes, now: datetime) -> Auth:
    """The one of the `known` credentials that signed this request; Refused(401) where none did.

    `uri` is the path and query as received. A signature also needs a Date within 15 minutes of `now`, so that
    a recorded request cannot be sent again later.
    """
    given = headers.get_all("Authorization", [])
    if len(given) != 1:
        raise Refused(401, "there must be one Authorization header")
    scheme, _, api_key = given[0].partition(" ")
    if scheme.lower() == "bearer":
        for auth in known:
            if isinstance(auth, Bearer) and _same(auth.api_key, api_key.strip()):
                return auth
        raise Refused(401, "this API key is not known here")
    workspace_key, _, signed = given[0].rpartition(":")
    for auth in known:
        if isinstance(auth, Hmac) and _same(auth.workspace_key, workspace_key):
            _check_date(headers.get("Date", ""), now)
            expected = signature(
                auth.workspace_secret, method, uri, headers.get("Content-Type", ""), headers["Date"], body
            )
            if _same(expected, signed):
                return auth
            raise Refused(401, "the signature does not fit: check the secret, and that the bytes sent were signed")
    raise Refused(401, "this workspace key is not known here")


def _check_date(value: str, now: datetime) -> None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        raise Refused(401, "the Date header is missing or is no date") from None
    if date.tzinfo is None:  # "-0000": UTC by RFC 5322
        date = date.replace(tzinfo=UTC)
    if abs(now - date) > CLOCK_SKEW:
        raise Refused(401, "the Date header is more than 15 minutes from this machine's clock")


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
