"""Who is the same person, and the idempotency keys that follow from it.

A key never comes from a clock or a random number: the same trigger, event and person give the same key on every
run and every machine, and so the service, which honours a key for 24 hours, sends to nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from nac.limits import MAX_KEY
from nac.payload import canonical
from nac.people import ADDRESSES

_DIGEST = 32  # hexadecimal digits: 128 bits


def identity_of(recipient: str | Mapping[str, Any]) -> str:
    """What makes a recipient the same one in another place or run.

    A user's `distinct_id`; an object's type and id; for a transient recipient without an id, all its addresses
    (e-mail in any letter case), so that another name or language is still the same person. Empty when there is
    nothing of these.
    """
    if isinstance(recipient, str):
        return f"user {recipient}"
    if "object_type" in recipient:
        return f"object {canonical([recipient['object_type'], recipient.get('id')])}"
    if recipient.get("distinct_id") is not None:
        return f"user {recipient['distinct_id']}"
    addresses = []
    for name in ADDRESSES:
        value = recipient.get(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                address = one.casefold() if name == "$email" and isinstance(one, str) else one
                # A token that is renewed does not make another person.
                kept = (
                    {k: v for k, v in sorted(address.items()) if k != "access_token"}
                    if isinstance(address, dict)
                    else address
                )
                addresses.append(f"{name} {canonical(kept)}")
    return f"transient {canonical(sorted(addresses))}" if addresses else ""


def derived_key(key: str, *identities: str) -> str:
    """The key for a part of a trigger's audience: its own key, cut if need be, and a digest of key and people.

    At most MAX_KEY characters; the digest covers the whole key, so cutting loses nothing.
    """
    # Lengths in front keep ("a", "bc") and ("ab", "c") apart.
    text = "".join(f"{len(one)}:{one}" for one in (key, *sorted(identities)))
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{key[: MAX_KEY - _DIGEST - 1]}:{digest}"
