"""Streams read backwards: every message once, whatever pages and seconds hold."""

from __future__ import annotations

from collections import Counter

import pytest

from socialmetrics.errors import (
    Incomplete,
)
from socialmetrics.model import Message
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy.descent import lowest
from socialmetrics_hootsuite.legacy.reader import messages
from socialmetrics_hootsuite.legacy.streams import VendorStream
from tests.hootsuite_legacy.driving_legacy import (
    COMMENTS,
    FIVE,
    HOME,
    MENTION,
    START,
    WALL,
    WEEK,
    Vendor,
    asks,
    ids,
    part,
    row_ids,
    rows_of,
    snowflake,
    tweet,
    wall,
    window,
)
from tests.sprout.driving import Driven, drive


@pytest.mark.parametrize("stream", [MENTION, WALL])
def test_a_stream_is_read_back_to_the_start_of_the_window(stream: VendorStream) -> None:
    rows = rows_of(stream, range(200))
    vendor = Vendor({stream: rows})

    found = drive(messages(part(stream, window=window(50, 180))), vendor)

    inside = rows[20:150]
    assert ids(found.items) == row_ids(inside)
    assert vendor.calls == 5
    assert not found.issues


def test_a_recent_window_is_read_from_the_top() -> None:
    vendor = Vendor({MENTION: rows_of(MENTION, range(3))})

    found = drive(messages(part(MENTION, is_recent=True)), vendor)

    first, second = (asks(request)[0] for request in found.requests)
    assert first == {"socialNetworkId": "11", "type": "MENTION", "count": "30"}
    assert second["maxId"] == str(snowflake(START))
    assert len(found.items) == 3


def test_the_end_of_the_window_is_the_first_bound() -> None:
    vendor = Vendor({s: rows_of(s, range(3)) for s in (MENTION, WALL)})

    found = drive(messages(part(MENTION, WALL)), vendor)

    first, second = asks(found.requests[0])
    assert first["maxId"] == str(lowest(MENTION, WEEK.end))
    assert second["maxTimestamp"] == str(int(WEEK.end.timestamp()))


def test_ids_that_do_not_hold_their_time_are_not_guessed_about() -> None:
    rows = [tweet(START + n, id=9_000_000 + n) for n in range(100)][::-1]
    for row in rows:
        row["id_str"] = str(row["id"])
    vendor = Vendor({MENTION: rows})

    found = drive(messages(part(MENTION)), vendor)

    assert ids(found.items) == row_ids(rows)
    assert "maxId" in asks(found.requests[0])[0]
    assert "maxId" not in asks(found.requests[1])[0]


def test_an_empty_page_below_a_guess_is_looked_at_from_the_top() -> None:
    vendor = Vendor({MENTION: []})

    found = drive(messages(part(MENTION)), vendor)

    assert [len(asks(request)[0]) for request in found.requests] == [4, 3]
    assert not found.items


def test_before_tweets_held_their_time_there_is_no_guess() -> None:
    assert lowest(MENTION, WEEK.start.replace(year=2010)) is None
    assert lowest(WALL, WEEK.start.replace(microsecond=1)) == START + 1
    assert lowest(WALL, WEEK.start.replace(year=1960)) == 0


def test_five_streams_are_read_in_lockstep_until_they_end() -> None:
    counts = {MENTION: 100, HOME: 10, WALL: 0, COMMENTS: 31, FIVE[4]: 30}
    rows = {s: rows_of(s, range(n)) for s, n in counts.items()}
    vendor = Vendor(rows)

    found = drive(messages(part(*FIVE)), vendor)

    by_stream = Counter((m.profile, m.kind) for m in found.items)
    assert by_stream == {s.mark: n for s, n in counts.items() if n}
    for stream, expected in rows.items():
        mine = [m for m in found.items if (m.profile, m.kind) == stream.mark]
        assert ids(mine) == row_ids(expected)
    assert [request.weight for request in found.requests] == [5, 4, 2, 2, 1]


def test_never_interleaved_and_brackets_are_percent_encoded() -> None:
    vendor = Vendor({s: [] for s in (MENTION, WALL)})

    found = drive(messages(part(MENTION, WALL, is_recent=True)), vendor)

    assert found.requests[0].path == (
        "/messages?streams%5B0%5D%5BsocialNetworkId%5D=11"
        "&streams%5B0%5D%5Btype%5D=MENTION&streams%5B0%5D%5Bcount%5D=30"
        "&streams%5B1%5D%5BsocialNetworkId%5D=22"
        "&streams%5B1%5D%5Btype%5D=F_WALL&streams%5B1%5D%5Bcount%5D=30"
    )


# -- crowded seconds -------------------------------------------------------------------


def test_a_second_that_ends_a_page_is_asked_for_again() -> None:
    rows = rows_of(WALL, [*range(20, 45), *([19] * 10), *range(5)])
    vendor = Vendor({WALL: rows})

    found = drive(messages(part(WALL)), vendor)

    assert sorted(ids(found.items)) == sorted(row_ids(rows))
    assert asks(found.requests[1])[0]["maxTimestamp"] == str(START + 20)
    assert not found.issues


def test_a_second_that_fills_a_page_is_named_and_the_rest_delivered() -> None:
    rows = rows_of(WALL, [50, *([40] * 35), 30])
    vendor = Vendor({WALL: rows})

    found = drive(messages(part(WALL)), vendor)

    (issue,) = found.issues
    assert issue.path == "F_WALL of 22"
    assert "the second 2026-03-02 00:00:40 UTC fills a page" in issue.problem
    assert {m.created_at.second for m in found.items} == {50, 40, 30}
    assert len(set(ids(found.items))) == len(found.items) == 32


def test_a_crowd_that_fills_the_last_page_is_named() -> None:
    vendor = Vendor({WALL: rows_of(WALL, [40] * 35)})

    found = drive(messages(part(WALL)), vendor)

    assert len(found.items) == 30
    assert ["00:00:40" in issue.problem for issue in found.issues] == [True]


def test_a_crowd_at_the_very_end_hides_nothing_that_could_be_seen() -> None:
    vendor = Vendor({WALL: rows_of(WALL, [40] * 20)})

    found = drive(messages(part(WALL)), vendor)

    assert len(found.items) == 20
    assert not found.issues


def test_messages_without_an_id_are_told_apart_by_all_they_say() -> None:
    rows = [wall(START + n // 3, number=n // 2) for n in range(80)][::-1]
    for row in rows:
        del row["id"]
    vendor = Vendor({WALL: rows})

    found = drive(messages(part(WALL)), vendor)

    told = Counter((m.created_at, m.text) for m in found.items)
    truth = Counter((row["created"], row["message"]) for row in rows)
    assert {(int(at.timestamp()), text): n for (at, text), n in told.items()} == truth
    assert {m.vendor_id for m in found.items} == {""}


def test_an_inclusive_bound_repeats_nothing() -> None:
    rows = rows_of(MENTION, range(70))

    def inclusive(request: Request) -> object:
        (one,) = asks(request)
        top = int(one.get("maxId", 2**64))
        return [row for row in rows if row["id"] <= top][:30]

    found = drive(messages(part(MENTION)), inclusive)

    assert ids(found.items) == row_ids(rows)


@pytest.mark.parametrize("stream", [MENTION, WALL])
def test_a_bound_that_is_not_kept_is_incomplete(stream: VendorStream) -> None:
    page = rows_of(stream, range(30))
    found = Driven[Message]()

    with pytest.raises(Incomplete, match="lies above the bound"):
        drive(messages(part(stream)), lambda _: page, into=found)

    assert ids(found.items) == row_ids(page)


def test_a_page_that_is_not_newest_first_is_told_of() -> None:
    rows = rows_of(WALL, range(10))[::-1]

    found = drive(messages(part(WALL)), Vendor({WALL: rows}))

    assert len(found.items) == 10
    assert "not newest first" in found.issues[0].problem
