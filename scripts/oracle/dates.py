# ruff: noqa: E501 - the tables of what is put together at random are as wide as they are
"""Compares nac.templates.dates with moment.js and moment-timezone on random dates, formats, zones and languages.

    mkdir /tmp/moment && cd /tmp/moment && npm install moment moment-timezone
    python scripts/oracle/dates.py /tmp/moment --count 60000 --seed 1
    python scripts/oracle/dates.py /tmp/moment --record tests/templates/recorded/dates.json

A difference is a case in which the two print something else, or only one of them refuses. What moment.js leaves to
`new Date` may be refused here. The first differences are shrunk and shown; exit 1 if there was one.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from nac.templates.dates import LANGUAGES, DateError, ZoneError, find_zone, print_date, read_date
from nac.templates.dates.calendar import DAY, MAX_INSTANT, civil
from nac.templates.dates.zones import _names

Case = tuple[Any, str, str | None, str]
"""Value, format, zone, language."""

TOKENS = (
    "M Mo MM MMM MMMM Q Qo D Do DD DDD DDDo DDDD d do dd ddd dddd e E w wo ww W Wo WW YY YYYY YYYYY YYYYYY Y y yo yy yyy "
    "yyyy N NN NNN NNNN NNNNN gg gggg ggggg GG GGGG GGGGG A a H HH h hh k kk m mm s ss S SS SSS SSSS SSSSS SSSSSS SSSSSSS "
    "SSSSSSSS SSSSSSSSS z zz Z ZZ X x LT LTS L LL LLL LLLL l ll lll llll hmm hmmss Hmm Hmmss eHHmm"
).split()
LITERALS = [" ", " ", " ", ", ", "-", "/", ":", ".", "T", "[at]", "[]", "[o'clock] ", "\\", "\\Y", "\\LT", "\\e", "é", "🎉",
            "[", "]", "[[x]]", "w|", "\n", "%d", "de ", "é[", "'"]  # fmt: skip
FORMATS = ["", "ddd, MMM Do YYYY, h:mm:ss a", "Do MMMM, YYYY", "D/M/YYYY hh:mm A", "YYYY-MM-DDTHH:mm:ssZ", "LLLL z", "D-MMM-YY",
           "dddd, D [de] MMMM YYYY", "[Today is] dddd"]  # fmt: skip
ZONES = ["Asia/Kolkata", "America/New_York", "America/Chicago", "Europe/London", "Europe/Berlin", "Australia/Sydney",
         "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu", "UTC", "europe/paris", "Europe_Rome",
         "Nope/Zone", "EST", "Etc/GMT+5", "Pacific/Kwajalein", "Antarctica/Troll"]  # fmt: skip
FIRST = -MAX_INSTANT + 400 * DAY  # the year of the first days begins before JavaScript's: moment.js prints NaN there
CORNERS = [0, -1, 1, 999, 951_782_399_999, 1_709_164_800_000, 2_145_916_799_999, 16_725_225_599_999, 16_725_225_600_000, 4_102_444_800_000,
           -62_135_596_800_000, -62_135_683_200_000, -62_167_219_200_001, 253_402_300_799_999, MAX_INSTANT,
           FIRST, MAX_INSTANT + 1, 1325203200000, 745977600000]  # fmt: skip


def instant(random: random.Random) -> int:
    kind = random.random()
    if kind < 0.1:
        return random.choice(CORNERS) + random.randrange(-2, 3)
    if kind < 0.75:
        return random.randrange(0, 2_200_000_000_000)
    if kind < 0.9:
        return random.randrange(-4_000_000_000_000, 5_000_000_000_000)
    return random.randrange(FIRST, MAX_INSTANT)


def number(random: random.Random, width: int, most: int) -> str:
    """Mostly in range, sometimes not."""
    return str(random.randrange(0, 10**width if random.random() < 0.05 else most + 1)).zfill(width)


def iso(random: random.Random) -> str:
    year, month, day = civil(random.randrange(-30_000, 60_000))
    dash, colon = random.choice([("-", ":")] * 4 + [("", ""), ("-", ""), ("", ":")])
    date = random.choice([
        f"{year}{dash}{month:02}{dash}{day:02}", f"{year}{dash}{month:02}{dash}{day:02}", f"{year}{dash}{month:02}",
        f"{year}{dash}{number(random, 2, 12)}{dash}{number(random, 2, 31)}", f"{year}{dash}W{number(random, 2, 53)}",
        f"{year}{dash}W{number(random, 2, 53)}{dash}{random.randrange(9)}", f"{year}{dash}{number(random, 3, 367)}", f"{year}",
        f"{random.choice('+-')}{random.randrange(280_000):06}{dash}{month:02}{dash}{day:02}", f"{year:04}{dash}{month}{dash}{day}",
    ])  # fmt: skip
    if random.random() < 0.25:
        return date
    time = number(random, 2, 24)
    if random.random() < 0.9:
        time += colon + number(random, 2, 60)
        if random.random() < 0.7:
            time += colon + number(random, 2, 60)
            if random.random() < 0.4:
                time += random.choice(".,.") + str(random.randrange(10 ** random.randrange(1, 10)))
    zone = random.choice(
        ["", "", "Z", "Z", " Z", "+05:30", "-0800", "+01", "+14:00", "-12:00", "+15:00", "+05:75", "z", " +01:00"]
    )
    return random.choice(["", "", "", "", "", " "]) + date + random.choice("TTT t") + time + zone


def rfc(random: random.Random) -> str:
    from datetime import date, timedelta

    day = date(1970, 1, 1) + timedelta(days=random.randrange(-20_000, 30_000))
    name = day.strftime("%a") if random.random() < 0.9 else "Mon"
    start = random.choice([f"{name}, ", f"{name} ", "", f"{name},  "])
    year = random.choice([str(day.year)] * 4 + [f"{day.year % 100:02}", f"{day.year % 1000:03}"])
    second = random.choice([":" + number(random, 2, 60), ""])
    zone = random.choice(["GMT", "UT", "Z", "z", "EST", "PDT", "+0530", "-0800", "+9999", "UTC", "", "GMT (x)", "A"])
    time = f"{number(random, 2, 24)}:{number(random, 2, 60)}{second}"
    month = day.strftime("%b") if random.random() < 0.95 else day.strftime("%B")
    return f"{start}{random.choice([day.day, f'{day.day:02}', 31])} {month} {year} {time} {zone}"


def loose(random: random.Random) -> str:
    year, month, day = random.randrange(1900, 2100), random.randrange(1, 14), random.randrange(0, 33)
    months = "January February March April May June July August September October November December Sept".split()
    name = months[month - 1][: random.choice([3, 3, 3, 20, 20, 4])]
    weekday = random.choice(["", "", "Tue ", "Tue, ", "Tuesday, "])
    date = random.choice([
        f"{month}/{day}/{year}", f"{month:02}/{day:02}/{year}", f"{year}/{month}/{day}", f"{weekday}{name} {day}, {year}",
        f"{weekday}{day} {name} {year}", f"{weekday}{name} {day} {year}", f"{month}-{day}-{year}", f"{month}/{day}/{year % 100}",
        f"{weekday}{day}-{name}-{year}",
    ])  # fmt: skip
    hour, minute = random.randrange(25), random.randrange(61)
    time = random.choice([
        "", f" {hour}:{minute:02}", f" {hour}:{minute:02}:{random.randrange(61):02}", f" {hour}:{minute:02} PM",
        f" {hour:02}:{minute:02}am", f", {hour}:{minute:02} AM", f" {hour}:{minute:02} UTC", f" {hour}:{minute:02} GMT", f" {hour}pm",
        f" {hour}:{minute:02} GMT+0530 (IST)", f" {hour}:{minute:02} +0530", f" {hour:02}:{minute:02}Z",
    ])  # fmt: skip
    text = date + time
    return text.lower() if random.random() < 0.1 else text


def value(random: random.Random) -> Any:
    kind = random.random()
    if kind < 0.5:
        return instant(random)
    if kind < 0.75:
        return iso(random)
    if kind < 0.87:
        return rfc(random)
    if kind < 0.97:
        return loose(random)
    return random.choice([1.5, -0.7, "", " ", "not a date", "now", None, "1695686400000", "/Date(1198908717056-0700)/", "12", "2023 ",
                          "2024-02-30", "2024-060", "Infinity", "T10:00", "2023-W53-1"])  # fmt: skip


def format_(random: random.Random) -> str:
    if random.random() < 0.2:
        return random.choice(FORMATS)
    parts = []
    for _ in range(random.randrange(1, 6)):
        parts.append(random.choice(TOKENS))
        if random.random() < 0.6:
            parts.append(random.choice(LITERALS))
    return "".join(parts)


def cases(seed: int, count: int) -> Iterator[Case]:
    chance, zones = random.Random(seed), sorted(_names().values())
    for _ in range(count):
        zone = chance.choice([None, None, chance.choice(ZONES), chance.choice(ZONES), chance.choice(zones)])
        language = chance.choice(["en", chance.choice(LANGUAGES)])
        yield value(chance), format_(chance), zone, language


def ours(case: Case) -> str | None:
    value, pattern, zone, language = case
    try:
        return print_date(read_date(value), pattern, find_zone(zone) if zone is not None else None, language)
    except (DateError, ZoneError, ValueError):
        return None


def theirs(folder: Path, cases: Iterable[Case]) -> list[Any]:
    script = Path(__file__).with_suffix(".js")
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        ["node", script, folder], input=lines, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def differs(case: Case, expected: Any) -> bool:
    found = ours(case)
    if isinstance(expected, dict):
        return found is not None and found != expected["loose"]
    return bool(found != expected)


def shrink(case: Case, fails: Callable[[list[Case]], list[bool]]) -> Case:
    """A smaller case that fails too: a shorter format and text, no zone, English."""
    while True:
        value, pattern, zone, language = case
        smaller: list[Case] = [(value, pattern, None, language)] if zone else []
        smaller += [(value, pattern, zone, "en")] if language != "en" else []
        smaller += [
            (value, pattern[:i] + pattern[i + n :], zone, language)
            for n in (4, 2, 1)
            for i in range(len(pattern) - n + 1)
        ]
        if isinstance(value, str):
            smaller += [
                (value[:i] + value[i + n :], pattern, zone, language) for n in (4, 1) for i in range(len(value) - n + 1)
            ]
        failing = [one for one, bad in zip(smaller, fails(smaller), strict=True) if bad]
        if not failing:
            return case
        case = failing[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where moment and moment-timezone are installed")
    parser.add_argument("--count", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=Path, help="write expectations there instead")
    parser.add_argument("--show", type=int, default=5, help="differences to shrink and show")
    given = parser.parse_args()
    made = list(cases(given.seed, 1500 if given.record else given.count))
    expected = theirs(given.folder, made)
    if given.record:
        rows = [
            [*case, found["loose"] if isinstance(found, dict) else found]
            for case, found in zip(made, expected, strict=True)
            if not (isinstance(found, dict) and ours(case) is None)
        ]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        given.record.parent.mkdir(parents=True, exist_ok=True)
        given.record.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        print(f"{len(rows)} expectations")
        return 0
    failing = [case for case, found in zip(made, expected, strict=True) if differs(case, found)]
    refused = sum(isinstance(found, dict) and ours(case) is None for case, found in zip(made, expected, strict=True))
    printed = sum(found is not None for found in expected)
    print(
        f"{len(made)} cases, {printed} printed by moment.js, {refused} of them by `new Date` and refused here; "
        f"{len(failing)} differ"
    )
    for case in failing[: given.show]:
        small = shrink(
            case, lambda some: [differs(*pair) for pair in zip(some, theirs(given.folder, some), strict=True)]
        )
        print(f"{small!r}\n  here {ours(small)!r}\n  moment {theirs(given.folder, [small])[0]!r}")
    return bool(failing)


if __name__ == "__main__":
    sys.exit(main())
