"""The words and habits of the languages that dates can be printed in.

`locales.json` holds what moment.js 2.31 answers when it is asked for each of them; scripts/oracle/dates_locales.js
asks. SuprSend's own helper prints English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = tuple(
    "en en-gb en-in en-au en-ca es es-mx fr fr-ca de de-at it pt pt-br nl sv da nb fi pl cs sk ru bg ro hu el tr "
    "he id ms vi th ko zh-cn zh-tw ar hi bn ta et lv lt sl hr sr ca".split()
)
"""By moment's names."""


class Language:
    """How one language prints a date.

    `week`: the day on which a week begins (0 Sunday), and what `calendar.week_of` takes for its first week.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.week: tuple[int, int] = (data["week"][0], data["week"][1])
        self._ordinals = {token: rule for tokens, rule in data["ordinals"].items() for token in tokens.split()}
        self._printed = str.maketrans(data.get("printed", {}))
        self._when = {
            kind: re.compile(found["when"], re.ASCII)
            for kind, found in data.items()
            if isinstance(found, dict) and "when" in found
        }

    def word(self, kind: str, index: int, pattern: str) -> str:
        """A month or weekday. `kind` is a key of the file; some languages inflect it, as the date's format demands."""
        found = self._data[kind]
        words: Sequence[str] = found["words"]
        if kind in self._when and self._when[kind].search(pattern):
            words = found["then"]
        return words[index]

    def long_format(self, key: str) -> str | None:
        """What `LL` and the like stand for."""
        found: str | None = self._data["formats"].get(key)
        return found

    def ordinal(self, number: int, token: str) -> str:
        """`3rd`, as the `token` it belongs to demands."""
        rule = self._ordinals[token]
        pattern: str = rule["else"]
        pattern = rule.get("ends", {}).get(str(abs(number) % 100), pattern)
        pattern = rule.get("is", {}).get(str(number), pattern)
        return pattern.replace("%d", str(number))

    def meridiem(self, hour: int, minute: int, *, lower: bool) -> str:
        """`am`, `PM` and the like."""
        found: list[str] = [one for one in self._data["meridiem"] if one[0] <= hour * 60 + minute][-1]
        return found[1 if lower else 2]

    def finish(self, text: str) -> str:
        """The whole output in the language's own digits and comma."""
        return text.translate(self._printed)


@cache
def language(name: str) -> Language:
    """One of LANGUAGES; raises KeyError."""
    return Language(_all()[name])


@lru_cache(maxsize=1)
def _all() -> dict[str, Any]:
    text = files("nac.templates.dates").joinpath("locales.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
