"""The simulated service answers with the world's figures, nested as asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.sandbox import World
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_x.sandbox import Lens
from tests.x.sandbox_calls import (
    ACME,
    CARE,
    CELLS,
    HOURS,
    LENS,
    WORLD,
    Service,
    ask_for,
    between,
    fine,
    ids,
    posts_of,
    service,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = [post for post in posts_of(ACME) if post.created_at < WORLD.now - 40 * DAY]
POSTS = OLD[:3]
CLICKS = ["url_clicks", "favorites", "impressions"]
PUBLIC = ["favorites", "retweets", "quote_tweets", "replies", "video_views"]


@pytest.fixture(scope="module")
def x() -> Iterator[Service]:
    with service() as running:
        yield running


def plain(answer: Any) -> Any:
    """The same with every leaf a number."""
    if isinstance(answer, dict):
        branches: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]  # JSON
        return {key: plain(value) for key, value in branches.items()}
    return int(answer)


def figures(
    posts: Sequence[WorldPost],
    metrics: Sequence[str],
    levels: Sequence[str],
    span: tuple[datetime, datetime],
) -> Any:
    """What has to come, one figure after the other: slow and simple."""
    root: dict[str, Any] = {}
    for post in posts:
        for metric in metrics:
            for number, count in enumerate(LENS.hours(post, metric, *span)):
                at = span[0] + number * HOUR
                keys = [_keys(post, metric, at)[level] for level in levels]
                place = root
                for key in keys[:-1]:
                    place = place.setdefault(key, {})
                place[keys[-1]] = place.get(keys[-1], 0) + count
    return root


def _keys(post: WorldPost, metric: str, at: datetime) -> Mapping[str, str]:
    return {
        "tweet.id": post.ref.native_id,
        "engagement.type": metric,
        "engagement.day": f"{at:%Y-%m-%d}",
        "engagement.hour": f"{at:%H}",
        "dated": f"{at:%Y-%m-%d}",
    }


SPAN = POSTS[-1].created_at.replace(minute=0, second=0), POSTS[0].created_at + 9 * HOUR
orders = st.permutations(HOURS).flatmap(
    lambda order: st.integers(1, 3).map(lambda size: tuple(order[:size]))
)


@settings(max_examples=25)
@given(orders, st.integers(0, 30), st.integers(1, 80))
def test_groupings_of_any_order_add_up_what_they_leave_out(
    levels: tuple[str, ...], late: int, length: int
) -> None:
    start = SPAN[0] + late * HOUR
    span = start, start + length * HOUR

    with service() as x:
        body = ask_for(ids(POSTS), CLICKS, levels, **between(*span))
        answer = x.ask("historical", body).json()

    assert plain(answer["g0"]) == figures(POSTS, CLICKS, levels, span)


@pytest.mark.parametrize("levels", [HOURS, ("engagement.type", "tweet.id", *HOURS[2:])])
def test_all_four_levels_in_both_orders(x: Service, levels: tuple[str, ...]) -> None:
    span = SPAN[0] + HOUR, SPAN[0] + 28 * DAY + HOUR
    body = ask_for(ids(POSTS), CLICKS, levels, **between(*span))

    answer = x.ask("historical", body)

    assert plain(answer.json()["g0"]) == figures(POSTS, CLICKS, levels, span)
    assert answer.json()["start"] == f"{span[0]:%Y-%m-%dT%H:%M:%SZ}"
    assert answer.json()["end"] == f"{span[1]:%Y-%m-%dT%H:%M:%SZ}"


def test_hours_without_days_can_come_under_their_date() -> None:
    span = SPAN[0], SPAN[0] + 30 * HOUR
    levels = ("engagement.hour", "tweet.id", "engagement.type")

    with service(hour_shape="dated") as x:
        body = ask_for(ids(POSTS), CLICKS, levels, **between(*span))
        body["groupings"] = {
            "bare": {"group_by": list(levels)},
            "whole": {"group_by": list(HOURS)},
        }
        answer = x.ask("historical", body).json()

    meant = ("dated", *levels)
    assert plain(answer["bare"]) == figures(POSTS, CLICKS, meant, span)
    assert plain(answer["whole"]) == figures(POSTS, CLICKS, HOURS, span)


def test_ids_ascend_and_metrics_follow_the_alphabet(x: Service) -> None:
    body = ask_for(ids(POSTS), CLICKS, CELLS, **between(*SPAN))

    found = x.ask("historical", body).json()["g0"]

    assert list(found) == sorted(ids(POSTS), key=int)
    assert list(found[POSTS[0].ref.native_id]) == sorted(CLICKS)


def leaves(answer: Any) -> list[Any]:
    if not isinstance(answer, dict):
        return [answer]
    branches: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]  # JSON
    return [leaf for branch in branches.values() for leaf in leaves(branch)]


@pytest.mark.parametrize(("every", "bare"), [(0, 0), (1, 12), (5, 2), (7, 1)])
def test_some_leaves_are_bare_numbers(every: int, bare: int) -> None:
    with service(numbers=every) as x:
        body = ask_for(
            ids(POSTS)[:1], CLICKS[:1], HOURS, **between(SPAN[0], SPAN[0] + 12 * HOUR)
        )
        start = SPAN[0].replace(hour=0)
        body |= between(start, start + 12 * HOUR)
        found = leaves(x.ask("historical", body).json()["g0"])

    assert len(found) == 12
    assert sum(isinstance(leaf, int) for leaf in found) in {bare, bare + bool(every)}


def test_sparse_answers_leave_out_zeros_from_before_a_post() -> None:
    post = POSTS[0]
    born = post.created_at.replace(minute=0, second=0)
    body = ask_for(
        ids([post]), ["impressions"], HOURS, **between(born - 2 * DAY, born + 3 * HOUR)
    )

    with service(sparse=True) as x:
        thin = x.ask("historical", body).json()["g0"]
        body |= between(born - 2 * DAY, born - DAY)
        empty = x.ask("historical", body).json()["g0"]

    span = born, born + 3 * HOUR
    assert plain(thin) == figures([post], ["impressions"], HOURS, span)
    assert empty == {}


def test_the_last_28_hours_end_with_the_running_one() -> None:
    now = WORLD.now - 5 * DAY + timedelta(minutes=27)
    post = next(post for post in posts_of(ACME) if post.created_at < now - 2 * DAY)
    body = ask_for(ids([post]), ["impressions"], HOURS)

    with service(clock=lambda: now) as x:
        answer = x.ask("28hr", body).json()

    start = now - 28 * HOUR - timedelta(minutes=27)
    known = LENS.hours(post, "impressions", start, start + 28 * HOUR)
    assert (answer["start"], answer["end"]) == (
        "2026-03-05T02:00:00Z",
        "2026-03-06T07:00:00Z",
    )
    assert list(map(int, leaves(answer["g0"]))) == [*known, 0]
    assert any(known)


def test_at_a_full_hour_there_are_just_28(x: Service) -> None:
    body = ask_for(ids(posts_of(ACME)[:25]), ["impressions"], ["engagement.hour"])

    answer = x.ask("28hr", body).json()

    assert answer["start"] == "2026-03-10T02:00:00Z"
    assert answer["end"] == "2026-03-11T06:00:00Z"


BOUNDS = [
    ("2026-02-03", "2026-02-05", "2026-02-03T00:00:00Z", "2026-02-05T00:00:00Z"),
    (
        "2026-02-03T12:24:00Z",
        "2026-02-05T08:37:00",
        "2026-02-03T12:00:00Z",
        "2026-02-05T09:00:00Z",
    ),
    (
        "2026-03-10T00:00:01Z",
        "2026-03-11T05:20:10Z",
        "2026-03-10T00:00:00Z",
        "2026-03-11T05:27:50Z",
    ),
    ("2014-09-01", "2014-09-29", "2014-09-01T00:00:00Z", "2014-09-29T00:00:00Z"),
    (
        "2026-02-11T06:00:00Z",
        "2026-03-11T05:27:50Z",
        "2026-02-11T06:00:00Z",
        "2026-03-11T05:27:50Z",
    ),
]


@pytest.mark.parametrize(("start", "end", "first", "last"), BOUNDS)
def test_bounds_are_rounded_outwards_but_not_into_the_future(
    start: str, end: str, first: str, last: str
) -> None:
    now = datetime(2026, 3, 11, 5, 27, 50, tzinfo=UTC)
    body = ask_for(ids(POSTS), CLICKS, CELLS, **between(start, end))

    with service(clock=lambda: now) as x:
        answer = x.ask("historical", body).json()

    assert (answer["start"], answer["end"]) == (first, last)


def test_without_bounds_the_last_four_weeks_start_late_and_end_now() -> None:
    now = datetime(2026, 2, 9, 19, 43, tzinfo=UTC)
    body = ask_for(ids(POSTS), ["favorites"], HOURS)

    with service(clock=lambda: now, numbers=0) as x:
        answer = x.ask("historical", body).json()

    assert answer["start"] == "2026-01-12T20:00:00Z"
    assert answer["end"] == "2026-02-09T19:43:00Z"
    assert len(leaves(answer["g0"])) == 3 * 672


# Totals.


def test_an_owners_totals_are_those_of_the_lens(x: Service) -> None:
    posts = posts_of(ACME)[:40]
    metrics = ["impressions", "engagements", "video_views", "retweets", "favorites"]

    answer = x.ask("totals", ask_for(ids(posts), metrics)).json()

    assert list(answer) == ["g0"]
    assert plain(answer["g0"]) == {
        post.ref.native_id: {
            name: LENS.total(post, name) for name in [*metrics, "quote_tweets"]
        }
        for post in posts
    }


def test_the_app_alone_sees_public_metrics_of_any_post(x: Service) -> None:
    posts = [*posts_of(ACME)[:3], *posts_of(CARE)[:3], *posts_of(ACME)[-2:]]

    answer = x.ask("totals", ask_for(ids(posts), PUBLIC), None).json()

    assert plain(answer["g0"]) == {
        post.ref.native_id: {name: LENS.total(post, name) for name in PUBLIC}
        for post in posts
    }


def test_sums_hold_only_what_was_asked(x: Service) -> None:
    posts = posts_of(ACME)[:5]
    body = ask_for(ids(posts), ["favorites", "retweets"])
    body["groupings"] = {
        "Grand Totals": {"group_by": ["engagement.type"]},
        "posts": {"group_by": ["tweet.id"]},
        "turned": {"group_by": ["engagement.type", "tweet.id"]},
    }

    answer = plain(x.ask("totals", body).json())

    sums = {
        name: sum(LENS.total(post, name) for post in posts)
        for name in ("favorites", "quote_tweets", "retweets")
    }
    assert answer["Grand Totals"] == sums
    assert sum(answer["posts"].values()) == sums["favorites"] + sums["retweets"]
    assert set(answer["turned"]) == set(sums)


@pytest.mark.parametrize("options", [{"unasked": False}, {"forbidden_metrics": PUBLIC}])
def test_nothing_is_added_that_may_not_be(options: dict[str, Any]) -> None:
    body = ask_for(ids(POSTS), ["impressions"])

    with service(**options) as x:
        answer = x.ask("totals", body).json()

    assert set(answer["g0"][POSTS[0].ref.native_id]) == {"impressions"}


def test_old_posts_keep_their_other_metrics() -> None:
    now = WORLD.now
    young, old = posts_of(ACME)[0], posts_of(ACME)[-1]
    body = ask_for(ids([old, young]), ["impressions", "favorites"])

    with service(unasked=False) as x:
        answer = x.ask("totals", body).json()
        alone = x.ask("totals", ask_for(ids([old]), ["impressions"])).json()
        harmless = x.ask("totals", ask_for(ids([old]), ["favorites"])).json()
    with service(unasked=False, aged="zero", numbers=0) as x:
        zero = x.ask("totals", body).json()

    too_old = "unsupported_for_impressions_engagements_tweet_ids"
    assert now - old.created_at > 90 * DAY
    text = "Impressions & engagements for tweets older than 90 days "
    assert answer["errors"] == [f"{text}(2025-12-11T06:00:00Z) are not supported"]
    assert answer[too_old] == ids([old])
    assert plain(answer["g0"]) == {
        old.ref.native_id: {"favorites": LENS.total(old, "favorites")},
        young.ref.native_id: {
            name: LENS.total(young, name) for name in ("favorites", "impressions")
        },
    }
    assert (alone["g0"], alone[too_old]) == ({}, ids([old]))
    assert list(harmless) == ["g0"]
    assert zero["g0"][old.ref.native_id]["impressions"] == "0"


def test_old_posts_have_no_part_in_sums() -> None:
    young, old = posts_of(ACME)[0], posts_of(ACME)[-1]
    body = ask_for(ids([old, young]), ["impressions"], ["engagement.type"])

    with service(unasked=False) as x:
        answer = x.ask("totals", body).json()

    assert plain(answer["g0"]) == {"impressions": LENS.total(young, "impressions")}


def test_videos_of_very_old_posts_show_a_zero_that_is_none() -> None:
    later = datetime(2029, 3, 1, tzinfo=UTC)
    videos = [post for post in posts_of(ACME) if post.media == "video"]
    posts = [videos[0], videos[-1]]

    with service(clock=lambda: later, unasked=False, numbers=0) as x:
        answer = x.ask("totals", ask_for(ids(posts), ["video_views", "replies"])).json()
        others = x.ask("totals", ask_for(ids(posts), ["replies"])).json()

    assert list(answer) == ["unsupported_for_video_views_tweet_ids", "g0"]
    assert answer["unsupported_for_video_views_tweet_ids"] == ids(posts[1:])
    seen = {key: cell["video_views"] for key, cell in answer["g0"].items()}
    views = str(LENS.total(posts[0], "video_views"))
    assert seen == {posts[0].ref.native_id: views, posts[1].ref.native_id: "0"}
    assert LENS.total(posts[1], "video_views") > 0
    assert list(others) == ["g0"]


@pytest.mark.parametrize(
    ("endpoint", "metric"),
    [("totals", "favorites"), ("28hr", "replies"), ("historical", "impressions")],
)
def test_posts_that_are_gone_or_protected_are_told_apart(
    x: Service, endpoint: str, metric: str
) -> None:
    acme = [post for post in WORLD.posts if post.account == POSTS[0].account]
    gone = next(post for post in acme if post.deleted_at)
    hidden = next(post for post in acme if post.protected)
    lost = [*ids([gone]), "123456789", *ids([hidden])]

    some = x.ask(endpoint, ask_for([lost[0], *ids(POSTS[:1]), *lost[1:]], [metric]))
    none = x.ask(endpoint, ask_for(lost, [metric]))

    assert some.status_code == 200
    assert some.json()["errors"] == ["3 Tweet ID(s) are unavailable"]
    assert some.json()["unavailable_tweet_ids"] == lost
    assert list(some.json()["g0"]) == ids(POSTS[:1])
    assert none.status_code == 400
    assert none.json() == {
        "errors": ["3 Tweet ID(s) are unavailable"],
        "unavailable_tweet_ids": lost,
    }


def test_a_post_is_there_from_when_it_is_made_until_it_is_deleted() -> None:
    acme = [post for post in WORLD.posts if post.account == POSTS[0].account]
    gone = next(post for post in acme if post.deleted_at and not post.protected)
    assert gone.deleted_at
    moments = [
        gone.created_at - timedelta(seconds=1),
        gone.created_at,
        gone.deleted_at - timedelta(seconds=1),
        gone.deleted_at,
    ]
    body, statuses = ask_for(ids([gone]), ["favorites"]), list[int]()

    for moment in moments:
        with service(clock=lambda at=moment: at) as x:
            statuses.append(x.ask("totals", body).status_code)

    assert statuses == [400, 200, 200, 400]
    assert not fine(gone)


def test_ids_may_come_as_numbers(x: Service) -> None:
    body = ask_for([int(POSTS[0].ref.native_id)], ["favorites"], CELLS)

    answer = x.ask("totals", body).json()

    assert list(answer["g0"]) == ids(POSTS[:1])


def test_the_largest_requests_are_answered(x: Service) -> None:
    many = ids(posts_of(ACME)[:250])
    assert len(many) == 250
    span = between(WORLD.now - 28 * DAY, WORLD.now)

    totals = x.ask("totals", ask_for(many, PUBLIC))
    hours = x.ask("historical", ask_for(many[:25], CLICKS, HOURS, **span))

    assert len(totals.json()["g0"]) == 250
    assert len(leaves(hours.json()["g0"])) == 25 * 3 * 672


def test_the_service_shows_the_world_that_it_was_given() -> None:
    world = World(seed=5, scale=0.02)
    post = posts_of(ACME, world)[0]

    with service(world) as x:
        answer = x.ask("totals", ask_for(ids([post]), ["favorites"])).json()

    total = Lens(world).total(post, "favorites")
    assert int(answer["g0"][post.ref.native_id]["favorites"]) == total
