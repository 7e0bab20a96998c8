"""How long a client waits when it is asked to, and how often it tries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle, pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics_sprout import Sprout
from tests.faults.conftest import Calm
from tests.faults.pulls import MENTIONS, MESSAGES, NOW, POSTS, Fetch, settings
from tests.faults.sizes import size

SERVER: Final = datetime(2026, 3, 11, 6, 0, 10, tzinfo=UTC)
DAY: Final = timedelta(days=1)
PLACE: Final = ZoneInfo("America/Los_Angeles")


def http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def limited(value: str | None, date: datetime | None = SERVER) -> Fault:
    headers = [] if value is None else [("Retry-After", value)]
    if date is not None:
        headers.append(("Date", http(date)))
    return faults.status(429, headers=headers)


ASKED: Final = (
    ("seconds", "2", 2.0),
    ("many seconds", "290", 290.0),
    ("a fraction", "0.5", 0.5),
    ("a date", http(SERVER + timedelta(seconds=7)), 7.0),
    ("a date without zone", "Wed, 11 Mar 2026 06:00:17", 7.0),
    ("a date in the past", http(SERVER - timedelta(seconds=7)), None),
    ("less than nothing", "-5", None),
    ("garbage", "soon", None),
    ("infinity", "inf", None),
    ("no number", "nan", None),
    ("a year without end", "Wed, 11 Mar 99999 06:00:17 GMT", None),
    ("two values", "1, 2", None),
    ("nothing", "", None),
    ("no header", None, None),
)


@pytest.mark.parametrize(
    ("value", "seconds"), [one[1:] for one in ASKED], ids=[one[0] for one in ASKED]
)
def test_a_client_waits_as_long_as_it_is_asked_to(
    value: str | None,
    seconds: float | None,
    fetch: Fetch,
    calm: Calm,
    naps: list[float],
) -> None:
    fetch.proxy.strike(limited(value), requests={2}, where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.rows == calm(POSTS).rows
    assert outcome.requests == calm(POSTS).requests + 1
    (nap,) = naps
    least = 0.01 if seconds is None else seconds
    assert least <= nap <= least * 1.1


def test_a_second_that_is_asked_for_is_waited_for(fetch: Fetch, calm: Calm) -> None:
    fetch.proxy.strike(limited("1"), requests={2}, where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.rows == calm(POSTS).rows
    seen = [one.at for one in fetch.proxy.requests]
    assert 1 <= seen[2] - seen[1] < 1.5


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["86400", http(SERVER + DAY), "1e300"])
def test_a_day_is_too_long_and_that_is_said_at_once(
    value: str, status: int, fetch: Fetch, naps: list[float]
) -> None:
    headers = [("Retry-After", value), ("Date", http(SERVER))]
    fault = faults.status(status, headers=headers)
    fetch.proxy.strike(fault, requests=range(2, 99), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.requests == 2
    assert not naps
    error = outcome.error
    if status == 503:
        assert type(error) is sm.Unavailable
        return
    assert isinstance(error, sm.RateLimited)
    assert error.retry_at == (None if value == "1e300" else NOW + DAY)


def test_a_limit_without_end_is_told_when_patience_ends(
    fetch: Fetch, naps: list[float]
) -> None:
    fetch.proxy.strike(limited("60"), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert isinstance(outcome.error, sm.RateLimited)
    assert outcome.error.retry_at == NOW + timedelta(minutes=1)
    assert 300 * 0.75 <= sum(naps) <= 300 * 1.1


def test_a_limit_without_a_word_ends_too(fetch: Fetch, naps: list[float]) -> None:
    fetch.proxy.strike(limited(None), where=POSTS.concerns)

    outcome = fetch(POSTS, retry=sm.Retry(first=0.01, longest=10, patience=60))

    assert isinstance(outcome.error, sm.RateLimited)
    assert outcome.error.retry_at is None
    assert sum(naps) <= 66


# -- clocks that are wrong -------------------------------------------------------------


@pytest.mark.parametrize("ours", [-DAY, timedelta(), DAY], ids=lambda d: f"our {d}")
@pytest.mark.parametrize("theirs", [-DAY, timedelta(), DAY], ids=lambda d: f"their {d}")
@pytest.mark.parametrize("seconds", [2, 120])
def test_wrong_clocks_do_not_change_a_wait(
    ours: timedelta,
    theirs: timedelta,
    seconds: int,
    fetch: Fetch,
    calm: Calm,
    naps: list[float],
) -> None:
    server = SERVER + theirs
    until = http(server + timedelta(seconds=seconds))
    fetch.proxy.strike(limited(until, server), requests={2}, where=MESSAGES.concerns)

    outcome = fetch(MESSAGES, clock=lambda: NOW + ours)

    assert outcome.rows == calm(MESSAGES).rows
    assert len(naps) == 1
    assert seconds <= naps[0] <= seconds * 1.1


@pytest.mark.parametrize("fold", [0, 1], ids=["summer", "winter"])
@pytest.mark.parametrize("minute", [15, 59])
def test_the_hour_that_a_clock_shows_twice_does_not_change_a_wait(
    minute: int, fold: int, fetch: Fetch, calm: Calm, naps: list[float]
) -> None:
    """Some clocks show the time of a place; its hour before winter comes twice."""
    night = datetime(2025, 11, 2, 1, minute, 30, tzinfo=PLACE, fold=fold)
    theirs = night.astimezone(UTC)
    until = http(theirs + timedelta(seconds=120))
    fetch.proxy.strike(limited(until, theirs), requests={1}, where=MENTIONS.concerns)

    outcome = fetch(MENTIONS, clock=lambda: night)

    assert outcome.rows == calm(MENTIONS).rows
    assert len(naps) == 1
    assert 120 <= naps[0] <= 132


def test_a_clock_that_jumps_about_does_no_harm(fetch: Fetch, calm: Calm) -> None:
    jumps = cycle([NOW + DAY, NOW - DAY])

    def clock() -> datetime:
        return next(jumps)

    fetch.proxy.strike(limited("0.1"), requests={2, 4}, where=MESSAGES.concerns)

    outcome = fetch(MESSAGES, clock=clock)

    assert outcome.rows == calm(MESSAGES).rows
    assert outcome.seconds < 5


# -- outages ---------------------------------------------------------------------------


@pytest.mark.parametrize("burst", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("first", [1, 3])
def test_a_burst_of_faults_passes(
    burst: int, first: int, fetch: Fetch, calm: Calm, naps: list[float]
) -> None:
    struck = range(first, first + burst)
    fetch.proxy.strike(faults.status(503), requests=struck, where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert outcome.rows == calm(POSTS).rows
    assert outcome.requests == calm(POSTS).requests + burst
    assert len(naps) == burst
    assert all(short <= long * 1.1 for short, long in pairwise(naps))


def test_a_vendor_that_stays_down_is_unavailable(
    fetch: Fetch, naps: list[float]
) -> None:
    fetch.proxy.strike(faults.status(500), requests=range(3, 99), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert type(outcome.error) is sm.Unavailable
    assert outcome.error.status == 500
    assert outcome.requests == 2 + 6
    assert len(naps) == 5


CALLERS: Final = size(400, 1000)


@pytest.fixture
def outage(fetch: Fetch) -> Iterator[Fetch]:
    fetch.proxy.strike(faults.status(503))
    yield fetch
    fetch.proxy.calm()


@pytest.mark.usefixtures("naps")
def test_an_outage_is_not_multiplied_by_many_callers(outage: Fetch) -> None:
    options = settings(outage.proxy.url, {"concurrency": 16, "customer_id": None})

    failed = _blocking(options) if outage.kind == "Client" else _asynchronous(options)

    assert failed == [sm.Unavailable] * CALLERS
    # A hundred retries for all of them: a tenth, where a thousand call.
    assert len(outage.proxy.requests) <= CALLERS + 100


def _blocking(options: dict[str, Any]) -> list[type[BaseException]]:
    with (
        sm.connect(Sprout, **options) as client,
        ThreadPoolExecutor(16) as pool,
    ):

        def call(_: int) -> type[BaseException]:
            with pytest.raises(sm.SocialMetricsError) as caught:
                client.run(client.adapter.lookup("customer"))
            return caught.type

        return list(pool.map(call, range(CALLERS)))


def _asynchronous(options: dict[str, Any]) -> list[type[BaseException]]:
    async def main() -> list[type[BaseException]]:
        async with sm.connect_async(Sprout, **options) as client:
            calls = [
                client.run(client.adapter.lookup("customer")) for _ in range(CALLERS)
            ]
            found = await asyncio.gather(*calls, return_exceptions=True)
            return [type(one) for one in found if isinstance(one, Exception)]

    return asyncio.run(main())
