"""The Gregorian calendar for any year: Python's own ends at 1 and 9999, JavaScript's goes from -271821 to 275760."""

from __future__ import annotations

from datetime import date

DAY = 86_400_000
"""Milliseconds."""

MAX_INSTANT = 8_640_000_000_000_000
"""The last millisecond of a JavaScript date, and negated the first (ECMAScript 2023, 21.4.1.1)."""

_CYCLE = 146_097  # days of 400 years, after which the calendar repeats
_2000 = date(2000, 1, 1).toordinal()
_1970 = date(1970, 1, 1).toordinal()


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. The year may be 0 or less; a day beyond the month's end counts into the next."""
    cycles, rest = divmod(year, 400)
    return date(2000 + rest, month, 1).toordinal() + day - 1 + (cycles - 5) * _CYCLE - _1970


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a `day_number`."""
    cycles, rest = divmod(number + _1970 - _2000, _CYCLE)
    found = date.fromordinal(_2000 + rest)
    return found.year + cycles * 400, found.month, found.day


def weekday(number: int) -> int:
    """0 Sunday to 6 Saturday."""
    return (number + 4) % 7


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_year(year: int) -> int:
    return 366 if is_leap(year) else 365


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def week_of(year: int, day_of_year: int, first: int, contains: int) -> tuple[int, int]:
    """Week-numbering year and week.

    `first` is the day on which a week begins (0 Sunday). `contains` says which is the first week of a year: that
    with January (7 + first - contains); ISO weeks have 1 and 4.
    """
    week = (day_of_year - _first_week(year, first, contains) - 1) // 7 + 1
    if week < 1:
        return year - 1, week + weeks_in_year(year - 1, first, contains)
    weeks = weeks_in_year(year, first, contains)
    return (year + 1, week - weeks) if week > weeks else (year, week)


def weeks_in_year(year: int, first: int, contains: int) -> int:
    begins, ends = _first_week(year, first, contains), _first_week(year + 1, first, contains)
    return (days_in_year(year) - begins + ends) // 7


def iso_week_day(year: int, week: int, day: int) -> int:
    """The `day_number` of a day (1 Monday to 7) in an ISO week."""
    return day_number(year, 1, 1) + _first_week(year, 1, 4) + (week - 1) * 7 + day - 1


def _first_week(year: int, first: int, contains: int) -> int:
    """The day on which the first week begins, counted from January 1 = 0; negative in the old year."""
    always_in = 7 + first - contains
    return always_in - 1 - (7 + weekday(day_number(year, 1, always_in)) - first) % 7
