"""The whole allowance is used, and never a call more: the sandbox's limiter judges."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import floor
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Seen
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_sprout import Sprout
from socialmetrics_sprout.sandbox import app
from tests.faults.pulls import KINDS, Kind, settings

ALLOWED: Final = 60
SECONDS: Final = 2.0
CALLS: Final = 2 * ALLOWED


@pytest.fixture
def strict() -> Iterator[FaultProxy]:
    """A vendor that allows 60 calls in any 2 seconds."""
    vendor = app(World(scale=0.01), per_minute=ALLOWED, window_seconds=SECONDS)
    with serve(vendor) as running, FaultProxy(running.url) as proxy:
        yield proxy


def _blocking(options: dict[str, Any]) -> None:
    with (
        sm.connect(Sprout, **options) as client,
        ThreadPoolExecutor(options["concurrency"]) as pool,
    ):
        adapter = client.adapter
        assert isinstance(adapter, Sprout)
        calls = [pool.submit(client.run, adapter.groups()) for _ in range(CALLS)]
        for call in calls:
            call.result()


def _asynchronous(options: dict[str, Any]) -> None:
    async def main() -> None:
        async with sm.connect_async(Sprout, **options) as client:
            adapter = client.adapter
            assert isinstance(adapter, Sprout)
            await asyncio.gather(*(client.run(adapter.groups()) for _ in range(CALLS)))

    asyncio.run(main())


RUN: Final[dict[Kind, Callable[[dict[str, Any]], None]]] = {
    "Client": _blocking,
    "AsyncClient": _asynchronous,
}


def used(seen: list[Seen]) -> float:
    """Calls, as a share of what could have been sent until the last one."""
    span = seen[-1].at - seen[0].at
    return len(seen) / (ALLOWED * (1 + floor(span / SECONDS)))


@pytest.mark.parametrize("kind", KINDS)
def test_slow_answers_waste_nothing_of_the_allowance(
    kind: Kind, strict: FaultProxy
) -> None:
    strict.strike(faults.late(0.1))

    RUN[kind](
        settings(strict.url, {"budget": [(ALLOWED, SECONDS * 1.1)], "concurrency": 8})
    )

    assert len(strict.requests) == CALLS  # a 429 would have been asked again
    assert used(strict.requests) >= 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_answers_that_become_quick_do_not_break_the_limit(
    kind: Kind, strict: FaultProxy
) -> None:
    strict.strike(faults.late(0.12), requests=range(1, ALLOWED + 1))

    RUN[kind](
        settings(strict.url, {"budget": [(ALLOWED, SECONDS * 1.1)], "concurrency": 4})
    )

    assert len(strict.requests) == CALLS
