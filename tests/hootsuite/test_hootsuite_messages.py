"""The list of outbound messages: spans, cursors, cuts, and nothing twice or lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import Incomplete, InvalidQuery, Unreadable
from socialmetrics.window import Window
from socialmetrics.wire import Request
from socialmetrics_hootsuite.messages import outbound
from socialmetrics_hootsuite.models import Outbound, Reviewer
from socialmetrics_hootsuite.moments import stamp, utc
from tests.hootsuite.platform_wire import (
    Told,
    data,
    items,
    message,
    query,
    told,
    wire,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = Window(START, START + timedelta(days=1))


def at(moment: datetime, number: int, owner: str = "1") -> dict[str, object]:
    return message(number, owner, scheduledSendTime=stamp(moment))


def ids(found: list[Outbound]) -> list[str]:
    return [each.vendor_id for each in found]


def full(start: datetime = START, first: int = 0) -> list[dict[str, object]]:
    return [at(start + timedelta(minutes=n), first + n) for n in range(100)]


def test_a_message_is_read_with_all_it_says() -> None:
    row = message(
        4950332802,
        "300000001",
        "SENT",
        scheduledSendTime="2026-03-01T16:26:20Z",
        postId="940618833391472640",
        postUrl="https://network.example/1",
        tags=["spring", {"name": "launch"}],
        sequenceNumber=2,
        reviewers=[{"id": "5", "type": "TEAM"}, {"id": None, "type": None}],
        createdByMember={"id": "10000001"},
    )

    (found,) = items(outbound(DAY), wire(data(row)))

    assert found == Outbound(
        vendor_id="4950332802",
        state="sent",
        profile="300000001",
        text="Hello",
        at=datetime(2026, 3, 1, 16, 26, 20, tzinfo=UTC),
        native_id="940618833391472640",
        url="https://network.example/1",
        tags=("spring", "launch"),
        sequence_number=2,
        reviewers=(
            Reviewer(vendor_id="5", kind="team"),
            Reviewer(vendor_id=None, kind=None),
        ),
        created_by="10000001",
    )
    assert found.raw == row


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        ("SEND_FAILED_PERMANENTLY", "failed"),
        ("PENDING_APPROVAL", "pending approval"),
        ("SUBMITTED", "submitted"),
        ("EXPIRED_APPROVAL", "expired_approval"),
    ],
)
def test_states_are_an_open_set(state: str, ours: str) -> None:
    row = {"id": 7, "state": state, "scheduledSendTime": None}

    (found,) = items(outbound(DAY), wire(data(row)))

    assert (found.vendor_id, found.state, found.at) == ("7", ours, None)


def test_the_question_repeats_keys_and_quotes_colons() -> None:
    server = wire(data(cursor=None))

    items(
        outbound(DAY, profiles=["1", "2"], state="SENT", unscheduled=True),
        server,
    )

    (asked,) = server.asked
    assert asked == (
        "GET /v1/messages?startTime=2026-02-28T23%3A59%3A59Z"
        "&endTime=2026-03-02T00%3A00%3A00Z&limit=100&socialProfileIds=1"
        "&socialProfileIds=2&state=SENT&includeUnscheduledReviewMsgs=true"
    )


@pytest.mark.parametrize("state", ["SUBMITTED", "APPROVED", "DELETED", "sent", ""])
def test_states_that_the_list_cannot_be_asked_for_are_refused(state: str) -> None:
    with pytest.raises(InvalidQuery, match="Hootsuite knows PENDING_APPROVAL"):
        outbound(DAY, state=state)


def test_pages_follow_the_cursor() -> None:
    mark = "1577887200000:4138476039:0"
    server = wire(data(at(START, 1), cursor=mark), data(at(START, 2)))

    found = items(outbound(DAY), server)

    assert ids(found) == ["1", "2"]
    assert ("cursor", mark) in query(server.requests[1])
    assert "cursor=1577887200000%3A4138476039%3A0" in server.requests[1].path


def test_a_window_is_asked_in_spans_of_at_most_four_weeks() -> None:
    window = Window(START, START + timedelta(days=100, microseconds=5))
    server = wire(*[data() for _ in range(4)])

    items(outbound(window), server)

    asked = [dict(query(each)) for each in server.requests]
    spans = [(utc(each["startTime"]), utc(each["endTime"])) for each in asked]
    assert all(end - start <= timedelta(weeks=4) for start, end in spans)
    assert all(later[0] < earlier[1] for earlier, later in pairwise(spans))
    assert spans[0][0] < window.start
    assert spans[-1][1] >= window.end


def test_what_lies_outside_or_comes_twice_is_dropped() -> None:
    before, after = START - timedelta(seconds=1), DAY.end
    server = wire(
        data(at(before, 1), at(START, 2), at(START, 2), at(START, 2, "9")),
    )

    found = items(outbound(DAY), server)
    late = items(outbound(DAY), wire(data(at(after, 3))))

    assert [(each.vendor_id, each.profile) for each in found] == [
        ("2", "1"),
        ("2", "9"),
    ]
    assert late == []


def test_nothing_older_than_the_vendor_is_asked_for() -> None:
    window = Window(datetime(1, 1, 1, tzinfo=UTC), datetime(2008, 1, 2, tzinfo=UTC))
    server = wire(data())

    items(outbound(window), server)

    assert dict(query(server.requests[0]))["startTime"] == "2007-12-31T23:59:59Z"


@attrs.define
class Shelf:
    """A server that cuts a span to its first rows, with or without a cursor."""

    moments: list[datetime]
    has_cursor: bool = False
    closed: bool = True
    calls: int = 0

    def __call__(self, request: Request, path: str, headers: Mapping[str, str]) -> Told:
        self.calls += 1
        asked = dict(query(request))
        start, end = utc(asked["startTime"]), utc(asked["endTime"])
        rows = [
            at(moment, number)
            for number, moment in enumerate(self.moments)
            if (start <= moment <= end if self.closed else start < moment < end)
        ]
        begin = int(asked.get("cursor", "0"))
        is_more = len(rows) > begin + 100
        cursor = str(begin + 100) if self.has_cursor and is_more else None
        return data(*rows[begin : begin + 100], cursor=cursor)


@settings(max_examples=15)
@given(
    st.lists(st.integers(0, 86_399), min_size=90, max_size=350),
    st.booleans(),
    st.booleans(),
)
def test_nothing_is_lost_where_pages_are_cut(
    seconds: list[int], has_cursor: bool, closed: bool
) -> None:
    moments = sorted(START + timedelta(seconds=each) for each in seconds)
    shelf = Shelf(moments, has_cursor, closed)

    found = items(outbound(DAY), shelf)

    assert ids(found) == [str(number) for number in range(len(moments))]


def test_a_second_with_more_than_a_page_is_incomplete() -> None:
    shelf = Shelf([START + timedelta(hours=5)] * 101)

    with pytest.raises(Incomplete, match="a full page without a cursor"):
        items(outbound(DAY), shelf)

    assert shelf.calls < 60


def test_a_span_with_fractions_is_halved_on_whole_seconds() -> None:
    start = START + timedelta(microseconds=900_000)
    window = Window(start, start + timedelta(seconds=1.2))

    with pytest.raises(Incomplete):
        items(outbound(window), Shelf([START + timedelta(seconds=1)] * 101))


def test_a_ring_on_full_pages_is_read_in_halves() -> None:
    rows = full()
    ring = data(*rows, cursor="a")
    server = wire(
        ring,
        data(*rows[:1], *full(START + timedelta(hours=3), 100)[1:], cursor="a"),
        data(*rows[:50]),
        data(*rows[50:]),
    )

    found = items(outbound(DAY), server)

    assert len(found) == 199
    assert server.outcomes == []


@pytest.mark.parametrize(
    "pages",
    [
        [data(at(START, 1), cursor="a"), data(at(START, 2), cursor="a")],
        [data(at(START, 1), cursor="a"), data(at(START, 1), cursor="b")],
        [data(cursor="a")],
    ],
)
def test_a_cursor_that_leads_nowhere_is_incomplete(pages: list[Told]) -> None:
    server = wire(*pages)

    with pytest.raises(Incomplete, match="leads nowhere"):
        items(outbound(DAY), server)

    assert server.outcomes == []


@pytest.mark.parametrize(
    "content",
    [
        {"data": [{"id": "1"}]},
        {"data": [{"id": "1", "state": "SENT", "scheduledSendTime": "soon"}]},
        {"data": [{"id": "1", "state": 5}]},
    ],
)
def test_an_unreadable_row_is_named(content: object) -> None:
    with pytest.raises(Unreadable, match=r"\$\.data"):
        items(outbound(DAY), wire(told(content)))


@pytest.mark.parametrize(
    "metadata", [None, {}, {"cursor": None}, {"cursor": {"next": ""}}]
)
def test_no_cursor_is_the_end(metadata: object) -> None:
    content = {"data": [at(START, 1)], "metadata": metadata}

    assert ids(items(outbound(DAY), wire(told(content)))) == ["1"]


def test_times_without_a_zone_are_utc() -> None:
    assert utc("2026-03-01T10:00:00") == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert utc("2026-03-01T10:00:00+02:00").hour == 8
