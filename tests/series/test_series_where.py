from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Missing
from socialmetrics.reading import Reading, Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window, midnight
from tests.series.figures import (
    ACME,
    DAY,
    HOUR,
    IMPRESSIONS,
    MISSING,
    MONDAY,
    OTHER,
    SOURCE,
    days,
    gauge,
    lifetime,
    point,
    reading,
    series,
)

FIGURES = MetricSeries.from_points(
    [
        point(1),
        point(2, reading=reading("impressions", "total")),
        point(3, subject=OTHER, breakdown="US"),
        point(None, MONDAY + DAY, status=Status.TOO_OLD),
        gauge(5, MONDAY + 2 * DAY),
        lifetime(6, MONDAY + 2 * DAY),
    ],
    missing=[
        MISSING,
        attrs.evolve(MISSING, network="x"),
        attrs.evolve(MISSING, subject=OTHER),
    ],
)


def _numbers(found: MetricSeries) -> list[float | None]:
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ({}, [1, 2, 3, None, 5, 6]),
        ({"metric": "impressions"}, [1, 2, 3, None]),
        ({"metric": "imp"}, [1, 3, None]),
        ({"metric": "impressions[scope=total]"}, [2]),
        ({"metric": ["likes", "followers"]}, [5, 6]),
        ({"metric": "nothing of the kind"}, []),
        ({"metric": []}, []),
        ({"subject": OTHER}, [3]),
        ({"subject": [OTHER, ACME], "breakdown": ""}, [1, 2, None, 5, 6]),
        ({"status": Status.TOO_OLD}, [None]),
        ({"status": ["observed", "suppressed"]}, [1, 2, 3, 5, 6]),
        ({"scope": ("total", "unknown")}, [2, 5]),
        ({"network": "facebook"}, [3]),
        ({"network": "facebook", "subject": ACME}, []),
        ({"level": "post"}, [6]),
        ({"breakdown": "US"}, [3]),
        ({"window": Window.days("2026-03-02", "2026-03-02")}, [1, 2, 3]),
        ({"window": Window.days("2026-03-03", "2026-03-04")}, [None, 5, 6]),
        ({"window": Window(MONDAY, MONDAY + 23 * HOUR)}, []),
        ({"metric": "likes", "scope": "total"}, []),
    ],
)
def test_where_keeps_the_rows_that_fit_every_condition(
    asked: dict[str, Any], values: list[float | None]
) -> None:
    found = FIGURES.where(**asked)

    assert _numbers(found) == values


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"status": "seen"}, "status='seen' is none of observed, not_reported"),
        ({"scope": ["organic", "both"]}, "scope='both' is none of organic, paid"),
        ({"level": "page"}, "level='page' is none of profile"),
        ({"metric": 5}, "metric=5 is not a str, nor several"),
        ({"metric": ["likes", 5]}, "metric=5 is not a str"),
        ({"subject": "x:100"}, "subject='x' is not a Ref"),
        ({"window": "x"}, "window='x' is not a Window; write Window.days"),
    ],
)
def test_where_refuses_what_cannot_be_asked(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidQuery, match=told):
        FIGURES.where(**asked)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"metric": "saves"}, 3),
        ({"metric": "likes"}, 0),
        ({"network": "x"}, 2),
        ({"network": "facebook"}, 2),
        ({"subject": ACME}, 2),
        ({"status": "observed"}, 3),
    ],
)
def test_missing_is_narrowed_with_the_rows(asked: dict[str, Any], left: int) -> None:
    found = FIGURES.where(**asked)

    assert len(found.missing) == left
    assert all(isinstance(each, Missing) for each in found.missing)


def test_latest_is_the_last_observed_one_of_each_metric_with_its_scope() -> None:
    later = attrs.evolve(SOURCE, fetched_at=SOURCE.fetched_at + HOUR)
    total = reading("impressions", "total")
    found = series(
        lifetime(7, MONDAY, source=later),
        lifetime(6, MONDAY),
        *days(1, 2, None),
        *days(None, None, reading=total),
        *days(9, 8, breakdown="US"),
        *days(5, subject=OTHER),
    )

    latest = found.latest()

    assert _numbers(latest) == [7, 2, None, 8, 5]
    assert latest[2].start == MONDAY + DAY


def test_latest_of_nothing_is_nothing() -> None:
    assert MetricSeries.empty().latest() == MetricSeries.empty()


def test_meanings_that_changed_over_time_are_one_metric_for_latest() -> None:
    after = attrs.evolve(IMPRESSIONS, valid_from=MONDAY.date())
    found = series(point(1, MONDAY - timedelta(days=1)), point(2, reading=after))

    assert _numbers(found.latest()) == [2]


def _dated(days_of: str, zone: str | None) -> MetricSeries:
    """A figure for 1 to 9 March as that zone counts days; its value is the day."""
    what = attrs.evolve(IMPRESSIONS, zone=zone)
    starts = [midnight(date(2026, 3, day), days_of) for day in range(1, 11)]
    return series(
        *(
            point(day, start, end - start, reading=what)
            for day, (start, end) in enumerate(pairwise(starts), 1)
        )
    )


@pytest.mark.parametrize(
    ("days_of", "zone", "asked"),
    [
        ("America/Los_Angeles", "America/Los_Angeles", "UTC"),
        ("America/Los_Angeles", "America/Los_Angeles", "Asia/Tokyo"),
        ("America/Los_Angeles", "America/Los_Angeles", "America/Los_Angeles"),
        ("Asia/Tokyo", "Asia/Tokyo", "America/New_York"),
        ("UTC", "UTC", "Europe/Berlin"),
        ("UTC", None, "America/New_York"),
        ("Europe/Berlin", None, "Europe/Berlin"),
    ],
)
def test_a_window_of_days_finds_the_days_that_it_was_asked_with(
    days_of: str, zone: str | None, asked: str
) -> None:
    found = _dated(days_of, zone)

    inside = found.where(window=Window.days("2026-03-02", "2026-03-08", asked))

    assert _numbers(inside) == [2, 3, 4, 5, 6, 7, 8]


def test_a_window_that_is_not_of_days_goes_by_instants() -> None:
    found = _dated("America/Los_Angeles", "America/Los_Angeles")

    inside = found.where(window=Window(MONDAY + HOUR, MONDAY + 7 * DAY))

    assert _numbers(inside) == [2, 3, 4, 5, 6, 7]


def test_hours_and_publications_go_by_instants_in_a_window_of_days() -> None:
    pacific = attrs.evolve(IMPRESSIONS, zone="America/Los_Angeles")
    after, before = MONDAY + DAY, MONDAY - HOUR
    found = series(
        *(point(1, at, HOUR, reading=pacific) for at in (before, MONDAY, after)),
        *(lifetime(2, at) for at in (before, MONDAY, after)),
    )

    inside = found.where(window=Window.days("2026-03-02", "2026-03-02"))

    assert [(each.value, each.start) for each in inside] == [(1, MONDAY), (2, MONDAY)]


def test_the_first_day_of_the_calendar_goes_by_instants() -> None:
    east = attrs.evolve(IMPRESSIONS, zone="Asia/Tokyo")
    found = series(point(1, datetime(1, 1, 1, tzinfo=UTC), reading=east))

    inside = found.where(window=Window.days("0001-01-01", "0001-01-01"))

    assert _numbers(inside) == [1]


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(IMPRESSIONS, vendor="other"),
        attrs.evolve(IMPRESSIONS, counting="unique"),
        attrs.evolve(IMPRESSIONS, level="post"),
    ],
)
def test_latest_keeps_what_counts_otherwise_apart(other: Reading) -> None:
    found = series(*days(1, 2), *days(3, 4, reading=other))

    assert _numbers(found.latest()) == [2, 4]
