"""The lens tells what the world knows, by the vendor's names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from socialmetrics.sandbox import World
from socialmetrics_x.sandbox import Lens
from socialmetrics_x.sandbox.catalogue import COUNTS, RECORDED
from socialmetrics_x.sandbox.truth import recorded
from tests.x.sandbox_calls import ACME, LENS, WORLD, posts_of

HOUR = timedelta(hours=1)
BOOSTED = next(
    post
    for post in posts_of(ACME)
    if post.boosted and post.created_at < WORLD.now - timedelta(days=40)
)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_hours_are_those_of_the_world(name: str) -> None:
    post = BOOSTED
    count = COUNTS[name]
    first, series = WORLD.post_hours(post, count.measure, count.scope)

    hours = LENS.hours(post, name, first - HOUR, first + len(series) * HOUR)

    assert hours == [0, *series.tolist()]


@pytest.mark.parametrize("name", sorted(set(COUNTS) - {"video_views"}))
def test_totals_are_the_hours_added_up_to_the_time_of_asking(name: str) -> None:
    post = BOOSTED
    asked = post.created_at + 30 * HOUR
    end = post.created_at + timedelta(days=31)

    early = LENS.total(post, name, asked)
    late = LENS.total(post, name)

    assert early == sum(LENS.hours(post, name, WORLD.start, asked))
    assert early == sum(LENS.hours(post, name, WORLD.start, end, asked))
    assert late == sum(LENS.hours(post, name, WORLD.start, end))


def test_impressions_are_organic_and_engagements_are_not_the_sum_of_parts() -> None:
    post = BOOSTED
    apart = set(COUNTS) - {"impressions", "engagements", "media_views", "video_views"}

    parts = sum(LENS.total(post, name) for name in apart)

    assert LENS.total(post, "impressions") < WORLD.post_total(post, "impressions")
    assert LENS.total(post, "engagements") > parts


def test_some_hours_are_below_zero() -> None:
    posts = posts_of(ACME)[:200]

    lowest = [
        min(LENS.hours(post, "favorites", post.created_at, WORLD.now)) for post in posts
    ]

    assert min(lowest) < 0


def test_total_video_views_are_of_every_post_that_carries_the_video() -> None:
    videos = [post for post in WORLD.posts if post.media == "video"]
    own = [post for post in videos if post.ref.network == "x"]
    groups = {post.ref: LENS.carriers(post) for post in own}

    shared = next(post for post in own if len(groups[post.ref]) > 1)
    alone = next(post for post in own if len(groups[post.ref]) == 1)

    group = groups[shared.ref]
    views = sum(WORLD.post_total(post, "video_views") for post in group)
    assert {post.account for post in group} == {shared.account}
    assert LENS.total(shared, "video_views") == views
    assert views > WORLD.post_total(shared, "video_views")
    assert LENS.total(alone, "video_views") == WORLD.post_total(alone, "video_views")
    assert all(post in groups[post.ref] for post in own)
    assert all(LENS.carriers(post) == groups[post.ref] for post in group)


def test_posts_without_a_video_carry_none() -> None:
    post = next(post for post in posts_of(ACME) if post.media == "text")

    assert LENS.carriers(post) == ()
    assert LENS.total(post, "video_views") == 0


def test_nothing_is_counted_after_the_time_of_asking_or_the_worlds_now() -> None:
    post = posts_of(ACME)[0]
    later = WORLD.now + timedelta(days=40)

    after = LENS.hours(post, "impressions", WORLD.now, later, later)
    early = LENS.hours(post, "impressions", post.created_at, WORLD.now, WORLD.start)

    assert not any(after)
    assert not any(early)


def test_what_was_not_recorded_yet_is_zero() -> None:
    first = int(RECORDED.timestamp()) // 3600
    hours = np.arange(first - 2, first + 2)

    counts = recorded(np.ones((3, 4), dtype=np.int64), hours)

    assert datetime(2015, 9, 15, tzinfo=UTC) == RECORDED
    assert counts.tolist() == [[0, 0, 1, 1]] * 3


def test_worlds_have_videos_of_their_own() -> None:
    other = Lens(World(seed=8, scale=0.05))
    post = next(post for post in other.posts.values() if post.media == "video")

    assert post in other.carriers(post)
