"""However long a stream is, memory holds a page of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from socialmetrics.wire import Page, Request
from socialmetrics_hootsuite.legacy.reader import messages
from socialmetrics_hootsuite.legacy.streams import VendorStream
from tests.hootsuite_legacy.driving_legacy import (
    EPOCH,
    MENTION,
    START,
    WALL,
    Row,
    asks,
    part,
    response,
    tweet,
    wall,
)


@pytest.mark.parametrize("stream", [MENTION, WALL])
def test_a_hundred_thousand_messages_take_no_more_memory_than_ten_thousand(
    stream: VendorStream, untraced: None
) -> None:
    """Blocks of memory that Python holds, while messages pass of which none is kept."""
    held: dict[int, int] = {}

    for passed in passing(stream, 100_000):
        if passed % 10_000 < 30:
            held[passed // 10_000] = sys.getallocatedblocks()

    assert list(held) == list(range(1, 11))
    assert max(held.values()) - held[1] < 2_000


def passing(stream: VendorStream, count: int) -> Iterator[int]:
    """How many messages have come so far, after every page."""
    top = START + 500_000

    def answer(request: Request) -> list[Row]:
        (one,) = asks(request)
        bound = int(one.get("maxId", one.get("maxTimestamp", 0)))
        if stream.has_ids and bound:
            bound = ((bound >> 22) + EPOCH) // 1000
        end = min(bound or top, top)
        first = max(top - count, end - 30)
        make = tweet if stream.has_ids else wall
        return [make(second, 0) for second in range(end - 1, first - 1, -1)]

    flow = messages(part(stream, is_recent=True))
    passed, step = 0, next(flow)
    with suppress(StopIteration):
        while True:
            if isinstance(step, Page):
                passed += len(step.items)
                yield passed
                step = next(flow)
                continue
            step = flow.send(response(step, answer(step)))
    assert passed == count
