"""Hours become the other side's days, in whatever zone, and lead back to what was
read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.comparison import Comparison
from socialmetrics.comparison.result import Row, Where
from socialmetrics.sandbox.measures import Scope
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window, midnight
from tests.comparison.worlds import LIFE, NOW, ONE_DAY, Ints, company, days
from tests.comparison.worlds_tools import (
    hootsuite_days,
    ledger,
    sprout_days,
    sprout_posts,
    x_hours,
)
from tests.comparison.worlds_weeks import Tool, Week, weeks

PACIFIC: Final = "America/Los_Angeles"
AUTUMN: Final = date(2025, 10, 30), date(2025, 11, 5)
SPRING: Final = date(2026, 3, 5), date(2026, 3, 10)


def behind(found: Comparison, row: Row) -> tuple[float, float]:
    """What the raw figures behind both values add up to."""
    sides: tuple[Where, Where] = "left", "right"
    series = (found.behind(row.number, side) for side in sides)
    left, right = (float(np.nansum(each.columns.value)) for each in series)
    return left, right


@pytest.mark.parametrize("by", [None, "day"])
@pytest.mark.parametrize("span", [AUTUMN, SPRING])
@pytest.mark.parametrize(
    ("network", "metric"),
    [("facebook", "comments"), ("instagram", "likes"), ("x", "likes")],
)
def test_hours_are_put_together_to_the_days_of_the_account(
    network: str, metric: str, span: tuple[date, date], by: str | None
) -> None:
    its = company(2, network, scale=0.2)
    tz = "UTC" if network == "x" else PACIFIC
    around = days(*span, tz)[0] - LIFE, NOW
    posts = its.among(around)
    scope: Scope = "organic" if network == "instagram" else "total"
    of_days = sprout_days(its, [metric], *span, NOW)
    of_hours = ledger(its, [(metric, scope)], posts, around)

    found = compare(
        of_days,
        of_hours,
        window=Window.days(*span),
        by=by,  # type: ignore[arg-type]
        posts=its.posts(posts),
        profiles=[its.profile],
    )

    every = [span[0] + number * ONE_DAY for number in range(len(found.rows))]
    assert every[-1] == span[1]
    for row, day in zip(found.rows, every, strict=True):
        assert row.end is not None
        assert (row.start, row.end) == (midnight(day, tz), midnight(day + ONE_DAY, tz))
        assert row.left == row.right
        assert row.left == its.did(posts, metric, scope, row.start, row.end)
        assert behind(found, row) == (row.left, row.right)
        assert row.verdict == "comparable_after"
    lengths = {row.end - row.start for row in found.rows if row.end}
    shifted = timedelta(hours=25 if span == AUTUMN else 23)
    assert lengths == {timedelta(days=1)} | ({shifted} if tz == PACIFIC else set())


@given(
    number=st.integers(0, 170),
    tz=st.sampled_from(["UTC", "Europe/Berlin", PACIFIC, "Asia/Kolkata"]),
    by=st.sampled_from(["day", "week", "month", "total"]),
)
@settings(max_examples=12)
def test_hours_of_two_tools_are_put_together_to_days_of_any_zone(
    number: int, tz: str, by: str
) -> None:
    its = company(1, "x")
    first = date(2025, 9, 1) + number * ONE_DAY
    window = Window.days(first, first + 20 * ONE_DAY, tz)
    around = window.start - LIFE, NOW
    posts = its.there(its.among(around), NOW)
    whole = midnight(first, tz).minute == 0  # Hours are not cut in two.

    found = compare(
        x_hours(its, ["likes"], posts, around, NOW),
        ledger(its, [("likes", "total")], posts, around),
        window=window,
        by=by,  # type: ignore[arg-type]
        tz=tz,
        level="profile",
        posts=its.posts(posts),
        profiles=[its.profile],
    )

    assert len(found.rows) > 0 or not len(posts) or not whole
    for row in found.rows:
        assert row.left == row.right
        assert row.end is not None
        assert row.unexplained == 0
        if whole:
            assert row.left == its.did(posts, "likes", "total", row.start, row.end)
            assert behind(found, row) == (row.left, row.right)
            assert row.start >= window.start
            assert row.end <= window.end


@given(week=weeks("facebook", ("comments",)))
@settings(max_examples=6)
def test_days_of_two_tools_are_of_one_zone(week: Week) -> None:
    its, read = attrs.evolve(week.its, lag=0), max(week.reads)
    span = week.first, week.last
    metrics = ["reactions", "reactions[scope=paid]"]

    found = compare(
        sprout_days(its, ["reactions"], *span, read),
        hootsuite_days(its, metrics, *span, read),
        window=Window.days(*span),
        by="day",
    )

    for row in found.rows:
        if row.gap is not None and row.end is not None and row.end <= read:
            span_of = row.start, row.end
            assert row.left == its.did(its.rows, "reactions", "total", *span_of)
            assert row.right == its.did(its.rows, "reactions", "organic", *span_of)
            assert behind(found, row) == (row.left, row.right)


@given(week=weeks(metrics=("likes", "comments", "reposts")))
@settings(max_examples=6)
def test_every_value_leads_back_to_what_was_read(week: Week) -> None:
    metrics = [*week.metrics, "engagements.public"]
    tools: list[tuple[Tool, Tool]] = [
        ("Sprout days", "X hours"),
        ("X totals", "Sprout posts"),
        ("X hours", "Sprout posts"),
    ]
    for pair in tools:
        (left, _), (right, _) = map(week.shown, pair, week.reads)
        natural: dict[str, Any] = {"level": None, "by": None}
        for wish in ({}, natural):
            found = week.compared(left, right, metrics=metrics, **wish)
            for row in found.rows:
                if row.gap is not None:
                    assert behind(found, row) == (row.left, row.right)


def test_differences_lead_back_to_what_was_gained_and_lost() -> None:
    its = company(1, "instagram")
    span = date(2026, 2, 2), date(2026, 2, 8)
    gross = ["followers_gained", "followers_lost"]

    found = compare(
        sprout_days(its, ["followers_net"], *span, NOW),
        hootsuite_days(its, gross, *span, NOW),
        window=Window.days(*span),
        by="total",
        metrics=["followers_net"],
    )

    (row,) = found.rows
    raw = found.behind(row.number, "right")
    gained, lost = (raw.where(metric=name).columns.value.sum() for name in gross)
    assert len(raw) == 2 * len(found.behind(row.number, "left")) == 14
    assert row.right == gained - lost


def test_a_day_that_one_lacks_is_not_behind_a_sum() -> None:
    its = company(1, "x", scale=0.1)
    span = date(2026, 2, 2), date(2026, 2, 8)
    around = days(*span)[0] - LIFE, NOW
    posts = its.there(its.among(around), NOW)
    of_days = sprout_days(its, ["impressions"], *span, NOW)
    gap = days(date(2026, 2, 4), date(2026, 2, 4))
    holed = MetricSeries.from_points(p for p in of_days if p.start != gap[0])

    found = compare(
        holed,
        x_hours(its, ["impressions"], posts, around, NOW),
        window=Window.days(*span),
        by="total",
        posts=its.posts(posts),
        profiles=[its.profile],
    )

    (row,) = found.rows
    did = its.did(posts, "impressions", "organic", *days(*span))
    assert row.right == did - its.did(posts, "impressions", "organic", *gap)
    assert behind(found, row) == (row.left, row.right)


def test_of_two_readings_of_a_figure_the_last_is_behind_it() -> None:
    its = company(1, "x", scale=0.1)
    span = date(2026, 2, 2), date(2026, 2, 8)
    published: Ints = its.among(days(*span))
    reads = NOW - 20 * ONE_DAY, NOW
    told = [sprout_posts(its, ["likes"], published, read) for read in reads]

    found = compare(
        MetricSeries.concat(told), told[1], window=Window.days(*span), level="post"
    )

    assert len(found.rows) == len(published) > 0
    for row in found.rows:
        assert row.left == row.right
        assert behind(found, row) == (row.left, row.right)
