"""Steps of time: hours, days of UTC, and the life of a post."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.series import NONE
from socialmetrics.series.columns import micros
from socialmetrics.window import Window
from socialmetrics_x import steps
from socialmetrics_x.ids import EPOCH
from tests.x.driving_x import HOUR, WINDOW, snowflake

starts = st.datetimes(datetime(2014, 9, 1), datetime(2026, 3, 1)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
)


@given(starts, st.integers(1, 800))
def test_hours_and_days_cover_a_window_exactly(start: datetime, hours: int) -> None:
    window = Window(start, start + hours * HOUR)

    by_hour, by_day = (steps.of_window(window, step) for step in ("hour", "day"))

    for found in (by_hour, by_day):
        assert found.start[0, 0] == micros(window.start)
        assert found.end[-1] == micros(window.end)
        assert (found.start[0, 1:] == found.end[:-1]).all()
        assert len(found.days) == len(found)
    assert len(by_hour) == hours
    assert by_day.days == tuple(window.dates())


def test_a_step_is_found_by_its_start_or_its_day() -> None:
    hours = steps.of_window(WINDOW, "hour")
    days = steps.of_window(WINDOW, "day")
    second = datetime(2026, 3, 10, tzinfo=UTC)

    assert hours.position(second, is_day=False) == 2
    assert hours.position(second + 2 * HOUR, is_day=False) is None
    assert hours.hours_since(datetime(2026, 3, 9, tzinfo=UTC)) == 22
    assert days.position(second, is_day=True) == 1
    assert days.position(second + timedelta(days=1), is_day=True) is None


def test_a_life_begins_with_its_post_or_with_the_first_of_all() -> None:
    born = datetime(2026, 1, 1, tzinfo=UTC)

    found = steps.of_lifetime((snowflake(born), "11"))

    assert found.start.ravel().tolist() == [micros(born), micros(EPOCH)]
    assert found.end.tolist() == [NONE]
    assert found.days == (date(1970, 1, 1),)
    assert steps.of_lifetime(()).start.shape == (0, 1)
