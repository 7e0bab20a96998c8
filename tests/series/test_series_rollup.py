from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery, NotComparable
from socialmetrics.model import Point, Ref
from socialmetrics.reading import Settled, Status
from socialmetrics.series import MetricSeries
from socialmetrics.series.rollup import By
from tests.series.figures import (
    DAY,
    FOLLOWERS,
    HOUR,
    IMPRESSIONS,
    ISSUE,
    MISSING,
    MONDAY,
    OTHER,
    SOURCE,
    TOTAL_LIKES,
    days,
    gauge,
    lifetime,
    point,
    reading,
    series,
)

Row = tuple[float | None, datetime, datetime | None]


def _rows(found: MetricSeries) -> list[Row]:
    return [(each.value, each.start, each.end) for each in found]


def _hours(count: int, start: datetime = MONDAY) -> list[Point]:
    return [point(1, start + i * HOUR, HOUR) for i in range(count)]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            "day",
            [
                (day, MONDAY + (day - 1) * DAY, MONDAY + day * DAY)
                for day in range(1, 11)
            ],
        ),
        (
            "week",
            [
                (28, MONDAY, MONDAY + 7 * DAY),
                (27, MONDAY + 7 * DAY, MONDAY + 10 * DAY),
            ],
        ),
        ("month", [(55, MONDAY, MONDAY + 10 * DAY)]),
        ("total", [(55, MONDAY, MONDAY + 10 * DAY)]),
    ],
)
def test_days_add_up(by: By, rows: list[Row]) -> None:
    found = series(*reversed(days(*range(1, 11))))

    rolled = found.rollup(by)

    assert _rows(rolled) == rows
    assert {each.reading for each in rolled} == {IMPRESSIONS}


@pytest.mark.parametrize(
    ("tz", "first", "count"),
    [
        ("UTC", "2026-03-28", [24, 24]),
        ("Europe/Berlin", "2026-03-29", [23, 24]),
        ("America/New_York", "2026-11-01", [25, 24]),
        ("Asia/Tokyo", "2026-03-28", [24, 24]),
    ],
)
def test_hours_add_up_to_the_days_of_any_zone(
    tz: str, first: str, count: list[int]
) -> None:
    start = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)
    hours = _hours(sum(count), start)

    rolled = series(*hours).rollup("day", tz)

    assert [each.value for each in rolled] == count
    assert rolled[0].end == start + count[0] * HOUR


def test_a_month_ends_where_its_last_day_ends() -> None:
    found = series(*days(*[1] * 90))

    rolled = found.rollup("month")

    assert [each.value for each in rolled] == [30, 30, 30]
    assert rolled[1].start == datetime(2026, 4, 1, tzinfo=UTC)


def test_subjects_breakdowns_and_readings_stay_apart() -> None:
    changed = attrs.evolve(IMPRESSIONS, valid_from=date(2026, 3, 3))
    found = series(
        *days(1, 2),
        *days(3, 4, subject=OTHER),
        *days(5, 6, breakdown="US"),
        *days(7, 8, reading=reading("impressions", "total")),
        point(9, MONDAY + 2 * DAY, reading=changed),
    )

    rolled = found.rollup("total")

    assert sorted(each.value or 0 for each in rolled) == [3, 7, 9, 11, 15]


O, N, T, Z, S, C = (  # noqa: E741 - short for a table
    Status.OBSERVED,
    Status.NOT_REPORTED,
    Status.TOO_OLD,
    Status.ZERO_BY_RULE,
    Status.SUPPRESSED,
    Status.NOT_COLLECTED,
)


@pytest.mark.parametrize(
    ("parts", "status", "value"),
    [
        ([O, O], O, 2),
        ([O, N], N, None),
        ([S, T, C], T, None),
        ([C, S], S, None),
        ([C, O], C, None),
        ([T, Status.UNAVAILABLE], Status.UNAVAILABLE, None),
        ([Status.NOT_PERMITTED, Status.UNAVAILABLE], Status.NOT_PERMITTED, None),
        ([Status.NOT_PERMITTED, N], N, None),
        ([Z, Z], Z, 0),
        ([Z, O], N, None),
        ([Z, S], S, None),
    ],
)
def test_a_sum_with_a_part_not_observed_is_not_observed(
    parts: list[Status], status: Status, value: int | None
) -> None:
    values = {O: 1, Z: 0}
    found = series(
        *(point(values.get(s), MONDAY + i * DAY, status=s) for i, s in enumerate(parts))
    )

    total = found.rollup("total")[0]

    assert (total.status, total.value) == (status, value)


def test_a_hole_between_two_figures_is_not_summed_around() -> None:
    found = series(point(1), point(1, MONDAY + 2 * DAY), point(1, MONDAY + 7 * DAY))

    weeks = found.rollup("week")

    assert [(each.status, each.value) for each in weeks] == [(C, None), (O, 1)]


def test_a_hole_does_not_hide_a_worse_reason() -> None:
    found = series(point(None), point(1, MONDAY + 2 * DAY))

    assert found.rollup("week")[0].status is N


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("yes yes", "yes"),
        ("yes unknown", "unknown"),
        ("no unknown", "no"),
        ("no yes", "no"),
    ],
)
def test_settled_is_the_worst_of_the_parts(parts: str, whole: str) -> None:
    found = series(
        *(
            point(1, MONDAY + i * DAY, settled=Settled(word))
            for i, word in enumerate(parts.split())
        )
    )

    assert found.rollup("total")[0].settled == whole


def test_the_source_is_the_one_fetched_last() -> None:
    early = attrs.evolve(SOURCE, fetched_at=SOURCE.fetched_at - HOUR)
    late = attrs.evolve(SOURCE, fetched_at=SOURCE.fetched_at + HOUR)
    found = series(
        point(1, source=late),
        point(1, MONDAY + DAY, source=early),
        point(1, MONDAY + 2 * DAY),
        point(1, subject=OTHER, source=early),
    )

    rolled = found.rollup("total")

    assert [each.source for each in rolled] == [late, early]


def test_of_gauges_the_last_observed_one_of_the_bucket_is_taken_as_it_is() -> None:
    found = series(
        gauge(10, MONDAY),
        gauge(11, MONDAY + 6 * HOUR),
        gauge(None, MONDAY + 20 * HOUR),
        gauge(None, MONDAY + DAY),
        *days(1, 2),
    )

    rolled = found.rollup("day")

    assert _rows(rolled.where("followers")) == [
        (11, MONDAY, MONDAY + 6 * HOUR),
        (None, MONDAY + DAY, MONDAY + DAY),
    ]
    assert _rows(found.where("followers").rollup("total")) == [
        (11, MONDAY, MONDAY + 6 * HOUR)
    ]
    assert [each.value for each in rolled.where("impressions")] == [1, 2]


@pytest.mark.parametrize("by", ["week", "total"])
def test_sums_and_gauges_of_one_span_are_one_row(by: By) -> None:
    levels = days(*range(11, 18), reading=FOLLOWERS)
    others = days(*range(21, 28), reading=FOLLOWERS, subject=OTHER)
    found = series(*others, *reversed(levels), *days(*[1] * 7))

    rolled = found.rollup(by)

    end = MONDAY + 7 * DAY
    assert sorted(_rows(rolled)) == [(v, MONDAY, end) for v in (7, 17, 27)]
    assert rolled.rollup(by) == rolled
    assert [
        (row["start"], row.get("impressions"), row["followers"])
        for row in rolled.pivot().rows
    ] == [(MONDAY, 7, 17), (MONDAY, None, 27)]


@pytest.mark.parametrize(
    ("figure", "rule"),
    [
        (lifetime(1, MONDAY), "lifetime-over-time"),
        (point(1, reading=attrs.evolve(IMPRESSIONS, unit="ratio")), "ratio-over-time"),
        (
            point(1, reading=attrs.evolve(IMPRESSIONS, counting="unique")),
            "unique-over-time",
        ),
        (point(1, reading=attrs.evolve(IMPRESSIONS, additive=False)), "not-additive"),
    ],
)
def test_what_must_not_be_added_over_time_is_refused(figure: Point, rule: str) -> None:
    found = series(*days(1, 2), figure)

    with pytest.raises(NotComparable, match=f"rule: {rule}.*Instead: ") as refused:
        found.rollup("week")

    assert refused.value.rule == rule
    assert found.where(scope="organic", metric="imp")[:2].rollup("week")[0].value == 3


def test_readings_without_rows_do_not_matter() -> None:
    found = series(*days(1, 2), lifetime(1, MONDAY))

    assert found.where("impressions").rollup("total")[0].value == 3


@pytest.mark.parametrize(
    ("points", "by", "tz", "rule"),
    [
        (days(1), "day", "America/New_York", "day-cannot-be-cut"),
        (days(1), "week", "Asia/Tokyo", "day-cannot-be-cut"),
        ([point(1, MONDAY, 25 * HOUR)], "day", "UTC", "day-cannot-be-cut"),
        ([point(1, MONDAY, 7 * DAY)], "day", "UTC", "figure-cannot-be-cut"),
        ([point(1, MONDAY + 5 * DAY, 7 * DAY)], "week", "UTC", "figure-cannot-be-cut"),
        (_hours(24), "day", "Asia/Kolkata", "figure-cannot-be-cut"),
        ([point(1), point(1)], "day", "UTC", "spans-overlap"),
        ([point(1), *_hours(1)], "total", "UTC", "spans-overlap"),
    ],
)
def test_figures_are_never_cut_nor_counted_twice(
    points: list[Point], by: By, tz: str, rule: str
) -> None:
    found = series(*points)

    with pytest.raises(NotComparable, match=f"x:100 impressions.*rule: {rule}"):
        found.rollup(by, tz)


@pytest.mark.parametrize("tz", ["UTC", "Africa/Abidjan", "Atlantic/Reykjavik"])
def test_days_of_a_zone_with_the_same_midnights_are_fine(tz: str) -> None:
    assert series(*days(1, 2)).rollup("week", tz)[0].value == 3


def test_days_in_their_own_zone_add_up_across_a_change_of_the_clock() -> None:
    tz = "America/Los_Angeles"
    first = datetime(2026, 3, 7, 8, tzinfo=UTC)
    short = point(2, first + DAY, 23 * HOUR)
    found = series(point(1, first), short, point(3, first + DAY + 23 * HOUR))

    assert [each.value for each in found.rollup("day", tz)] == [1, 2, 3]
    assert [each.value for each in found.rollup("week", tz)] == [3, 3]


@pytest.mark.parametrize(
    ("by", "tz", "told"),
    [
        ("hour", "UTC", "by='hour' is none of day, week, month, total"),
        ("day", "Mars/Olympus", "tz='Mars/Olympus' is not an IANA zone"),
    ],
)
def test_a_wrong_question_is_refused_even_without_rows(
    by: Any, tz: str, told: str
) -> None:
    with pytest.raises(InvalidQuery, match=told):
        MetricSeries.empty().rollup(by, tz)


def test_the_end_of_the_calendar_is_refused() -> None:
    last = datetime(9999, 12, 31, tzinfo=UTC)
    found = series(point(1, last, 5 * HOUR))

    with pytest.raises(InvalidQuery, match="leave the calendar"):
        found.rollup("week")


def test_a_span_of_ten_thousand_years_is_still_in_order() -> None:
    early, late = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
    subjects = [Ref("x", str(i)) for i in range(60)]
    found = series(
        *(point(i, late, subject=each) for i, each in enumerate(subjects)),
        *(point(None, early, subject=each) for each in reversed(subjects)),
    )

    totals = found.rollup("total")

    assert [each.subject for each in totals] == subjects
    assert {(each.start, each.status) for each in totals} == {(early, N)}


def test_missing_and_issues_stay() -> None:
    found = MetricSeries.from_points(days(1), missing=[MISSING], issues=[ISSUE])

    rolled = found.rollup("day")

    assert (rolled.missing, rolled.issues) == ((MISSING,), (ISSUE,))
    assert MetricSeries.empty().rollup("day") == MetricSeries.empty()


@given(
    st.lists(st.none() | st.integers(0, 1000), min_size=1, max_size=60),
    st.sampled_from(["day", "week", "month", "total"]),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    st.randoms(use_true_random=False),
)
def test_the_sum_of_all_buckets_is_the_sum_of_all_hours(
    values: list[int | None], by: By, tz: str, random: Random
) -> None:
    start = datetime(2026, 10, 31, tzinfo=UTC)
    hours = [point(each, start + i * HOUR, HOUR) for i, each in enumerate(values)]
    random.shuffle(hours)

    rolled = list(series(*hours).rollup(by, tz))

    known = [each for each in rolled if each.value is not None]
    assert sum(each.value or 0 for each in known) == sum(
        hour.value or 0
        for hour in hours
        if any(k.start <= hour.start < (k.end or k.start) for k in known)
    )
    assert (None in values) == (len(known) < len(rolled))
    assert sum(((r.end or r.start) - r.start for r in rolled), timedelta()) == (
        len(values) * HOUR
    )


def test_gauges_and_lifetimes_of_the_helpers_are_what_they_say() -> None:
    assert (FOLLOWERS.temporality, TOTAL_LIKES.temporality) == ("instant", "lifetime")
