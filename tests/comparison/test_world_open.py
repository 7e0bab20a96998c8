"""What cannot be explained, since its parts are not read: it is said which cause is
open, and what bounds it has contain the truth."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.comparison.result import Basis, Name
from socialmetrics.sandbox.measures import Scope
from socialmetrics.series import MetricSeries
from tests.comparison.worlds import (
    NOW,
    ONE_DAY,
    adds_up,
    company,
    is_bounded,
    opened,
    told,
)
from tests.comparison.worlds_tools import (
    hootsuite_days,
    hootsuite_posts,
    ledger,
    listed,
    sprout_days,
    sprout_posts,
    x_hours,
    x_totals,
)
from tests.comparison.worlds_weeks import Tool, Week, weeks

BOTH: Final = ("likes", "comments")
LATE: Final = NOW - 5 * ONE_DAY
OPEN: Final[list[tuple[str, str, Tool, Tool, dict[Name, Basis]]]] = [
    # No tool tells what posts did by the hour, but X.
    ("x", "comments", "Sprout days", "Sprout posts", {"date_axis": "unknown"}),
    ("x", "likes", "Sprout days", "X totals", {"date_axis": "unknown"}),
    ("x", "likes", "Sprout posts", "Sprout days", {"date_axis": "unknown"}),
    ("x", "likes", "Sprout days", "Hootsuite posts", {"date_axis": "unknown"}),
    ("facebook", "comments", "Sprout days", "Sprout posts", {"date_axis": "unknown"}),
    ("instagram", "likes", "Sprout days", "Hootsuite posts", {"date_axis": "unknown"}),
    # Nobody knows what came between two readings; counts that only grow have grown.
    ("x", "comments", "Sprout posts", "Sprout posts", {"freshness": "bounded"}),
    ("x", "likes", "Sprout posts", "Sprout posts", {"freshness": "unknown"}),
    (
        "facebook",
        "comments",
        "Sprout posts",
        "Hootsuite posts",
        {"freshness": "bounded"},
    ),
    # Sprout does not say whether what is paid is in it.
    (
        "tiktok",
        "likes",
        "Sprout posts",
        "Hootsuite posts",
        {"scope": "unknown", "freshness": "unknown"},
    ),
]


def fixed(network: str, metrics: tuple[str, ...], **changes: Any) -> Week:
    """A week of an account of a larger world, read late and again."""
    its = company(5, network, scale=0.3)
    first = date(2026, 2, 23)
    week = Week(
        its=its,
        first=first,
        last=first + 6 * ONE_DAY,
        reads=(LATE, NOW),
        metrics=metrics,
    )
    return attrs.evolve(week, **changes)


@pytest.mark.parametrize(("network", "metric", "one", "other", "open_causes"), OPEN)
def test_it_is_said_what_is_open(
    network: str, metric: str, one: Tool, other: Tool, open_causes: dict[Name, Basis]
) -> None:
    week = fixed(network, (metric,))
    (left, _), (right, _) = map(week.shown, (one, other), week.reads)

    rows = [row for row in week.compared(left, right).rows if row.gap is not None]

    row = next(row for row in rows if row.metric == metric)
    assert opened(row) == open_causes
    assert adds_up(row)
    assert is_bounded(row)
    grows = set(open_causes.values()) == {"bounded"}
    assert row.verdict in (("bounded",) if grows else ("unknown", "not_comparable"))


@pytest.mark.parametrize("level", ["post", "profile"])
@given(week=weeks())
@settings(max_examples=8)
def test_paid_figures_that_were_not_read_are_bounded(week: Week, level: str) -> None:
    read = max(week.reads)
    its, posts = week.its, week.published
    organic = hootsuite_posts(its, BOTH, posts, read)
    every = sprout_posts(its, BOTH, posts, read)
    evidence = [week.evidence]

    for sides in ((every, organic), (organic, every)):
        for row in week.compared(*sides, evidence, level=level).rows:
            assert adds_up(row)
            assert is_bounded(row)
            found = opened(row)
            assert found.get("scope", "bounded") == "bounded"
            if found == {"scope": "bounded"}:
                (scope,) = (each for each in row.causes if each.name == "scope")
                rest = row.unexplained
                assert rest is not None
                assert scope.low is None or scope.low <= scope.amount + rest
                assert scope.high is None or scope.amount + rest <= scope.high


@given(week=weeks(scale=0.12))
@settings(max_examples=8)
def test_posts_that_are_gone_are_bounded_by_all_they_ever_had(week: Week) -> None:
    read = max(week.reads)
    its, known, metrics = week.its, week.known, ("impressions", *BOTH)
    gone = np.setdiff1d(known, its.there(known, read))
    days = sprout_days(its, metrics, week.first, week.last, read)
    hours = x_hours(its, metrics, known, week.around, read)
    lives = sprout_posts(its, metrics, known, read)

    for parts in ([], [lives]):
        for sides, sign in (((days, hours), -1), ((hours, days), 1)):
            for row in week.compared(*sides, parts).rows:
                assert adds_up(row)
                assert is_bounded(row)
                assert row.end is not None
                scope: Scope = "organic" if row.metric == "impressions" else "total"
                until = min(row.end, read)
                did = its.did(gone, row.metric, scope, row.start, until)
                assert row.unexplained == sign * did
                found = opened(row)
                assert set(found) == ({"population"} if len(gone) else set())
                if row.metric == "likes":  # They are taken back.
                    assert set(found.values()) <= {"unknown"}
                elif parts and len(gone):
                    (cause,) = row.causes
                    ever = its.did(gone, row.metric, scope, None, read)
                    bounds = (-ever, 0) if sign < 0 else (0, ever)
                    assert (cause.low, cause.high) == bounds


@given(week=weeks("instagram", ("comments",), scale=0.1))
@settings(max_examples=10)
def test_story_replies_among_comments_are_no_comments(week: Week) -> None:
    read = max(week.reads)
    its = attrs.evolve(week.its, lag=0)
    posts = week.published

    found = week.compared(
        sprout_posts(its, ["comments"], posts, read),
        hootsuite_posts(its, ["comments"], posts, read),
        [week.evidence],
    )

    for row in found.rows:
        assert is_bounded(row)
        assert opened(row)["formula"] == "bounded"
        (formula,) = (each for each in row.causes if each.name == "formula")
        assert (formula.low, formula.high) == (None, 0)
        assert row.end is not None
        its_posts = listed(its, its.among((row.start, min(row.end, read))), read)
        replies = its.did(its_posts, "story_replies", "organic", None, read)
        if set(opened(row)) == {"formula"} and not told(row, "population"):
            assert row.unexplained == -replies


@given(week=weeks())
@settings(max_examples=10)
def test_hours_of_the_week_alone_do_not_tell_what_came_later(week: Week) -> None:
    read = max(week.reads)
    its, metrics = week.its, ("impressions", *BOTH)
    hours = x_hours(its, metrics, week.published, week.span, read)
    lives = sprout_posts(its, metrics, week.published, read)

    for left, right in ((hours, lives), (lives, hours)):
        for level in ("post", "profile"):
            for row in week.compared(left, right, level=level).rows:
                if row.gap is not None:
                    assert adds_up(row)
                    assert is_bounded(row)
                    assert row.unexplained == 0 or opened(row)


def test_undocumented_sums_are_not_split() -> None:
    week = fixed("x", BOTH)
    its, posts = week.its, week.published
    metrics = ["engagements.vendor"]
    series: dict[str, MetricSeries] = {
        "sprout days": sprout_days(its, metrics, week.first, week.last, NOW),
        "sprout posts": sprout_posts(its, metrics, posts, NOW),
        "x hours": x_hours(its, metrics, week.known, week.around, NOW),
        "x totals": x_totals(its, metrics, posts, NOW),
    }
    for one, other in (("sprout days", "x hours"), ("sprout posts", "x totals")):
        (row,) = week.compared(series[one], series[other]).rows
        if row.gap is not None:
            assert opened(row)["formula"] == "unknown"
            assert row.verdict in ("unknown", "not_comparable")


@given(lag=st.sampled_from([5, 24, 48]), hours=st.integers(1, 60))
@settings(max_examples=10)
def test_days_that_are_provisional_are_doubted(lag: int, hours: int) -> None:
    its = company(2, "facebook", scale=0.2, lag=lag)
    first = date(2026, 2, 23)
    week = fixed("facebook", ("reactions",), its=its)
    read = week.span[1] + hours * (NOW - LATE) / 120
    metrics = ["reactions", "reactions[scope=paid]"]

    found = week.compared(
        sprout_days(its, ["reactions"], first, week.last, read),
        hootsuite_days(its, metrics, first, week.last, read),
    )

    for row in found.rows:
        if row.gap is not None:
            assert adds_up(row)
            assert row.unexplained == 0 or opened(row)
            assert row.axes["freshness"].answer == "unknown"


@given(week=weeks())
@settings(max_examples=4)
def test_whatever_is_open_is_bounded_rightly_or_not_at_all(week: Week) -> None:
    """Any two, with nothing to go by, with half of it, and with the wrong half."""
    tools: tuple[Tool, ...] = (
        "Sprout days",
        "X hours",
        "Sprout posts",
        "Hootsuite posts",
    )
    half = ledger(
        week.its, [("likes", "total")], week.known[::2], week.around, vendor="archive"
    )
    shown = [week.shown(tool, read)[0] for tool in tools for read in week.reads]
    for left in shown:
        for right in shown:
            for row in week.compared(left, right, [half]).rows:
                assert adds_up(row)
                assert row.gap is None or is_bounded(row)
