"""Limits: the next second, or the end of the day, and no guess from one node."""

from __future__ import annotations

import pytest

from socialmetrics.budget import Limit
from socialmetrics.engine import finish
from socialmetrics.errors import RateLimited
from socialmetrics.wire import Flow, Response
from socialmetrics_hootsuite import Hootsuite, requests
from tests.hootsuite.platform_wire import (
    data,
    engine,
    error,
    errors,
    port,
    run,
    told,
    wire,
)

THROTTLED = errors(error(1003), status=429)


def ask() -> Flow[Response]:
    return (yield requests.profiles())


def test_both_limits_are_one_budget() -> None:
    assert Hootsuite.limits == (Limit(20, 1.0), Limit(100_000, 86_400.0))


@pytest.mark.parametrize(
    "outcome",
    [THROTTLED, errors(error(1004), status=403), told("max rate reached: 20", 403)],
)
def test_a_throttled_call_waits_for_the_next_second(
    outcome: tuple[int, dict[str, str], bytes],
) -> None:
    fake = port(wire(outcome, data()))

    finish(engine(fake).run(ask()))

    assert len(fake.slept) == 1
    assert 1.0 <= fake.slept[0] <= 2.0


def test_what_the_vendor_asks_for_is_kept() -> None:
    fake = port(wire(told({}, 429, retry_after="7"), data()))

    finish(engine(fake).run(ask()))

    assert 7.0 <= fake.slept[0] <= 7.7


def test_the_end_of_the_quota_ends_the_call_at_once() -> None:
    used_up = told(
        {"errors": [error(1003)]},
        429,
        x_account_quota_used="100000",
    )
    fake = port(wire(used_up))

    with pytest.raises(RateLimited, match="used up") as caught:
        finish(engine(fake).run(ask()))

    assert fake.slept == []
    assert caught.value.retry_at is None


def test_a_fault_of_the_vendor_is_not_taken_for_the_end_of_the_quota() -> None:
    fault = told("", 503, x_account_quota_used="100000")
    fake = port(wire(fault, data()))

    finish(engine(fake).run(ask()))

    assert len(fake.slept) == 1


@pytest.mark.parametrize("quota", ["", "much", "-5 per day"])
def test_headers_that_say_nothing_are_no_limit(quota: str) -> None:
    throttled = told({}, 429, x_account_quota=quota, x_account_quota_used="9")

    run(ask(), wire(throttled, data()))


def test_the_count_of_one_node_never_holds_a_call_back() -> None:
    busy = told({"data": []}, x_account_rate_limit_requests_remaining="0")
    fake = port(wire(busy, busy))
    machine = engine(fake)

    finish(machine.run(ask()))
    finish(machine.run(ask()))

    assert fake.slept == []
