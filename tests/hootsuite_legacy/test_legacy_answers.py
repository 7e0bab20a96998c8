"""Answers of every shape: what they leave out, refuse or spell in another way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from socialmetrics.errors import (
    AuthRefused,
    Incomplete,
    NotFound,
    RateLimited,
    Rejected,
    Unavailable,
    Unreadable,
)
from socialmetrics.model import Message
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy.reader import messages
from socialmetrics_hootsuite.legacy.streams import VendorStream
from tests.hootsuite_legacy.driving_legacy import (
    COMMENTS,
    FIVE,
    MENTION,
    START,
    WALL,
    Vendor,
    asks,
    down,
    ids,
    part,
    refusal,
    response,
    row_ids,
    rows_of,
    tweet,
    wall,
)
from tests.sprout.driving import Driven, drive

# -- what an answer leaves out or refuses ----------------------------------------------


def test_a_stream_that_is_missing_in_an_answer_is_asked_for_alone() -> None:
    rows = {s: rows_of(s, range(100)) for s in (MENTION, WALL)}
    vendor = Vendor(rows)

    def forgetful(request: Request) -> object:
        answer: Any = vendor(request)
        if len(asks(request)) > 1:
            del answer["results"][1]
        return answer

    found = drive(messages(part(MENTION, WALL)), forgetful)

    assert sorted(ids(found.items)) == sorted(
        row_ids(rows[MENTION]) + row_ids(rows[WALL])
    )
    (issue,) = found.issues
    assert issue.path == "F_WALL of 22"
    assert "left it out" in issue.problem


def test_streams_are_matched_by_what_is_repeated_and_not_by_place() -> None:
    rows = {s: rows_of(s, range(3)) for s in FIVE}
    vendor = Vendor(rows)

    def shuffled(request: Request) -> object:
        answer: Any = vendor(request)
        strangers = [{"type": "HOME"}, {"socialNetworkId": 99, "type": "HOME"}, 5]
        many = len(asks(request)) > 1
        return [*strangers, *answer["results"][::-1]] if many else answer

    found = drive(messages(part(*FIVE)), shuffled)

    for stream, expected in rows.items():
        mine = [m for m in found.items if (m.profile, m.kind) == stream.mark]
        assert ids(mine) == row_ids(expected)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refused_stream_is_named_and_the_others_are_delivered(status: int) -> None:
    vendor = Vendor({s: rows_of(s, range(40)) for s in (MENTION, WALL)})

    def server(request: Request) -> object:
        if any(one["type"] == "F_COMMENTS" for one in asks(request)):
            return refusal("not for you", status)
        return vendor(request)

    found = drive(messages(part(MENTION, COMMENTS, WALL)), server)

    assert len(found.items) == 80
    (issue,) = found.issues
    assert (issue.path, issue.problem) == (
        "F_COMMENTS of 22",
        "it cannot be read: not for you",
    )


@pytest.mark.parametrize("streams", [(MENTION,), (MENTION, WALL)])
def test_a_refusal_of_every_stream_is_raised(streams: tuple[VendorStream, ...]) -> None:
    with pytest.raises(NotFound, match="gone"):
        drive(messages(part(*streams)), lambda _: refusal("gone", 404))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal("who are you", 401), AuthRefused),
        (refusal("Rate limit exceeded", 403), RateLimited),
        (down(), Unavailable),
    ],
)
def test_what_concerns_the_whole_call_is_raised(
    error: Exception, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        drive(messages(part(MENTION, WALL)), lambda _: error)

    if isinstance(caught.value, RateLimited):
        assert caught.value.status == 403
        assert caught.value.retry_at is not None


# -- shapes ----------------------------------------------------------------------------


def wrapped(rows: object) -> list[object]:
    return [
        rows,
        {"results": rows},
        {"messages": rows},
        {"data": rows, "count": 3},
        {"results": {"messages": rows}},
        {"results": {"stuff": rows}},
    ]


@pytest.mark.parametrize("place", range(6))
def test_one_stream_is_read_in_any_envelope(place: int) -> None:
    vendor = Vendor({WALL: rows_of(WALL, range(3))})

    def server(request: Request) -> object:
        return wrapped(vendor.page(asks(request)[0]))[place]

    assert len(drive(messages(part(WALL)), server).items) == 3


@pytest.mark.parametrize("inner", ["messages", "results", "items"])
@pytest.mark.parametrize("is_bare", [True, False])
def test_several_streams_are_read_in_any_envelope(inner: str, is_bare: bool) -> None:
    vendor = Vendor({s: rows_of(s, range(3)) for s in (MENTION, WALL)})

    def server(request: Request) -> object:
        answer: Any = vendor(request)
        if len(asks(request)) == 1:
            return answer
        entries = [
            {"socialNetworkId": str(e["socialNetworkId"]), "type": e["type"],
             inner: e["messages"]}
            for e in answer["results"]
        ]  # fmt: skip
        return entries if is_bare else {"results": entries}

    found = drive(messages(part(MENTION, WALL)), server)

    assert len(found.items) == 6
    assert not found.issues


@pytest.mark.parametrize(
    "content", [{}, {"a": [], "b": []}, 5, {"results": None}, {"results": 5}]
)
def test_no_list_of_messages_is_unreadable(content: object) -> None:
    with pytest.raises(Unreadable, match="no list of messages"):
        drive(messages(part(WALL)), lambda _: content)


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"results": [', b"\xff"])
def test_no_json_is_unreadable_after_three_tries(content: bytes) -> None:
    found = Driven[Message]()

    with pytest.raises(Unreadable):
        drive(messages(part(WALL)), lambda _: content, into=found)

    assert len(found.requests) == 3


def test_an_error_with_a_good_status_is_no_empty_stream() -> None:
    with pytest.raises(Incomplete, match="it carries an error: busy"):
        drive(messages(part(WALL)), lambda _: {"error": "busy", "results": []})


@pytest.mark.parametrize(
    ("stream", "row", "words"),
    [
        (MENTION, tweet(START, id="abc", id_str=None), "'abc' is no id of a tweet"),
        (MENTION, {"created_at": "x", "text": "a"}, "cannot be read"),
        (WALL, {"message": "no time"}, "None cannot be read: not there"),
        (WALL, wall(START * 1000), "no POSIX time in seconds"),
        (WALL, wall(-1), "no POSIX time in seconds"),
        (WALL, wall(START, created={}), "got `object`"),
        (MENTION, tweet(START, created_at="Tue May 99 17:02:11 +0000 2013"), "in "),
        (WALL, 5, "Expected `object`"),
    ],
)
def test_a_message_without_its_place_is_unreadable(
    stream: VendorStream, row: object, words: str
) -> None:
    good = rows_of(stream, [1])

    with pytest.raises(Unreadable, match=words) as caught:
        drive(messages(part(stream, is_recent=True)), lambda _: [*good, row])

    assert "(in $[1])" in str(caught.value)


@pytest.mark.parametrize(
    "created", [START, float(START) + 0.5, str(START), f"{START}.5"]
)
def test_seconds_are_read_however_they_are_written(created: object) -> None:
    rows = [wall(START, created=created)]

    def server(request: Request) -> object:
        (one,) = asks(request)
        return rows if int(one.get("maxTimestamp", 2**40)) > START else []

    found = drive(messages(part(WALL)), server)

    assert [int(m.created_at.timestamp()) for m in found.items] == [START]


def test_broken_text_is_mended_and_does_not_cost_the_message() -> None:
    def server(request: Request) -> object:
        (one,) = asks(request)
        if int(one["maxTimestamp"]) <= START:
            return []
        rows = json_of([wall(START + 1), wall(START, message="?")])
        return response(request, rows.replace(b"?", b"\xff"))

    found = drive(messages(part(WALL)), server)

    assert [m.text for m in found.items] == ["no. 0", "\ufffd"]
    assert {issue.path for issue in found.issues} == {"$[1]"}


def json_of(rows: object) -> bytes:
    return response(Request(operation="messages", method="GET"), rows).body


def test_a_refusal_in_the_middle_is_raised() -> None:
    vendor = Vendor({s: rows_of(s, range(40)) for s in (MENTION, WALL)})
    found = Driven[Message]()

    def server(request: Request) -> object:
        is_short = len(found.requests) < 2 or asks(request)[0]["type"] == "F_WALL"
        return vendor(request) if is_short else refusal("enough")

    with pytest.raises(Rejected, match="enough"):
        drive(messages(part(MENTION, WALL)), server, into=found)

    assert Counter(m.kind for m in found.items) == {"MENTION": 30, "F_WALL": 30}
