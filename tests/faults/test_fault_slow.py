"""A vendor that is too slow costs the deadline, not the evening."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Exchange, Fault
from tests.faults.conftest import Calm
from tests.faults.pulls import POSTS, Fetch

DEADLINE = 0.8
LAG = 5.0  # which a busy machine may add


def dripping_chunks() -> Fault:
    """A good chunk now and then, without end."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.fetch()
        await exchange.write(
            answer.head(content_length=None, transfer_encoding="chunked")
        )
        while True:
            await exchange.write(b"1\r\n \r\n")
            await asyncio.sleep(0.05)

    return Fault("dripping_chunks", act)


@pytest.mark.parametrize(
    "make",
    [
        faults.silent,
        lambda: faults.slow_loris(0.05),
        lambda: faults.slow_headers(0.15),
        dripping_chunks,
    ],
    ids=["silent", "slow body", "slow headers", "slow chunks"],
)
def test_an_answer_that_does_not_end_is_unreachable_at_the_deadline(
    make: Callable[[], Fault], fetch: Fetch, calm: Calm
) -> None:
    struck = 2
    fetch.proxy.strike(make(), requests={struck}, where=POSTS.concerns)

    outcome = fetch(POSTS, timeout=DEADLINE)

    assert type(outcome.error) is sm.Unreachable
    assert f"no whole answer within {DEADLINE:g} s" in str(outcome.error)
    assert DEADLINE <= outcome.seconds < DEADLINE + LAG
    assert outcome.requests == struck
    assert outcome.rows <= calm(POSTS).rows


def test_an_answer_just_in_time_is_an_answer(fetch: Fetch, calm: Calm) -> None:
    fetch.proxy.strike(faults.late(0.2), where=POSTS.concerns)

    outcome = fetch(POSTS, timeout=DEADLINE * 10)

    assert outcome.rows == calm(POSTS).rows
    assert outcome.seconds > 0.2 * outcome.requests


def test_nobody_at_the_address_is_unreachable(fetch: Fetch) -> None:
    outcome = fetch(POSTS, base_url="http://127.0.0.1:9")

    assert type(outcome.error) is sm.Unreachable
    assert "ConnectError" in str(outcome.error)
