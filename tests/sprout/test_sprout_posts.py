"""Posts: nothing is lost and nothing comes twice, whatever the paging tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle

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
from socialmetrics.model import Issue, Post
from socialmetrics.reading import Status
from socialmetrics.wire import Request
from socialmetrics_sprout.parts import PostFiguresPart, PostsPart, Wanted
from socialmetrics_sprout.reads import post_figures, posts
from tests.sprout.driving import (
    INSTAGRAM,
    ON_INSTAGRAM,
    ON_X,
    WEEK,
    Driven,
    X,
    asked,
    body_of,
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

PART = PostsPart(accounts=(ON_X,), window=WEEK)
LIKES = "lifetime.likes"
IMPRESSIONS = "lifetime.impressions"


@attrs.define
class Shelf:
    """A server of posts: guids in an order of its own, a page at a time."""

    guids: list[str]
    tells: bool = True
    at: dict[str, datetime] = attrs.field(factory=dict[str, datetime])
    heaviest: int = 10**9
    refused: frozenset[str] = frozenset()

    def __call__(self, request: Request) -> object:
        body = body_of(request)
        names = {*body.get("metrics", ()), *body["fields"]}
        names |= set((filter_of(request, "customer_profile_id.eq") or "").split(","))
        if bad := sorted(names & self.refused):
            return rejected(f"Requested invalid: {', '.join(bad)}")
        rest = self._rest(request)
        if len(rest) > self.heaviest:
            return too_heavy()
        pages = -(-len(rest) // body["limit"])
        data = [row(guid, self.at.get(guid, WEEK.start)) for guid in rest]
        answer: dict[str, object] = {"data": data[: body["limit"]]}
        if self.tells:
            answer["paging"] = {"current_page": 1, "total_pages": pages}
        return answer

    def _rest(self, request: Request) -> list[str]:
        after = filter_of(request, "guid.gt")
        start, end = (filter_of(request, "created_time.in") or "").split("...")
        begin = self.guids.index(after) + 1 if after else 0
        return [
            guid
            for guid in self.guids[begin:]
            if start <= self.at.get(guid, WEEK.start).isoformat()[:19] < end
        ]


def shelf(count: int, *, tells: bool = True) -> Shelf:
    guids = sorted((f"t:{n}" for n in range(count)), key=lambda guid: guid[::-1])
    times = {guid: WEEK.start + seconds(n) for n, guid in enumerate(guids)}
    return Shelf(guids, tells, times)


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


# -- too heavy -------------------------------------------------------------------------


def test_what_is_too_heavy_is_asked_in_halves_and_nothing_is_lost() -> None:
    server = shelf(1000)
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
def test_one_second_that_is_too_heavy_or_a_vendor_that_is_down_is_raised(
    error: Unavailable,
) -> None:
    second = attrs.evolve(WEEK, end=WEEK.start + seconds(1))

    with pytest.raises(Unavailable) as caught:
        drive(posts(attrs.evolve(PART, window=second)), lambda _: error)

    assert caught.value is error


def test_a_vendor_that_is_down_is_not_asked_for_halves() -> None:
    with pytest.raises(Unavailable):
        drive(posts(PART), script(down()))


# -- refused names ---------------------------------------------------------------------


def test_refused_metrics_and_fields_are_named_and_the_rest_is_delivered() -> None:
    server = shelf(3)
    server.refused = frozenset({IMPRESSIONS, "post_categorie"})
    part = attrs.evolve(
        PART,
        asked=(asked("x", LIKES, IMPRESSIONS, "lifetime.reactions"),),
        fields=("post_category", "post_categorie"),
    )

    found = drive(posts(part), server)

    last = found.bodies[-1]
    assert ids(found.items) == server.guids
    assert [(issue.path, issue.seen) for issue in found.issues] == [
        ("metrics", IMPRESSIONS),
        ("fields", "post_categorie"),
    ]
    assert "refused by the vendor: Requested invalid" in found.issues[0].problem
    assert last["metrics"] == [LIKES, "lifetime.reactions"]
    assert "post_category" in last["fields"]
    assert "post_categorie" not in last["fields"]


def test_a_profile_without_permission_is_named_and_the_others_are_delivered() -> None:
    server = shelf(3)

    def strict(request: Request) -> object:
        wanted = filter_of(request, "customer_profile_id.eq") or ""
        return denied() if ON_INSTAGRAM.vendor_id in wanted else server(request)

    found = drive(posts(attrs.evolve(PART, accounts=(ON_INSTAGRAM, ON_X))), strict)

    assert ids(found.items) == server.guids
    assert [(i.path, i.seen) for i in found.issues] == [("profiles", "6810004")]


@pytest.mark.parametrize("error", [rejected("Malformed"), denied("No API access")])
def test_a_refusal_that_no_name_explains_is_raised_as_it_came(
    error: Rejected | PermissionDenied,
) -> None:
    part = attrs.evolve(PART, asked=(asked("x", *(f"m{n}" for n in range(20))),))
    found = Driven[Post]()

    with pytest.raises(type(error)) as caught:
        drive(posts(part), lambda _: error, into=found)

    assert caught.value is error
    assert len(found.requests) == 2


def test_a_refusal_that_vanishes_when_names_are_tried_is_raised() -> None:
    server = shelf(1)
    failing = iter([True])

    with pytest.raises(Rejected):
        drive(
            posts(attrs.evolve(PART, asked=(asked("x", LIKES),))),
            lambda request: rejected() if next(failing, False) else server(request),
        )


def test_a_refusal_in_the_middle_is_raised() -> None:
    full = content(*(row(f"t:{n}") for n in range(100)))

    with pytest.raises(Rejected):
        drive(posts(PART), script(full, rejected()))


def test_without_any_profile_that_is_taken_the_refusal_is_raised() -> None:
    part = attrs.evolve(PART, accounts=(ON_X, ON_INSTAGRAM))
    error = rejected("not a supported type")

    with pytest.raises(Rejected) as caught:
        drive(posts(part), lambda _: error)

    assert caught.value is error


# -- rows ------------------------------------------------------------------------------


def test_figures_that_are_no_numbers_are_reported_and_the_others_stay() -> None:
    odd: dict[str, object] = {LIKES: "12", IMPRESSIONS: [], "lifetime.reactions": 2**60}
    part = attrs.evolve(PART, asked=(asked("x", *odd),))

    found = drive(
        posts(part),
        script(content(row("t:1", metrics=odd), pages=1)),
    )

    (one,) = found.items
    assert one.metrics[LIKES].value == 12
    assert one.metrics[IMPRESSIONS].status is Status.NOT_REPORTED
    assert one.metrics["lifetime.reactions"].value is None
    assert [issue.problem for issue in found.issues] == [
        "list instead of a number",
        "too large to be exact",
    ]


def test_a_metric_that_is_not_the_canonical_one_keeps_the_vendors_name() -> None:
    name = "lifetime.story_exits"
    part = attrs.evolve(
        PART, accounts=(ON_INSTAGRAM,), asked=(asked("instagram", name),)
    )
    told = {**row("p:1", metrics={name: 7}), "network": "INSTAGRAM"}

    found = drive(posts(part), script(content(told, pages=1)))

    assert {key: p.value for key, p in found.items[0].metrics.items()} == {name: 7}


def test_a_zero_is_a_zero_and_an_absent_figure_is_not_reported() -> None:
    part = attrs.evolve(PART, asked=(asked("x", LIKES, IMPRESSIONS),))

    found = drive(
        posts(part),
        script(
            content(row("t:1", metrics={LIKES: 0, "lifetime.other": None}), pages=1)
        ),
    )

    likes, impressions = (found.items[0].metrics[n] for n in (LIKES, IMPRESSIONS))
    assert (likes.value, likes.status) == (0, Status.OBSERVED)
    assert (impressions.value, impressions.status) == (None, Status.NOT_REPORTED)
    assert found.issues == []


@pytest.mark.parametrize(
    ("faulty", "path"),
    [
        ({"created_time": "2026-03-02T00:00:00Z"}, r"\$\.data\[1\]"),
        ({"guid": 1.5, "created_time": "2026-03-02T00:00:00Z"}, "guid"),
        ({"guid": True, "created_time": "2026-03-02T00:00:00Z"}, "guid"),
        ({"guid": "t:1", "created_time": "yesterday"}, "created_time"),
        ({"guid": "", "created_time": "2026-03-02T00:00:00Z"}, "native_id"),
        ({"guid": "t:1", "created_time": "0001-01-01T00:00:00+14:00"}, "range"),
    ],
)
def test_a_row_that_breaks_the_contract_is_named_by_its_path(
    faulty: dict[str, object], path: str
) -> None:
    with pytest.raises(Unreadable, match=path):
        drive(posts(PART), lambda _: content(row("t:0"), faulty))


def test_text_that_is_broken_is_mended_and_named_and_costs_no_row() -> None:
    good, bad, odd = row("t:1"), row("t:2", text="half \ud83d"), row("t:3")
    part = attrs.evolve(PART, asked=(asked("x", LIKES),))
    told = {**odd, "metrics": {LIKES: float("nan")}}

    found = drive(posts(part), script(content(good, bad, told, pages=1)))

    assert [post.text for post in found.items] == [None, "half \ufffd", None]
    assert {issue.problem for issue in found.issues} == {
        "half a character, shown as U+FFFD",
        "not a finite number",
    }


@pytest.mark.parametrize("likes", [5, "5"])
def test_a_post_keeps_its_row_as_it_came(likes: object) -> None:
    told = row("t:1", metrics={LIKES: likes}, unheard_of={"a": [1]})

    found = drive(posts(PART), script(content(told, row("t:2"), pages=1)))

    assert dict(found.items[0].raw) == told
    assert found.items[1].raw["guid"] == "t:2"


def test_a_number_beyond_all_numbers_costs_neither_row_nor_figure() -> None:
    part = attrs.evolve(PART, asked=(asked("x", LIKES, IMPRESSIONS),))
    told = json.dumps(
        content(row("t:1", metrics={LIKES: 5, IMPRESSIONS: "?"}), row("t:2"), pages=1)
    )

    found = drive(posts(part), lambda _: told.replace('"?"', "1e400").encode())

    assert ids(found.items) == ["t:1", "t:2"]
    assert found.items[0].metrics[LIKES].value == 5
    assert found.items[0].metrics[IMPRESSIONS].value is None
    assert [issue.problem for issue in found.issues] == ["not a finite number"]


def test_a_post_without_network_has_the_one_of_its_profile() -> None:
    def bare(guid: str, owner: object) -> dict[str, object]:
        return {**row(guid), "network": None, "customer_profile_id": owner}

    part = attrs.evolve(PART, accounts=(ON_X, ON_INSTAGRAM))
    data = [bare("p:1", "6810004"), bare("p:2", 6810000), bare("p:3", None)]

    found = drive(posts(part), script(content(*data, pages=1)))

    assert [p.ref.network for p in found.items] == ["instagram", "x", "unknown"]
    assert [p.profile for p in found.items] == ["6810004", "6810000", None]


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


# -- figures of known posts ------------------------------------------------------------


def figures_part(*guids: str) -> PostFiguresPart:
    return PostFiguresPart(
        posts=attrs.evolve(
            PART,
            accounts=(ON_X, ON_INSTAGRAM),
            asked=(asked("x", LIKES), asked("instagram", LIKES, IMPRESSIONS)),
        ),
        wanted=tuple(
            Wanted(
                vendor_id=guid,
                ref=attrs.evolve(
                    X if guid.startswith("t:") else INSTAGRAM, native_id=guid[2:]
                ),
                created=WEEK.start,
            )
            for guid in guids
        ),
    )


def test_figures_of_wanted_posts_come_and_those_of_others_do_not() -> None:
    data = [row("t:1", metrics={LIKES: 5}), row("t:2", metrics={LIKES: 6})]

    found = drive(
        post_figures(figures_part("t:1")),
        script(content(*data, pages=1)),
    )

    points = list(found.items[0])
    assert [(p.subject.native_id, p.metric, p.value) for p in points] == [
        ("1", "likes", 5)
    ]


@pytest.mark.parametrize("others", [[], [row("t:9", metrics={LIKES: 1})]])
def test_a_post_that_no_longer_comes_is_unavailable(
    others: list[dict[str, object]],
) -> None:
    pages = 1 if others else 0

    found = drive(
        post_figures(figures_part("p:7")),
        script(content(*others, pages=pages)),
    )

    points = list(found.items[0])
    assert [(p.metric, p.status, p.value) for p in points] == [
        ("likes", Status.UNAVAILABLE, None),
        ("impressions", Status.UNAVAILABLE, None),
    ]
    assert points[0].start == WEEK.start
    assert points[0].end is None


def test_what_was_odd_while_posts_were_found_is_kept() -> None:
    answer = content(row("t:1", metrics={LIKES: "many"}), pages=1)

    found = drive(post_figures(figures_part("t:1")), script(answer))

    assert found.issues == [
        Issue(
            path="post t:1.metrics['lifetime.likes']",
            problem="text that is no number",
            seen="many",
        )
    ]


def test_names_that_hold_on_other_days_only_give_no_figure() -> None:
    early = WEEK.start - timedelta(days=800)
    part = figures_part("t:1")
    facebook = attrs.evolve(X, network="facebook")
    part = attrs.evolve(
        part,
        posts=attrs.evolve(part.posts, asked=(asked("facebook", IMPRESSIONS),)),
        wanted=(Wanted(vendor_id="p:1", ref=facebook, created=early),),
    )

    found = drive(post_figures(part), lambda _: content())

    (point,) = found.items[0]
    assert point.reading.valid_to is not None
