"""Addresses of directories that are no file of the project, and which of them a run may reach.

An address has one spelling only: what could be read in two ways (`..`, percent-encoding of plain characters, numbers
for a host, backslashes, wildcards) is refused, so that what was allowed is what is opened.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

DATABASES = {"postgresql": 5432, "mysql": 3306}
FILES = {"https": 443, "http": 80, "s3": None, "gs": None}
_PORTS: dict[str, int | None] = {**DATABASES, **FILES}
_ALIASES = {"postgres": "postgresql", "mariadb": "mysql", "gcs": "gs"}
TLS_MODES = ("require", "verify-ca", "verify-full")

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+]*)://(?:(?P<login>[^/?#@]*)@)?"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?",
    re.ASCII,
)
_PLAIN = re.compile(r"(?:[A-Za-z0-9._~!$&'()+,;=:@/-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_QUERY = re.compile(r"(?:[A-Za-z0-9._~!$&'()+,;=:@/?-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_NEEDLESS = re.compile(rb"[A-Za-z0-9._~/\\*?\[\]{}%\x00-\x1f\x7f-]")
_DATABASE = re.compile(r"/[A-Za-z0-9_][A-Za-z0-9_.$-]*", re.ASCII)


class RemoteURLError(ValueError):
    """An address that cannot be used; the message never repeats it, because it may hold a secret."""


@dataclass(frozen=True)
class RemoteURL:
    """A parsed address. `host` is in lower case (of s3 and gs: the bucket), `port` None where there is none to have;
    `login` and `query` are as written, and may be secret."""

    scheme: str
    host: str
    port: int | None
    path: str
    login: str | None = None
    query: str | None = None

    @property
    def place(self) -> str:
        """The address without anything that could be secret but for its path."""
        return self.origin + self.path

    @property
    def origin(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def is_database(self) -> bool:
        return self.scheme in DATABASES

    @property
    def is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    @property
    def user(self) -> str | None:
        return None if self.login is None else _decoded(self.login.partition(":")[0])

    @property
    def password(self) -> str | None:
        return _decoded(self.login.partition(":")[2]) if self.login and ":" in self.login else None

    @property
    def tls_mode(self) -> str | None:
        return self.query.partition("=")[2] if self.query and self.is_database else None


def parse(text: str) -> RemoteURL:
    """The address of a directory, from nac.yaml or the environment. Raises RemoteURLError."""
    url = _parse(text)
    if url.is_database:
        if not _DATABASE.fullmatch(url.path):
            raise RemoteURLError(f"it names no database: write {url.scheme}://HOST/DATABASE")
        if url.query and not re.fullmatch(f"sslmode=({'|'.join(TLS_MODES)})", url.query):
            raise RemoteURLError(f"of options it takes `sslmode` alone, which is {', '.join(TLS_MODES)}")
    elif url.path in ("", "/") or url.path.endswith("/"):
        raise RemoteURLError("it names no file")
    elif url.scheme == "http" and not url.is_loopback:
        raise RemoteURLError("people are not sent in the clear: use https")
    elif url.login is not None:
        raise RemoteURLError("a login is no part of it: give it in the environment")
    elif url.query is not None and url.scheme not in ("https", "http"):
        raise RemoteURLError("it takes no `?…`")
    return url


def author_mistake(text: str) -> tuple[str, bool] | None:
    """What is wrong with an address that is checked in, and whether it shows a secret; None when nothing is."""
    try:
        url = parse(text)
    except RemoteURLError as error:
        return str(error), "@" in text or "?" in text
    if url.password is not None:
        return "it holds a password, which everybody who reads the project can see", True
    if url.query is not None and not url.is_database:
        return "what stands behind `?` may be a key or a signature, which everybody who reads the project can see", True
    return None


def _parse(text: str) -> RemoteURL:
    found = _URL.fullmatch(text)
    if found is None:
        raise RemoteURLError("it is not of the form SCHEME://HOST/PATH, in plain ASCII")
    scheme = _ALIASES.get(found["scheme"].lower(), found["scheme"].lower())
    if scheme not in _PORTS:
        raise RemoteURLError("it is none of postgresql://, mysql://, https://, s3:// and gs://")
    port = int(found["port"]) if found["port"] else _PORTS[scheme]
    if found["port"] and (_PORTS[scheme] is None or not 0 < int(found["port"]) < 65536):
        raise RemoteURLError("its port is none")
    path = found["path"] or ""
    if not _QUERY.fullmatch(found["query"] or ""):
        raise RemoteURLError("what stands behind `?` holds a character that is neither plain nor percent-encoded")
    _check_path(path, scheme)
    return RemoteURL(scheme, _host(found["host"].lower()), port, path, found["login"], found["query"])


def _host(host: str) -> str:
    literal = host.strip("[]")
    if host.startswith("[") or re.search(r"(?:\A|\.)(?:[0-9]+|0x[0-9a-f]*)\Z", host):
        try:
            address = ipaddress.ip_address(literal)
        except ValueError:
            raise RemoteURLError("its host is a number that is no address") from None
        return f"[{address.compressed}]" if address.version == 6 else str(address)
    if ".." in host:
        raise RemoteURLError("its host is none")
    return host


def _check_path(path: str, scheme: str) -> None:
    if not _PLAIN.fullmatch(path):
        raise RemoteURLError("its path holds a character that is neither plain nor percent-encoded")
    for code in re.findall(r"%([0-9A-Fa-f]{2})", path):
        if scheme not in ("https", "http") or _NEEDLESS.fullmatch(bytes([int(code, 16)])):
            raise RemoteURLError(f"`%{code}` may not be in its path")
    if any(step in (".", "..") for step in path.split("/")) or "//" in path:
        raise RemoteURLError("its path holds `.`, `..` or an empty step")


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


@dataclass(frozen=True)
class AllowList:
    """The prefixes of addresses that whoever runs nac allowed, each `SCHEME://HOST[:PORT][/PATH]`."""

    prefixes: tuple[RemoteURL, ...]

    @classmethod
    def of(cls, prefixes: Iterable[str]) -> AllowList:
        """Raises RemoteURLError for one that is no prefix."""
        return cls(tuple(map(_prefix, prefixes)))

    def allows(self, url: RemoteURL) -> bool:
        """Whether a prefix is the address's own, or that of a folder (or server) it lies in."""
        return any(
            (one.scheme, one.host, one.port) == (url.scheme, url.host, url.port)
            and (url.path == one.path or url.path.startswith(f"{one.path}/"))
            for one in self.prefixes
        )

    def names_host(self, host: str) -> bool:
        return any(one.host == host for one in self.prefixes)


def _prefix(text: str) -> RemoteURL:
    found = _parse(text)
    if found.login is not None or found.query is not None:
        raise RemoteURLError("a prefix has neither a login nor `?…`")
    return replace(found, path=found.path.rstrip("/"))
