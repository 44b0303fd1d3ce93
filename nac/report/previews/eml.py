"""An email's preview as a mail file (RFC 5322) that every mail program opens, the same bytes in every run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import sha256
from typing import Any

from nac.event import SAMPLE_NOW
from nac.messages import Email
from nac.preview.result import Preview, Previewed, Reader

UNKNOWN_SENDER = "sender@unknown.invalid"
"""Who it is from where the template does not say: a mail must name somebody, and `.invalid` can be nobody."""

_SPACE = re.compile("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_SPECIAL = re.compile(r'[\s<>()\[\],;:"@\\]')
_MAX_PART = 40


class _Policy(EmailPolicy):
    """Python's, but for a subject and a sender's name in another script: it may lose a space where it parts a long one,
    or put one in the middle of a word."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "Subject" and not value.isascii() and not self.utf8:
            words = Header(str(value), "utf-8", header_name=name).encode(linesep="\r\n")
            return f"{name}: {words}\r\n".encode("ascii")
        sender = value.addresses[0] if name == "From" else None
        if sender is None or sender.display_name.isascii() or self.utf8:
            return super().fold_binary(name, value)
        words = Header(sender.display_name, "utf-8", header_name=name).encode(linesep="\r\n")
        return f"{name}: {words}\r\n <{sender.addr_spec}>\r\n".encode("ascii")


def mail_files(shown: Iterable[Previewed]) -> dict[str, bytes]:
    """Every email that would be sent, by the name of its file."""
    found: dict[str, bytes] = {}
    taken: set[str] = set()
    for one in shown:
        for reader in one.readers:
            for each in reader.previews:
                if isinstance(each.message, Email):
                    name = file_name(one, reader, each)
                    if name.casefold() in taken:  # where A and a are the same file, they would overwrite each other
                        name = f"{name.removesuffix('.eml')}.{_digest(*_identity(one, reader, each))[:8]}.eml"
                    taken.add(name.casefold())
                    found[name] = message_bytes(each.message, one.now or SAMPLE_NOW, _identity(one, reader, each))
    return found


def message_bytes(message: Email, now: datetime, identity: Sequence[str] = ()) -> bytes:
    """One mail file. `now` is aware; `identity` is what tells this mail from every other.

    Neither the preheader nor those in blind copy are in it. A header holds one line whatever its template printed.
    """
    everybody = (message.from_address, message.reply_to, *message.to, *message.extra_to, *message.cc)
    mail = EmailMessage(policy=_Policy(linesep="\r\n", cte_type="7bit", utf8=not all(map(_is_ascii, everybody))))
    mail["Subject"] = header(message.subject or "")
    mail["From"] = _addresses([message.from_address or UNKNOWN_SENDER], message.from_name)
    for name, addresses in (("To", (*message.to, *message.extra_to)), ("Cc", message.cc)):
        if whole := _addresses(addresses):
            mail[name] = whole
    if message.reply_to and (whole := _addresses([message.reply_to])):
        mail["Reply-To"] = whole
    mail["Date"] = now
    html = None if message.html is None else _body(message.html)
    text = _body(message.plain_text)
    unique = _digest(*identity, str(message.subject), now.isoformat(), text, html or "")
    mail["Message-ID"] = f"<{unique[:32]}@nac.invalid>"
    mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html")
        # Python would choose the boundary at random. This one stands in neither part: it is made of them.
        mail.set_boundary(f"=_{unique[32:]}")
    return mail.as_bytes()


def header(text: str) -> str:
    """One line, single spaces: nothing in it can begin another header. Half a surrogate pair is shown as U+FFFD."""
    return _SURROGATE.sub("\ufffd", _SPACE.sub(" ", text)).strip()


def _addresses(addresses: Iterable[str], name: str | None = None) -> tuple[Address, ...]:
    """The addresses as a mail may hold them; what is none is left out, but for a sender's."""
    found = []
    for text in addresses:
        local, _, domain = header(text).rpartition("@")
        try:
            if not local or not domain:
                raise ValueError
            domain = domain.encode("idna").decode("ascii")
            if local.isascii():
                found.append(Address(header(name or ""), addr_spec=f"{local}@{domain}"))
            elif _SPECIAL.search(local + domain):
                raise ValueError
            else:
                found.append(Address(header(name or ""), username=local, domain=domain))
        except (ValueError, IndexError, MessageError):
            if name is not None or text == UNKNOWN_SENDER:
                found.append(Address(header(name or ""), addr_spec=UNKNOWN_SENDER))
    return tuple(found)


def _is_ascii(address: str | None) -> bool:
    """Whether what stands before the @ is; else only RFC 6532 can write it."""
    return (address or "").rpartition("@")[0].isascii()


def _body(text: str) -> str:
    """A body without NUL and half surrogate pairs, which no mail can hold."""
    return _SURROGATE.sub("\ufffd", text).replace("\x00", "")


def file_name(one: Previewed, reader: Reader, each: Preview) -> str:
    """`<trigger>.<sample>.<recipient>.<locale>[.<tenant>].eml`, safe on every file system.

    What a part holds beside letters, digits, `-` and `_` becomes a `-`, with eight digits that tell it from its like.
    """
    parts = (one.name, one.event, reader.shown, each.locale, *([] if each.tenant is None else [each.tenant]))
    return ".".join(map(_part, parts)) + ".eml"


def _part(text: str) -> str:
    plain = _NOT_PLAIN.sub("-", text).strip("-")[:_MAX_PART].rstrip("-")
    simple = text.replace("/", "-").replace(" ", "-").replace(".", "-")
    if plain and plain == simple and not _RESERVED.fullmatch(plain):
        return plain
    return "-".join(part for part in (plain, _digest(text)[:8]) if part)


def _identity(one: Previewed, reader: Reader, each: Preview) -> tuple[str, ...]:
    return (one.name, one.event, reader.identity, each.locale, each.tenant or "")


def _digest(*parts: str) -> str:
    whole = "\x00".join(f"{len(part)} {part}" for part in parts)
    return sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()
