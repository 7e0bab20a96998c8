"""Paths, places in the budget and generators on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence

import attrs
import pytest

from socialmetrics.budget import DAY, Booking, Limit, MemoryBudget
from socialmetrics.engine import Run, finish
from socialmetrics.errors import (
    NotFound,
    RateLimited,
)
from socialmetrics.plan import ProfilesPart
from socialmetrics.wire import Flow, Page, Request, Response
from tests.core.ports import Build, FakePort, Outcome, by_api, engine, run, scripted
from tests.core.toy import NOW, Toy, get, post, profile
from tests.core.toy_api import Api, told

READ = get("profiles", "profiles")
WRITE = attrs.evolve(post("publish", "publish", text="hello"), safe=False)
GOOD = told({"items": []})


# -- paths --------------------------------------------------------------------------


def test_a_variable_is_looked_up_once_and_quoted() -> None:
    api = Api()
    wire = FakePort(by_api(api), is_async=True)
    machine = engine(wire)
    request = get("posts", "{account}/posts")

    async def together() -> Sequence[object]:
        calls = [machine.answer(request) for _ in range(20)]
        return await asyncio.gather(*calls, return_exceptions=True)

    run(wire, together())

    assert api.asked["/v1/account"] == 1
    assert api.asked["/v1/acc%201%2F%C3%BC/posts"] == 20


def test_a_variable_is_looked_up_for_one_caller_too(port: Build) -> None:
    wire = port(told({"id": "7"}), GOOD)
    machine = engine(wire)

    run(wire, machine.answer(get("posts", "{account}/posts/{account}")))

    assert wire.sent == ["/v1/account", "/v1/7/posts/7"]


# -- budget -------------------------------------------------------------------------


def test_calls_are_paced_and_the_wait_is_slept(port: Build) -> None:
    wire = port(GOOD)
    budget = MemoryBudget([(1, 60.0)], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert wire.slept == [60.6]


def test_what_the_vendor_does_not_count_waits_for_nobody(port: Build) -> None:
    wire = port(GOOD, GOOD, GOOD)
    budget = MemoryBudget([(1, 60.0)], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)
    budget.book(1)

    run(wire, machine.answer(attrs.evolve(READ, weight=0)))

    assert wire.slept == []


def test_a_used_up_month_is_an_error_with_its_end(port: Build) -> None:
    wire = port(GOOD)
    budget = MemoryBudget([(2, "month")], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)
    run(wire, machine.answer(READ))

    with pytest.raises(RateLimited, match="until 2026-04-01 00:00 UTC") as caught:
        run(wire, machine.answer(attrs.evolve(READ, weight=2)))
    run(wire, machine.answer(READ))

    assert caught.value.retry_at == NOW.replace(month=4, day=1, hour=0)
    assert wire.slept == []


@attrs.define
class FarAhead:
    """A budget whose next place is so many seconds away."""

    wait: float
    limits: tuple[Limit, ...] = (Limit(1, 60.0),)
    given_back: list[Booking] = attrs.field(factory=list[Booking])

    def book(self, weight: int) -> tuple[Booking, float]:
        return Booking(self.wait, weight), self.wait

    def give_back(self, booking: Booking) -> None:
        self.given_back.append(booking)


def test_a_long_queue_is_waited_for(port: Build) -> None:
    wire = port(GOOD)

    run(wire, engine(wire, budget=FarAhead(DAY)).answer(READ))

    assert wire.slept == [DAY]


@pytest.mark.parametrize(
    ("wait", "until"), [(DAY + 1, "2026-03-11 12:00 UTC"), (1e300, "the end of time")]
)
def test_a_place_further_away_than_queues_are_is_refused(
    port: Build, wait: float, until: str
) -> None:
    wire, budget = port(GOOD), FarAhead(wait)

    with pytest.raises(RateLimited, match=f"budget is used up until {until}"):
        run(wire, engine(wire, budget=budget).answer(READ))

    assert len(budget.given_back) == 1
    assert wire.slept == []


def test_a_month_that_ends_within_the_patience_is_waited_for(port: Build) -> None:
    wire = port(GOOD)
    wire.time = (NOW.replace(month=4, day=1, hour=0) - NOW).total_seconds() - 60
    budget = MemoryBudget([(1, "month")], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)

    run(wire, machine.answer(READ))
    run(wire, machine.answer(READ))

    assert wire.slept == [60.0]


async def test_a_call_cancelled_while_it_waits_gives_its_place_back() -> None:
    wire = FakePort(scripted(GOOD), is_async=True)
    budget = MemoryBudget([(1, 60.0)], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget)
    await machine.answer(READ)
    waiting = asyncio.create_task(machine.answer(READ))
    await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    _, wait = budget.book(1)

    assert wait <= 60.6
    assert len(wire.sent) == 1


# -- generators ---------------------------------------------------------------------


def test_a_flow_may_catch_what_the_vendor_refuses(port: Build) -> None:
    def flow() -> Flow[str]:
        try:
            yield READ
        except NotFound:
            response = yield READ
            return f"{response.status} after all"
        raise AssertionError

    wire = port(told({}, 404), GOOD)

    assert run(wire, engine(wire).run(flow())) == "200 after all"


def test_a_stream_hands_on_its_pages_in_order(port: Build) -> None:
    wire = port()
    machine = engine(wire)
    stream = Run[object, None](machine, machine.adapter.profiles(ProfilesPart()))

    first = run(wire, stream.next_page())
    second = run(wire, stream.next_page())

    assert first == Page((profile(1), profile(2), profile(3)))
    assert second is None


def test_what_a_generator_returns_counts_before_its_pages(port: Build) -> None:
    def both() -> Generator[Request | Page[int], Response, str]:
        yield Page((1,))
        return "the end"

    machine = engine(wire := port())
    part = ProfilesPart()

    ended = run(wire, machine.gathered(both()))
    pages = run(wire, machine.gathered(machine.adapter.profiles(part)))

    assert ended == "the end"
    assert pages == [profile(1), profile(2), profile(3)]


def test_closing_a_stream_ends_its_generator() -> None:
    ended: list[bool] = []

    def flow() -> Flow[None]:
        try:
            yield READ
        finally:
            ended.append(True)

    def explode(*_: object) -> Outcome:
        raise RuntimeError("never mind")

    stream = Run[object, None](engine(FakePort(explode)), flow())
    with pytest.raises(RuntimeError, match="never"):
        finish(stream.next_page())

    stream.close()

    assert ended == [True]


def test_a_blocking_port_that_suspends_is_a_bug() -> None:
    async def suspend() -> None:
        await asyncio.sleep(0)

    with pytest.raises(AssertionError, match="suspended"):
        finish(suspend())


def test_requests_to_the_authorization_server_carry_no_credential(port: Build) -> None:
    wire = port(GOOD)
    budget = MemoryBudget([(1, 60.0)], now=wire.now, monotonic=wire.monotonic)
    machine = engine(wire, budget=budget, adapter=Toy())
    request = attrs.evolve(READ, host="auth")

    run(wire, machine.answer(request))
    run(wire, machine.answer(request))

    assert wire.headers == [{}, {}]
    assert wire.slept == []
