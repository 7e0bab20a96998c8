"""The same on networks whose days begin in the Pacific zone: no tool sells what posts
did by the hour there, but once it is known, every gap is split into what it is."""

from __future__ import annotations

from itertools import product
from typing import Final

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.comparison.worlds import ONE_DAY, adds_up, told
from tests.comparison.worlds_tools import hootsuite_days, sprout_days
from tests.comparison.worlds_weeks import Tool, Week, check, is_whole, weeks

PACIFIC: Final[tuple[Tool, ...]] = (
    "Sprout days",
    "ledger",
    "Sprout posts",
    "Hootsuite posts",
)
SELDOM: Final[tuple[Tool, ...]] = ("Sprout days", "ledger", "Hootsuite posts")
PAIRS: Final = [
    *(("facebook", ("comments",), *pair) for pair in product(PACIFIC, PACIFIC)),
    *(("instagram", ("likes", "saves"), *pair) for pair in product(PACIFIC, PACIFIC)),
    *(("tiktok", ("likes", "comments"), *pair) for pair in product(SELDOM, SELDOM)),
]


@pytest.mark.parametrize(("network", "metrics", "one", "other"), PAIRS)
@given(data=st.data())
@settings(max_examples=4)
def test_every_cause_is_that_of_the_world(
    data: st.DataObject,
    network: str,
    metrics: tuple[str, ...],
    one: Tool,
    other: Tool,
) -> None:
    week = data.draw(weeks(network, metrics, scale=0.05))
    (left, mine), (right, theirs) = map(week.shown, (one, other), week.reads)
    assume(len(week.known) and is_whole(week, (one, other)))

    found = week.compared(left, right, [week.evidence])

    for row in found.rows:
        assert adds_up(row)
        check(row, week.truth(row, mine, theirs))


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize(
    ("one", "other"), [*product(PACIFIC, ("Sprout posts", "Hootsuite posts"))]
)
@given(week=weeks("instagram", ("likes",)))
@settings(max_examples=3)
def test_every_step_has_causes_of_its_own(
    week: Week, one: Tool, other: Tool, by: str
) -> None:
    (left, mine), (right, theirs) = map(week.shown, (one, other), week.reads)

    found = week.compared(left, right, [week.evidence], by=by)

    for row in found.rows:
        assert adds_up(row)
        truth = week.truth(row, mine, theirs)
        lists = [each.kind == "list" for each in (truth.left, truth.right)]
        has_posts = len(truth.left.rows) and len(truth.right.rows)
        if row.gap is not None and has_posts and any(lists):
            check(row, truth)


@given(week=weeks("facebook", ("reactions",)))
@settings(max_examples=8)
def test_reactions_of_an_account_differ_by_what_is_paid(week: Week) -> None:
    its = attrs.evolve(week.its, lag=0)
    read = max(*week.reads, week.span[1] + 4 * ONE_DAY)  # When nothing more can come.
    span, metrics = (week.first, week.last), ["reactions", "reactions[scope=paid]"]
    every = sprout_days(its, ["reactions"], *span, read)
    halves = hootsuite_days(its, metrics, *span, read)

    for left, right, sign in ((every, halves, -1), (halves, every, 1)):
        (row,) = week.compared(left, right).rows
        assert row.end is not None
        paid = its.did(its.rows, "reactions", "paid", row.start, row.end)
        assert told(row, "scope") == [sign * paid for _ in range(bool(paid))]
        assert row.gap == sign * paid
        assert row.unexplained == 0
        assert row.verdict in ("comparable", "comparable_after")
