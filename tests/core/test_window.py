"""Spans of time are aware, forward, and know the days of their zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import ONE_DAY, Window, instant, midnight, zone

BERLIN = "Europe/Berlin"
START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def test_instants_are_kept_in_utc() -> None:
    local = datetime(2026, 3, 2, 1, tzinfo=ZoneInfo(BERLIN))

    window = Window(local, local + ONE_DAY)

    assert window.start == START
    assert window.start.tzinfo is UTC
    assert window.duration == ONE_DAY


@pytest.mark.parametrize(
    ("start", "end", "tz", "problem"),
    [
        (START.replace(tzinfo=None), START, "UTC", "without a time zone"),
        (START, START.replace(tzinfo=None), "UTC", "without a time zone"),
        (START, START, "UTC", "is empty"),
        (START, START - HOUR, "UTC", "is reversed"),
        ("2026-03-02", START, "UTC", "not a datetime; whole days are Window.days"),
        (date(2026, 3, 2), START, "UTC", "not a datetime"),
        (None, START, "UTC", "not a datetime"),
        (START, START + HOUR, "Berlin", "is not an IANA zone"),
        (START, START + HOUR, "", "is not an IANA zone"),
        (START, START + HOUR, "Europe", "is not an IANA zone"),
        (START, START + HOUR, "../secret", "is not an IANA zone"),
        (START, START + HOUR, "a\0b", "is not an IANA zone"),
        (START, START + HOUR, None, "is not an IANA zone"),
        (START, START + HOUR, ["UTC"], "is not an IANA zone"),
        (START, START + HOUR, ZoneInfo("UTC"), "is not an IANA zone"),
        (START, datetime.max.replace(tzinfo=UTC), "UTC", "leave the calendar"),
        (datetime.min.replace(tzinfo=UTC), START, "America/Lima", "leave the cal"),
        (
            START,
            datetime.max.replace(tzinfo=timezone(-HOUR)),
            "UTC",
            "leaves the calendar",
        ),
        (datetime.min.replace(tzinfo=UTC), START, "Asia/Tokyo", "leave the calendar"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(
    start: Any,
    end: Any,
    tz: Any,
    problem: str,  # whatever somebody gives
) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        Window(start, end, tz)


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("2026-03-08", "2026-03-02", "days run forward"),
        ("2026-3-2", "2026-03-08", "first='2026-3-2' is not a day"),
        ("2026-02-30", "2026-03-08", "is not a day"),
        ("2026-03-02", 20260308, "last=20260308 is not a day"),
        (None, "2026-03-08", "is not a day"),
        (START, "2026-03-08", "is an instant, not a day"),
        ("2026-03-02", "9999-12-31", "leave the calendar"),
        ("0001-01-01", "2026-03-02", "leave"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    first: Any,
    last: Any,
    problem: str,  # whatever somebody gives
) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        Window.days(first, last, tz="Asia/Tokyo")


def test_days_may_be_dates_or_text_and_include_the_last_one() -> None:
    window = Window.days(date(2026, 3, 2), "2026-03-08")

    assert window == Window(START, START + 7 * ONE_DAY)
    assert (window.first_day, window.last_day) == (date(2026, 3, 2), date(2026, 3, 8))
    assert window.is_whole_days


@pytest.mark.parametrize(
    ("tz", "day", "hours"),
    [
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Havana", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/Toronto", "1919-03-30", 23.5),
        ("Asia/Kathmandu", "2026-03-29", 24),
    ],
)
def test_a_day_is_as_long_as_its_zone_says(tz: str, day: str, hours: float) -> None:
    window = Window.days(day, day, tz)

    assert window.duration == timedelta(hours=hours)
    assert list(window.dates()) == [date.fromisoformat(day)]


def test_a_day_begins_with_its_first_instant_where_midnight_is_skipped() -> None:
    begin = midnight(date(1919, 3, 31), "America/Toronto")

    assert begin == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)
    assert begin.astimezone(zone("America/Toronto")).hour == 0


def test_a_day_that_a_zone_skipped_is_not_there() -> None:
    window = Window.days("2011-12-29", "2011-12-31", "Pacific/Apia")

    assert [day.day for day in window.dates()] == [29, 31]
    with pytest.raises(InvalidQuery, match="is empty"):
        Window.days("2011-12-30", "2011-12-30", "Pacific/Apia")


@given(DAYS, st.integers(0, 40), ZONES)
def test_the_days_of_any_zone_cover_a_window_exactly_once(
    first: date, more: int, tz: str
) -> None:
    last = first + more * ONE_DAY
    try:
        window = Window.days(first, last, tz)
    except InvalidQuery:
        assert midnight(first, tz) == midnight(last + ONE_DAY, tz)
        return

    days = list(window.dates())
    pieces = [Window.days(day, day, tz) for day in days]

    assert window.is_whole_days
    assert all(a < b for a, b in pairwise(days))
    assert all(a.end == b.start for a, b in pairwise(pieces))
    assert (pieces[0].start, pieces[-1].end) == (window.start, window.end)
    assert sum((each.duration for each in pieces), timedelta()) == window.duration
    assert {first, last} - set(days) <= _skipped(tz)


def _skipped(tz: str) -> set[date]:
    known = [
        date(2011, 12, 30),
        date(1993, 8, 21),
        date(1994, 12, 31),
        date(1995, 1, 1),
    ]
    return {d for d in known if midnight(d, tz) == midnight(d + ONE_DAY, tz)}


@given(
    st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.timedeltas(timedelta(seconds=1), timedelta(days=400)),
    st.sampled_from([timedelta(minutes=1), HOUR, ONE_DAY]),
)
def test_halves_cover_a_window_exactly(
    start: datetime, duration: timedelta, grain: timedelta
) -> None:
    window = Window(start, start + duration, BERLIN)

    halves = window.halves(grain)

    if halves is None:
        assert duration < 2 * grain
        return
    left, right = halves
    assert (left.start, left.end, right.end) == (window.start, right.start, window.end)
    assert left.duration % grain == timedelta()
    assert left.tz == right.tz == BERLIN


@pytest.mark.parametrize("grain", [timedelta(), -HOUR])
def test_halves_need_a_grain(grain: timedelta) -> None:
    with pytest.raises(InvalidQuery, match="give one above zero"):
        Window.days("2026-03-02", "2026-03-08").halves(grain)


@pytest.mark.parametrize("tz", ["Asia/Tokyo", "America/Lima"])
@pytest.mark.parametrize(
    "days", [("0001-01-02", "0001-01-03"), ("9999-12-28", "9999-12-29")]
)
def test_days_near_the_ends_of_the_calendar_are_days(
    days: tuple[str, str], tz: str
) -> None:
    window = Window.days(*days, tz)

    assert tuple(map(str, window.dates())) == days
    assert str(window) == f"{days[0]} .. {days[1]} ({tz})"


def test_a_window_touches_every_day_it_has_an_instant_of() -> None:
    window = Window(START + 23 * HOUR, START + 25 * HOUR)

    assert [day.day for day in window.dates()] == [2, 3]
    assert not window.is_whole_days
    assert str(window) == "[2026-03-02T23:00:00+00:00, 2026-03-03T01:00:00+00:00)"


def test_whole_days_read_as_days() -> None:
    window = Window.days("2026-03-02", "2026-03-08", BERLIN)

    assert str(window) == "2026-03-02 .. 2026-03-08 (Europe/Berlin)"


def test_an_instant_is_named_in_the_error() -> None:
    with pytest.raises(InvalidQuery, match=r"clock\(\) is 5, not a datetime"):
        instant("clock()", 5)
