"""JSONNET that is evaluated once for equal inputs: both sides, all tenants and most readers share what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from nac.payload import canonical
from nac.templates.jsonnet import Jsonnet, JsonnetError
from nac.templates.translations import Translations

MAX_KEPT = 20_000
_DATA = re.compile(r"\bdata\b")
# `data.name` and `data["name"]`; in any other use, all of the data may be read.
_FIELD = re.compile(r"""\s*(?:\.\s*(\w+)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])""")

Asked = tuple[tuple[str, str, str], ...]
"""The translations that were asked for: key, values as JSON, message."""


class Memo:
    """A `Jsonnet` in front of another one, which is made when it is first needed."""

    def __init__(self, make: Callable[[], Jsonnet]) -> None:
        self.make = make
        self._kept: dict[tuple[str, str], list[tuple[Asked, Any, JsonnetError | None]]] = {}
        self._names: dict[str, Collection[str] | None] = {}

    def __call__(self, source: str, data: Mapping[str, Any], translations: Translations, locale: str) -> Any:
        key = self._key(source, data)
        if key is None:
            return self.make()(source, data, translations, locale)
        for asked, value, failed in self._kept.get(key, ()):
            if _holds(asked, translations, locale):
                if failed is not None:
                    raise failed
                return value
        heard = _Heard(translations)
        try:
            value = self.make()(source, data, heard, locale)
        except JsonnetError as error:
            self._keep(key, heard, None, error)
            raise
        self._keep(key, heard, value, None)
        return value

    def _keep(self, key: tuple[str, str], heard: _Heard, value: Any, failed: JsonnetError | None) -> None:
        if heard.whole and len(self._kept) < MAX_KEPT:
            self._kept.setdefault(key, []).append((tuple(heard.asked), value, failed))

    def _key(self, source: str, data: Mapping[str, Any]) -> tuple[str, str] | None:
        if source not in self._names:
            self._names[source] = _names(source)
        names = self._names[source]
        try:
            return source, canonical({name: data[name] for name in sorted(data) if names is None or name in names})
        except (TypeError, ValueError, RecursionError):
            return None


class _Heard(Translations):
    """Translations that remember what they were asked. `whole`: every answer was a message."""

    def __init__(self, asked: Translations) -> None:
        super().__init__(asked.files)
        self.of = asked
        self.asked: list[tuple[str, str, str]] = []
        self.whole = True

    def message(self, key: str, locale: str, values: Mapping[str, object]) -> str:
        try:
            found = self.of.message(key, locale, values)
            self.asked.append((key, canonical(dict(values)), found))
        except Exception:
            self.whole = False
            raise
        return found


def _holds(asked: Asked, translations: Translations, locale: str) -> bool:
    """Whether the same questions get the same answers here."""
    import json

    try:
        return all(translations.message(key, locale, json.loads(values)) == found for key, values, found in asked)
    except Exception:
        return False


def _names(source: str) -> frozenset[str] | None:
    """The names at the top of the data that a text may read; None for any."""
    found: set[str] = set()
    for one in _DATA.finditer(source):
        step = _FIELD.match(source, one.end())
        if step is None:
            return None
        found.add(next(name for name in step.groups() if name is not None))
    return frozenset(found)
