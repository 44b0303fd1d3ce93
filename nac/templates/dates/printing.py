"""An instant → text, by a moment.js format: https://momentjs.com/docs/#/displaying/format/"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cached_property, lru_cache

from nac.templates.dates.calendar import DAY, MAX_INSTANT, civil, day_number, week_of, weekday
from nac.templates.dates.languages import Language, language
from nac.templates.dates.zones import Zone

_DEFAULT = "YYYY-MM-DDTHH:mm:ssZ"
_DEFAULT_UTC = "YYYY-MM-DDTHH:mm:ss[Z]"

# A bracket reaches to the last `]` before the next `[`. A line end is no token: moment.js leaves it out.
_BRACKETS = r"\[[^\[]*\]"
_SHORTHAND = re.compile(rf"{_BRACKETS}|\\?(?:LTS|LT|L{{1,4}}|l{{1,4}})")
_TOKEN = re.compile(
    rf"{_BRACKETS}|\\e|\\?(?:eHHmm|[Hh]mm(?:ss)?|Mo|M{{1,4}}|DDDo|Do|D{{1,4}}|do|d{{1,4}}|w[o|w]?|W[o|W]?|Qo?|N{{1,5}}"
    r"|Y{4,6}|YY|yo|y{1,4}|g{4,5}|gg|G{4,5}|GG|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[^\n\r\u2028\u2029])"
)
_EXPANSIONS = 6  # how often moment.js replaces shorthands by what they stand for, within one another


def print_date(instant: int, pattern: str, zone: Zone | None = None, name: str = "en") -> str:
    """`moment.utc(instant)`, or `.tz(zone)` of it, as `.locale(name).format(pattern)` prints it.

    An empty pattern is ISO 8601. Raises ValueError for one that holds nothing but line ends and for a time that the
    zone shows beyond JavaScript's last day, and KeyError for a language that is none of LANGUAGES.
    """
    moment = _Moment(instant, zone, language(name))
    if abs(instant + moment.offset) > MAX_INSTANT:
        raise ValueError("a date this far away cannot be held")
    text = _expand(pattern or (_DEFAULT if moment.offset else _DEFAULT_UTC), name)
    parts = _parts(text)
    if not parts:
        raise ValueError("the format holds nothing but line ends")
    return moment.language.finish("".join(part if isinstance(part, str) else part(moment, text) for part in parts))


class _Moment:
    """An instant as a calendar and clock of the zone show it."""

    def __init__(self, instant: int, zone: Zone | None, language: Language) -> None:
        self.instant = instant
        self.zone = zone
        self.language = language
        self.offset, self.abbreviation = zone.at(instant) if zone else (0, "UTC")
        self.day, clock = divmod(instant + self.offset, DAY)
        self.year, self.month, self.date = civil(self.day)
        seconds, self.millisecond = divmod(clock, 1000)
        minutes, self.second = divmod(seconds, 60)
        self.hour, self.minute = divmod(minutes, 60)
        self.weekday = weekday(self.day)

    @cached_property
    def day_of_year(self) -> int:
        # Measured in elapsed time: where a zone has skipped a whole day, moment.js does not count it.
        elapsed = self._midnight(self.day) - self._midnight(day_number(self.year, 1, 1))
        return math.floor(elapsed / DAY + 0.5) + 1

    def week(self) -> tuple[int, int]:
        return week_of(self.year, self.day_of_year, *self.language.week)

    def iso_week(self) -> tuple[int, int]:
        return week_of(self.year, self.day_of_year, 1, 4)

    @cached_property
    def era(self) -> tuple[str, str, int]:
        """Abbreviation, name and year of the era; between the two (in zones off UTC) there is none."""
        midnight = self._midnight(self.day)
        if midnight >= day_number(1, 1, 1) * DAY:
            return "AD", "Anno Domini", self.year
        if midnight <= day_number(0, 12, 31) * DAY:
            return "BC", "Before Christ", 1 - self.year
        return "", "", self.year

    def _midnight(self, day: int) -> int:
        local = day * DAY
        if local < -MAX_INSTANT:
            raise ValueError("the year of this date begins before JavaScript's first day")
        return local - (self.zone.at(local - self.offset)[0] if self.zone else 0)


def _expand(pattern: str, name: str) -> str:
    known = language(name)
    for _ in range(_EXPANSIONS):
        if not _SHORTHAND.search(pattern):
            break
        pattern = _SHORTHAND.sub(lambda found: known.long_format(found[0]) or found[0], pattern)
    return pattern


_Part = Callable[[_Moment, str], str]


@lru_cache(maxsize=256)
def _parts(pattern: str) -> list[str | _Part]:
    return [_TOKENS.get(token) or _literal(token) for token in _TOKEN.findall(pattern)]


def _literal(token: str) -> str:
    return token[1:-1] if token[0] == "[" and len(token) > 1 else token.replace("\\", "")


def _fill(number: int, width: int, *, sign: bool = False) -> str:
    return ("-" if number < 0 else "+" if sign else "") + str(abs(number)).zfill(width)


def _two_digits(number: int) -> int:
    """JavaScript's `% 100`, which keeps the sign."""
    return int(math.fmod(number, 100))


def _offset(moment: _Moment, separator: str) -> str:
    minutes = abs(moment.offset) // 60_000
    return f"{'-' if moment.offset < 0 else '+'}{minutes // 60:02}{separator}{minutes % 60:02}"


def _number(get: Callable[[_Moment], int], width: int = 1) -> _Part:
    return lambda moment, _: _fill(get(moment), width)


def _ordinal(get: Callable[[_Moment], int], token: str) -> _Part:
    return lambda moment, _: moment.language.ordinal(get(moment), token)


def _word(kind: str, get: Callable[[_Moment], int]) -> _Part:
    return lambda moment, pattern: moment.language.word(kind, get(moment), pattern)


def _tokens() -> dict[str, _Part]:
    # Those that have an ordinal too.
    numbers: dict[str, Callable[[_Moment], int]] = {
        "M": lambda m: m.month, "Q": lambda m: (m.month + 2) // 3, "D": lambda m: m.date,
        "DDD": lambda m: m.day_of_year, "d": lambda m: m.weekday, "w": lambda m: m.week()[1],
        "W": lambda m: m.iso_week()[1], "y": lambda m: m.era[2],
    }  # fmt: skip
    found = {token: _number(get) for token, get in numbers.items()}
    found |= {f"{token}o": _ordinal(get, token) for token, get in numbers.items()}
    plain: dict[str, tuple[Callable[[_Moment], int], int]] = {
        "MM": (numbers["M"], 2), "DD": (numbers["D"], 2), "DDDD": (numbers["DDD"], 3), "ww": (numbers["w"], 2),
        "WW": (numbers["W"], 2), "yy": (numbers["y"], 2), "yyy": (numbers["y"], 3), "yyyy": (numbers["y"], 4),
        "YY": (lambda m: _two_digits(m.year), 2), "YYYY": (lambda m: m.year, 4), "YYYYY": (lambda m: m.year, 5),
        "gg": (lambda m: _two_digits(m.week()[0]), 2), "GG": (lambda m: _two_digits(m.iso_week()[0]), 2),
        "gggg": (lambda m: m.week()[0], 4), "ggggg": (lambda m: m.week()[0], 5),
        "GGGG": (lambda m: m.iso_week()[0], 4), "GGGGG": (lambda m: m.iso_week()[0], 5),
        "e": (lambda m: (m.weekday - m.language.week[0]) % 7, 1), "E": (lambda m: m.weekday or 7, 1),
        "H": (lambda m: m.hour, 1), "HH": (lambda m: m.hour, 2), "h": (lambda m: m.hour % 12 or 12, 1),
        "hh": (lambda m: m.hour % 12 or 12, 2), "k": (lambda m: m.hour or 24, 1), "kk": (lambda m: m.hour or 24, 2),
        "m": (lambda m: m.minute, 1), "mm": (lambda m: m.minute, 2), "s": (lambda m: m.second, 1),
        "ss": (lambda m: m.second, 2), "S": (lambda m: m.millisecond // 100, 1),
        "SS": (lambda m: m.millisecond // 10, 2), "X": (lambda m: m.instant // 1000, 1), "x": (lambda m: m.instant, 1),
    }  # fmt: skip
    found |= {token: _number(get, width) for token, (get, width) in plain.items()}
    for width in range(3, 10):
        found["S" * width] = lambda m, _, width=width: f"{m.millisecond:03}".ljust(width, "0")  # type: ignore[misc]
    found |= {
        "MMM": _word("monthsShort", lambda m: m.month - 1), "MMMM": _word("months", lambda m: m.month - 1),
        "dd": _word("weekdaysMin", numbers["d"]), "ddd": _word("weekdaysShort", numbers["d"]),
        "dddd": _word("weekdays", numbers["d"]),
        "Y": lambda m, _: _fill(m.year, 4, sign=m.year > 9999),
        "YYYYYY": lambda m, _: _fill(m.year, 6, sign=True),
        "a": lambda m, _: m.language.meridiem(m.hour, m.minute, lower=True),
        "A": lambda m, _: m.language.meridiem(m.hour, m.minute, lower=False),
        "N": lambda m, _: m.era[0], "NN": lambda m, _: m.era[0], "NNN": lambda m, _: m.era[0],
        "NNNN": lambda m, _: m.era[1], "NNNNN": lambda m, _: m.era[0],
        "Z": lambda m, _: _offset(m, ":"), "ZZ": lambda m, _: _offset(m, ""),
        "z": lambda m, _: m.abbreviation,
        "zz": lambda m, _: m.abbreviation if m.zone else "Coordinated Universal Time",
    }  # fmt: skip
    # Tokens that moment.js keeps for reading times without separators; it prints them too.
    for token, parts in {
        "hmm": "h mm",
        "hmmss": "h mm ss",
        "Hmm": "H mm",
        "Hmmss": "H mm ss",
        "eHHmm": "e HH mm",
    }.items():
        pieces = [found[part] for part in parts.split()]
        found[token] = lambda m, text, pieces=pieces: "".join(piece(m, text) for piece in pieces)  # type: ignore[misc]
    return found


_TOKENS = _tokens()
