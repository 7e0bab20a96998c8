"""Every answer is awaited, retried or raised by name, alike in both clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import attrs
import pytest

from socialmetrics.budget import MemoryBudget
from socialmetrics.engine import Lost, Run, finish
from socialmetrics.errors import (
    AuthRefused,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Rejected,
    SocialMetricsError,
    Unavailable,
    Unreachable,
    Unreadable,
)
from socialmetrics.plan import ProfilesPart
from socialmetrics.retry import Retry
from socialmetrics.wire import Flow, Page, Request, Response
from tests.core.ports import FakePort, Outcome, by_api, engine, run, scripted
from tests.core.toy import NOW, TOKEN, Api, Toy, get, post, profile, told

READ = get("profiles", "profiles")
WRITE = attrs.evolve(post("publish", "publish", text="hello"), safe=False)
GOOD = told({"items": []})
Build = Callable[..., FakePort]


@pytest.fixture(params=["blocking", "asynchronous"])
def port(request: pytest.FixtureRequest) -> Build:
    def build(*outcomes: Outcome) -> FakePort:
        handler = scripted(*outcomes) if outcomes else by_api(Api())
        return FakePort(handler, is_async=request.param == "asynchronous")

    return build


def failure(
    port: FakePort, request: Request, *, retry: Retry | None = None
) -> SocialMetricsError:
    with pytest.raises(SocialMetricsError) as caught:
        run(port, engine(port, retry=retry).answer(request))
    return caught.value


def test_a_good_answer_carries_everything(port: Build) -> None:
    wire = port(told({"items": []}, x_request_id="r-1", x_api_version="3"))

    answer = run(wire, engine(wire, strict=True).answer(READ))

    assert answer == Response(
        status=200,
        headers={"x-request-id": "r-1", "x-api-version": "3"},
        body=b'{"items": []}',
        at=NOW,
        request=READ,
        vendor="toy",
        request_id="r-1",
        api_version="3",
        strict=True,
    )
    assert wire.headers == [{"Authorization": f"Bearer {TOKEN}"}]


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [
        (400, Rejected, 1),
        (401, AuthRefused, 1),
        (402, Rejected, 1),
        (403, PermissionDenied, 1),
        (404, NotFound, 1),
        (408, Unavailable, 6),
        (409, Rejected, 1),
        (418, Rejected, 1),
        (422, Rejected, 1),
        (500, Unavailable, 6),
        (502, Unavailable, 6),
        (503, Unavailable, 6),
        (504, Unavailable, 2),
        (599, Unavailable, 6),
        (206, Unreadable, 1),
        (302, Unreadable, 1),
        (304, Unreadable, 1),
    ],
)
def test_what_each_status_means_and_how_often_it_is_tried(
    port: Build, status: int, kind: type[SocialMetricsError], requests: int
) -> None:
    body = {"error": "because", "code": "E7"}
    wire = port(told(body, status, x_request_id="r-1"))

    error = failure(wire, READ)

    assert type(error) is kind
    assert len(wire.sent) == requests
    assert (error.vendor, error.operation) == ("toy", "profiles")
    assert (error.status, error.code, error.request_id) == (status, "E7", "r-1")
    assert "because" in str(error) or kind is Unreadable


@pytest.mark.parametrize("status", [202, 206, 302, 303, 500, 502, 503, 504])
def test_an_unsafe_call_that_may_have_been_done_is_not_repeated(
    port: Build, status: int
) -> None:
    wire = port(told({}, status))

    error = failure(wire, WRITE)

    assert type(error) is OutcomeUnknown
    assert f"HTTP {status}" in str(error)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_an_unsafe_call_that_is_refused_says_so(port: Build, status: int) -> None:
    wire = port(told({}, status))

    error = failure(wire, WRITE)

    assert not isinstance(error, OutcomeUnknown)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("status", [408, 429])
def test_an_unsafe_call_that_was_not_taken_is_sent_again(
    port: Build, status: int
) -> None:
    wire = port(told({}, status), GOOD)

    answer = run(wire, engine(wire).answer(WRITE))

    assert answer.status == 200
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("lost", "request_", "kind", "requests"),
    [
        (Lost("no route", was_sent=False), READ, Unreachable, 6),
        (Lost("reset"), READ, Unreachable, 6),
        (Lost("too slow", is_final=True), READ, Unreachable, 1),
        (Lost("bad gzip", kind=Unreadable), READ, Unreadable, 6),
        (Lost("a bomb", kind=Unreadable, is_final=True), READ, Unreadable, 1),
        (Lost("no route", was_sent=False), WRITE, Unreachable, 6),
        (Lost("reset"), WRITE, OutcomeUnknown, 1),
        (Lost("too slow", is_final=True), WRITE, OutcomeUnknown, 1),
        (Lost("bad gzip", kind=Unreadable), WRITE, OutcomeUnknown, 1),
    ],
)
def test_what_a_lost_reply_means(
    port: Build,
    lost: Lost,
    request_: Request,
    kind: type[SocialMetricsError],
    requests: int,
) -> None:
    wire = port(lost)

    error = failure(wire, request_)

    assert type(error) is kind
    assert lost.reason in str(error)
    assert len(wire.sent) == requests


def test_pauses_grow_between_tries(port: Build) -> None:
    wire = port(told({}, 503))

    failure(wire, READ)

    plain = [0.5, 1.0, 2.0, 4.0, 8.0]
    assert all(p <= s <= p * 1.1 for p, s in zip(plain, wire.slept, strict=True))


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_the_wait_that_the_vendor_asks_for_is_kept(port: Build, status: int) -> None:
    wire = port(told({}, status, retry_after="40"), GOOD)

    run(wire, engine(wire).answer(READ))

    assert len(wire.slept) == 1
    assert 40 <= wire.slept[0] <= 44


def test_being_asked_for_no_wait_again_and_again_still_ends(port: Build) -> None:
    wire = port(told({}, 429, retry_after="0"))

    error = failure(wire, READ)

    assert type(error) is RateLimited
    assert len(wire.sent) < 30
    assert sum(wire.slept) <= 330


def test_a_wait_beyond_the_patience_ends_at_once_and_says_until_when(
    port: Build,
) -> None:
    wire = port(told({"error": "slow down"}, 429, retry_after="301"))

    error = failure(wire, READ)

    assert isinstance(error, RateLimited)
    assert error.retry_at == NOW + timedelta(seconds=301)
    assert error.status == 429
    assert wire.slept == []


def test_an_absurd_wait_is_refused_without_an_instant(port: Build) -> None:
    error = failure(port(told({}, 429, retry_after="1e300")), READ)

    assert isinstance(error, RateLimited)
    assert error.retry_at is None


@pytest.mark.parametrize("status", [202, 429])
def test_being_put_off_ends_with_the_patience(port: Build, status: int) -> None:
    wire = port(told({}, status))

    error = failure(wire, READ, retry=Retry(patience=10.0))

    assert isinstance(error, Unavailable if status == 202 else RateLimited)
    assert sum(wire.slept) <= 11
    assert len(wire.sent) > 3


def test_an_answer_in_the_making_is_waited_for(port: Build) -> None:
    wire = port(told({}, 202), told({}, 202), GOOD)

    answer = run(wire, engine(wire).answer(READ))

    assert answer.status == 200
    assert len(wire.sent) == 3


def test_202_is_an_answer_where_the_request_says_so(port: Build) -> None:
    wire = port(told({}, 202))
    request = attrs.evolve(WRITE, done=frozenset({202}))

    assert run(wire, engine(wire).answer(request)).status == 202


def test_a_delay_is_waited_before_sending(port: Build) -> None:
    wire = port(GOOD)

    run(wire, engine(wire).answer(attrs.evolve(READ, delay=1.5)))

    assert wire.slept == [1.5]


def test_an_empty_bucket_ends_retries_at_the_first_error(port: Build) -> None:
    wire = port(told({}, 503))
    machine = engine(wire)
    retries: list[int] = []

    for _ in range(25):
        wire.sent.clear()
        with pytest.raises(Unavailable):
            run(wire, machine.answer(READ))
        retries.append(len(wire.sent) - 1)

    assert retries == [5] * 20 + [0] * 5


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://eve:secret@evil.example/steal?token=1", "redirect to 'evil.example'"),
        ("/elsewhere", "HTTP 307 is no answer"),
        ("https://[::1", "HTTP 307 is no answer"),
        ("", "HTTP 307 is no answer"),
    ],
)
def test_a_redirect_is_refused_and_shows_the_host_only(
    port: Build, location: str, shown: str
) -> None:
    wire = port(told({}, 307, location=location))

    error = failure(wire, READ)

    assert shown in str(error)
    assert "secret" not in str(error)
    assert len(wire.sent) == 1


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

    assert wire.slept == [60.05]


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

    assert wait <= 60.05
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
