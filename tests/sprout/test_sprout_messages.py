"""Messages: every one once, whatever cursors, pages and crowded seconds do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import (
    Incomplete,
    PermissionDenied,
    Rejected,
    Unavailable,
    Unreadable,
)
from socialmetrics.model import Message
from socialmetrics.wire import Request
from socialmetrics_sprout.parts import MessagesPart
from socialmetrics_sprout.read_messages import messages
from tests.sprout.driving import (
    ON_INSTAGRAM,
    ON_X,
    WEEK,
    Driven,
    Server,
    body_of,
    by_cursor,
    content,
    denied,
    down,
    drive,
    filter_of,
    ids,
    rejected,
    row,
    script,
    seconds,
    too_heavy,
)

PART = MessagesPart(accounts=(ON_X,), group="1201", window=WEEK)
START = WEEK.start


def rows(count: int, start: int = 0, at: datetime | None = None) -> list[object]:
    """So many messages, one a second, or all in the second `at`."""
    numbers = range(start, start + count)
    return [row(f"t:{n}", at or START + seconds(n)) for n in numbers]


def guids(count: int) -> list[str]:
    return [f"t:{n}" for n in range(count)]


# -- the inbox -------------------------------------------------------------------------


def test_only_the_absence_of_a_cursor_is_the_end() -> None:
    pages = {
        None: content(*rows(2), cursor="a"),
        "a": content(cursor="b"),
        "b": content(*rows(1, start=2), cursor="c"),
        "c": content(),
    }

    found = drive(messages(PART), by_cursor(pages))

    cursors = dict.fromkeys(body.get("page_cursor") for body in found.bodies)
    assert ids(found.items) == guids(3)
    assert list(cursors) == [None, "a", "b", "c"]


@pytest.mark.parametrize("lost", [1, 60, 100])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_that_lost_rows_is_read_when_it_is_asked_for_again(
    lost: int, is_first: bool
) -> None:
    whole = content(*rows(100), cursor="a")
    lossy = content(*rows(100 - lost), cursor="a")
    pages = (lossy, whole) if is_first else (whole,)

    found = drive(messages(PART), script(*pages, content(*rows(5, start=100))))

    assert ids(found.items) == guids(105)


def test_the_fuller_one_of_two_answers_counts() -> None:
    fuller, emptier = content(*rows(60), cursor="a"), content(*rows(30), cursor="a")

    found = drive(messages(PART), script(fuller, emptier, content(*rows(5, start=60))))

    assert ids(found.items) == guids(65)


def test_the_same_page_under_ever_new_cursors_is_incomplete() -> None:
    numbers = iter(range(1000))
    found = Driven[Message]()

    with pytest.raises(Incomplete, match="a second time"):
        drive(
            messages(PART),
            lambda _: content(*rows(100), cursor=f"c{next(numbers)}"),
            into=found,
        )

    assert ids(found.items) == guids(100)


def test_paging_without_a_cursor_is_the_end() -> None:
    found = drive(messages(PART), script({"data": rows(1), "paging": {}}))

    assert ids(found.items) == guids(1)


def test_a_full_page_without_a_cursor_is_asked_for_once_more() -> None:
    full = content(*rows(100))

    found = drive(messages(PART), script(full, full))

    assert ids(found.items) == guids(100)


def test_a_cursor_that_was_forgotten_behind_a_full_page_is_followed() -> None:
    found = drive(
        messages(PART),
        script(
            content(*rows(100)),
            content(*rows(100), cursor="a"),
            content(*rows(100, start=100)),
            content(*rows(100, start=100)),
        ),
    )

    assert ids(found.items) == guids(200)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_a_ring_of_cursors_is_incomplete(length: int) -> None:
    cursors = [None, *(f"c{n}" for n in range(length))]
    following = [*cursors[1:], "c0"]
    pages = {
        cursor: content(row(f"t:{n}"), cursor=after)
        for n, (cursor, after) in enumerate(zip(cursors, following, strict=True))
    }
    found = Driven[Message]()

    with pytest.raises(Incomplete, match="'c0' came a second time"):
        drive(messages(PART), by_cursor(pages), into=found)

    assert ids(found.items) == guids(length)


def test_refused_profiles_and_fields_are_named_and_the_rest_is_delivered() -> None:
    def server(request: Request) -> object:
        owners = (filter_of(request, "customer_profile_id.eq") or "").split(",")
        if "6810004" in owners:
            return rejected("not a supported type")
        if "activity" in body_of(request)["fields"]:
            return rejected("Requested invalid fields")
        return content(*rows(3))

    part = attrs.evolve(
        PART,
        accounts=(ON_INSTAGRAM, ON_X),
        fields=("activity", "language"),
        conditions=("tag_id.eq(1)",),
    )

    found = drive(messages(part), server)

    last = found.bodies[-1]
    assert ids(found.items) == guids(3)
    assert [(i.path, i.seen) for i in found.issues] == [
        ("profiles", "6810004"),
        ("fields", "activity"),
    ]
    assert "tag_id.eq(1)" in last["filters"]
    assert "language" in last["fields"]


def test_a_refused_condition_is_not_blamed_on_profiles_or_fields() -> None:
    def server(request: Request) -> object:
        refused = "tag_id.eq(x)" in body_of(request)["filters"]
        return rejected("tag_id takes numbers") if refused else content()

    part = attrs.evolve(PART, conditions=("tag_id.eq(x)",), fields=("language",))
    found = Driven[Message]()

    with pytest.raises(Rejected, match="tag_id takes numbers"):
        drive(messages(part), server, into=found)

    assert len(found.requests) == 3


@pytest.mark.parametrize("error", [rejected("Malformed"), denied("No API access")])
@pytest.mark.parametrize("ids", [(), ("t:1",)])
def test_a_refusal_of_everything_is_raised_as_it_came(
    error: Rejected | PermissionDenied, ids: tuple[str, ...]
) -> None:
    part = attrs.evolve(PART, ids=ids, accounts=() if ids else PART.accounts)

    with pytest.raises(type(error)) as caught:
        drive(messages(part), lambda _: error)

    assert caught.value is error


def test_a_refusal_in_the_middle_is_raised() -> None:
    pages = {None: content(*rows(1), cursor="a"), "a": rejected()}

    with pytest.raises(Rejected):
        drive(messages(PART), by_cursor(pages))


def test_profiles_without_a_group_are_asked_for_without_one() -> None:
    found = drive(messages(attrs.evolve(PART, group=None)), lambda _: content())

    assert [f.split(".")[0] for f in found.bodies[0]["filters"]] == [
        "customer_profile_id",
        "created_time",
    ]


def test_messages_by_id_send_no_other_filter() -> None:
    part = attrs.evolve(PART, accounts=(), ids=("t:1", "t:2"))

    found = drive(messages(part), script(content(*rows(1))))

    assert found.bodies[0]["filters"] == ["message_id.eq(t:1,t:2)"]


@attrs.define
class Inbox:
    """A server with a cursor that fails at some requests."""

    stored: list[tuple[datetime, str]]
    failing: set[int]
    count: int = 0

    def __call__(self, request: Request) -> object:
        self.count += 1
        if self.count in self.failing:
            return too_heavy()
        start, end = (filter_of(request, "created_time.in") or "").split("...")
        inside = [
            (at, guid) for at, guid in self.stored if start <= at.isoformat()[:19] < end
        ]
        begin = int(body_of(request).get("page_cursor", 0))
        page = inside[begin : begin + 100]
        following = str(begin + 100) if begin + 100 < len(inside) else None
        return content(*(row(guid, at) for at, guid in page), cursor=following)


@settings(deadline=None)
@given(
    spacing=st.lists(st.integers(0, 3000), min_size=1, max_size=500),
    failing=st.sets(st.integers(1, 12), max_size=4),
)
def test_a_restart_in_the_middle_neither_loses_nor_repeats(
    spacing: Sequence[int], failing: set[int]
) -> None:
    at, stored = START, list[tuple[datetime, str]]()
    for number, gap in enumerate(spacing):
        at = min(at + seconds(gap), WEEK.end - seconds(1))
        stored.append((at, f"t:{number}"))

    found = drive(messages(PART), Inbox(stored, failing))

    assert ids(found.items) == guids(len(stored))


def failing_behind(first: object, rest: object) -> Server:
    """One page, then it is too heavy; the first half of what is left; nothing."""

    def server(request: Request) -> object:
        start, _, end = (filter_of(request, "created_time.in") or "").partition("...")
        if start == "2026-03-02T00:00:00" and end == "2026-03-09T00:00:00":
            return too_heavy() if "page_cursor" in body_of(request) else first
        return content() if end == "2026-03-09T00:00:00" else rest

    return server


def test_a_restart_begins_at_the_latest_second() -> None:
    first, rest = content(*rows(60), cursor="a"), content(*rows(1, 59))

    found = drive(messages(PART), failing_behind(first, rest))

    windows = dict.fromkeys(filter_of(r, "created_time.in") for r in found.requests)
    assert ids(found.items) == guids(60)
    assert list(windows)[1:] == [
        "2026-03-02T00:00:59...2026-03-05T12:00:29",
        "2026-03-05T12:00:29...2026-03-09T00:00:00",
    ]


def test_messages_of_one_second_with_fractions_are_not_lost_at_a_restart() -> None:
    def at(millisecond: int) -> dict[str, object]:
        moment = START + timedelta(milliseconds=millisecond)
        return {**row(f"t:{millisecond}"), "created_time": moment.isoformat()}

    first = content(at(1100), at(1300), cursor="a")
    rest = content(at(1100), at(1300), at(1500))

    found = drive(messages(PART), failing_behind(first, rest))

    assert ids(found.items) == ["t:1100", "t:1300", "t:1500"]


@pytest.mark.parametrize(
    ("part", "error"),
    [
        (PART, down()),
        (attrs.evolve(PART, ids=("t:1",), accounts=()), too_heavy()),
        (
            attrs.evolve(PART, window=attrs.evolve(WEEK, end=START + seconds(1))),
            too_heavy(),
        ),
    ],
)
def test_what_cannot_be_halved_is_raised(
    part: MessagesPart, error: Unavailable
) -> None:
    with pytest.raises(Unavailable) as caught:
        drive(messages(part), script(error))

    assert caught.value is error


def test_messages_without_guid_and_link_are_told_apart_by_what_they_say() -> None:
    def bare(text: str) -> dict[str, object]:
        return {"created_time": "2026-03-02T00:00:00Z", "text": text}

    pages = {
        None: content(bare("one"), bare("two"), cursor="a"),
        "a": content(bare("two"), bare("three")),
    }

    found = drive(messages(PART), by_cursor(pages))

    assert [message.text for message in found.items] == ["one", "two", "three"]


def test_an_error_beside_the_data_is_incomplete() -> None:
    with pytest.raises(Incomplete, match="shard is missing"):
        drive(messages(PART), lambda _: content(*rows(1), error="shard is missing"))


def test_a_row_that_breaks_the_contract_is_named_by_its_path() -> None:
    with pytest.raises(Unreadable, match=r"\$\.data\[1\]"):
        drive(messages(PART), lambda _: content(*rows(1), {"guid": "t:9"}))


def test_a_message_with_broken_text_is_mended_and_named() -> None:
    told = content(*rows(1), row("t:1", text="half \ud83d"), *rows(1, start=2))

    found = drive(messages(PART), lambda _: told)

    assert ids(found.items) == guids(3)
    assert found.items[1].text == "half \ufffd"
    assert [issue.path for issue in found.issues] == ["$.data[1].text"]


def test_bytes_that_are_no_text_cost_no_row() -> None:
    body = json.dumps(content(*rows(1), row("t:1", text="?"), *rows(1, start=2)))

    found = drive(messages(PART), lambda _: body.encode().replace(b"?", b"\xff"))

    assert ids(found.items) == guids(3)
    assert found.items[1].text == "\ufffd"
    assert [issue.path for issue in found.issues] == ["$.data[1]"]
