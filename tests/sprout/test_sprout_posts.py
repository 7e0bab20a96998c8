"""Posts: nothing is lost and nothing comes twice, whatever the paging tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import (
    Incomplete,
    Unavailable,
)
from socialmetrics.model import Post
from socialmetrics.wire import Request
from socialmetrics_sprout.reads import posts
from tests.sprout.driving import (
    WEEK,
    Driven,
    content,
    down,
    drive,
    filter_of,
    ids,
    row,
    script,
    seconds,
    too_heavy,
)
from tests.sprout.shelves import PART, shelf


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 250, 1000])
def test_every_post_comes_once_in_the_servers_order(count: int, tells: bool) -> None:
    server = shelf(count, tells=tells)

    found = drive(posts(PART), server)

    assert ids(found.items) == server.guids


@pytest.mark.parametrize(
    ("count", "tells", "requests"),
    [(0, True, 1), (0, False, 2), (30, True, 1), (30, False, 3), (100, True, 2)],
)
def test_only_an_end_that_is_not_told_is_confirmed(
    count: int, tells: bool, requests: int
) -> None:
    found = drive(posts(PART), shelf(count, tells=tells))

    assert len(found.requests) == requests


def test_the_cursor_is_the_last_guid_and_the_page_number_never_moves() -> None:
    server = shelf(150)

    found = drive(posts(PART), server)

    assert filter_of(found.requests[0], "guid.gt") is None
    assert filter_of(found.requests[1], "guid.gt") == server.guids[99]
    assert all("page" not in body for body in found.bodies)
    assert {tuple(body["sort"]) for body in found.bodies} == {("guid:asc",)}


def test_an_empty_page_that_tells_of_more_pages_is_incomplete() -> None:
    empty = content(pages=3)
    found = Driven[Post]()

    with pytest.raises(Incomplete, match="empty, but says that 3 pages remain"):
        drive(posts(PART), lambda _: empty, into=found)

    assert len(found.requests) == 3


def test_an_empty_page_that_is_the_last_one_told_is_confirmed_once() -> None:
    empty = content(pages=1)

    found = drive(posts(PART), script(empty, empty))

    assert found.items == []


def test_a_page_that_was_empty_by_mistake_is_read_when_it_is_asked_again() -> None:
    full = content(row("t:1"))

    found = drive(posts(PART), script(content(), full, content(), content()))

    assert ids(found.items) == ["t:1"]


def test_a_short_page_with_more_told_is_not_the_end() -> None:
    first = content(row("t:1"), pages=2)
    second = content(row("t:2"), pages=1)

    found = drive(posts(PART), script(first, second))

    assert ids(found.items) == ["t:1", "t:2"]


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_a_ring_of_pages_is_incomplete_and_never_delivered_twice(length: int) -> None:
    ring = cycle(content(row(f"t:{n}")) for n in range(length))
    found = Driven[Post]()

    with pytest.raises(Incomplete, match="'t:0' came a second time") as caught:
        drive(posts(PART), lambda _: next(ring), into=found)

    assert ids(found.items) == [f"t:{n}" for n in range(length)]
    assert (caught.value.vendor, caught.value.request_id) == ("sprout", "r-1")


def test_an_error_beside_the_data_is_incomplete() -> None:
    odd = content(row("t:1"), error="partial result")

    with pytest.raises(Incomplete, match="partial result"):
        drive(posts(PART), lambda _: odd)


def test_a_post_that_stands_twice_on_a_page_comes_once() -> None:
    twice = content(row("t:1"), row("t:2"), row("t:1"), pages=1)

    found = drive(posts(PART), script(twice))

    assert sorted(ids(found.items)) == ["t:1", "t:2"]


def test_a_cursor_that_cannot_be_written_ends_the_pull_and_says_so() -> None:
    odd = content(*(row(f"t:{n}") for n in range(99)), row("t:a,b"), pages=2)
    found = Driven[Post]()

    with pytest.raises(Incomplete, match="'t:a,b' cannot be asked for") as caught:
        drive(posts(PART), script(odd), into=found)

    assert len(found.items) == 100
    assert caught.value.operation == "analytics/posts"


# -- too heavy -------------------------------------------------------------------------


def test_what_is_too_heavy_is_asked_in_halves_and_nothing_is_lost() -> None:
    server = shelf(1000, every=300)
    server.heaviest = 130

    found = drive(posts(PART), server)

    assert sorted(ids(found.items)) == sorted(server.guids)


def test_halves_in_the_middle_keep_the_cursor() -> None:
    server = shelf(250)
    failing = iter([False, True])

    found = drive(
        posts(PART),
        lambda request: too_heavy() if next(failing, False) else server(request),
    )

    halves = [r for r in found.requests[2:] if filter_of(r, "guid.gt")]
    windows = {filter_of(r, "created_time.in") for r in halves}
    assert sorted(ids(found.items)) == sorted(server.guids)
    assert filter_of(halves[0], "guid.gt") == server.guids[99]
    assert windows == {
        "2026-03-02T00:00:00...2026-03-05T12:00:00",
        "2026-03-05T12:00:00...2026-03-09T00:00:00",
    }


@pytest.mark.parametrize("error", [too_heavy(), down()])
def test_an_hour_that_is_too_heavy_or_a_vendor_that_is_down_is_raised(
    error: Unavailable,
) -> None:
    hour = attrs.evolve(WEEK, end=WEEK.start + seconds(3600))

    with pytest.raises(Unavailable) as caught:
        drive(posts(attrs.evolve(PART, window=hour)), script(error))

    assert caught.value is error


def test_a_vendor_that_is_down_is_not_asked_for_halves() -> None:
    with pytest.raises(Unavailable):
        drive(posts(PART), script(down()))


# -- posts that come and go while they are read ----------------------------------------


numbers = st.integers(0, 60)


@settings(deadline=None)
@given(
    first=st.sets(numbers, min_size=1),
    changes=st.lists(st.tuples(st.booleans(), numbers), max_size=30),
    tells=st.booleans(),
)
def test_posts_that_stay_come_once_while_others_come_and_go(
    first: set[int], changes: Sequence[tuple[bool, int]], tells: bool
) -> None:
    present = {f"t:{n}" for n in first}
    always = set(present)
    left = list(changes)

    def server(request: Request) -> object:
        after = (filter_of(request, "guid.gt") or "")[::-1]
        rest = sorted((g for g in present if g[::-1] > after), key=lambda g: g[::-1])
        answer: dict[str, object] = {"data": [row(guid) for guid in rest[:7]]}
        if tells:
            answer["paging"] = {"total_pages": -(-len(rest) // 7)}
        if left:
            is_new, number = left.pop(0)
            if is_new:
                present.add(f"t:{number}")
            else:
                present.discard(f"t:{number}")
                always.discard(f"t:{number}")
        return answer

    found = ids(drive(posts(PART), server).items)

    assert len(found) == len(set(found))
    assert always <= set(found)
