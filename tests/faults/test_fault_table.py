"""Every fault of the table against every kind of paging, through both clients.

Once: the pull is complete. For ever: an error that says what and where. Never: a row
missing, doubled or changed without a word.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

import socialmetrics as sm
from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Fault
from socialmetrics_sprout.sandbox import CREDENTIALS
from tests.faults.conftest import Calm
from tests.faults.pulls import OPERATIONS, SIDE_BY_SIDE, Fetch, Operation, Outcome
from tests.faults.table import HARMLESS, PASSING, REFUSALS, Error, Line

pytestmark = pytest.mark.usefixtures("naps")
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda one: one.name
)


def places(pages: int) -> set[int]:
    """First, middle and last page, where every one of them is asked for again."""
    return {1, pages // 2 + 2, pages + 2}


def check(outcome: Outcome, kind: Error, words: str, operation: Operation) -> None:
    """A named error that tells what, where and nothing secret."""
    error = outcome.error
    assert type(error) is kind
    shown = str(error)
    assert words in shown
    assert error.vendor == "sprout"
    assert error.operation is not None
    assert operation.path.endswith(error.operation.rpartition("/")[2])
    assert error.retryable is (
        kind not in {sm.AuthRefused, sm.Rejected, sm.NotFound, sm.PermissionDenied}
    )  # noqa: E501
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(copy) == shown
    for text in (shown, repr(error), str(vars(error)), str(error.args)):
        assert CREDENTIALS["token"] not in text


@each_operation
@pytest.mark.parametrize("line", PASSING, ids=str)
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


@each_operation
@pytest.mark.parametrize("line", PASSING, ids=str)
@pytest.mark.parametrize("first", [1, 2])
def test_a_fault_that_stays_is_an_error_that_says_so(
    line: Line, first: int, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    fetch.proxy.strike(
        line.make(), requests=range(first, 10**6), where=operation.concerns
    )

    outcome = fetch(operation)

    check(outcome, line.error, line.words, operation)
    assert outcome.rows <= calm(operation).rows
    assert outcome.requests == first - 1 + line.tries
