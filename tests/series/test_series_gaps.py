from __future__ import annotations

from datetime import date

import attrs

from socialmetrics.reading import Status
from socialmetrics.series import Gap, MetricSeries
from tests.series.figures import (
    ACME,
    DAY,
    HOUR,
    IMPRESSIONS,
    MONDAY,
    OTHER,
    days,
    gauge,
    lifetime,
    point,
    reading,
    series,
)


def _gap(first: int, last: int, status: Status, count: int) -> Gap:
    return Gap(
        subject=ACME,
        metric="impressions",
        start=MONDAY + first * DAY,
        end=MONDAY + last * DAY,
        status=status,
        count=count,
    )


def test_a_run_has_one_status_and_a_hole_has_no_figure() -> None:
    found = series(
        *days(1, None, None),
        point(None, MONDAY + 3 * DAY, status=Status.TOO_OLD),
        point(0, MONDAY + 6 * DAY, status=Status.ZERO_BY_RULE),
    )

    gaps = found.gaps()

    assert gaps == (
        _gap(1, 3, Status.NOT_REPORTED, 2),
        _gap(3, 4, Status.TOO_OLD, 1),
        _gap(4, 6, Status.NOT_COLLECTED, 0),
        _gap(6, 7, Status.ZERO_BY_RULE, 1),
    )


def test_a_span_inside_a_longer_one_opens_no_hole() -> None:
    found = series(
        point(1, MONDAY, DAY), point(1, MONDAY + HOUR, HOUR), point(1, MONDAY + DAY)
    )

    assert found.gaps() == ()


def test_lines_are_looked_at_apart() -> None:
    found = series(
        *days(1, subject=OTHER),
        *days(None, breakdown="US"),
        *days(1, reading=reading("impressions", "total")),
        point(1, MONDAY + 2 * DAY),
        point(1, MONDAY + 4 * DAY, reading=reading("likes")),
    )

    assert found.gaps() == (
        attrs.evolve(_gap(0, 1, Status.NOT_REPORTED, 1), breakdown="US"),
    )


def test_a_change_of_meaning_is_no_hole_but_a_hole_there_is_seen() -> None:
    after = attrs.evolve(IMPRESSIONS, valid_from=date(2026, 3, 3))
    whole = series(point(1), point(1, MONDAY + DAY, reading=after))
    torn = series(point(1), point(1, MONDAY + 2 * DAY, reading=after))

    assert whole.gaps() == ()
    assert torn.gaps() == (_gap(1, 2, Status.NOT_COLLECTED, 0),)


def test_gauges_and_lifetime_totals_have_no_holes_but_missing_figures() -> None:
    found = series(
        gauge(1, MONDAY),
        gauge(None, MONDAY + DAY),
        gauge(None, MONDAY + 3 * DAY),
        lifetime(None, MONDAY),
    )

    followers, likes = found.gaps()

    assert (followers.start, followers.end) == (MONDAY + DAY, MONDAY + 3 * DAY)
    assert (followers.metric, followers.count) == ("followers", 2)
    assert (likes.start, likes.end, likes.count) == (MONDAY, None, 1)


def test_levels_that_stand_for_a_day_can_have_holes() -> None:
    found = series(
        attrs.evolve(gauge(1, MONDAY), end=MONDAY + DAY),
        attrs.evolve(gauge(1, MONDAY + 2 * DAY), end=MONDAY + 3 * DAY),
        gauge(1, MONDAY + 4 * DAY),
    )

    (hole,) = found.gaps()

    assert (hole.metric, hole.start, hole.end, hole.count) == (
        "followers",
        MONDAY + DAY,
        MONDAY + 2 * DAY,
        0,
    )


def test_nothing_has_no_gaps() -> None:
    assert MetricSeries.empty().gaps() == ()
