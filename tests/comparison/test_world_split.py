"""On X every part of a gap can be read: nothing stays unexplained, and every cause is
what the world says it is, for random weeks, readings and pairs of tools."""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest
from hypothesis import assume, given, settings

from tests.comparison.worlds import adds_up
from tests.comparison.worlds_tools import x_hours
from tests.comparison.worlds_weeks import Tool, Week, check, is_whole, weeks

TOOLS: Final[tuple[Tool, ...]] = (
    "Sprout days",
    "X hours",
    "X totals",
    "Sprout posts",
    "Hootsuite posts",
)
PUBLIC: Final = ("likes", "comments", "reposts")


@pytest.mark.parametrize(("one", "other"), [*product(TOOLS, TOOLS)])
@given(week=weeks())
@settings(max_examples=6)
def test_every_cause_is_that_of_the_world(week: Week, one: Tool, other: Tool) -> None:
    (left, mine), (right, theirs) = map(week.shown, (one, other), week.reads)
    assume(is_whole(week, (one, other)))

    found = week.compared(left, right, [week.evidence])

    assert all(map(adds_up, found.rows))
    valued = [row for row in found.rows if row.gap is not None]
    for row in valued:
        check(row, week.truth(row, mine, theirs))
    if len(mine.rows) and len(theirs.rows):
        assert {row.metric for row in valued} == set(week.metrics)


@given(week=weeks())
@settings(max_examples=10)
def test_hours_of_x_are_evidence_enough_while_no_post_is_gone(week: Week) -> None:
    last = max(week.reads)
    assume(len(week.its.there(week.known, last)) == len(week.known))
    evidence = x_hours(week.its, week.metrics, week.known, week.around, last)
    pairs: list[tuple[Tool, Tool]] = [
        ("Sprout days", "Hootsuite posts"),
        ("Hootsuite posts", "Sprout days"),
        ("Sprout days", "Sprout posts"),
        ("Sprout posts", "Hootsuite posts"),
        ("Sprout posts", "X totals"),
    ]
    for tools in pairs:
        (left, mine), (right, theirs) = map(week.shown, tools, week.reads)
        if is_whole(week, tools):
            for row in week.compared(left, right, [evidence]).rows:
                check(row, week.truth(row, mine, theirs))


@given(week=weeks())
@settings(max_examples=10)
def test_hours_that_are_compared_are_their_own_evidence(week: Week) -> None:
    first, last = sorted(week.reads)
    left, mine = week.shown("X hours", last)
    right, theirs = week.shown("Hootsuite posts", first)
    assume(not set(theirs.rows.tolist()) - set(mine.rows.tolist()))

    for row in week.compared(left, right).rows:
        check(row, week.truth(row, mine, theirs))


@given(week=weeks(metrics=PUBLIC))
@settings(max_examples=10)
def test_public_engagements_are_split_by_their_parts(week: Week) -> None:
    tools: tuple[Tool, Tool] = ("Sprout days", "Sprout posts")
    (left, mine), (right, theirs) = map(week.shown, tools, week.reads)
    assume(len(theirs.rows) and is_whole(week, tools))

    metrics = ["engagements.public"]
    found = week.compared(left, right, [week.evidence], metrics=metrics)

    (row,) = found.rows
    assert row.metric == "engagements.public"
    check(row, week.truth(row, mine, theirs))
