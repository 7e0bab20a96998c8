"""Long windows are cut so that every hour is counted exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.window import Window
from socialmetrics_x.windows import (
    EARLIEST,
    HOUR,
    LONGEST,
    before_all,
    check_days,
    floor,
    pieces,
)

NOW = datetime(2026, 3, 11, 6, 40, tzinfo=UTC)
hours = st.integers(0, 24 * 900).map(lambda n: NOW.replace(minute=0) - n * HOUR)


@given(
    hours,
    st.integers(1, 24 * 400),
    st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Berlin", "America/New_York"]),
)
def test_pieces_touch_and_cover_the_window(
    last: datetime, length: int, tz: str
) -> None:
    start = last - HOUR
    window = Window(start, start + length * HOUR, tz)

    found = list(pieces(window, NOW))

    assert found[0].start == window.start
    assert found[-1].end == min(window.end, NOW.replace(minute=0))
    for left, right in pairwise(found):
        assert left.end == right.start
        assert left.end.astimezone(ZoneInfo(tz)).hour == 0
    assert all(timedelta() < piece.duration <= LONGEST for piece in found)


def test_twenty_eight_days_are_one_piece_and_an_hour_more_are_two() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    one = list(pieces(Window(start, start + LONGEST), NOW))
    two = list(pieces(Window(start, start + LONGEST + HOUR), NOW))

    assert [piece.duration for piece in one] == [LONGEST]
    assert [piece.duration for piece in two] == [LONGEST, HOUR]


def test_nothing_before_the_beginning_and_no_hour_that_still_runs_is_asked() -> None:
    early = Window(EARLIEST - 5 * HOUR, EARLIEST + 3 * HOUR)
    late = Window(datetime(2026, 3, 11, 4, tzinfo=UTC), NOW.replace(hour=9, minute=0))

    (first,), (last,) = list(pieces(early, NOW)), list(pieces(late, NOW))

    assert (first.start, first.end) == (EARLIEST, EARLIEST + 3 * HOUR)
    assert last.end == NOW.replace(minute=0)


@pytest.mark.parametrize("start", [EARLIEST - 9 * HOUR, NOW.replace(hour=7, minute=0)])
def test_nothing_may_be_left(start: datetime) -> None:
    assert list(pieces(Window(start, start + HOUR), NOW)) == []


@pytest.mark.parametrize("minutes", [(1, 0), (0, 59)])
def test_windows_begin_and_end_with_an_hour(minutes: tuple[int, int]) -> None:
    start, end = (
        datetime(2026, 1, day, 5, minute, tzinfo=UTC)
        for day, minute in zip((1, 2), minutes, strict=True)
    )

    with pytest.raises(InvalidQuery, match="is not a full hour"):
        list(pieces(Window(start, end), NOW))


@given(st.integers(1, 24 * 900), st.integers(1, 24 * 1000))
def test_what_lies_before_the_beginning_is_cut_in_the_same_way(
    before: int, length: int
) -> None:
    window = Window(EARLIEST - before * HOUR, EARLIEST + (length - before) * HOUR)

    found = list(before_all(window))

    assert found[0].start == window.start
    assert found[-1].end == min(window.end, EARLIEST)
    assert all(left.end == right.start for left, right in pairwise(found))
    assert all(piece.duration <= LONGEST for piece in found)


def test_nothing_lies_before_a_window_that_begins_later() -> None:
    assert list(before_all(Window(EARLIEST, EARLIEST + HOUR))) == []


@pytest.mark.parametrize(
    ("tz", "is_whole"),
    [
        ("UTC", True),
        ("Europe/Berlin", True),
        ("Asia/Kolkata", False),
        ("Asia/Kathmandu", False),
        ("Australia/Lord_Howe", False),
    ],
)
def test_days_are_made_of_hours_of_utc(tz: str, is_whole: bool) -> None:
    window = Window(floor(NOW) - 300 * 24 * HOUR, floor(NOW), tz)

    if is_whole:
        check_days(window)
        return
    with pytest.raises(InvalidQuery, match=f"days of {tz} begin at .* within an hour"):
        check_days(window)
