"""One budget for threads, tasks and processes, in memory or in a file."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from socialmetrics.budget import DAY, Limits, MemoryBudget, guarded
from socialmetrics.budget_file import SqliteBudget
from socialmetrics.errors import InvalidQuery
from tests.core import processes
from tests.core.clocks import START, TO_APRIL, Clock, Make, waits


def file(path: Path, calls: int, clock: Clock) -> SqliteBudget:
    return SqliteBudget(path, [(calls, 60.0)], now=clock.now, wall=clock.monotonic)


# -- shared -------------------------------------------------------------------------


def test_fifty_threads_share_one_budget_exactly(make: Make) -> None:
    budget = make([(30, 60.0)])

    def call(_: int) -> float:
        return round(budget.book(1)[1], 3)

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(call, range(90)))

    assert sorted(found) == [0.0] * 30 + [60.6] * 30 + [121.2] * 30


async def test_fifty_tasks_share_one_budget_exactly(clock: Clock) -> None:
    budget = MemoryBudget([(10, 60.0)], now=clock.now, monotonic=clock.monotonic)

    async def call() -> float:
        await asyncio.sleep(0)
        return round(budget.book(1)[1], 3)

    found = await asyncio.gather(*(call() for _ in range(50)))

    assert sorted(found) == [round(i // 10 * 60.6, 3) for i in range(50)]


def test_four_processes_share_one_file_exactly(tmp_path: Path) -> None:
    path = str(tmp_path / "budget")

    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.starmap(processes.book, [(path, 10)] * 4)

    places = sorted(at for each in found for at in each)
    assert all(
        late - soon >= 3600 for soon, late in zip(places, places[10:], strict=False)
    )
    assert places[-1] - places[0] < 3 * guarded(3600) + 60


def _in_a_fork(work: Callable[[], bool]) -> bool:
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        os._exit(0 if work() else 1)
    return os.waitpid(child, 0)[1] == 0


def test_a_budget_survives_a_fork(make: Make, clock: Clock, tmp_path: Path) -> None:
    budget = SqliteBudget(
        tmp_path / "forked", [(2, 60.0)], now=clock.now, wall=clock.monotonic
    )
    budget.book(1)

    is_good = _in_a_fork(lambda: waits(budget, [1, 1]) == [0.0, guarded(60)])

    assert is_good
    assert waits(budget, [1]) == [guarded(60)]


def test_the_connection_of_the_parent_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = SqliteBudget(tmp_path / "budget", [(2, 60.0)])
    monkeypatch.setattr(os, "getpid", lambda: -1)

    _, wait = budget.book(1)

    assert wait == 0.0


def test_a_closed_file_opens_again_and_remembers(tmp_path: Path, clock: Clock) -> None:
    budget = SqliteBudget(
        tmp_path / "budget", [(1, 60.0)], now=clock.now, wall=clock.monotonic
    )
    budget.book(1)
    budget.close()
    budget.close()

    assert waits(budget, [1]) == [guarded(60)]


def test_a_clock_set_back_makes_wait_and_never_admits_too_early(
    tmp_path: Path, clock: Clock
) -> None:
    budget = SqliteBudget(
        tmp_path / "budget", [(1, 60.0)], now=clock.now, wall=clock.monotonic
    )
    budget.book(1)
    clock.seconds = -3600.0

    assert waits(budget, [1]) == [3600 + guarded(60)]


@pytest.mark.parametrize("days", [1.1, 400.0])
def test_bookings_of_a_clock_that_was_far_ahead_are_dropped(
    tmp_path: Path, clock: Clock, days: float
) -> None:
    budget = file(tmp_path / "budget", 1, clock)
    budget.book(1)
    clock.seconds = days * DAY
    budget.book(1)
    clock.seconds = 30.0

    assert waits(budget, [1, 1]) == [0.0, guarded(60)]


def test_a_month_postponed_far_ahead_is_kept(tmp_path: Path, clock: Clock) -> None:
    limits: Limits = [(1, "month"), (1, 60.0)]
    budget = SqliteBudget(
        tmp_path / "budget", limits, now=clock.now, wall=clock.monotonic
    )
    budget.book(1)
    _, april = budget.book(1)

    _, may = budget.book(1)

    assert april == TO_APRIL
    assert may == TO_APRIL + 30 * DAY


def test_the_clock_of_the_client_does_not_move_the_windows(tmp_path: Path) -> None:
    path, limits = tmp_path / "budget", [(1, 60.0)]
    early = SqliteBudget(path, limits, now=lambda: START)
    late = SqliteBudget(path, limits, now=lambda: START + timedelta(days=900))
    late.book(1)

    _, wait = early.book(1)

    assert 50 < wait <= guarded(60)


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
