"""Answers that take two seconds, sixty calls a minute: nothing wasted, nothing refused.

The server counts, and refuses the 61st call of any minute.
"""

from __future__ import annotations

import asyncio
import sys
from math import ceil, floor

from benchmarks.accounts import YEAR, async_client, client, profiles
from benchmarks.measure import Options, Result, show
from benchmarks.pages import DAY_METRICS, Order
from benchmarks.server import Count, serving

CALLS = 60
TARGET = 0.95
PROFILES = 18 * 27
"""Eighteen parts of ten pages: three minutes' allowance."""


def run(options: Options) -> list[Result]:
    """Both clients, one after the other."""
    window, seconds = (3.0, 0.1) if options.quick else (60.0, 2.0)
    order = Order(
        profiles=PROFILES, days=365, seconds=seconds, calls=CALLS, window=window
    )
    with serving(order) as server:
        limits = ((CALLS, window),)
        _blocking(server.url, limits)
        blocking = server.count()
    with serving(order) as server:
        asyncio.run(_asynchronous(server.url, limits))
        asynchronous = server.count()
    return [
        _judged("Client", blocking, order),
        _judged("AsyncClient", asynchronous, order),
    ]


def _blocking(url: str, limits: tuple[tuple[int, float], ...]) -> None:
    with client(url, limits=limits) as ours:
        ours.metrics(profiles(PROFILES), DAY_METRICS, YEAR, by="day")


async def _asynchronous(url: str, limits: tuple[tuple[int, float], ...]) -> None:
    async with async_client(url, limits=limits) as ours:
        await ours.metrics(profiles(PROFILES), DAY_METRICS, YEAR, by="day")


def _judged(kind: str, count: Count, order: Order) -> Result:
    """Calls that were answered, of all that could have been by the last of them."""
    served = count.served
    span = served[-1] - served[0]
    most = CALLS * (1 + floor(span / order.window))
    used = len(served) / most
    return Result(
        what=(
            f"{kind}: {CALLS} calls per {order.window:g} s, answers take "
            f"{order.seconds:g} s"
        ),
        measured=(
            f"{used:.1%} used ({len(served)} of {most} calls in {ceil(span)} s), "
            f"{count.refused} refused"
        ),
        target=f"at least {TARGET:.0%}, none refused",
        is_met=used >= TARGET and not count.refused,
    )


if __name__ == "__main__":
    show(run(Options(quick="--quick" in sys.argv)))
