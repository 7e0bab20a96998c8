"""Outbound messages as a list: any span of time, and nothing lost on the way.

The vendor takes at most four weeks a question and a hundred rows a page. A full page
without a cursor was cut: its span is halved until nothing is. Whether the ends of a
span belong to it is written nowhere, so spans overlap by a second, and what comes twice
is dropped.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from socialmetrics.decode import Answer
from socialmetrics.errors import Incomplete, InvalidQuery
from socialmetrics.window import Window
from socialmetrics.wire import Page, Request, Response, Stream
from socialmetrics_hootsuite import envelopes, parse, requests
from socialmetrics_hootsuite.models import Outbound
from socialmetrics_hootsuite.moments import stamp
from socialmetrics_hootsuite.payloads import Envelope, MessagePayload
from socialmetrics_hootsuite.requests import ROWS_A_PAGE

SECOND: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(weeks=4) - 3 * SECOND
"""Four weeks, less what the spans overlap."""
FIRST: Final = datetime(2008, 1, 1, tzinfo=UTC)
"""The year in which the vendor began: it has nothing older."""
STATES: Final = (
    "PENDING_APPROVAL",
    "REJECTED",
    "SENT",
    "SCHEDULED",
    "SEND_FAILED_PERMANENTLY",
)
"""What the list can be narrowed to; messages can be in other states too."""


@attrs.frozen(kw_only=True)
class Search:
    """Which messages."""

    window: Window
    profiles: tuple[str, ...]
    state: str | None
    unscheduled: bool


@attrs.define
class Reading:
    """What has been handed on, and what the list is asked for still."""

    search: Search
    seen: set[tuple[str, str | None]] = attrs.field(
        factory=set[tuple[str, "str | None"]]
    )

    def new(self, items: Sequence[Outbound]) -> Iterator[Outbound]:
        """Those that lie in the window and were not handed on."""
        window = self.search.window
        for each in items:
            key = _key(each)
            is_inside = each.at is None or window.start <= each.at < window.end
            if is_inside and key not in self.seen:
                self.seen.add(key)
                yield each


def outbound(
    window: Window,
    *,
    profiles: Sequence[str] = (),
    state: str | None = None,
    unscheduled: bool = False,
) -> Stream[Outbound]:
    """Messages by the time of their sending, oldest first, of all profiles or these.

    `profiles` are the vendor's ids; `state` is one of `STATES`; `unscheduled` adds
    those that are to be sent at once after their review. Raises `Incomplete` where the
    vendor has more for one second than it hands out.
    """
    if state is not None and state not in STATES:
        raise InvalidQuery(
            f"state={state!r} cannot be asked for; Hootsuite knows {', '.join(STATES)}"
        )
    search = Search(
        window=window, profiles=tuple(profiles), state=state, unscheduled=unscheduled
    )
    return _spans(Reading(search))


def _spans(reading: Reading) -> Stream[Outbound]:
    window = reading.search.window
    start = max(window.start, FIRST)
    while start < window.end:
        end = min(start + LONGEST, window.end)
        yield from _span(reading, start, end)
        start = end


def _span(reading: Reading, start: datetime, end: datetime) -> Stream[Outbound]:
    """All messages from start to end, in halves where one reading cannot show them."""
    cut = yield from _pages(reading, start, end)
    if cut is None:
        return
    if end - start <= SECOND:
        raise cut
    middle = (start + (end - start) / 2).replace(microsecond=0)
    middle = middle if middle > start else middle + SECOND
    yield from _span(reading, start, middle)
    yield from _span(reading, middle, end)


def _pages(
    reading: Reading, start: datetime, end: datetime
) -> Generator[Request | Page[Outbound], Response, Incomplete | None]:
    """The pages of one span; the error of a list that was cut, or None."""
    seen: set[tuple[str, str | None]] = set()
    cursors: set[str] = set()
    cursor: str | None = None
    while True:
        answer = yield from envelopes.asked(_request(reading, start, end, cursor))
        found = envelopes.rows(answer, MessagePayload, parse.outbound)
        yield Page(tuple(reading.new(found)), answer.issues, answer.source)
        cursor = _next(answer.payload)
        is_full = len(found) >= ROWS_A_PAGE
        if cursor is None:
            return (
                _incomplete(answer, "a full page without a cursor", start)
                if is_full
                else None
            )
        if cursor in cursors or seen.issuperset(map(_key, found)):
            ring = _incomplete(answer, f"the cursor {cursor!r} leads nowhere", start)
            if is_full:
                return ring
            raise ring
        cursors.add(cursor)
        seen.update(map(_key, found))


def _request(
    reading: Reading, start: datetime, end: datetime, cursor: str | None
) -> Request:
    search = reading.search
    return requests.outbound(
        start - SECOND,
        end if end.microsecond == 0 else end + SECOND,
        profiles=search.profiles,
        state=search.state,
        unscheduled=search.unscheduled,
        cursor=cursor,
    )


def _key(message: Outbound) -> tuple[str, str | None]:
    """One id may stand for several profiles."""
    return message.vendor_id, message.profile


def _next(payload: Envelope) -> str | None:
    metadata = payload.metadata
    cursor = metadata.cursor if metadata else None
    return (cursor.next or None) if cursor else None


def _incomplete(answer: Answer[Envelope], problem: str, start: datetime) -> Incomplete:
    response = answer.response
    return Incomplete(
        f"{problem}: messages from {stamp(start)} on are missing",
        vendor=response.vendor,
        operation=response.request.operation,
        status=response.status,
        request_id=response.request_id,
    )
