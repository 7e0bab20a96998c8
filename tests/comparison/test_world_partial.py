"""Parts that are of other posts, or were read at another time, are no parts."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs
import numpy as np
import pytest

from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.result import Row
from socialmetrics.reading import Status
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.comparison.worlds import NOW, ONE_DAY, Ints, adds_up, company, opened, told
from tests.comparison.worlds_tools import hootsuite_posts, sprout_posts
from tests.comparison.worlds_weeks import Week

METRICS: Final = ("likes", "comments")
PAID: Final = ["likes[scope=paid]", "comments[scope=paid]"]
FIRST: Final = date(2026, 2, 16)


def week() -> Week:
    """A week in which posts were boosted, and none is gone."""
    return Week(
        its=company(0, "x", scale=0.3),
        first=FIRST,
        last=FIRST + 6 * ONE_DAY,
        reads=(NOW, NOW),
        metrics=METRICS,
    )


WEEK: Final = week()
ITS: Final = WEEK.its
POSTS: Final[Ints] = ITS.there(WEEK.published, NOW)
BOOSTED: Final[Ints] = POSTS[ITS.world.timeline.boosted[POSTS]]


def rows(
    left: MetricSeries, right: MetricSeries, *parts: MetricSeries
) -> dict[str, Row]:
    every = WEEK.compared(left, right, [*parts, WEEK.evidence]).rows
    found = {row.metric: row for row in every}
    assert set(found) == set(METRICS)
    assert all(map(adds_up, every))
    return found


def without(series: MetricSeries, row: int) -> MetricSeries:
    """The same without a figure of that post: it was not told."""
    ref = ITS.post(row).ref
    return MetricSeries.from_points(
        point
        if point.subject != ref
        else type(point)(
            subject=point.subject,
            metric=point.metric,
            start=point.start,
            end=point.end,
            value=None,
            status=Status.NOT_REPORTED,
            reading=point.reading,
            source=point.source,
            settled=point.settled,
        )
        for point in series
    )


def test_world_has_what_is_tested() -> None:
    assert len(BOOSTED) > 1
    assert len(POSTS) > len(BOOSTED)


def test_paid_of_all_posts_tells_what_is_paid() -> None:
    found = rows(
        sprout_posts(ITS, METRICS, POSTS, NOW),
        hootsuite_posts(ITS, METRICS, POSTS, NOW),
        hootsuite_posts(ITS, PAID, POSTS, NOW),
    )

    for metric, row in found.items():
        assert told(row, "scope") == [-ITS.did(POSTS, metric, "paid", None, NOW)]
        assert row.unexplained == 0


@pytest.mark.parametrize("is_told", [True, False])
def test_paid_of_some_posts_does_not(*, is_told: bool) -> None:
    paid = hootsuite_posts(ITS, PAID, POSTS, NOW)
    some = without(paid, BOOSTED[0])
    if not is_told:
        some = MetricSeries.from_points(p for p in some if p.value is not None)

    found = rows(
        sprout_posts(ITS, METRICS, POSTS, NOW),
        hootsuite_posts(ITS, METRICS, POSTS, NOW),
        some,
    )

    for metric, row in found.items():
        assert opened(row) == {"scope": "bounded"}
        assert row.unexplained == -ITS.did(POSTS, metric, "paid", None, NOW)
        assert row.verdict not in ("comparable", "comparable_after")


def test_paid_of_more_posts_does_not_make_them_known() -> None:
    organic = hootsuite_posts(ITS, METRICS, np.setdiff1d(POSTS, BOOSTED[:1]), NOW)

    found = rows(
        sprout_posts(ITS, METRICS, POSTS, NOW),
        organic,
        hootsuite_posts(ITS, PAID, POSTS, NOW),
    )

    for metric, row in found.items():
        gone = ITS.did(BOOSTED[:1], metric, "total", None, NOW)
        rest = np.setdiff1d(POSTS, BOOSTED[:1])
        assert told(row, "population") == [-gone]
        assert opened(row) == {"scope": "bounded"}
        assert row.unexplained == -ITS.did(rest, metric, "paid", None, NOW)


def test_paid_that_was_read_later_does_not_tell_what_was_paid() -> None:
    early = NOW - 14 * ONE_DAY
    posts = ITS.there(ITS.among((WEEK.span[0], early)), early)

    found = rows(
        sprout_posts(ITS, METRICS, posts, early),
        hootsuite_posts(ITS, METRICS, posts, early),
        hootsuite_posts(ITS, PAID, posts, NOW),
    )

    for metric, row in found.items():
        assert opened(row) == {"scope": "bounded"}
        assert not told(row, "freshness")
        assert row.unexplained == -ITS.did(posts, metric, "paid", None, early)


def test_hours_of_something_else_under_that_name_are_no_evidence() -> None:
    hours = WEEK.evidence.columns
    more = "likes + comments"
    readings = [attrs.evolve(each, composition=more) for each in hours.readings]
    other = MetricSeries(attrs.evolve(hours, readings=tuple(readings)))
    left, right = (WEEK.shown(tool, NOW)[0] for tool in ("Sprout days", "X totals"))

    for row in WEEK.compared(left, right, [other]).rows:
        assert opened(row) == {"date_axis": "unknown"}
    for row in WEEK.compared(left, right, [WEEK.evidence]).rows:
        assert not opened(row)


def test_posts_that_were_told_of_but_have_no_figure_are_open() -> None:
    found = rows(
        WEEK.shown("Sprout days", NOW)[0],
        WEEK.shown("X hours", NOW)[0].where(subject=ITS.refs(WEEK.known[::2])),
    )
    alone = WEEK.compared(
        WEEK.shown("Sprout days", NOW)[0],
        WEEK.shown("X hours", NOW)[0].where(subject=ITS.refs(WEEK.known[::2])),
    )

    for row in found.values():
        assert row.unexplained == 0
        assert not opened(row)
        assert len(told(row, "population")) == 1
    for row in alone.rows:
        assert set(opened(row)) == {"population"}
        assert row.axes["population"].answer in ("ordered", "unknown")
        assert row.verdict not in ("comparable", "comparable_after")


def test_posts_that_nobody_told_of_are_open() -> None:
    posts = WEEK.published  # Without older ones, which were active in the week too.
    found = compare(
        WEEK.shown("Sprout days", NOW)[0],
        WEEK.shown("X totals", NOW)[0],
        window=Window.days(WEEK.first, WEEK.last),
        by="total",
        level="profile",
        posts=ITS.posts(posts),
        profiles=[ITS.profile],
        parts=[WEEK.evidence.where(subject=ITS.refs(posts))],
    )

    older = np.setdiff1d(WEEK.known, posts)
    for row in found.rows:
        assert opened(row) == {"population": "unknown"}
        assert row.unexplained == -ITS.did(older, row.metric, "total", *WEEK.span)
        assert row.verdict == "unknown"
