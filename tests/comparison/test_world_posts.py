"""Post by post: a window against a life, two lives, two readings of one window."""

from __future__ import annotations

from typing import Final

import attrs
import pytest
from hypothesis import given, settings

from socialmetrics.comparison.result import Row
from tests.comparison.worlds import ONE_HOUR, Ints, adds_up, days, told
from tests.comparison.worlds_truth import Side, Truth
from tests.comparison.worlds_weeks import Tool, Week, check, weeks

LISTS: Final[tuple[Tool, ...]] = ("X totals", "Sprout posts", "Hootsuite posts")
PAIRS: Final[list[tuple[Tool, Tool]]] = [
    *((one, other) for one in LISTS for other in LISTS),
    *(("X hours", other) for other in LISTS),
    *((one, "X hours") for one in LISTS),
]


def truth_of(week: Week, row: Row, left: Side, right: Side) -> Truth:
    """What the world says of a single post, whose hours end where they were read."""
    post: Ints = week.known[week.known == week.its.world.post(row.subject).row]
    sides = [
        attrs.evolve(
            side,
            rows=post,
            scope="paid" if row.left_reading.scope == "paid" else side.scope,
        )
        for side in (left, right)
    ]
    start, end = week.span
    reads = [side.oldest for side in sides if side.kind == "hours"]
    return Truth(
        its=week.its,
        metric=row.metric,
        window=(start, min([end, *reads])),
        published=post,
        known=post,
        left=sides[0],
        right=sides[1],
    )


@pytest.mark.parametrize(("one", "other"), PAIRS)
@given(week=weeks(scale=0.1))
@settings(max_examples=5)
def test_every_cause_is_that_of_the_world(week: Week, one: Tool, other: Tool) -> None:
    (left, mine), (right, theirs) = map(week.shown, (one, other), week.reads)

    found = week.compared(left, right, [week.evidence], level="post")

    valued = [row for row in found.rows if row.gap is not None]
    assert all(map(adds_up, found.rows))
    for row in valued:
        check(row, truth_of(week, row, mine, theirs))
    there = mine.has(theirs.rows)
    is_old = week.its.world.timeline.created[there] < week.span[0].timestamp()
    assert {row.subject for row in valued} == set(week.its.refs(there[~is_old]))


@given(week=weeks(scale=0.1))
@settings(max_examples=5)
def test_hours_that_were_read_earlier_end_earlier(week: Week) -> None:
    (left, mine), (right, theirs) = [week.shown("X hours", r) for r in week.reads]
    last = min(*week.reads, week.span[1]) - ONE_HOUR  # Of the hours that both have.
    end = days(last.date(), last.date())[1]  # Days that one lacks are left out.
    one, other = (min(end, read) for read in week.reads)

    found = week.compared(left, right, level="post")

    for row in found.rows:
        if row.gap is not None:
            post: Ints = mine.has(theirs.rows)
            post = post[post == week.its.world.post(row.subject).row]
            did = week.its.did(post, row.metric, "total", one, other)
            undone = week.its.did(post, row.metric, "total", other, one)
            moved = [each for each in (did - undone,) if each]
            assert told(row, "window_and_zone") == moved
            assert row.unexplained == 0
            assert row.verdict in ("comparable", "comparable_after")
