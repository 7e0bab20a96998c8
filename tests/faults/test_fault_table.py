"""Every fault of the table against every kind of paging, through both clients.

Once: the pull is complete. For ever: an error that says what and where. Never: a row
missing, doubled or changed without a word.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import cycle
from typing import Final

import pytest

import socialmetrics as sm
from socialmetrics.reading import Status
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics_sprout.sandbox import CREDENTIALS
from tests.faults import injuries
from tests.faults.conftest import Calm
from tests.faults.pulls import (
    DAYS,
    MENTIONS,
    MESSAGES,
    OPERATIONS,
    SIDE_BY_SIDE,
    Fetch,
    Operation,
    Outcome,
)
from tests.faults.sizes import size
from tests.faults.table import HARMLESS, PASSING, REFUSALS, Error, Line

pytestmark = pytest.mark.usefixtures("naps")
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda one: one.name
)


CROSSED: Final = [
    (line, operation)
    for number, line in enumerate(PASSING)
    for place, operation in enumerate(OPERATIONS)
    if (number + place) % size(2, 1) == 0
]
"""Every fault against half of the operations, or all of them at full size."""


def places(pages: int) -> set[int]:
    """First, middle and last page, where every one of them is asked for again."""
    return {1, pages // 2 + 2, pages + 2}


def check(outcome: Outcome, kind: Error, words: str, operation: Operation) -> None:
    """A named error that tells what, where and nothing secret."""
    error = outcome.error
    assert error is not None
    assert type(error) is kind
    shown = str(error)
    assert words in shown
    assert error.vendor == "sprout"
    assert error.operation is not None
    assert operation.path.endswith(error.operation.rpartition("/")[2])
    assert error.retryable is (
        kind not in {sm.AuthRefused, sm.Rejected, sm.NotFound, sm.PermissionDenied}
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(copy) == shown
    for text in (shown, repr(error), str(vars(error)), str(error.args)):
        assert CREDENTIALS["token"] not in text


@pytest.mark.parametrize(("line", "operation"), CROSSED, ids=lambda one: one.name)
def test_a_fault_that_passes_costs_a_request_and_no_row(
    line: Line, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    struck = places(undisturbed.requests)
    fetch.proxy.strike(line.make(), requests=struck, where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    assert outcome.rows == undisturbed.rows
    assert outcome.requests == undisturbed.requests + len(struck)
    assert not outcome.issues


@pytest.mark.parametrize(
    ("line", "operation"),
    list(zip(PASSING, cycle(OPERATIONS))),  # the error is the same for all of them
    ids=lambda one: one.name,
)
def test_a_fault_that_stays_is_an_error_that_says_so(
    line: Line, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    stays = range(2, 10**6)
    fetch.proxy.strike(line.make(), requests=stays, where=operation.concerns)

    outcome = fetch(operation)

    check(outcome, line.error, line.words, operation)
    assert outcome.rows <= calm(operation).rows
    assert outcome.requests == 1 + line.tries


@pytest.mark.parametrize("line", PASSING[::2], ids=str)
def test_a_fault_among_parts_side_by_side_costs_no_row(
    line: Line, fetch: Fetch, calm: Calm
) -> None:
    undisturbed, struck = (
        calm(SIDE_BY_SIDE),
        {1, 4},
    )  # no page can meet both and still be lost
    fetch.proxy.strike(line.make(), requests=struck, where=SIDE_BY_SIDE.concerns)

    outcome = fetch(SIDE_BY_SIDE, concurrency=4)

    assert outcome.error is None
    assert outcome.rows == undisturbed.rows
    assert outcome.requests == undisturbed.requests + len(struck)


@each_operation
@pytest.mark.parametrize(("name", "make", "issues"), HARMLESS)
def test_an_odd_answer_is_taken_as_it_is_meant(
    name: str,
    make: Callable[[], Fault],
    issues: int,
    operation: Operation,
    fetch: Fetch,
    calm: Calm,
) -> None:
    fetch.proxy.strike(make(), where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    assert outcome.rows == calm(operation).rows
    assert outcome.requests <= calm(operation).requests + (operation is MENTIONS)
    assert len(outcome.issues) == issues * outcome.requests


@pytest.mark.parametrize(("code", "kind"), REFUSALS)
def test_a_refusal_is_named_at_once(
    code: int, kind: Error, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(
        faults.status(code), requests=range(2, 99), where=MESSAGES.concerns
    )

    outcome = fetch(MESSAGES)

    check(outcome, kind, f"HTTP {code}", MESSAGES)
    assert outcome.requests == (2 if code < 500 else 7)
    assert outcome.rows <= calm(MESSAGES).rows


@each_operation
def test_a_query_that_is_too_heavy_once_is_asked_again(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    struck = places(undisturbed.requests)
    fetch.proxy.strike(faults.status(504), requests=struck, where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.rows == undisturbed.rows
    assert outcome.requests == undisturbed.requests + len(struck)


@each_operation
@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_query_that_stays_too_heavy_is_asked_in_halves(
    first: int, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    heavy = {first, first + 1}
    fetch.proxy.strike(faults.status(504), requests=heavy, where=operation.concerns)

    outcome = fetch(operation)

    assert outcome.error is None
    assert outcome.rows == calm(operation).rows


@each_operation
def test_a_vendor_that_finds_everything_too_heavy_is_left_alone_soon(
    operation: Operation, fetch: Fetch
) -> None:
    fetch.proxy.strike(faults.status(504), where=operation.concerns)

    outcome = fetch(operation)

    check(outcome, sm.Unavailable, "HTTP 504", operation)
    # A month is halved ten times, to an hour; every half is asked for twice.
    assert outcome.requests <= 30


# -- pages that miss rows, with more behind them ---------------------------------------


@each_operation
def test_an_empty_page_with_more_behind_it_is_not_the_end(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    for struck in range(1, undisturbed.requests + 1):
        fetch.proxy.calm()
        fetch.proxy.strike(
            faults.empty_page(), requests={struck}, where=operation.concerns
        )

        outcome = fetch(operation)

        assert outcome.error is None
        if operation is not DAYS or struck < undisturbed.requests:
            assert outcome.rows == undisturbed.rows, struck
        assert outcome.requests <= undisturbed.requests + 1


@each_operation
@pytest.mark.parametrize("drop", [1, 40, 99])
def test_a_short_page_with_more_behind_it_loses_nothing(
    drop: int, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    for struck in range(1, undisturbed.requests):
        fetch.proxy.calm()
        fetch.proxy.strike(
            faults.short_page(drop), requests={struck}, where=operation.concerns
        )

        outcome = fetch(operation)

        assert outcome.error is None
        assert outcome.rows == undisturbed.rows, struck
        assert outcome.requests <= undisturbed.requests + 1


def test_days_that_never_came_are_told_apart_from_zeros(
    fetch: Fetch, calm: Calm
) -> None:
    last = calm(DAYS).requests
    fetch.proxy.strike(faults.short_page(), requests={last}, where=DAYS.concerns)

    outcome = fetch(DAYS)

    lost = calm(DAYS).rows - outcome.rows
    instead = outcome.rows - calm(DAYS).rows
    assert lost.total() == instead.total() == 1
    assert {one[-2:] for one in instead} == {(None, Status.NOT_COLLECTED)}


@each_operation
@pytest.mark.parametrize(
    "make", [injuries.without_paging, injuries.without_rows_and_paging]
)
def test_an_answer_that_forgets_its_paging_is_not_the_end(
    make: Callable[[], Fault], operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    for struck in range(1, undisturbed.requests):
        fetch.proxy.calm()
        fetch.proxy.strike(make(), requests={struck}, where=operation.concerns)

        outcome = fetch(operation)

        assert outcome.error is None
        assert outcome.rows == undisturbed.rows, struck
        assert outcome.requests <= undisturbed.requests + 1


# -- cursors that run in a ring --------------------------------------------------------


@each_operation
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("first", [1, 2])
def test_a_ring_of_pages_is_seen_after_one_round(
    size: int, first: int, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    fetch.proxy.strike(
        injuries.ring(size), requests=range(first, 10**6), where=operation.concerns
    )

    outcome = fetch(operation)

    assert outcome.rows <= undisturbed.rows
    if first - 1 + size < undisturbed.requests:
        check(outcome, sm.Incomplete, "", operation)
        assert outcome.requests <= first - 1 + size + max(size + 1, 3)
    else:
        assert outcome.error is None
        assert outcome.rows == undisturbed.rows
