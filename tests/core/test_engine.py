"""Every answer is awaited, retried or raised by name, alike in both clients."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

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
from socialmetrics.port import Lost
from socialmetrics.retry import Retry
from socialmetrics.wire import Request, Response
from tests.core.ports import Build, FakePort, engine, run
from tests.core.toy import NOW, get, post
from tests.core.toy_api import TOKEN, told

READ = get("profiles", "profiles")
WRITE = attrs.evolve(post("publish", "publish", text="hello"), safe=False)
GOOD = told({"items": []})


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


@pytest.mark.parametrize("status", [202, 206, 302, 303, 408, 500, 502, 503, 504])
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


def test_an_unsafe_call_that_was_not_taken_is_sent_again(port: Build) -> None:
    wire = port(told({}, 429), GOOD)

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
