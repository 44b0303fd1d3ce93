"""Dates as moment.js reads and prints them, which is what SuprSend's `datetime-format` does.

    text or number → instant (reading, fallback) → fields in a zone (zones, calendar) → text (printing, languages)

An instant is an int: milliseconds since 1970-01-01T00:00Z, from -8.64e15 to 8.64e15, as in JavaScript.
"""

from nac.templates.dates.languages import LANGUAGES
from nac.templates.dates.printing import print_date
from nac.templates.dates.reading import DateError, read_date
from nac.templates.dates.zones import ZoneError, find_zone

__all__ = ["LANGUAGES", "DateError", "ZoneError", "find_zone", "print_date", "read_date"]
