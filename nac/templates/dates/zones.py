"""Time zones by their IANA names, from the `tzdata` package: the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from nac.handlebars.errors import nearest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = -62_000_000_000_000  # in the year 5: before any zone's first change, and within Python's years
_LAST = 16_725_225_599_999  # the end of 2499; moment-timezone's tables end there, and the last offset stays on


class ZoneError(ValueError):
    """A name that no zone has."""


class Zone:
    """A time zone. After 2499 it does not change any more, as in moment-timezone 0.6."""

    def __init__(self, name: str) -> None:
        self.name = name
        with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
            self._zone = ZoneInfo.from_file(data, name)

    def at(self, instant: int) -> tuple[int, str]:
        """The offset east of UTC in milliseconds, and the abbreviation, such as `CEST` or `+07`."""
        there = (_EPOCH + timedelta(milliseconds=min(max(instant, _FIRST), _LAST))).astimezone(self._zone)
        offset = there.utcoffset()
        assert offset is not None
        return offset // timedelta(milliseconds=1), there.tzname() or ""


def find_zone(name: str) -> Zone:
    """The zone of an IANA name; capitals do not count, and `_` may stand for `/`. Raises ZoneError."""
    found = _names().get(_normal(name))
    if found is None:
        near = nearest(name, _names().values())
        raise ZoneError(
            f"`{name[:80]}` is not a time zone" + (f"; did you mean `{near}`?" if near else " such as `Asia/Kolkata`")
        )
    return _zone(found)


def _normal(name: str) -> str:
    return name.lower().replace("/", "_")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    # `Factory` stands for a machine that nobody has configured; it is no zone of a person.
    return {_normal(name): name for name in names if name != "Factory"}


@cache
def _zone(name: str) -> Zone:
    return Zone(name)
