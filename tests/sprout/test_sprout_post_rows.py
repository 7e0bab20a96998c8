"""Posts: refused names, odd rows, and figures of known posts."""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest

from socialmetrics.errors import (
    PermissionDenied,
    Rejected,
    Unreadable,
)
from socialmetrics.model import Issue, Post
from socialmetrics.reading import Status
from socialmetrics.wire import Request
from socialmetrics_sprout.parts import PostFiguresPart, Wanted
from socialmetrics_sprout.reads import post_figures, posts
from tests.sprout.driving import (
    INSTAGRAM,
    ON_INSTAGRAM,
    ON_X,
    WEEK,
    Driven,
    X,
    asked,
    content,
    denied,
    drive,
    filter_of,
    ids,
    rejected,
    row,
    script,
)
from tests.sprout.shelves import IMPRESSIONS, LIKES, PART, shelf

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


@pytest.mark.parametrize(
    ("network", "name"),
    [("instagram", "lifetime.story_exits"), ("facebook", "lifetime.reactions_love")],
)
def test_a_metric_that_is_not_the_canonical_one_keeps_the_vendors_name(
    network: str, name: str
) -> None:
    part = attrs.evolve(PART, asked=(asked(network, name),))
    told = {**row("p:1", metrics={name: 7}), "network": network.upper()}

    found = drive(posts(part), script(content(told, pages=1)))

    metrics = found.items[0].metrics
    assert {key: point.value for key, point in metrics.items()} == {name: 7}
    assert metrics[name.removeprefix("lifetime.")].value == 7


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
