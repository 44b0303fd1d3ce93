"""A text or number → an instant, as `moment.utc(value)` reads it."""

from __future__ import annotations

import math
import re

from nac.handlebars.conversion import to_double
from nac.handlebars.values import SPACE, is_number
from nac.templates.dates.calendar import (
    DAY,
    MAX_INSTANT,
    day_number,
    days_in_month,
    days_in_year,
    iso_week_day,
    weekday,
    weeks_in_year,
)
from nac.templates.dates.fallback import MONTHS, WEEKDAYS, read_loosely

_SPACE = f"[{SPACE}]"
_TIME = r"(?P<hour>\d\d)(?:{0}(?P<minute>\d\d)(?:{0}(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
_ZONE = rf"(?P<zone>[+-]\d\d(?::?\d\d)?|{_SPACE}*Z)?"
_YEAR = r"(?P<year>\d{4})"
_LONG_YEAR = r"(?P<year>[+-]\d{6})"

# ISO 8601: whether it is the extended format, whether a time may follow, and the date.
_DATES = [
    (True, True, rf"{_LONG_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)"),
    (True, True, rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)"),
    (True, True, rf"{_YEAR}-W(?P<week>\d\d)-(?P<weekday>\d)"),
    (True, False, rf"{_YEAR}-W(?P<week>\d\d)"),
    (True, True, rf"{_YEAR}-(?P<ordinal>\d{{3}})"),
    (True, False, rf"{_YEAR}-(?P<month>\d\d)"),
    (False, True, rf"{_LONG_YEAR}(?P<month>\d\d)(?P<day>\d\d)"),
    (False, True, rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)"),
    (False, True, rf"{_YEAR}W(?P<week>\d\d)(?P<weekday>\d)"),
    (False, False, rf"{_YEAR}W(?P<week>\d\d)"),
    (False, True, rf"{_YEAR}(?P<ordinal>\d{{3}})"),
    (False, False, rf"{_YEAR}(?P<month>\d\d)"),
    (False, False, _YEAR),
]
_ISO = [
    re.compile(_SPACE + "*" + date + (rf"(?:[T ]{_TIME.format(':' * extended)}{_ZONE})?" if timed else ""), re.ASCII)
    for extended, timed, date in _DATES
]

# RFC 2822, section 3.3, and of section 4.3 the zones' names.
_RFC = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)}),?\s)?(?P<day>\d{{1,2}})\s(?P<month>{'|'.join(MONTHS)})\s(?P<year>\d{{2,4}})\s"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s(?:(?P<name>UT|GMT|[ECMP][SD]T)|[Zz]|(?P<zone>[+-]\d{4}))",
    re.ASCII,
)
_RFC_ZONES = {"UT": 0, "GMT": 0, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
_ASP_NET = re.compile(r"/?Date\((-?\d+)", re.ASCII | re.IGNORECASE)
_LONGEST = 200  # characters; a date needs no more


class DateError(ValueError):
    """A value that is no date, or one that is not known to be read the same everywhere."""


def read_date(value: object) -> int:
    """The instant that a value stands for: epoch milliseconds, or a text in one of these forms.

    ISO 8601 · RFC 2822 · `/Date(0)/` · what `fallback.read_loosely` knows. A text without a zone is in UTC.
    Raises DateError.
    """
    if is_number(value):
        if not math.isfinite(to_double(value)):
            raise DateError("this number is no date")
        return _in_range(int(value))
    if not isinstance(value, str):
        raise DateError("a date is text, or a number of milliseconds since 1970")
    if len(value) > _LONGEST:
        raise DateError(f"a date of more than {_LONGEST} characters")
    if found := _ASP_NET.match(value):
        return _in_range(int(found[1]))
    for pattern in _ISO:
        if found := pattern.fullmatch(value):
            return _in_range(_iso(value, found.groupdict()))
    if found := _RFC.fullmatch(_unfold(value)):
        return _in_range(_rfc(value, found.groupdict()))
    loose = read_loosely(value)
    if loose is None:
        raise DateError(f"“{value[:40]}” is not a date that can be told for certain; write it as 2023-09-26T10:00:00Z")
    return _in_range(loose)


def _iso(value: str, found: dict[str, str | None]) -> int:
    year, clock = int(found["year"] or 0), _clock(value, found)
    if (week := found.get("week")) is not None:
        day = int(found.get("weekday") or 1)
        if not (1 <= int(week) <= weeks_in_year(year, 1, 4) and 1 <= day <= 7):
            raise _no_date(value)
        number = iso_week_day(year, int(week), day)
    elif (ordinal := found.get("ordinal")) is not None:
        if not 1 <= int(ordinal) <= days_in_year(year):
            raise _no_date(value)
        number = day_number(year, 1, 1) + int(ordinal) - 1
    else:
        number = _day(value, year, int(found.get("month") or 1), int(found.get("day") or 1))
    return number * DAY + clock - _zone(value, (found.get("zone") or "Z").strip(SPACE))


def _clock(value: str, found: dict[str, str | None]) -> int:
    hour, minute, second = (int(found.get(part) or 0) for part in ("hour", "minute", "second"))
    # In floating point, as moment.js cuts a fraction down to milliseconds.
    millisecond = int(float(f"0.{found.get('fraction') or 0}") * 1000)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second or millisecond)):
        raise _no_date(value)
    return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond


def _zone(value: str, zone: str) -> int:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    offset = hours * 60 + minutes
    if minutes > 59 or offset > (14 if zone[0] == "+" else 12) * 60:
        raise DateError(f"“{value[:40]}” has an offset that no place on Earth has")
    return (offset if zone[0] == "+" else -offset) * 60_000


def _rfc(value: str, found: dict[str, str | None]) -> int:
    year = int(found["year"] or 0)
    year += 2000 if year <= 49 else 1900 if year <= 999 else 0
    number = _day(value, year, MONTHS.index(found["month"] or "") + 1, int(found["day"] or 0))
    if found["weekday"] and WEEKDAYS[weekday(number)] != found["weekday"]:
        raise DateError(f"“{value[:40]}” is not a {found['weekday']}")
    if int(found["hour"] or 0) > 23:
        raise _no_date(value)
    sign = -1 if (zone := found["zone"] or "+0000")[0] == "-" else 1
    minutes = sign * (int(zone[1:3]) * 60 + int(zone[3:])) + _RFC_ZONES.get(found["name"] or "", 0) * 60
    return number * DAY + _clock(value, found) - minutes * 60_000


def _unfold(value: str) -> str:
    """Without comments in parentheses, and with one space for each run of them."""
    value = re.sub(r"\([^()]*\)|[\n\t]", " ", value)
    return re.sub(f"{_SPACE}{_SPACE}+", " ", value).strip(SPACE)


def _day(value: str, year: int, month: int, day: int) -> int:
    if not (1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise _no_date(value)
    return day_number(year, month, day)


def _in_range(instant: int) -> int:
    if abs(instant) > MAX_INSTANT:
        raise DateError("a date this far away cannot be held")
    return instant


def _no_date(value: str) -> DateError:
    return DateError(f"“{value[:40]}” is not a date that exists")
