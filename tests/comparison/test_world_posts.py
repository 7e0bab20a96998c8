"""Post by post: a window against a life, two lives, two readings of one window."""

from __future__ import annotations

from typing import Final

import attrs
import pytest
from hypothesis import given, settings

from socialmetrics.comparison.result import Row
from tests.comparison.worlds import Ints, adds_up
from tests.comparison.worlds_truth import Side, Truth
from tests.comparison.worlds_weeks import Tool, Week, check, weeks

LISTS: Final[tuple[Tool, ...]] = ("X totals", "Sprout posts", "Hootsuite posts")
PAIRS: Final[list[tuple[Tool, Tool]]] = [
    *((one, other) for one in LISTS for other in LISTS),
    *(("X hours", other) for other in LISTS),
    *((one, "X hours") for one in LISTS),
    ("X hours", "X hours"),
]


def truth_of(week: Week, row: Row, left: Side, right: Side) -> Truth:
    """What the world says of a single post."""
    post: Ints = week.known[week.known == week.its.world.post(row.subject).row]
    scopes = row.left_reading.scope, row.right_reading.scope
    sides = [
        attrs.evolve(side, rows=post, scope="paid" if scopes[0] == "paid" else side.scope)
        for side in (left, right)
    ]
    is_old = left.kind == right.kind == "hours"
    return Truth(
        its=week.its,
        metric=row.metric,
        window=week.span,
        published=post[:0] if is_old else post,
        known=post,
        left=sides[0],
        right=sides[1],
    )


@pytest.mark.parametrize(("one", "other"), PAIRS)
@given(week=weeks(scale=0.1))
@settings(max_examples=8)
def test_every_cause_is_that_of_the_world(week: Week, one: Tool, other: Tool) -> None:
    (left, mine), (right, theirs) = map(week.shown, (one, other), week.reads)

    found = week.compared(left, right, [week.evidence], level="post")

    valued = [row for row in found.rows if row.gap is not None]
    for row in found.rows:
        assert adds_up(row)
    for row in valued:
        check(row, truth_of(week, row, mine, theirs))
    both = mine.has(theirs.rows)
    if "X hours" not in (one, other):
        assert {row.subject for row in valued} == set(week.its.refs(both))
