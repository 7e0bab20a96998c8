"""An answer that ends too early, anywhere at all, is asked for again and read once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest

from socialmetrics.sandbox import faults
from socialmetrics.sandbox.exchange import Answer, Fault
from tests.faults import injuries
from tests.faults.conftest import Calm
from tests.faults.pulls import OPERATIONS, Fetch, Operation
from tests.faults.sizes import size

pytestmark = pytest.mark.usefixtures("naps")

Place = Callable[[Answer], int]
BODY: Final = size(8, 180)
TEXT: Final = size(20, 200)


def _at(place: int, answer: Answer) -> int:
    del answer
    return place


def _head(share: float, answer: Answer) -> int:
    return int((len(answer.whole()) - len(answer.body)) * share)


def _body(share: float, answer: Answer) -> int:
    begin = len(answer.whole()) - len(answer.body)
    return begin + int(len(answer.body) * share)


def _short_of(missing: int, answer: Answer) -> int:
    return len(answer.whole()) - missing


def _before_body(missing: int, answer: Answer) -> int:
    return len(answer.whole()) - len(answer.body) - missing


PLACES: Final[tuple[Place, ...]] = (
    *(partial(_at, n) for n in (0, 1, 4, 5, 8, 9, 12, 13, 15, 16, 17, 18)),
    *(partial(_head, n / 10) for n in range(2, 10, size(2, 1))),
    *(partial(_before_body, n) for n in (4, 3, 2, 1, 0)),
    *(partial(_body, n / BODY) for n in range(BODY)),
    *(partial(_short_of, n) for n in (3, 2, 1)),
)
"""Status line, headers, the blank line, first byte, body, last byte."""


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
def test_a_cut_anywhere_costs_one_request_and_no_row(
    reset: bool, operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    places = list(PLACES[::3] if reset else PLACES)  # a reset takes its time
    while places:
        fetch.proxy.calm()
        struck = min(undisturbed.requests, len(places))
        for number in range(struck):
            cut = injuries.cut_at(places.pop(0), reset=reset)
            odd = {2 * number + 1}  # every page is cut once and asked for again
            fetch.proxy.strike(cut, requests=odd, where=operation.concerns)

        outcome = fetch(operation)

        assert outcome.error is None
        assert outcome.rows == undisturbed.rows
        assert outcome.requests == undisturbed.requests + struck


SHARES: Final = (*(n / TEXT for n in range(TEXT)), 1 - 1e-9)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_json_that_is_cut_anywhere_is_never_the_end(
    operation: Operation, fetch: Fetch, calm: Calm
) -> None:
    undisturbed = calm(operation)
    shares = list(SHARES)
    while shares:
        fetch.proxy.calm()
        struck = min(undisturbed.requests, len(shares))
        for number in range(struck):
            odd = {2 * number + 1}
            cut = _truncated(shares.pop(0))
            fetch.proxy.strike(cut, requests=odd, where=operation.concerns)

        outcome = fetch(operation)

        assert outcome.error is None
        assert outcome.rows == undisturbed.rows
        assert outcome.requests == undisturbed.requests + struck


def _truncated(share: float) -> Fault:
    def shorter(answer: Answer) -> Answer:
        return answer.with_body(answer.body[: int(len(answer.body) * share)])

    return faults.changed("truncated", shorter)
