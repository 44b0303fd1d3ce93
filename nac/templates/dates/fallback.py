"""Dates that are neither ISO 8601 nor RFC 2822: moment.js hands them to JavaScript's `new Date`.

What that does with a text is up to each JavaScript engine. Read here are only the forms that people write and that
V8, the engine of Node.js, was seen to read as UTC whether moment.js adds ` UTC` to them or not, on a server in UTC
(scripts/oracle/dates.py): 9/26/2023 · 2023/9/26 · September 26, 2023 · 26 Sep 2023, each with `10:30[:15] [AM|PM]`
and UTC, GMT or Z behind it if need be.
"""

from __future__ import annotations

import re

from nac.templates.dates.calendar import DAY, day_number

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split()

_FULL_MONTHS = "January February March April May June July August September October November December".split()
_FULL_WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_NAME = rf"(?P<name>{'|'.join(sorted({*MONTHS, *_FULL_MONTHS}, key=len, reverse=True))})"
_WEEKDAY = rf"(?:(?:{'|'.join([*_FULL_WEEKDAYS, *WEEKDAYS])}),? )?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_TIME = (
    r"(?:,? (?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?: (?P<half>[AaPp][Mm]))?(?: ?(?:UTC|GMT|Z))?)?"
)

_FORMS = [
    re.compile(date + _TIME, re.ASCII | re.IGNORECASE)
    for date in (
        rf"(?P<month>\d{{1,2}})/{_DAY}/{_YEAR}",
        rf"{_YEAR}/(?P<month>\d{{1,2}})/{_DAY}",
        rf"{_WEEKDAY}{_NAME} {_DAY},? {_YEAR}",
        rf"{_WEEKDAY}{_DAY} {_NAME},? {_YEAR}",
    )
]


def read_loosely(value: str) -> int | None:
    """The instant that a text in one of the forms above stands for; None for any other."""
    for form in _FORMS:
        if found := form.fullmatch(value):
            return _instant(found.groupdict())
    return None


def _instant(found: dict[str, str | None]) -> int | None:
    name = found.get("name")
    month = MONTHS.index(name[:3].title()) + 1 if name else int(found["month"] or 0)
    day, hour, minute, second = (int(found[part] or 0) for part in ("day", "hour", "minute", "second"))
    half = (found["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 59):
        return None
    # February 30 is March 1 or 2: V8 only asks whether a day is at most 31.
    number = day_number(int(found["year"] or 0), month, day)
    return number * DAY + ((hour * 60 + minute) * 60 + second) * 1000
