"""The table of faults against what Hootsuite's adapter reads, through both clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics.sandbox.proxy import FaultProxy
from socialmetrics.sandbox.server import serve
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite import Hootsuite
from socialmetrics_hootsuite.sandbox import app, credentials
from tests.faults import injuries
from tests.faults.conftest import Calm, Remembering
from tests.faults.pulls import (
    KINDS,
    NOW,
    QUICK,
    AnyClient,
    Asked,
    Fetch,
    Known,
    Operation,
    Outcome,
)
from tests.faults.sizes import size
from tests.faults.table import PASSING, REFUSALS, Error, Line

pytestmark = pytest.mark.usefixtures("naps")

SPAN: Final = sm.Window.days("2025-12-01", "2026-02-10")


def _posts(client: AnyClient, known: Known) -> Asked:
    return client.posts(known.profiles, SPAN, metrics=["likes"])


def _days(client: AnyClient, known: Known) -> Asked:
    return client.metrics(known.profiles, ["followers"], SPAN)


MESSAGES: Final = Operation(name="messages", path="/v1/messages", ask=_posts)
POSTS: Final = Operation(name="posts", path="/analytics/posts", ask=_posts)
DAYS: Final = Operation(name="days", path="/analytics/profiles", ask=_days)
OPERATIONS: Final = (MESSAGES, POSTS, DAYS)


LINES: Final = (
    *(line for line in PASSING if line.error is not sm.Incomplete),
    Line(
        "R11 errors beside the data",
        injuries.errors_beside_data,
        sm.Incomplete,
        "half of it",
        3,
    ),
)
CROSSED: Final = [
    pytest.param(line, operation)
    for number, line in enumerate(LINES)
    for place, operation in enumerate(OPERATIONS)
    if (number + place) % size(3, 1) == 0
]
"""Every fault against a third of the operations, or all of them at full size."""


def settings(url: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """How these tests connect."""
    return {
        "base_url": url,
        "budget": [(1_000_000, 60.0)],
        "clock": lambda: NOW,
        "retry": QUICK,
        "timeout": 20,
        "concurrency": 1,
        **credentials(),
        **given,
    }


@pytest.fixture(scope="module")
def proxies() -> Iterator[tuple[FaultProxy, FaultProxy]]:
    """One that is struck, and one that never is."""
    service = app(World(scale=0.3), per_second=10**9, per_day=10**9)
    with (
        serve(service) as vendor,
        Remembering(vendor.url) as struck,
        Remembering(vendor.url) as still,
    ):
        yield struck, still


@pytest.fixture(scope="module")
def known(proxies: tuple[FaultProxy, FaultProxy]) -> Known:
    with sm.connect(Hootsuite, **settings(proxies[1].url, {})) as client:
        wanted = {"facebook", "instagram", "youtube"}
        found = [each for each in client.profiles() if each.ref.network in wanted]
    return Known(profiles=tuple(found))


@pytest.fixture(params=KINDS)
def fetch(
    request: pytest.FixtureRequest,
    proxies: tuple[FaultProxy, FaultProxy],
    known: Known,
) -> Fetch:
    proxy, _ = proxies
    proxy.calm()
    proxy.requests.clear()
    return Fetch(
        kind=request.param,
        proxy=proxy,
        known=known,
        adapter=Hootsuite,
        settings=settings,
    )


@pytest.fixture(scope="module")
def calm(proxies: tuple[FaultProxy, FaultProxy], known: Known) -> Calm:
    """The undisturbed outcome of a pull."""

    @cache
    def found(operation: Operation) -> Outcome:
        still = Fetch(
            kind="Client",
            proxy=proxies[1],
            known=known,
            adapter=Hootsuite,
            settings=settings,
        )
        return still(operation)

    return found


def check(error: sm.SocialMetricsError | None) -> None:
    """A named error that tells whose and where, and nothing secret."""
    assert error is not None
    assert error.vendor == "hootsuite"
    assert error.operation is not None
    for text in (str(error), repr(error), str(vars(error))):
        assert credentials()["access_token"] not in text


@pytest.mark.parametrize(("line", "operation"), CROSSED, ids=lambda one: one.name)
def test_a_fault_that_passes_costs_a_request_and_no_row(
    line: Line, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    struck = {1, undisturbed.requests // 2 + 2, undisturbed.requests + 2}
    fetch.proxy.strike(line.make(), requests=struck, where=operation.concerns)

    outcome = fetch(operation)

    assert undisturbed.requests > 2
    assert outcome.error is None
    assert outcome.rows == undisturbed.rows
    assert outcome.requests == undisturbed.requests + len(struck)
    assert not outcome.issues


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_fault_that_stays_is_an_error_that_says_so(
    line: Line, fetch: Fetch, calm: Calm
) -> None:
    stays = range(2, 10**6)
    fetch.proxy.strike(line.make(), requests=stays, where=POSTS.concerns)

    outcome = fetch(POSTS)

    check(outcome.error)
    assert isinstance(outcome.error, line.error | sm.Incomplete)
    assert outcome.error.retryable
    assert outcome.rows <= calm(POSTS).rows
    assert outcome.requests == 1 + line.tries


@pytest.mark.parametrize(("code", "kind"), REFUSALS)
def test_a_refusal_is_named_at_once(code: int, kind: Error, fetch: Fetch) -> None:
    stays = range(2, 10**6)
    fetch.proxy.strike(faults.status(code), requests=stays, where=DAYS.concerns)

    outcome = fetch(DAYS)

    check(outcome.error)
    assert type(outcome.error) is kind
    assert outcome.requests == (2 if code < 500 else 7)


@pytest.mark.parametrize("code", [400, 403, 404])
@pytest.mark.parametrize("operation", [MESSAGES, POSTS], ids=lambda one: one.name)
def test_what_is_refused_of_posts_is_told_and_the_rest_is_there(
    code: int, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    stays = range(2, 10**6)
    fetch.proxy.strike(faults.status(code), requests=stays, where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    assert outcome.issues
    assert 0 < outcome.rows.total() < calm(operation).rows.total()
    assert {row[0] for row in outcome.rows} < {row[0] for row in calm(operation).rows}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "make", [faults.content_type, lambda: faults.content_type(""), faults.extra_keys]
)
def test_an_odd_answer_is_taken_as_it_is_meant(
    make: Callable[[], Fault], operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(make(), where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    assert outcome.rows == calm(operation).rows
    assert outcome.requests == calm(operation).requests
