"""Without a fault the pulls of the table are what the table says they are."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Calm
from tests.faults.pulls import OPERATIONS, SIDE_BY_SIDE, Fetch, Operation


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_an_undisturbed_pull_takes_its_pages(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    outcome = fetch(operation)

    assert outcome.error is None
    assert not outcome.issues
    assert outcome.rows == calm(operation).rows
    assert set(outcome.rows.values()) == {1}
    assert outcome.requests == calm(operation).requests
    assert outcome.requests >= 3


def test_parts_side_by_side_bring_the_same(fetch: Fetch, calm: Calm) -> None:
    outcome = fetch(SIDE_BY_SIDE, concurrency=4)

    assert outcome.rows == calm(SIDE_BY_SIDE).rows
    assert outcome.requests == calm(SIDE_BY_SIDE).requests
