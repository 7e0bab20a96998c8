"""Polling: nothing that came since the last time is left out, however much it is."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery, PermissionDenied
from socialmetrics.wire import Request
from socialmetrics_hootsuite.legacy import Newer, Seen, VendorStream
from socialmetrics_hootsuite.legacy.newer import newer
from tests.hootsuite_legacy.driving_legacy import (
    MENTION,
    START,
    WALL,
    Row,
    Vendor,
    asks,
    ids,
    position,
    refusal,
    row_ids,
    snowflake,
    tweet,
    wall,
)
from tests.sprout.driving import Driven, drive, result


def rows_of(stream: VendorStream, *seconds: int) -> list[Row]:
    """A message in each of these seconds, newest first."""
    make = tweet if stream.has_ids else wall
    found = [make(START + second, n) for n, second in enumerate(seconds)]
    return sorted(found, key=position, reverse=True)


def poll(stream: VendorStream, rows: list[Row], seen: Seen | None) -> Newer:
    return result(newer(stream, seen), Vendor({stream: rows}))


@pytest.mark.parametrize("stream", [MENTION, WALL])
def test_the_first_time_the_newest_page_comes(stream: VendorStream) -> None:
    rows = rows_of(stream, *range(40))
    vendor = Vendor({stream: rows})

    found = result(newer(stream), vendor)

    assert ids(found.messages) == row_ids(rows[:30])
    assert found.last_seen is not None
    assert found.last_seen.position == position(rows[0])
    assert vendor.calls == 1


@pytest.mark.parametrize("seen", [None, Seen(START)])
def test_of_an_empty_stream_nothing_is_seen(seen: Seen | None) -> None:
    assert poll(WALL, [], seen) == Newer(messages=(), last_seen=seen)


def test_a_few_new_ones_take_one_call() -> None:
    rows = rows_of(MENTION, *range(60))
    vendor = Vendor({MENTION: rows})

    found: Driven[object] = drive(
        newer(MENTION, Seen(snowflake(START + 50, 50))), vendor
    )

    assert ids(found.result.messages) == row_ids(rows[:9])
    (asked,) = asks(found.requests[0])
    assert asked["minId"] == str(snowflake(START + 50, 50))
    assert "maxId" not in asked
    assert vendor.calls == 1


@pytest.mark.parametrize("stream", [MENTION, WALL])
@pytest.mark.parametrize("count", [29, 30, 31, 60, 95])
def test_a_gap_behind_a_full_page_is_filled_by_the_upper_bound_alone(
    stream: VendorStream, count: int
) -> None:
    rows = rows_of(stream, *range(200))
    vendor = Vendor({stream: rows})
    last = rows[count]
    seen = Seen(position(last), (str(last["id"]),))

    found: Driven[object] = drive(newer(stream, seen), vendor)

    assert ids(found.result.messages) == row_ids(rows[:count])
    assert found.result.last_seen.position == position(rows[0])
    for request in found.requests[1:]:
        (asked,) = asks(request)
        assert not any(name.startswith("min") for name in asked)
    assert (vendor.calls == 1) == (count < 30 - (stream is WALL))


def test_what_comes_later_in_the_same_second_is_not_lost() -> None:
    early, late = wall(START, 1), wall(START, 2)

    first = poll(WALL, [early], None)
    second = poll(WALL, [late, early], first.last_seen)
    third = poll(WALL, [late, early], second.last_seen)

    assert ids(first.messages) == row_ids([early])
    assert ids(second.messages) == row_ids([late])
    assert second.last_seen == Seen(START, (early["id"], late["id"]))
    assert third.messages == ()
    assert third.last_seen == second.last_seen


def test_a_crowded_second_in_the_gap_is_named() -> None:
    rows = rows_of(WALL, *([5] * 35), 1)

    found = poll(WALL, rows, Seen(START + 1, (rows[-1]["id"],)))

    assert len(found.messages) == 30
    assert ["fills a page" in issue.problem for issue in found.issues] == [True]


def test_the_mark_stays_where_the_gap_could_not_be_filled() -> None:
    vendor = Vendor({MENTION: rows_of(MENTION, *range(100))})

    def server(request: Request) -> object:
        return vendor(request) if vendor.calls < 2 else refusal("not now", 403)

    with pytest.raises(PermissionDenied, match="not now"):
        result(newer(MENTION, Seen(snowflake(START))), server)


def test_a_mark_is_plain() -> None:
    seen = Seen(START, ("a",))

    assert pickle.loads(pickle.dumps(seen)) == seen  # noqa: S301 - our own


@pytest.mark.parametrize("position", ["5", 5.0, True, None])
def test_a_mark_without_a_whole_number_is_refused(position: object) -> None:
    with pytest.raises(InvalidQuery, match="no whole number"):
        Seen(position)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@given(st.lists(st.lists(st.integers(0, 3), max_size=50), max_size=5), st.booleans())
def test_polls_bring_every_message_once(rounds: list[list[int]], on_x: bool) -> None:
    """What comes between two polls never lies before what was seen."""
    stream, now, number = (MENTION if on_x else WALL), START, 0
    make = tweet if on_x else wall
    rows, came = list[Row](), list[str]()
    seen: Seen | None = Seen(0)
    crowds: dict[int, int] = {}

    for steps in rounds:
        for step in steps:
            now += step if on_x or crowds.get(now, 0) < 25 else step + 1
            number += 1
            crowds[now] = crowds.get(now, 0) + 1
            rows.insert(0, make(now, number))
        found = poll(stream, rows, seen)
        came += ids(found.messages)
        seen = found.last_seen

    assert sorted(came) == sorted(row_ids(rows))
