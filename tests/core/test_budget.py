"""Nobody is admitted too early, nobody is turned away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.budget import (
    Booking,
    Budget,
    Limit,
    Limits,
    MemoryBudget,
    duration,
    guarded,
    limits_of,
    utc_now,
)
from socialmetrics.budget_file import SqliteBudget
from socialmetrics.errors import InvalidQuery
from tests.core.clocks import MONTH, TO_APRIL, Clock, Make, waits


def test_calls_within_the_limit_go_at_once_and_the_next_one_waits(make: Make) -> None:
    budget = make([(2, 10.0)])

    found = waits(budget, [1, 1, 1, 1, 1])

    assert found == [0.0, 0.0, guarded(10), guarded(10), 2 * guarded(10)]


def test_every_window_is_kept_at_once(make: Make) -> None:
    budget = make([(2, 1.0), (3, 10.0)])

    found = waits(budget, [1, 1, 1, 1])

    assert found == [0.0, 0.0, guarded(1), guarded(10)]


def test_a_heavy_call_waits_for_as_much_room_as_it_needs(
    make: Make, clock: Clock
) -> None:
    budget = make([(4, 10.0)])
    budget.book(1)
    clock.seconds = 5.0
    budget.book(3)

    found = waits(budget, [1, 2])

    assert found == [guarded(10) - 5, guarded(10)]


def test_an_allowance_that_rested_is_whole_again(make: Make, clock: Clock) -> None:
    budget = make([(10, 60.0)])
    for _ in range(30):
        clock.seconds += 20.0
        budget.book(3)
    clock.seconds += 1000.0

    found = waits(budget, [1] * 11)

    assert found == [0.0] * 10 + [guarded(60)]


def test_no_limit_never_waits(make: Make) -> None:
    budget = make([])

    assert waits(budget, [1, 1000]) == [0.0, 0.0]


def test_what_is_given_back_can_be_booked_again(make: Make, clock: Clock) -> None:
    budget = make([(2, 10.0)])
    first, _ = budget.book(1)
    budget.book(1)
    third, _ = budget.book(1)
    budget.give_back(third)
    budget.give_back(first)

    found = waits(budget, [1, 1])

    assert found == [0.0, guarded(10)]


def test_giving_back_twice_or_long_after_does_no_harm(make: Make, clock: Clock) -> None:
    budget = make([(1, 10.0)])
    booking, _ = budget.book(1)
    budget.give_back(booking)
    budget.give_back(booking)
    budget.give_back(Booking(-99.0, 1))

    assert waits(budget, [1, 1]) == [0.0, guarded(10)]


def test_a_used_up_month_postpones_to_the_next_one(make: Make, clock: Clock) -> None:
    budget = make([(2, MONTH)])
    budget.book(2)

    booking, wait = budget.book(1)

    assert booking.is_postponed
    assert booking.month == "2026-04"
    assert wait == pytest.approx(TO_APRIL)


def test_months_fill_up_one_after_the_other(make: Make) -> None:
    budget = make([(2, MONTH), (100, 60.0)])

    months = [budget.book(1)[0].month for _ in range(5)]

    assert months == ["2026-03", "2026-03", "2026-04", "2026-04", "2026-05"]


def test_a_postponed_call_that_is_given_back_holds_nobody_up(make: Make) -> None:
    budget = make([(3, MONTH), (9, 60.0)])
    budget.book(2)
    postponed, _ = budget.book(2)
    budget.give_back(postponed)

    booking, wait = budget.book(1)

    assert (booking.month, wait) == ("2026-03", 0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        [(0, 60)],
        [(-1, 60)],
        [(1.5, 60)],
        [(True, 60)],
        [("60", 60)],
        [(60, 0)],
        [(60, float("nan"))],
        [(60, float("inf"))],
        [(60, 1e9)],
        [(float("inf"), 60)],
        [(60, "week")],
        [(60,)],
        [60],
        60,
        "60",
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(wrong: Any) -> None:  # any input
    with pytest.raises(InvalidQuery, match="budget"):
        limits_of(wrong)


def test_a_call_heavier_than_the_limit_is_refused(make: Make) -> None:
    budget = make([(5, 60.0)])

    with pytest.raises(InvalidQuery, match="weighs 6"):
        budget.book(6)


@pytest.mark.parametrize(
    ("limits", "calls", "seconds"),
    [
        ([(60, 60.0)], 0, 0.0),
        ([(60, 60.0)], 60, 0.0),
        ([(60, 60.0)], 61, 60.0),
        ([(60, 60.0), (100, 3600.0)], 101, 3600.0),
        ([(10, MONTH)], 1000, 0.0),
        ([], 1000, 0.0),
    ],
)
def test_how_long_so_many_calls_take(
    limits: Limits, calls: int, seconds: float
) -> None:
    assert duration(limits_of(limits), calls) == seconds


def test_now_is_utc() -> None:
    assert utc_now().tzinfo is UTC


# -- never more than allowed, whatever comes ----------------------------------------


@st.composite
def loads(draw: st.DrawFn) -> tuple[list[Limit], list[tuple[float, int, bool]]]:
    limits = draw(
        st.lists(
            st.builds(Limit, st.integers(1, 8), st.sampled_from([1.0, 2.5, 7.0, 60.0])),
            min_size=1,
            max_size=3,
        )
    )
    most = min(limit.calls for limit in limits)
    call = st.tuples(
        st.sampled_from([0.0, 0.0, 0.1, 1.0, 30.0, 100.0]),
        st.integers(1, most),
        st.booleans() if draw(st.booleans()) else st.just(False),
    )
    return limits, draw(st.lists(call, max_size=40))


def _overfull(limits: Sequence[Limit], taken: Sequence[tuple[float, int]]) -> bool:
    for limit in limits:
        assert limit.seconds != "month"
        for begin, _ in taken:
            span = [w for at, w in taken if begin <= at < begin + limit.seconds]
            if sum(span) > limit.calls:
                return True
    return False


def _play(
    budget: Budget, clock: Clock, calls: Sequence[tuple[float, int, bool]]
) -> list[tuple[float, int]]:
    taken: list[tuple[float, int]] = []
    for pause, weight, is_given_back in calls:
        clock.seconds += pause
        booking, wait = budget.book(weight)
        if is_given_back:
            budget.give_back(booking)
        else:
            taken.append((clock.seconds + wait, weight))
    return taken


@given(loads())
def test_no_window_of_a_memory_budget_ever_admits_more(
    load: tuple[list[Limit], list[tuple[float, int, bool]]],
) -> None:
    limits, calls = load
    clock = Clock()
    budget = MemoryBudget(limits, now=clock.now, monotonic=clock.monotonic)

    taken = _play(budget, clock, calls)

    assert not _overfull(limits, taken)


@settings(max_examples=25)
@given(loads())
def test_a_file_admits_exactly_when_memory_does(
    load: tuple[list[Limit], list[tuple[float, int, bool]]],
) -> None:
    limits, calls = load
    one, two = Clock(), Clock()
    memory = MemoryBudget(limits, now=one.now, monotonic=one.monotonic)

    expected = _play(memory, one, calls)
    with (
        TemporaryDirectory() as folder,
        SqliteBudget(
            Path(folder) / "budget", limits, now=two.now, wall=two.monotonic
        ) as budget,
    ):
        found = _play(budget, two, calls)

    assert [w for _, w in found] == [w for _, w in expected]
    assert [at for at, _ in found] == pytest.approx(
        [at for at, _ in expected], abs=1e-3
    )


def test_each_call_takes_the_earliest_place_there_is(clock: Clock) -> None:
    budget = MemoryBudget([(3, 10.0)], now=clock.now, monotonic=clock.monotonic)

    places = [budget.book(1)[0].at for _ in range(3000)]

    assert places[-1] == pytest.approx(999 * guarded(10))
    assert all(a <= b for a, b in pairwise(places))
