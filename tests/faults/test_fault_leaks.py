"""Hundreds of clients, used, broken and closed, leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics_sprout import Sprout
from tests.faults.pulls import KINDS, MESSAGES, Kind, Known, settings
from tests.faults.sizes import size

CLIENTS: Final = size(42, 1000)
MIB: Final = 2**20
FAULTS: Final[tuple[Callable[[], Fault], ...]] = (
    faults.reset_mid_body,
    faults.fin_mid_body,
    faults.close_before_answer,
    faults.html_200,
    lambda: faults.status(503),
    lambda: faults.status(401),
    lambda: faults.silent(0.2),
)


def sockets() -> int:
    """How many connected sockets of this process there are, the proxy's included."""
    links: list[str] = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(one.readlink()))
        except OSError:  # Closed while we looked.
            continue
    return sum(link.startswith("socket:") for link in links)


def blocking(proxy: FaultProxy, known: Known, number: int) -> None:
    options = settings(proxy.url, {"timeout": 0.05 if number % 7 == 6 else 5})
    client = sm.connect(Sprout, **options)
    pull = client.messages(known.profiles, sm.Window.days("2026-01-01", "2026-01-31"))
    try:
        next(pull)
        if number % 3:
            pull.close()
    except sm.SocialMetricsError:
        pass
    client.close()


def asynchronous(proxy: FaultProxy, known: Known, numbers: range) -> None:
    async def one(number: int) -> None:
        options = settings(proxy.url, {"timeout": 0.05 if number % 7 == 6 else 5})
        client = sm.connect_async(Sprout, **options)
        window = sm.Window.days("2026-01-01", "2026-01-31")
        pull = client.messages(known.profiles, window)
        try:
            await anext(pull)
            if number % 3:
                await pull.aclose()
        except sm.SocialMetricsError:
            pass
        await client.aclose()

    async def main() -> None:
        for number in numbers:
            await one(number)
        gc.collect()
        await asyncio.sleep(0.1)  # until what nobody holds any more has ended
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def run(kind: Kind, proxy: FaultProxy, known: Known, numbers: range) -> None:
    for number in numbers:
        if number % 2:
            proxy.strike(
                FAULTS[number % len(FAULTS)](),
                where=MESSAGES.concerns,
                requests={number // 2 + 1},
            )
    if kind == "Client":
        for number in numbers:
            blocking(proxy, known, number)
    else:
        asynchronous(proxy, known, numbers)
    proxy.calm()
    proxy.requests.clear()


@pytest.mark.usefixtures("naps")
@pytest.mark.parametrize("kind", KINDS)
def test_clients_that_are_closed_leave_nothing(
    kind: Kind, proxy: FaultProxy, known: Known
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(kind, proxy, known, range(20))
        gc.collect()
        threads, open_before = set(threading.enumerate()), sockets()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]

        run(kind, proxy, known, range(CLIENTS))

        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    assert set(threading.enumerate()) <= threads
    assert sockets() <= open_before + 1
    assert grown < 4 * MIB
