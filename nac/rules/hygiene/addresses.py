"""E-mail addresses and telephone numbers in a text, and whether they can be anybody's.

Domains: RFC 2606 and RFC 6761 keep `example.com` and its like for examples. Numbers: what the regulators set aside for
fiction, `_FICTION` below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_EMAIL = re.compile(
    r"(?<![\w.+%/@-])(?<!//)(?P<user>[A-Za-z0-9._%+-]{1,64})@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
)
_PHONE = re.compile(r"(?<![\w+/=?&.-])\+[1-9](?:[ .()-]?\d){7,14}(?![\w-])")
_RESERVED = ("example.com", "example.net", "example.org", "example", "test", "invalid", "localhost", "local")
_FILES = frozenset("png jpg jpeg gif svg webp css js html htm json yaml yml txt pdf md".split())
_SERIES = ("01234567890123456789", "98765432109876543210")

# Numbers that are never given to anybody. NANP: 555-01xx (ATIS-0300115); here all of the exchange and of the area 555,
# and whatever has not ten digits. UK: Ofcom, "Telephone numbers for use in TV and radio drama". France: Arcep.
# Australia: ACMA. Germany: Bundesnetzagentur, numbers for films. Ireland: ComReg. Sweden: PTS.
_FICTION = {
    "1": r"\d{3}555\d{4}|555\d{7}|[01]\d{9}|\d{3}[01]\d{6}|\d{1,9}|\d{11,}",
    "44": r"1\d{2}4960\d{3}|1914980\d{3}|2079460\d{3}|2896496\d{3}|2920180\d{3}|1632960\d{3}|7700900\d{3}|8081570\d{3}"
    r"|9098790\d{3}|3069990\d{3}",
    "33": r"19900\d{4}|26191\d{4}|35301\d{4}|46571\d{4}|53649\d{4}|63998\d{4}",
    "61": r"[2378](5550|7010)\d{4}|49157[0-2]\d{3}|1800(160401|97570[7-9]|97571[01])",
    "49": r"3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3}|152(28817386|28895456|54599371)"
    r"|17139200\d{2}|172(9925904|9968532|9973185|9973186|9980752)|174(9091317|9464308)|17604069\d{1,4}",
    "353": r"2091\d{5}",
    "46": r"3139006\d{2}|4062804\d{2}|8465004\d{2}|9803192\d{2}|7017406\d{2}",
}
_LISTED = {code: re.compile(pattern) for code, pattern in _FICTION.items()}


def real_domains(text: str, reserved: Collection[str]) -> Iterator[tuple[str, str]]:
    """The e-mail addresses in a text that may be somebody's, each with its domain."""
    for found in _EMAIL.finditer(text) if "@" in text else ():
        domain = found["domain"].casefold().rstrip(".-")
        ending = domain.rsplit(".", 1)[-1]
        if ending.isalpha() and len(ending) > 1 and ending not in _FILES and not is_reserved(domain, reserved):
            yield found[0], domain


def is_reserved(domain: str, reserved: Collection[str]) -> bool:
    """Whether a domain, or one above it, is nobody's or the project's own."""
    mine = (*_RESERVED, *(one.casefold().lstrip("@*.") for one in reserved))
    return any(domain == one or domain.endswith(f".{one}") for one in mine)


def real_phones(text: str) -> Iterator[tuple[str, bool]]:
    """The telephone numbers in a text that may be somebody's; whether numbers for fiction exist in their country."""
    for found in _PHONE.finditer(text) if "+" in text else ():
        digits = re.sub(r"\D", "", found[0])
        code = next((one for one in _LISTED if digits.startswith(one)), None)
        if _is_made_up(digits) or (code and _LISTED[code].fullmatch(digits[len(code) :])):
            continue
        yield found[0], code is not None


def _is_made_up(digits: str) -> bool:
    """Whether somebody only ran a finger over the keys: +91 98765 43210, +1 000 000 0000."""
    rows = (digits[index : index + 6] for index in range(len(digits) - 5))
    return any(row in series for row in rows for series in _SERIES) or re.search(r"(\d)\1{4}", digits) is not None
