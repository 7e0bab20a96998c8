from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs

import socialmetrics as sm
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Number
from tests.comparison.sides import (
    DAY,
    HOUR,
    MONDAY,
    days,
    figure,
    figures,
    lasting,
    post,
    profile,
    reading,
    ref,
    series,
    totals,
)

PAGE = sm.Ref("facebook", "900")


def pairs(found: Comparison) -> list[tuple[Number | None, Number | None]]:
    return [(row.left, row.right) for row in found.rows]


def test_scopes_are_cut_each_by_itself() -> None:
    left = series(
        figures([10] * 7, reading(scope="organic")),
        figures([30], reading(scope="total")),
        figures([30], reading(scope="total"), MONDAY + 6 * DAY),
    )
    right = days(*[30] * 7, of=reading(vendor="beta", scope="total"))

    found = sm.compare(left, right, by="week")

    (row,) = found.rows
    assert (row.left, row.right, row.unexplained) == (60, 60, 0)
    assert "5 days are left out" in row.conversions[-1].text


def test_days_that_one_of_two_vendors_lacks_are_left_out_for_both() -> None:
    left = series(
        figures([10] * 7, reading()),
        figures([10], reading(vendor="gamma")),
        figures([10], reading(vendor="gamma"), MONDAY + 6 * DAY),
    )

    found = sm.compare(left, days(*[10] * 7, of=reading(vendor="beta")), by="week")

    assert pairs(found) == [(20, 20), (20, 20)]


def test_every_network_meets_in_its_own_scope() -> None:
    on_x, on_facebook = reading("impressions"), reading("impressions", scope="total")
    left = series(
        figures([100], on_x),
        figures([300], _of_facebook(on_facebook), subject=PAGE),
    )
    total = reading("impressions", "beta", scope="total")
    right = series(
        figures([140], total),
        figures([300], _of_facebook(total), subject=PAGE),
    )

    found = sm.compare(left, right)

    assert sorted(pairs(found)) == [(100, 140), (300, 300)]
    assert found.unmatched == ()


def _of_facebook(told: sm.Reading) -> sm.Reading:
    return attrs.evolve(told, network="facebook")


def test_thresholds_are_different_figures() -> None:
    short, long = (reading("video_views", threshold=t) for t in ("3s", "30s"))
    other = days(10, of=reading("video_views", "beta", threshold="3s"))

    for left in (
        series(figures([10], short), figures([2], long)),
        series(figures([2], long), figures([10], short)),
    ):
        found = sm.compare(left, other)

        assert pairs(found) == [(10, 10)]


def test_posts_of_nobody_are_told_and_leave_the_population_open() -> None:
    found = sm.compare(
        totals({ref(1): 40, ref(2): 60}),
        totals({ref(1): 40, ref(2): 60, ref(3): 1000}, lasting(vendor="beta")),
        level="profile",
        posts=[post(1), post(2)],
        profiles=[profile()],
    )

    (row,) = found.rows
    assert row.verdict == "unknown"
    assert [(each.name, each.basis) for each in row.causes] == [
        ("population", "unknown")
    ]
    (alone,) = found.unmatched
    assert (alone.name, alone.examples) == ("beta", (ref(3),))
    assert alone.reason == "whose posts these are is not known"


def test_days_tell_nothing_of_the_time_of_day() -> None:
    born = MONDAY + 10 * HOUR
    by_day = series(
        figures(
            [70, 30, 0],
            reading(level="post"),
            MONDAY,
            DAY,
            subject=ref(1),
            read=MONDAY + 4 * DAY,
        )
    )

    found = sm.compare(
        totals({ref(1): 50}, lasting(), born, read=MONDAY + 20 * HOUR),
        totals({ref(1): 100}, lasting(vendor="beta"), born, read=MONDAY + 3 * DAY),
        parts=[by_day],
        posts=[post(1, born)],
        profiles=[profile()],
    )

    (row,) = found.rows
    assert [(each.name, each.amount, each.basis) for each in row.causes] == [
        ("freshness", 0, "unknown")
    ]


def test_days_tell_what_came_by_their_ends() -> None:
    born = MONDAY + 10 * HOUR
    by_day = series(
        figures(
            [70, 30, 0],
            reading(level="post"),
            MONDAY,
            DAY,
            subject=ref(1),
            read=MONDAY + 4 * DAY,
        )
    )

    found = sm.compare(
        totals({ref(1): 70}, lasting(), born, read=MONDAY + DAY),
        totals({ref(1): 100}, lasting(vendor="beta"), born, read=MONDAY + 3 * DAY),
        parts=[by_day],
        posts=[post(1, born)],
    )

    (row,) = found.rows
    assert [(each.amount, each.basis) for each in row.causes] == [(30, "computed")]
    assert row.unexplained == 0


def test_windows_that_roll_take_only_their_like() -> None:
    weeks = [
        figure(7, reading(vendor="beta"), MONDAY + n * DAY, 7 * DAY) for n in range(3)
    ]

    found = sm.compare(days(*[1] * 7), series(weeks))

    assert all(row.verdict == "not_comparable" for row in found.rows)
    assert sum(each.figures for each in found.unmatched) == 4


def test_days_that_lie_in_no_month_of_the_other_side_are_told() -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    month = figure(
        31,
        reading(vendor="beta", zone="America/Los_Angeles"),
        first + timedelta(hours=8),
        timedelta(days=31) - timedelta(hours=1),
    )

    found = sm.compare(days(*[1] * 31, start=first), series([month]))

    assert pairs(found) == [(30, 31)]
    (alone,) = found.unmatched
    assert (alone.name, alone.figures) == ("alpha", 1)
    assert "lie in no step" in alone.reason
