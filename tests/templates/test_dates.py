"""Dates: what moment.js printed (recorded/dates.json, made by scripts/oracle/dates.py), and the edges."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac import handlebars
from nac.templates import HELPERS, Context
from nac.templates.dates import LANGUAGES, DateError, ZoneError, find_zone, print_date, read_date
from nac.templates.dates.calendar import MAX_INSTANT, civil, day_number

RECORDED = json.loads((Path(__file__).parent / "recorded" / "dates.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def test_prints_what_moment_prints() -> None:
    wrong = []
    for value, pattern, zone, language, expected in RECORDED:
        try:
            found = print_date(read_date(value), pattern, find_zone(zone) if zone is not None else None, language)
        except ValueError:
            found = None
        if found != expected:
            wrong.append((value, pattern, zone, language, expected, found))
    assert wrong == []


def test_enough_is_recorded() -> None:
    printed = [row for row in RECORDED if row[4] is not None]
    assert len(printed) >= 400
    assert {row[3] for row in printed} >= {"en", "de", "fr", "es", "ar", "hi", "ru"}


@pytest.mark.parametrize(
    ("value", "prints"),
    [
        ("2024-02-29", "2024-02-29 00:00:00.000"),
        ("20240229T134501,5", "2024-02-29 13:45:01.500"),
        ("2024-060", "2024-02-29 00:00:00.000"),
        ("2024-W09-4", "2024-02-29 00:00:00.000"),
        ("2024-02-29T24:00", "2024-03-01 00:00:00.000"),
        ("2024-02-29T23:30-01:00", "2024-03-01 00:30:00.000"),
        ("+012024-02-29", "12024-02-29 00:00:00.000"),
        ("Tue, 26 Sep 2023 10:00:00 GMT", "2023-09-26 10:00:00.000"),
        ("26 Sep 23 10:00 +0530 (India)", "2023-09-26 04:30:00.000"),
        ("/Date(1000)/", "1970-01-01 00:00:01.000"),
        ("09/26/2023", "2023-09-26 00:00:00.000"),
        ("September 26, 2023 1:05 PM", "2023-09-26 13:05:00.000"),
        (-1, "1969-12-31 23:59:59.999"),
        (1.9, "1970-01-01 00:00:00.001"),
    ],
)
def test_reads(value: object, prints: str) -> None:
    assert print_date(read_date(value), "YYYY-MM-DD HH:mm:ss.SSS") == prints


@pytest.mark.parametrize(
    "value",
    ["", "now", "tomorrow", "2024-02-30", "2023-366", "2023-W53-1", "2024-02-29T25:00", "2024-02-29T10:00+15:00",
     "Mon, 26 Sep 2023 10:00:00 GMT", "1/1/23", "1695686400000", "٢٠٢٤-٠٢-٢٩", "2024-02-29\n", "x" * 300, None, True,
     [2024], {"year": 2024}, float("nan"), float("inf"), MAX_INSTANT + 1, 10**400],
)  # fmt: skip
def test_refuses(value: object) -> None:
    with pytest.raises(DateError):
        read_date(value)


@pytest.mark.parametrize("name", ["america/chicago", "America_Chicago", "AMERICA/CHICAGO"])
def test_a_zone_is_found_however_it_is_written(name: str) -> None:
    assert find_zone(name).name == "America/Chicago"


@pytest.mark.parametrize("name", ["", "Nope/Zone", "Factory", "../UTC", "America", "UTC ", "/etc/localtime"])
def test_a_zone_that_does_not_exist(name: str) -> None:
    with pytest.raises(ZoneError):
        find_zone(name)


@given(st.integers(-MAX_INSTANT // 86_400_000, MAX_INSTANT // 86_400_000))
def test_a_day_is_the_day_it_was_made_of(number: int) -> None:
    assert day_number(*civil(number)) == number


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Berlin"])
)
def test_what_is_printed_as_iso_is_read_as_the_same_time(at: datetime, zone: str) -> None:
    instant = (at - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    printed = print_date(instant, "YYYY-MM-DDTHH:mm:ss.SSSZ", find_zone(zone))
    if at.year > 1950:  # before, offsets had seconds, which `Z` leaves out
        assert read_date(printed) == instant


@given(
    st.integers(-MAX_INSTANT, MAX_INSTANT),
    st.text(max_size=20),
    st.sampled_from([None, "Asia/Kolkata"]),
    st.sampled_from(LANGUAGES),
)
def test_prints_or_refuses(instant: int, pattern: str, zone: str | None, language: str) -> None:
    with suppress(ValueError):
        assert isinstance(print_date(instant, pattern, find_zone(zone) if zone else None, language), str)


def test_now_is_the_time_of_the_rendering_and_the_template_is_compiled_once() -> None:
    template = handlebars.compile("{{#each l}}{{datetime-format 'now' 'HH:mm' ../zone}}{{/each}}", helpers=HELPERS)
    assert template.render(Context({"l": [1], "zone": "Asia/Kolkata"}, now=NOW)) == "15:00"
    assert template.render(Context({"l": [1]}, now=NOW + timedelta(hours=1))) == "10:30"


def test_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Context({}, now=datetime(2026, 1, 1))


def test_no_template_reads_what_lies_beside_the_data() -> None:
    context = Context({"a": 1}, now=NOW, locale="es")
    template = handlebars.compile(
        "{{now}}{{locale}}{{@root.now}}{{lookup this 'translations'}}{{#each this}}{{@key}}{{/each}}", strict=False
    )
    assert template.render(context) == "a"
