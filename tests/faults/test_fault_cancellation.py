"""Whoever stops in the middle, wherever that is, leaves a client that works."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Coroutine
from types import FrameType
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.budget import Booking, MemoryBudget
from socialmetrics.pull import Progress
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics_sprout import Sprout
from tests.faults.conftest import Calm
from tests.faults.pulls import (
    MESSAGES,
    POSTS,
    SIDE_BY_SIDE,
    TEN_DAYS,
    Known,
    Operation,
    row,
    settings,
)


class Counting(MemoryBudget):
    """A budget that counts what is taken and not given back."""

    taken = 0

    def book(self, weight: int) -> tuple[Booking, float]:
        self.taken += weight
        return super().book(weight)

    def give_back(self, booking: Booking) -> None:
        self.taken -= booking.weight
        super().give_back(booking)


class Stepping(asyncio.SelectorEventLoop):
    """An event loop that counts its rounds, and cancels a task at one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.rounds = 0
        self.at = -1
        self.victim: asyncio.Task[Any] | None = None

    def _run_once(self) -> None:
        self.rounds += 1
        if self.rounds == self.at and self.victim is not None:
            self.victim.cancel()
        super()._run_once()  # type: ignore[misc]  # asyncio's own, and undocumented

    def cancel(self, task: asyncio.Task[Any], *, after: int) -> None:
        """Cancels that task so many rounds from now."""
        self.victim, self.at = task, self.rounds + after


def on(loop: Stepping, work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(work)


async def rows_of(
    client: sm.AsyncClient, operation: Operation, known: Known
) -> list[object]:
    found = operation.ask(client, known)
    assert isinstance(found, sm.AsyncPull)
    return [row(item) async for item in found]


@pytest.mark.parametrize(
    ("operation", "concurrency", "steps"),
    [(POSTS, 1, range(1, 250)), (SIDE_BY_SIDE, 3, range(1, 500, 9))],
    ids=["one by one", "side by side"],
)
def test_a_cancelled_pull_leaves_a_client_that_works(
    operation: Operation,
    concurrency: int,
    steps: range,
    proxy: FaultProxy,
    known: Known,
    calm: Calm,
) -> None:
    loop, undisturbed = Stepping(), calm(operation)
    ended = cancelled = 0
    budget = Counting([(10**6, 3600.0)])
    options = settings(proxy.url, {"concurrency": concurrency, "budget": budget})

    async def main() -> None:
        nonlocal ended, cancelled
        async with sm.connect_async(Sprout, **options) as client:
            for number, step in enumerate(steps):
                task = asyncio.create_task(rows_of(client, operation, known))
                loop.cancel(task, after=step)
                try:
                    await asyncio.wait_for(task, 10)
                    ended += 1
                except asyncio.CancelledError:
                    cancelled += 1
                if number % 25 == 0 or ended:
                    loop.victim = None
                    whole = await asyncio.wait_for(
                        rows_of(client, operation, known), 10
                    )
                    assert set(whole) == set(undisturbed.rows)
                    assert len(whole) == len(undisturbed.rows)
                if ended >= 3:
                    break
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait(others, timeout=5) if others else None

    on(loop, main())

    assert cancelled >= 10
    assert budget.taken == len(proxy.requests)


@pytest.mark.parametrize("concurrency", [1, 2])
def test_cancelled_calls_give_their_places_back(
    concurrency: int, proxy: FaultProxy, known: Known, calm: Calm
) -> None:
    proxy.strike(faults.late(0.05), where=POSTS.concerns)
    options = settings(proxy.url, {"concurrency": concurrency})

    async def main() -> None:
        async with sm.connect_async(Sprout, **options) as client:
            for _ in range(5):
                calls = [
                    asyncio.create_task(rows_of(client, POSTS, known))
                    for _ in range(10)
                ]
                await asyncio.sleep(0.02)
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
            proxy.calm()
            whole = await asyncio.wait_for(rows_of(client, POSTS, known), 10)
            assert len(whole) == len(calm(POSTS).rows)

    asyncio.run(main())


def test_a_loop_that_is_left_early_stops_the_rest(
    proxy: FaultProxy, known: Known
) -> None:
    async def main() -> None:
        options = settings(proxy.url, {"concurrency": 3})
        async with sm.connect_async(Sprout, **options) as client:
            async with client.posts(known.profiles, TEN_DAYS) as pull:
                async for _ in pull:
                    break
            seen = len(proxy.requests)
            await asyncio.sleep(0.1)
            assert len(proxy.requests) <= seen + 1

    asyncio.run(main())


def test_closing_an_asynchronous_client_ends_what_waits(
    proxy: FaultProxy, known: Known
) -> None:
    proxy.strike(faults.silent(), where=POSTS.concerns)

    async def main() -> None:
        client = sm.connect_async(Sprout, **settings(proxy.url, {}))
        call = asyncio.create_task(rows_of(client, POSTS, known))
        await asyncio.sleep(0.1)
        await client.aclose()
        with pytest.raises(sm.SocialMetricsError, match="closed"):
            await call

    asyncio.run(asyncio.wait_for(main(), 5))


# -- the blocking client ---------------------------------------------------------------


@pytest.mark.parametrize("operation", [POSTS, SIDE_BY_SIDE], ids=lambda o: o.name)
@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_interrupt_in_a_callback_leaves_a_client_that_works(
    after: int, operation: Operation, proxy: FaultProxy, known: Known, calm: Calm
) -> None:
    del operation
    told = 0

    def interrupt(progress: Progress) -> None:
        nonlocal told
        told += 1
        if told == after:
            raise KeyboardInterrupt

    threads = set(threading.enumerate())
    window = sm.Window.days("2025-12-01", "2026-01-31")
    with sm.connect(Sprout, **settings(proxy.url, {"concurrency": 3})) as client:
        with pytest.raises(KeyboardInterrupt):
            list(client.posts(known.profiles, window, progress=interrupt))

        found = POSTS.ask(client, known)
        assert isinstance(found, sm.Pull)
        assert len(list(found)) == len(calm(POSTS).rows)
    assert settled(threads)


def settled(threads: set[threading.Thread], seconds: float = 3) -> bool:
    """Whether no other thread is left, if need be after a moment."""
    end = time.monotonic() + seconds
    while set(threading.enumerate()) - threads and time.monotonic() < end:
        time.sleep(0.01)
    return set(threading.enumerate()) <= threads


def ring(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("struck", [1, 2, 3])
@pytest.mark.parametrize("concurrency", [1, 3])
def test_an_interrupt_while_it_waits_for_an_answer(
    concurrency: int, struck: int, proxy: FaultProxy, known: Known, calm: Calm
) -> None:
    proxy.strike(faults.silent(), requests={struck}, where=POSTS.concerns)
    threads = set(threading.enumerate())
    previous = signal.signal(signal.SIGALRM, ring)
    operation = SIDE_BY_SIDE if concurrency > 1 else POSTS
    try:
        options = settings(proxy.url, {"concurrency": concurrency, "timeout": 10})
        with sm.connect(Sprout, **options) as client:
            found = operation.ask(client, known)
            assert isinstance(found, sm.Pull)
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            begun = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                list(found)
            assert time.monotonic() - begun < 5

            again = MESSAGES.ask(client, known)
            assert isinstance(again, sm.Pull)
            assert len(list(again)) == len(calm(MESSAGES).rows)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert settled(threads)


def test_an_interrupt_while_it_waits_for_the_budget(
    proxy: FaultProxy, known: Known
) -> None:
    previous = signal.signal(signal.SIGALRM, ring)
    budget = Counting([(1, 30.0)])
    try:
        with sm.connect(Sprout, **settings(proxy.url, {"budget": budget})) as client:
            found = POSTS.ask(client, known)
            assert isinstance(found, sm.Pull)
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                list(found)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)

    assert len(proxy.requests) == 1
    assert budget.taken == 1  # the second place was given back


def test_closing_a_blocking_client_ends_what_waits(
    proxy: FaultProxy, known: Known
) -> None:
    proxy.strike(faults.silent(), where=POSTS.concerns)
    client = sm.connect(Sprout, **settings(proxy.url, {}))
    ended: list[BaseException] = []

    def call() -> None:
        found = POSTS.ask(client, known)
        assert isinstance(found, sm.Pull)
        with pytest.raises(sm.SocialMetricsError) as caught:
            list(found)
        ended.append(caught.value)

    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.1)
    client.close()
    thread.join(5)

    assert not thread.is_alive()
    assert "closed" in str(ended[0])
