"""Which side stands where, a side against itself, and three sides at once."""

from __future__ import annotations

from itertools import combinations
from typing import Final, TypeAlias

import pytest
from hypothesis import assume, given, settings

from socialmetrics.comparison.comparing import compare
from socialmetrics.comparison.result import Row
from socialmetrics.window import Window
from tests.comparison.worlds import adds_up
from tests.comparison.worlds_weeks import Tool, Week, is_whole, weeks

TOOLS: Final[tuple[Tool, ...]] = (
    "Sprout days",
    "X hours",
    "X totals",
    "Sprout posts",
    "Hootsuite posts",
)
Facts: TypeAlias = tuple[object, ...]


@pytest.mark.parametrize(("one", "other"), [*combinations(TOOLS, 2)])
@given(week=weeks())
@settings(max_examples=5)
def test_the_other_way_round_the_gap_is_turned(
    week: Week, one: Tool, other: Tool
) -> None:
    shown = [week.shown(*each) for each in zip((one, other), week.reads, strict=True)]
    assume(is_whole(week, (one, other)))
    (left, _), (right, _) = shown

    there = week.compared(left, right, [week.evidence]).rows
    back = {row.metric: row for row in week.compared(right, left, [week.evidence]).rows}

    assert {row.metric for row in there} == set(back)
    for row in there:
        turned = back[row.metric]
        assert (turned.left, turned.right) == (row.right, row.left)
        if row.gap is None:
            continue  # Every post is gone.
        assert turned.gap == -row.gap
        assert turned.unexplained == row.unexplained == 0
        assert turned.verdict == row.verdict
        assert sum(e.amount for e in turned.causes) == -sum(
            e.amount for e in row.causes
        )


@pytest.mark.parametrize("tool", TOOLS)
@given(week=weeks())
@settings(max_examples=8)
def test_a_side_is_comparable_with_itself(week: Week, tool: Tool) -> None:
    series, _ = week.shown(tool, week.reads[0])

    found = compare(series, series, window=Window.days(week.first, week.last))

    assert len(found.rows) > 0 or not len(series)
    for row in found.rows:
        assert row.verdict == "comparable"
        assert not row.causes
        assert row.gap == row.unexplained == (None if row.left is None else 0)
    assert not found.unmatched
    for row in week.compared(series, series).rows:
        assert not row.causes
        if row.gap is not None:
            assert row.gap == row.unexplained == 0
            assert row.verdict in ("comparable", "comparable_after")


def facts(row: Row) -> Facts:
    """All that a row says, but for its number."""
    return (
        *(row.left_name, row.right_name, row.subject, row.metric, row.start, row.end),
        *(row.left, row.right, row.left_reading, row.right_reading, row.unexplained),
        *(row.verdict, row.causes, row.conversions, sorted(row.axes.items())),
    )


@given(week=weeks())
@settings(max_examples=10)
def test_three_at_once_are_compared_as_two_with_the_third_as_parts(week: Week) -> None:
    tools: tuple[Tool, ...] = ("Sprout days", "X hours", "Hootsuite posts")
    names = ["sprout", "x", "hootsuite"]
    series = [week.shown(tool, max(week.reads))[0] for tool in tools]
    assume(all(map(len, series)))

    every = compare(
        *series,
        window=Window.days(week.first, week.last),
        by="total",
        level="profile",
        posts=week.its.posts(week.known),
        profiles=[week.its.profile],
    )

    pairs = [*combinations(range(3), 2)]
    rest = [3 - one - other for one, other in pairs]
    for (one, other), third in zip(pairs, rest, strict=True):
        two = week.compared(series[one], series[other], [series[third]])
        mine = [
            row
            for row in every.rows
            if (row.left_name, row.right_name) == (names[one], names[other])
        ]
        assert [*map(facts, two.rows)] == [*map(facts, mine)]
        assert all(map(adds_up, mine))
    assert [row.number for row in every.rows] == [*range(len(every.rows))]
