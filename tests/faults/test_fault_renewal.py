"""A token that ends in the middle is renewed once, whoever was waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Final

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Seen
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_sprout import Sprout
from socialmetrics_sprout.sandbox import CREDENTIALS, app
from tests.faults.conftest import Calm
from tests.faults.pulls import (
    KINDS,
    NOW,
    OAUTH,
    OPERATIONS,
    POSTS,
    Fetch,
    Known,
    Operation,
    settings,
)

TASKS: Final = 100
THREADS: Final = 20


@attrs.define
class Time:
    """The vendor's clock."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self) -> None:
        self.now += timedelta(hours=1, seconds=1)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def proxy(world: World, time: Time) -> Iterator[FaultProxy]:
    """A vendor of its own, whose tokens end after an hour of its own clock."""
    vendor = app(world, per_minute=10**9, per_month=10**9, clock=time)
    with serve(vendor) as running, FaultProxy(running.url) as proxy:
        yield proxy


def is_token(seen: Seen) -> bool:
    return "/oauth2/" in seen.path


def tokens(proxy: FaultProxy) -> int:
    return sum(map(is_token, proxy.requests))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_token_that_is_refused_once_is_renewed_and_the_page_repeated(
    operation: Operation, fetch: Fetch, calm: Calm, running_proxy: FaultProxy
) -> None:
    undisturbed = calm(operation)
    fetch = attrs.evolve(fetch, proxy=running_proxy)
    for page in range(1, undisturbed.requests + 1):
        fetch.proxy.calm()
        fetch.proxy.requests.clear()
        fetch.proxy.strike(
            faults.status(401), requests={page}, where=operation.concerns
        )

        outcome = fetch(operation, **OAUTH)

        assert outcome.rows == undisturbed.rows
        assert outcome.requests == undisturbed.requests + 1
        assert tokens(fetch.proxy) == 2


def test_a_token_that_ends_in_the_middle_is_renewed_once(
    fetch: Fetch, calm: Calm, time: Time
) -> None:
    ends = iter([False, False, True])

    def where(seen: Seen) -> bool:
        if POSTS.concerns(seen) and next(ends, False):
            time.pass_on()
        return False

    fetch.proxy.strike(faults.status(500), where=where)

    outcome = fetch(POSTS, **OAUTH)

    assert {one[1] for one in outcome.rows} == {one[1] for one in calm(POSTS).rows}
    assert outcome.requests == calm(POSTS).requests + 1
    assert tokens(fetch.proxy) == 2


@pytest.mark.parametrize("ours", [-1, 1])
def test_a_wrong_clock_of_ours_changes_nothing(
    ours: int, fetch: Fetch, calm: Calm
) -> None:
    outcome = fetch(POSTS, clock=lambda: NOW + timedelta(days=ours), **OAUTH)

    assert outcome.rows == calm(POSTS).rows
    assert tokens(fetch.proxy) == 1


def test_a_fixed_token_that_ends_is_told_at_once(fetch: Fetch, calm: Calm) -> None:
    fetch.proxy.strike(faults.status(401), requests=range(2, 99), where=POSTS.concerns)

    outcome = fetch(POSTS)

    assert type(outcome.error) is sm.AuthRefused
    assert outcome.requests == 2
    assert outcome.rows <= calm(POSTS).rows


# -- many at once ----------------------------------------------------------------------

Outcomes = list[BaseException | None]
Storm = Callable[[FaultProxy, Callable[[], None]], Outcomes]


def _threads(proxy: FaultProxy, between: Callable[[], None]) -> Outcomes:
    options = settings(proxy.url, {**OAUTH, "concurrency": THREADS})
    start = Barrier(THREADS)
    with (
        sm.connect(Sprout, **options) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        adapter = client.adapter
        assert isinstance(adapter, Sprout)
        client.run(adapter.groups())
        between()

        def call(_: int) -> BaseException | None:
            start.wait()
            try:
                client.run(adapter.groups())
            except sm.SocialMetricsError as err:
                return err
            return None

        return list(pool.map(call, range(THREADS)))


def _tasks(proxy: FaultProxy, between: Callable[[], None]) -> Outcomes:
    options = settings(proxy.url, {**OAUTH, "concurrency": TASKS})

    async def main() -> Outcomes:
        async with sm.connect_async(Sprout, **options) as client:
            adapter = client.adapter
            assert isinstance(adapter, Sprout)
            await client.run(adapter.groups())
            between()
            calls = [client.run(adapter.groups()) for _ in range(TASKS)]
            found = await asyncio.gather(*calls, return_exceptions=True)
            return [one if isinstance(one, BaseException) else None for one in found]

    return asyncio.run(main())


STORMS: Final[dict[str, Storm]] = {"Client": _threads, "AsyncClient": _tasks}


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_who_was_refused_shares_one_renewal(
    kind: str, proxy: FaultProxy, time: Time
) -> None:
    outcomes = STORMS[kind](proxy, time.pass_on)

    assert set(outcomes) == {None}
    assert tokens(proxy) == 2
    assert len(proxy.requests) <= 3 + 2 * len(outcomes)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_renewal_is_asked_for_once_and_told_to_everybody(
    status: int, kind: str, proxy: FaultProxy, time: Time
) -> None:
    def between() -> None:
        time.pass_on()
        refusal = faults.status(status, b'{"error":"invalid_client"}')
        proxy.strike(refusal, where=is_token)

    outcomes = STORMS[kind](proxy, between)

    assert {type(one) for one in outcomes} == {sm.AuthRefused}
    assert tokens(proxy) == 2
    shown = " ".join(f"{one} {one!r} {vars(one)}" for one in outcomes if one)
    assert not any(secret in shown for secret in CREDENTIALS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_renewal_that_fails_for_a_moment_does_not_stick(
    kind: str, proxy: FaultProxy, time: Time
) -> None:
    def between() -> None:
        time.pass_on()
        proxy.strike(faults.status(503), requests={1, 2}, where=is_token)

    outcomes = STORMS[kind](proxy, between)

    assert set(outcomes) == {None}
    assert tokens(proxy) == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b'{"access_token":7}', b'{"access_token":"a\\r\\nX: y"}'],
)
def test_an_answer_without_a_token_is_unreadable_and_not_shown(
    body: bytes, fetch: Fetch, naps: list[float]
) -> None:
    fetch.proxy.strike(faults.body(body), where=is_token)

    outcome = fetch(POSTS, **OAUTH)

    assert type(outcome.error) is sm.Unreadable
    assert outcome.error.operation == "token"
    assert "a\r\nX" not in str(outcome.error)
    assert outcome.requests == 0
    assert tokens(fetch.proxy) <= 3


def test_known_profiles_are_those_of_the_world(known: Known) -> None:
    assert len(known.profiles) == 17
