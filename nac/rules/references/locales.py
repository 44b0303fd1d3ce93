"""Whether a locale can be one: its language and its region.

Sources: ISO 639-1 (`nac.vocabulary`), ISO 3166-1 (tzdata's `iso3166.tab`), BCP 47 for the order of the parts.
"""

from __future__ import annotations

import re
from functools import cache

from nac.diagnostics import nearest
from nac.vocabulary import LANGUAGES

# Codes that are met with in the place of the right ones.
_LANGUAGES_MEANT = {"jp": "ja", "cn": "zh", "gr": "el", "cz": "cs", "dk": "da", "se": "sv", "ua": "uk"}
_REGIONS_MEANT = {"UK": "GB", "EN": "GB", "JA": "JP"}
_PRIVATE = frozenset({"XK", "ZZ", "XA", "XB", "EU", "UN"})  # in use though ISO does not assign them


@cache
def regions() -> frozenset[str]:
    """The two-letter codes of ISO 3166-1, from the tzdata package, so that they are the same on every machine."""
    from importlib.resources import files

    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in text.splitlines() if re.match(r"[A-Z]{2}\t", line))


def why_unknown(locale: str) -> tuple[str, str | None] | None:
    """What is wrong with a locale such as `en-GB` or `en_GB`, and what it was meant to be; None when it can be one.

    A language of three letters is believed: there are thousands, and each has people who read it.
    """
    language, *others = re.split(r"[-_]", locale)
    code = language.lower()
    if len(code) == 2 and code not in LANGUAGES:
        meant = _LANGUAGES_MEANT.get(code)
        return f"`{language}` is not a language of ISO 639-1", f"did you mean `{meant}`?" if meant else None
    if len(code) not in (2, 3) or not code.isascii() or not code.isalpha():
        near = nearest(code[:2], LANGUAGES) if code.isalpha() else None
        help = f"write a code such as `{near}` or `{near}-GB`" if near == code[:2] else "write a code such as `en`"
        return f"`{locale[:40]}` does not begin with the code of a language", help
    for part in others[:2]:
        if len(part) == 2 and part.upper() not in regions() | _PRIVATE:
            meant = _REGIONS_MEANT.get(part.upper())
            return f"`{part}` is not a country of ISO 3166", f"did you mean `{language}-{meant}`?" if meant else None
    return None
