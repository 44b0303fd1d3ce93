"""Domains of e-mail addresses: what is one, and whether a workspace allows it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any


def domains_of(person: str | Mapping[str, Any]) -> list[str]:
    """The domains of a recipient's inline e-mail addresses, those that Slack is to find somebody by among them."""
    found: list[str] = []
    if isinstance(person, str):
        return found
    for name in ("$email", "$slack"):
        if (given := person.get(name)) is None:
            continue
        for one in given if isinstance(given, list) else (given,):
            address = one.get("email") if isinstance(one, dict) else one
            if isinstance(address, str) and "@" in address:
                found.append(domain_of(address))
    return found


def is_known_by_id_only(person: str | Mapping[str, Any]) -> bool:
    """Whether SuprSend alone knows where a recipient's e-mails go: it finds the address by an id."""
    if isinstance(person, str):
        return True
    if person.get("$email") or ("distinct_id" not in person and "object_type" not in person):
        return False
    channels = person.get("$channels")
    return not isinstance(channels, list) or "email" in channels


def domain_of(address: str) -> str:
    """The domain of an address, `Ana <ana@example.com>` too, as `canonical_domain` writes it."""
    return canonical_domain(address.rpartition("@")[2])


@lru_cache(maxsize=4096)
def canonical_domain(domain: str) -> str:
    """A domain as all its spellings are compared: `BÜRO.example.` and `xn--bro-hoa.example` are one."""
    import idna

    text = domain.partition(">")[0].strip().rstrip(".").lower()
    if text.isascii():
        return text
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return text


def allowing(allowed: Iterable[str]) -> Callable[[str], bool]:
    """Whether these domains allow one that is written as `canonical_domain` does. `*.example.com` allows what is below
    `example.com`, and not itself."""
    exact: set[str] = set()
    below: list[str] = []
    for one in allowed:
        name = canonical_domain(one.removeprefix("*."))
        if one.startswith("*."):
            below.append(f".{name}")
        else:
            exact.add(name)
    ends = tuple(below)
    return lambda domain: domain in exact or domain.endswith(ends)
