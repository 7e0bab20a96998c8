"""Nobody is admitted too early, nobody is turned away, by threads, tasks, processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.budget import (
    GUARD,
    Booking,
    Budget,
    Limit,
    Limits,
    MemoryBudget,
    SqliteBudget,
    duration,
    limits_of,
    utc_now,
)
from socialmetrics.errors import InvalidQuery
from tests.core import processes

START = datetime(2026, 3, 30, 12, tzinfo=UTC)
TO_APRIL = 36 * 3600.0
MONTH: Literal["month"] = "month"


@attrs.define
class Clock:
    """A clock that goes when it is told to."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


class Make(Protocol):
    def __call__(self, limits: Limits) -> Budget: ...


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Make:
    if request.param == "memory":
        return lambda limits: MemoryBudget(
            limits, now=clock.now, monotonic=clock.monotonic
        )
    return lambda limits: SqliteBudget(tmp_path / "budget", limits, now=clock.now)


def waits(budget: Budget, weights: Sequence[int]) -> list[float]:
    return [round(budget.book(weight)[1], 6) for weight in weights]


def test_calls_within_the_limit_go_at_once_and_the_next_one_waits(make: Make) -> None:
    budget = make([(2, 10.0)])

    found = waits(budget, [1, 1, 1, 1, 1])

    assert found == [0.0, 0.0, 10 + GUARD, 10 + GUARD, 20 + 2 * GUARD]


def test_every_window_is_kept_at_once(make: Make) -> None:
    budget = make([(2, 1.0), (3, 10.0)])

    found = waits(budget, [1, 1, 1, 1])

    assert found == [0.0, 0.0, 1 + GUARD, 10 + GUARD]


def test_a_heavy_call_waits_for_as_much_room_as_it_needs(
    make: Make, clock: Clock
) -> None:
    budget = make([(4, 10.0)])
    budget.book(1)
    clock.seconds = 5.0
    budget.book(3)

    found = waits(budget, [1, 2])

    assert found == [5 + GUARD, 10 + GUARD]


def test_an_allowance_that_rested_is_whole_again(make: Make, clock: Clock) -> None:
    budget = make([(10, 60.0)])
    for _ in range(30):
        clock.seconds += 20.0
        budget.book(3)
    clock.seconds += 1000.0

    found = waits(budget, [1] * 11)

    assert found == [0.0] * 10 + [60 + GUARD]


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

    assert found == [0.0, 10 + GUARD]


def test_giving_back_twice_or_long_after_does_no_harm(make: Make, clock: Clock) -> None:
    budget = make([(1, 10.0)])
    booking, _ = budget.book(1)
    budget.give_back(booking)
    budget.give_back(booking)
    budget.give_back(Booking(-99.0, 1))

    assert waits(budget, [1, 1]) == [0.0, 10 + GUARD]


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


@settings(max_examples=40, deadline=None)
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
        SqliteBudget(Path(folder) / "budget", limits, now=two.now) as budget,
    ):
        found = _play(budget, two, calls)

    assert [w for _, w in found] == [w for _, w in expected]
    assert [at for at, _ in found] == pytest.approx(
        [at for at, _ in expected], abs=1e-3
    )


def test_each_call_takes_the_earliest_place_there_is(clock: Clock) -> None:
    budget = MemoryBudget([(3, 10.0)], now=clock.now, monotonic=clock.monotonic)

    places = [budget.book(1)[0].at for _ in range(3000)]

    assert places[-1] == pytest.approx(999 * (10 + GUARD))
    assert all(a <= b for a, b in pairwise(places))


# -- shared -------------------------------------------------------------------------


def test_fifty_threads_share_one_budget_exactly(make: Make) -> None:
    budget = make([(30, 60.0)])

    def call(_: int) -> float:
        return round(budget.book(1)[1], 3)

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(call, range(90)))

    assert sorted(found) == [0.0] * 30 + [60.05] * 30 + [120.1] * 30


async def test_fifty_tasks_share_one_budget_exactly(clock: Clock) -> None:
    budget = MemoryBudget([(10, 60.0)], now=clock.now, monotonic=clock.monotonic)

    async def call() -> float:
        await asyncio.sleep(0)
        return round(budget.book(1)[1], 3)

    found = await asyncio.gather(*(call() for _ in range(50)))

    assert sorted(found) == [round(i // 10 * 60.05, 3) for i in range(50)]


def test_four_processes_share_one_file_exactly(tmp_path: Path) -> None:
    path = str(tmp_path / "budget")

    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.starmap(processes.book, [(path, 10)] * 4)

    places = sorted(at for each in found for at in each)
    assert all(
        late - soon >= 3600 for soon, late in zip(places, places[10:], strict=False)
    )
    assert places[-1] - places[0] < 3 * 3600 + 60


def _in_a_fork(work: Callable[[], bool]) -> bool:
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        os._exit(0 if work() else 1)
    return os.waitpid(child, 0)[1] == 0


def test_a_budget_survives_a_fork(make: Make, clock: Clock, tmp_path: Path) -> None:
    budget = SqliteBudget(tmp_path / "forked", [(2, 60.0)], now=clock.now)
    budget.book(1)

    is_good = _in_a_fork(lambda: waits(budget, [1, 1]) == [0.0, 60 + GUARD])

    assert is_good
    assert waits(budget, [1]) == [60 + GUARD]


def test_the_connection_of_the_parent_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = SqliteBudget(tmp_path / "budget", [(2, 60.0)])
    monkeypatch.setattr(os, "getpid", lambda: -1)

    _, wait = budget.book(1)

    assert wait == 0.0


def test_a_closed_file_opens_again_and_remembers(tmp_path: Path, clock: Clock) -> None:
    budget = SqliteBudget(tmp_path / "budget", [(1, 60.0)], now=clock.now)
    budget.book(1)
    budget.close()
    budget.close()

    assert waits(budget, [1]) == [60 + GUARD]


def test_a_clock_set_back_makes_wait_and_never_admits_too_early(
    tmp_path: Path, clock: Clock
) -> None:
    budget = SqliteBudget(tmp_path / "budget", [(1, 60.0)], now=clock.now)
    budget.book(1)
    clock.seconds = -3600.0

    assert waits(budget, [1]) == [3660 + GUARD]


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"these are not the bytes of a database" * 30)


def _another_database(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE other (id INTEGER)")
    db.commit()
    db.close()


@pytest.mark.parametrize("spoil", [_not_a_database, _another_database, Path.mkdir])
def test_a_file_that_is_no_budget_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "budget"
    spoil(path)

    with pytest.raises(InvalidQuery, match=r"budget_file='.*budget' cannot be used"):
        SqliteBudget(path, [(1, 60.0)]).book(1)


def test_a_folder_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InvalidQuery, match="cannot be used"):
        SqliteBudget(tmp_path / "file" / "budget", [(1, 60.0)])
