"""The clients that are measured, and what they ask for."""

from __future__ import annotations

import httpx

import socialmetrics as sm
from benchmarks.loops import HEADERS
from benchmarks.pages import FIRST_PROFILE

MONTH = sm.Window.days("2026-03-01", "2026-03-31")
YEAR = sm.Window.days("2025-03-01", "2026-02-28")
NO_LIMIT = ((1_000_000, 1.0),)
LIMITS = tuple[tuple[int, float], ...]


def client(url: str, *, concurrency: int = 4, limits: LIMITS = NO_LIMIT) -> sm.Client:
    """A blocking client of that server."""
    return sm.connect(
        "sprout",
        token="t",
        customer_id="1",
        base_url=url,
        concurrency=concurrency,
        budget=limits,
    )


def async_client(
    url: str, *, concurrency: int = 4, limits: LIMITS = NO_LIMIT
) -> sm.AsyncClient:
    """An asynchronous client of that server."""
    return sm.connect_async(
        "sprout",
        token="t",
        customer_id="1",
        base_url=url,
        concurrency=concurrency,
        budget=limits,
    )


def bare(url: str) -> httpx.Client:
    """The baseline's client: httpx as it comes."""
    return httpx.Client(base_url=url, headers=HEADERS)


def profiles(count: int) -> list[sm.Profile]:
    """So many profiles of X."""
    return [
        sm.Profile(
            ref=sm.Ref("x", str(900_000 + number)),
            vendor_id=str(FIRST_PROFILE + number),
            name=f"Brand {number}",
        )
        for number in range(count)
    ]
