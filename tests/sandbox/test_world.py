"""One truth: the same everywhere, exact, additive, and full of awkward things."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Ref
from socialmetrics.sandbox import World
from socialmetrics.sandbox.audience import BREAKDOWNS, FLOWS
from socialmetrics.sandbox.days import trim
from socialmetrics.sandbox.measures import MEASURES, PORTIONS, SUMS, Scope, names
from socialmetrics.sandbox.posts import SNOWFLAKE_EPOCH

WORLD, FULL = World(scale=0.1), World()
SCOPES: tuple[Scope, ...] = ("organic", "paid", "total")
START = WORLD.start
HOURS = int((WORLD.now - START).total_seconds()) // 3600
moments = st.integers(0, HOURS).map(lambda hour: START + timedelta(hours=hour))
rows = st.integers(0, len(WORLD.posts) - 1)
profiles = st.integers(0, len(WORLD.profiles) - 1)
metrics = st.sampled_from(sorted(names()))
scopes = st.sampled_from(SCOPES)


def test_the_same_seed_gives_the_same_world_on_every_machine() -> None:
    week = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    world = FULL

    acme = world.profiles[0]
    likes, last = world.profile_sum(acme, "likes", "total", *week), world.posts[-1]

    assert (likes, world.followers(acme)) == (3356, 227780)
    assert (last.ref.native_id, len(world.posts)) == (
        "104225361998271_122000017149",
        17_150,
    )


def test_another_seed_gives_another_world() -> None:
    other = World(seed=8, scale=0.1)

    assert other.posts[0].ref != WORLD.posts[0].ref


def test_a_year_holds_more_than_ten_thousand_posts_and_seconds_hold_many() -> None:
    world = FULL
    year = world.now - timedelta(days=365)

    crowds = Counter(post.created_at for post in world.posts)

    assert sum(post.created_at > year for post in world.posts) > 12_000
    assert sum(count >= 150 for count in crowds.values()) >= 8
    assert len({post.ref for post in world.posts}) == len(world.posts)


def test_there_are_posts_at_the_edges_of_days_and_on_the_leap_day() -> None:
    moments = {post.created_at for post in WORLD.posts}

    assert datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC) in moments
    assert datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC) in moments
    assert datetime(2026, 1, 31, tzinfo=UTC) in moments


def test_every_kind_of_post_occurs() -> None:
    world = FULL

    assert {post.kind for post in world.posts} == {
        "original", "reply", "quote", "repost", "story",
    }  # fmt: skip
    assert {post.media for post in world.posts} == {
        "text", "photo", "video", "album", "link", "poll",
    }  # fmt: skip
    assert any(post.protected for post in world.posts)
    assert any(post.deleted_at for post in world.posts)
    assert any(post.user is None for post in world.posts)
    assert any(len(post.tags) > 1 for post in world.posts)


def test_ids_on_x_carry_their_time_and_whole_seconds_are_published() -> None:
    on_x = [post for post in WORLD.posts if post.ref.network == "x"]

    carried = [(int(p.ref.native_id) >> 22) + SNOWFLAKE_EPOCH for p in on_x]

    assert [at // 1000 for at in carried] == [p.created_at.timestamp() for p in on_x]
    assert all(p.created_at.microsecond == 0 for p in on_x)
    assert any(at % 1000 for at in carried)


def test_google_ids_exceed_sixty_four_bits() -> None:
    google = [p for p in WORLD.profiles if p.network == "google_business"]

    assert all(int(p.ref.native_id) > 2**63 for p in google)
    assert all(p.handle is None and p.store_code for p in google)


@given(row=rows, metric=metrics, scope=scopes)
def test_the_hours_of_a_post_add_up_to_its_total(
    row: int, metric: str, scope: Scope
) -> None:
    post = WORLD.posts[row]

    first, hours = WORLD.post_hours(post, metric, scope)

    assert hours.sum() == WORLD.post_total(post, metric, scope)
    assert first <= post.created_at < first + timedelta(hours=1)


@given(row=rows, metric=metrics, at=moments)
def test_organic_and_paid_add_up_to_total_at_any_time(
    row: int, metric: str, at: datetime
) -> None:
    post = WORLD.posts[row]

    organic, paid, total = (WORLD.post_total(post, metric, s, at) for s in SCOPES)

    assert organic + paid == total
    assert min(organic, paid) >= 0


@given(at=profiles, metric=metrics, scope=scopes, ends=st.tuples(moments, moments))
@settings(deadline=None)
def test_a_span_of_a_profile_is_the_sum_over_its_posts(
    at: int, metric: str, scope: Scope, ends: tuple[datetime, datetime]
) -> None:
    profile, (start, end) = WORLD.profiles[at], sorted(ends)

    whole = WORLD.profile_sum(profile, metric, scope, start, end)

    mine = WORLD.rows_of(profile)
    after = WORLD.post_totals(mine, metric, scope, end).sum()
    assert whole == after - WORLD.post_totals(mine, metric, scope, start).sum()


@given(
    at=profiles, metric=metrics, scope=scopes, start=moments, days=st.integers(1, 20)
)
@settings(deadline=None, max_examples=30)
def test_hours_and_days_of_a_profile_add_up_to_its_span(
    at: int, metric: str, scope: Scope, start: datetime, days: int
) -> None:
    profile, day = WORLD.profiles[at], start.replace(hour=0)
    end = min(day + timedelta(days=days), WORLD.now)
    begin = (day.date() - WORLD.first_day()).days

    hours = WORLD.profile_hours(profile, metric, scope, day, day + timedelta(days=days))
    table = WORLD.daily(metric, scope)[profile.index, begin : begin + days]

    assert hours.sum() == WORLD.profile_sum(profile, metric, scope, day, end)
    assert table.sum() == hours.sum()


def test_days_in_the_pacific_are_cut_at_its_midnights_also_when_clocks_change() -> None:
    profile, tz = WORLD.profiles[2], "America/Los_Angeles"
    table, first = WORLD.daily("impressions", "total", tz), WORLD.first_day(tz)

    spring = (date(2025, 3, 9) - first).days

    start = datetime(2025, 3, 9, 8, tzinfo=UTC)
    truth = WORLD.profile_sum(
        profile, "impressions", "total", start, start + timedelta(hours=23)
    )
    assert table[profile.index, spring] == truth
    assert first == date(2024, 2, 1)
    assert WORLD.day_count(tz) == WORLD.day_count() - 1


def test_nothing_is_counted_after_the_time_that_is_asked_for() -> None:
    early = datetime(2026, 3, 1, tzinfo=UTC)

    now, then = (
        WORLD.daily("likes", "total"),
        WORLD.daily("likes", "total", "UTC", early),
    )

    assert then.sum() < now.sum()
    assert (then[:, : WORLD.day_count("UTC", early) - 1] == now[:, :759]).all()
    assert WORLD.day_count("UTC", START - timedelta(days=3)) == 0


def test_things_are_taken_back_in_some_hours_but_totals_stay_positive() -> None:
    world = FULL
    acme, year = world.profiles[0], world.now - timedelta(days=365)
    popular = [post for post in world.posts if not post.boosted][::29]

    hours = [world.post_hours(post, "likes")[1] for post in popular]

    assert any((series < 0).any() for series in hours)
    assert all((np.cumsum(series) >= 0).all() for series in hours)
    assert world.profile_sum(acme, "likes", "total", year, world.now) > 0


def test_a_deleted_post_collects_nothing_more() -> None:
    gone = [post for post in FULL.posts if post.deleted_at]
    world = FULL

    for post in gone[:40]:
        at = post.deleted_at
        assert at is not None
        assert world.post_total(post, "impressions", as_of=at) == world.post_total(
            post, "impressions"
        )


@given(row=rows, at=moments)
def test_reach_is_never_above_impressions_and_grows(row: int, at: datetime) -> None:
    post = WORLD.posts[row]

    reach, later = WORLD.post_reach(post, as_of=at), WORLD.post_reach(post)

    assert 0 <= reach <= WORLD.post_total(post, "impressions", as_of=at)
    assert reach <= later


def test_the_reach_of_two_days_is_below_the_sum_of_both() -> None:
    acme, monday = WORLD.profiles[0], datetime(2026, 3, 2, tzinfo=UTC)
    day = timedelta(days=1)

    first = WORLD.profile_reach(acme, "total", monday, monday + day)
    second = WORLD.profile_reach(acme, "total", monday + day, monday + 2 * day)
    both = WORLD.profile_reach(acme, "total", monday, monday + 2 * day)

    assert max(first, second) <= both < first + second


@pytest.mark.parametrize("parent", sorted(SUMS))
def test_a_sum_is_the_sum_of_its_parts(parent: str) -> None:
    every = np.arange(len(WORLD.posts))

    parts = sum(WORLD.post_totals(every, part) for part in SUMS[parent])

    assert (WORLD.post_totals(every, parent) == parts).all()


@pytest.mark.parametrize("name", [n for n, p in PORTIONS.items() if p.rest])
def test_a_portion_and_its_rest_make_the_whole(name: str) -> None:
    every, rest = np.arange(len(WORLD.posts)), PORTIONS[name]
    twins = (p for p in PORTIONS if PORTIONS[p].whole == rest.whole and p != name)
    twin = next(
        p for p in twins if (PORTIONS[p].num, PORTIONS[p].den) == (rest.num, rest.den)
    )

    both = WORLD.post_totals(every, name) + WORLD.post_totals(every, twin)

    assert (both == WORLD.post_totals(every, rest.whole)).all()


def test_only_videos_are_viewed_and_only_stories_replied_to() -> None:
    every = np.arange(len(WORLD.posts))

    views = WORLD.post_totals(every, "video_views")
    replies = WORLD.post_totals(every, "story_replies")

    assert all(
        not count or WORLD.posts[row].media == "video"
        for row, count in enumerate(views)
    )
    assert all(
        not count or WORLD.posts[row].kind == "story"
        for row, count in enumerate(replies)
    )
    assert (views <= WORLD.post_totals(every, "impressions")).all()


def test_a_network_without_a_measure_has_none_of_it() -> None:
    assert MEASURES["quotes"].rate("facebook") == 0
    assert MEASURES["comments"].rate("x") == MEASURES["comments"].rate("elsewhere") > 0


@given(at=profiles, ends=st.tuples(moments, moments))
def test_followers_change_by_what_is_gained_and_lost(
    at: int, ends: tuple[datetime, datetime]
) -> None:
    profile, (start, end) = WORLD.profiles[at], sorted(ends)

    gained = sum(
        WORLD.flow(profile, f"followers_gained_{kind}", start, end)
        for kind in ("organic", "paid")
    )
    lost = WORLD.flow(profile, "followers_lost", start, end)

    assert (
        WORLD.followers(profile, end) - WORLD.followers(profile, start) == gained - lost
    )
    assert min(gained, lost) >= 0


@pytest.mark.parametrize("kind", sorted(BREAKDOWNS))
def test_breakdowns_add_up_to_the_followers(kind: str) -> None:
    acme = WORLD.profiles[0]

    parts = WORLD.breakdown(acme, kind)

    assert sum(parts.values()) == WORLD.followers(acme)
    assert all(count > 0 for count in parts.values())


def test_a_full_cache_forgets_its_oldest_entry() -> None:
    kept = {"old": 1, "new": 2}

    trim(kept, 3)
    trim(kept, 2)

    assert kept == {"new": 2}


def test_flows_begin_and_end_with_the_history() -> None:
    acme = WORLD.profiles[0]
    before, after = START - timedelta(days=9), WORLD.now + timedelta(days=9)

    for name in FLOWS:
        whole = WORLD.flow(acme, name, START, WORLD.now)
        assert WORLD.flow(acme, name, before, after) == whole > 0


def test_flows_by_the_day_add_up_to_flows_of_a_span() -> None:
    edges = WORLD.day_edges("UTC")

    days = WORLD.audience.by("profile_views", edges)

    acme = WORLD.profiles[0]
    whole = WORLD.flow(acme, "profile_views", START, WORLD.now)
    assert days[0].sum() == whole


def test_levels_of_fans_and_following_are_apart_from_followers() -> None:
    hour = np.array([int(WORLD.now.timestamp()) // 3600])

    fans = WORLD.audience.level("fans", hour)[0, 0]
    following = WORLD.audience.level("following", hour)[0, 0]

    assert following < fans < WORLD.followers(WORLD.profiles[0])


def test_things_are_found_by_their_identity() -> None:
    post, profile = WORLD.posts[3], WORLD.profiles[3]

    assert WORLD.post(post.ref) is post
    assert WORLD.profile(profile.ref) is profile
    with pytest.raises(KeyError):
        WORLD.profile(Ref("x", "0"))


def test_a_second_customer_branches_and_bursts_can_be_had() -> None:
    world = World(scale=0.05, customers=2, branches=30, burst=400)

    burst = Counter(post.created_at for post in world.posts).most_common(1)[0][1]

    assert len({profile.customer for profile in world.profiles}) == len(world.customers)
    assert len(world.profiles) == len(WORLD.profiles) + 30 + 3
    assert burst >= 400
    assert {group.customer for group in world.groups} == {c.id for c in world.customers}


IMPOSSIBLE: list[dict[str, Any]] = [
    {"scale": 0},
    {"scale": float("nan")},
    {"scale": 1e9},
    {"customers": 3},
    {"branches": -1},
    {"burst": -1},
    {"now": datetime(2025, 1, 1, tzinfo=UTC)},
    {"now": datetime(2026, 1, 1)},  # noqa: DTZ001 - to be refused
]


@pytest.mark.parametrize("arguments", IMPOSSIBLE, ids=str)
def test_a_world_that_cannot_be_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuery):
        World(**arguments)


def test_nothing_happens_after_now_wherever_now_is() -> None:
    now = datetime(2025, 6, 1, 12, 34, 56, tzinfo=UTC)

    world = World(scale=0.05, now=now)

    assert max(post.created_at for post in world.posts) < now
    assert max(message.created_at for message in world.messages) < now


def test_inboxes_hold_received_and_sent_messages_of_every_kind() -> None:
    world = FULL

    kinds = {message.kind for message in world.messages}

    assert kinds == {"comment", "mention", "quote", "direct", "review", "story_mention"}
    assert len(world.messages) == 6_000
    assert 0.6 < sum(m.received for m in world.messages) / len(world.messages) < 0.8
    assert all((m.user is None) == m.received for m in world.messages)
    assert all(a.at > m.created_at for m in world.messages for a in m.actions)
    assert {m.rating for m in world.messages} == {None, 1, 2, 3, 4, 5}


def test_cases_belong_to_answered_messages_and_run_forward() -> None:
    for case in FULL.cases:
        assert case.message.actions
        assert case.created_at <= case.updated_at <= case.active_at <= WORLD.now
        assert (case.closed_at is not None) == (case.status == "CLOSED")


def test_topics_hold_more_than_a_thousand_mentions_but_none_on_x() -> None:
    world = FULL

    mentions = [m for m in world.mentions if m.topic == world.topics[0]]

    assert len(mentions) > 1_000
    assert {m.sentiment for m in mentions} == {
        "positive", "neutral", "negative", "unclassified",
    }  # fmt: skip
    assert "x" not in {m.ref.network for m in mentions}
    assert all(-1 <= m.score <= 1 for m in mentions)
