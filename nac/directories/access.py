"""What a run may reach, and with which login. Nothing is reached that whoever runs nac did not allow."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nac.directories.sources import SourceError
from nac.model import DirectorySettings
from nac.remote_url import AllowList, RemoteURL, RemoteURLError, parse


@dataclass(frozen=True)
class Login:
    """Who asks, from the URL or the environment. `addresses` are those of the host, looked up and found harmless."""

    addresses: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None


class Environment:
    """The environment as one directory sees it: `NAC_DIRECTORY_<NAME>_<KEY>` comes before `<KEY>`."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self.name, self._environ = name, environ

    def own_name(self, key: str) -> str:
        return f"NAC_DIRECTORY_{self.name.upper()}_{key}"

    def own(self, key: str) -> str | None:
        return self._environ.get(self.own_name(key)) or None

    def get(self, key: str) -> str | None:
        return self.own(key) or self._environ.get(key) or None


class Access:
    """The addresses that may be opened: those of `allowed`, and no others. Raises RemoteURLError for a bad prefix."""

    def __init__(self, allowed: Iterable[str], environ: Mapping[str, str] | None = None) -> None:
        self._allowed = AllowList.of(allowed)
        self._environ = os.environ if environ is None else environ

    def environment(self, name: str) -> Environment:
        return Environment(name, self._environ)

    def url(self, name: str, settings: DirectorySettings) -> RemoteURL:
        """The address of a directory, if it is allowed. Raises SourceError."""
        text = settings.url if settings.url is not None else self._environ.get(settings.url_env or "")
        if not text:
            raise SourceError(f"the environment variable {settings.url_env} is not set", "set it to the URL")
        try:
            url = parse(text)
        except RemoteURLError as error:
            where = f" in {settings.url_env}" if settings.url is None else ""
            raise SourceError(f"its URL{where} cannot be used: {error}") from None
        if not self._allowed.allows(url):
            # What the environment holds may be secret down to its path.
            place = url.place if settings.url is not None else url.origin
            help = f"if you trust it, pass --allow-remote {place}, or set NAC_ALLOW_REMOTE"
            raise SourceError(f"it may not reach {place}", help)
        return url

    def login(self, name: str, url: RemoteURL) -> Login:
        env = self.environment(name)
        user, password = url.user or env.own("USER"), url.password or env.own("PASSWORD")
        return Login(addresses_of(url), user, password, env.own("CA_FILE"))


def addresses_of(url: RemoteURL) -> tuple[str, ...]:
    """The addresses of a host. Raises SourceError.

    A name that leads to a link-local address, where clouds keep the machine's own credentials, is refused: such an
    address is reached only where it is written down as itself.
    """
    host = url.host.strip("[]")
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise SourceError("its host is not known") from None
    if host not in found and any(map(_is_metadata, found)):
        raise SourceError("its host leads to a link-local address, which is not reached by a name")
    return tuple(dict.fromkeys(found))


_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"})


def _is_metadata(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_link_local or mapped.is_unspecified or mapped.is_multicast or str(mapped) in _METADATA
