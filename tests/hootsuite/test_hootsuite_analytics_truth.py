"""What the client delivers is what the simulated world says, exactly, everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

import socialmetrics as sm
from socialmetrics.model import Post, Profile
from socialmetrics.reading import Settled, Status, unlabelled
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.server import Running, serve
from socialmetrics.sandbox.world import World
from socialmetrics.window import midnight
from socialmetrics_hootsuite import posts as hootsuite_posts
from socialmetrics_hootsuite.adapter import Hootsuite
from socialmetrics_hootsuite.analytics.entries import (
    Endpoint,
    entries,
    networks,
    type_of,
    zone_of,
)
from socialmetrics_hootsuite.sandbox import Lens, app, credentials
from socialmetrics_hootsuite.sandbox.options import Options

NOW = datetime(2026, 3, 11, 6, tzinfo=UTC)
OLDEST = date(2024, 3, 11)
SPANS = [
    sm.Window.days("2024-03-05", "2024-03-20"),  # two years ago; a day of 23 hours
    sm.Window.days("2025-10-25", "2025-11-10"),  # a day of 25 hours
    sm.Window.days("2026-02-20", "2026-03-14"),  # until now, and what is to come
]
LAGS = Options().lags


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls: coverage is measured elsewhere."""


@pytest.fixture(scope="module")
def world() -> World:
    return World(scale=0.3, burst=130)


@pytest.fixture(scope="module")
def lens(world: World) -> Lens:
    return Lens(world, LAGS)


@pytest.fixture(scope="module")
def vendor(world: World) -> Iterator[Running]:
    with serve(app(world, per_second=1_000_000, per_day=1_000_000_000)) as running:
        yield running


def connected(url: str) -> sm.Client:
    return sm.connect(
        Hootsuite,
        access_token=credentials()["access_token"],
        base_url=url,
        budget=[(1_000_000, 1.0)],
        clock=lambda: NOW,
    )


@pytest.fixture
def client(vendor: Running) -> Iterator[sm.Client]:
    with connected(vendor.url) as found:
        yield found


def names(endpoint: Endpoint, network: str) -> list[str]:
    """Every metric that is known there, organic and paid."""
    found = entries(endpoint, network)
    return list(
        dict.fromkeys(
            each.reading.label if each.reading.scope == "paid" else each.reading.metric
            for each in found
            if each.state != "absent"
        )
    )


def mine(client: sm.Client, network: str) -> list[Profile]:
    kind = type_of(network)
    return [each for each in client.profiles() if each.raw["type"] == kind]


def scope_of(scope: str) -> Scope:
    return "paid" if scope == "paid" else "organic"


# -- profiles --------------------------------------------------------------------------


@pytest.mark.parametrize("span", SPANS, ids=str)
@pytest.mark.parametrize("network", networks())
def test_every_figure_of_a_profile_is_the_world_s(
    client: sm.Client, world: World, lens: Lens, network: str, span: sm.Window
) -> None:
    profiles = mine(client, network)
    asked = names("profiles", network)
    accounts = {each.ref: each for each in world.profiles}

    series = client.metrics(profiles, asked, span, by="day")

    zone, kind = zone_of(network), type_of(network)
    days = {midnight(day, zone): day for day in span.dates()}
    wholes = [point for point in series if not point.breakdown]
    assert Counter((p.subject, days[p.start], p.reading.label) for p in wholes) == (
        Counter(
            (profile.ref, day, label)
            for profile in profiles
            for day in days.values()
            for label in {p.reading.label for p in wholes}
        )
    )
    assert len(wholes) == len(profiles) * len(days) * len(asked)
    last = lens.last_day(kind)
    for point in wholes:
        day, name = days[point.start], point.reading.name
        scope = scope_of(point.reading.scope)
        if day < OLDEST or day > last:
            old = Status.TOO_OLD, Status.NOT_COLLECTED
            assert point.status is old[day > last]
            continue
        truth = lens.day_figures(accounts[point.subject], kind, day, scope=scope)
        assert point.value == truth.get(name)
        reported = Status.OBSERVED if name in truth else Status.NOT_REPORTED
        assert point.status is reported
        hours = 64 if network == "instagram" else 72
        assert point.end is not None
        is_young = point.end + timedelta(hours=hours) > NOW
        assert point.settled is (Settled.NO if is_young else Settled.UNKNOWN)


def test_the_parts_of_a_figure_add_up(
    client: sm.Client, world: World, lens: Lens
) -> None:
    profiles = mine(client, "instagram")
    accounts = {each.ref: each for each in world.profiles}
    span = sm.Window.days("2026-02-01", "2026-02-20")

    series = client.metrics(profiles, ["views", "views[scope=paid]"], span, by="day")

    zone = zone_of("instagram")
    days = {midnight(day, zone): day for day in span.dates()}
    parts = [point for point in series if point.breakdown]
    assert len(parts) == len(profiles) * 20 * 2 * 3
    for point in parts:
        truth = lens.day_parts(
            accounts[point.subject],
            "INSTAGRAMBUSINESS",
            days[point.start],
            scope=scope_of(point.reading.scope),
        )
        assert point.value == truth[point.breakdown.removeprefix("by_type/")]


def test_a_metric_that_no_document_knows_is_told_and_can_be_asked_for(
    world: World,
) -> None:
    lens = Lens(world, LAGS, "mystery_count")
    span = sm.Window.days("2026-03-02", "2026-03-04")
    unbound = {"per_second": 1_000_000, "novel": "mystery_count"}
    with serve(app(world, **unbound)) as running, connected(running.url) as client:
        profiles = mine(client, "x")
        plain = client.metrics(profiles, ["followers"], span, by="day")
        asked = client.metrics(profiles, ["mystery_count"], span, by="day")

    assert [(i.problem[:33], i.seen) for i in plain.issues] == [
        ("metrics whose meaning is not know", "mystery_count")
    ]
    accounts = {each.ref: each for each in world.profiles}
    assert asked.issues == ()
    assert len(asked) == 3 * len(profiles)
    for point in asked:
        truth = lens.day_figures(accounts[point.subject], "TWITTER", point.start.date())
        assert point.value == truth["mystery_count"]


def test_totals_are_worked_out_of_days(
    client: sm.Client, world: World, lens: Lens
) -> None:
    (profile, *_) = mine(client, "instagram")
    account = next(each for each in world.profiles if each.ref == profile.ref)
    span = sm.Window.days("2026-01-05", "2026-02-08")

    series = client.metrics(profile, ["followers_net", "views"], span, by="total")

    truth = [
        lens.day_figures(account, "INSTAGRAMBUSINESS", day) for day in span.dates()
    ]
    assert {p.metric: p.value for p in series if not p.breakdown} == {
        "followers_net": sum(
            each["new_followers_count"] - each["lost_followers_count"] for each in truth
        ),
        "views": sum(each["views"] for each in truth),
    }


# -- posts -----------------------------------------------------------------------------


def was_sent(post: WorldPost) -> bool:
    """Whether a colleague sent it with the tool."""
    return post.user is not None and post.kind == "original"


def expected(
    world: World, lens: Lens, network: str, window: sm.Window, profiles: list[Profile]
) -> dict[str, WorldPost]:
    """The posts that came out in the window and that some half of the API has."""
    refs = {profile.ref for profile in profiles}
    at = lens.collected(type_of(network))
    return {
        post.ref.native_id: post
        for post in world.posts
        if post.account.ref in refs
        and window.start <= post.created_at < window.end
        and (
            was_sent(post)
            or (
                post.created_at < at and not (post.deleted_at and post.deleted_at <= at)
            )
        )
    }


def is_counted(post: WorldPost, lens: Lens, network: str) -> bool:
    at = lens.collected(type_of(network))
    is_gone = post.deleted_at is not None and post.deleted_at <= at
    return post.created_at.date() >= OLDEST and post.created_at < at and not is_gone


def check(post: Post, truth: WorldPost, lens: Lens, network: str, count: int) -> None:
    """Every figure of a post, or the reason why it is not there."""
    assert len(post.metrics) == count
    for point in post.metrics.values():
        scope = scope_of(point.reading.scope)
        if not is_counted(truth, lens, network):
            assert point.value is None
            assert point.status is not Status.OBSERVED
            continue
        figures = lens.post_figures(truth, type_of(network), scope=scope)
        assert point.value == figures.get(point.reading.name)
        assert point.source.fetched_at == lens.refreshed(truth, type_of(network))


@pytest.mark.parametrize("network", networks())
def test_every_post_comes_once_with_the_world_s_figures(
    client: sm.Client, world: World, lens: Lens, network: str
) -> None:
    profiles = mine(client, network)
    window = sm.Window.days("2026-01-10", "2026-03-11")
    asked = names("posts", network)

    found = list(client.posts(profiles, window, metrics=asked))

    truth = expected(world, lens, network, window, profiles)
    assert Counter(post.ref.native_id for post in found) == Counter(list(truth))
    for post in found:
        told = truth[post.ref.native_id]
        check(post, told, lens, network, len(asked))
        assert (post.created_at, post.text) == (told.created_at, told.text)
        assert ("message" in post.raw) == was_sent(told)
        assert ("organic" in post.raw) == is_counted(told, lens, network)


@pytest.mark.parametrize("network", networks())
def test_figures_of_known_posts_are_those_that_came_with_them(
    client: sm.Client, network: str
) -> None:
    profiles = mine(client, network)
    window = sm.Window.days("2026-02-01", "2026-03-11")
    asked = names("posts", network)
    known = list(client.posts(profiles, window, metrics=asked))

    series = client.metrics(known, asked)

    told = {
        (post.ref, point.reading.label): (point.value, point.status)
        for post in known
        for point in post.metrics.values()
    }
    assert len(series) == len(told) == len(known) * len(asked)
    assert {(p.subject, p.reading.label): (p.value, p.status) for p in series} == told


def test_posts_of_two_years_and_more(
    client: sm.Client, world: World, lens: Lens
) -> None:
    profiles = mine(client, "x")
    window = sm.Window.days("2024-02-20", "2024-04-10")

    found = list(client.posts(profiles, window, metrics=["likes"]))

    truth = expected(world, lens, "x", window, profiles)
    young = {
        name
        for name, post in truth.items()
        if was_sent(post) or post.created_at.date() >= OLDEST
    }
    assert Counter(post.ref.native_id for post in found) == Counter(young)
    for post in found:
        check(post, truth[post.ref.native_id], lens, "x", 1)


def test_networks_without_analytics_have_what_was_sent(
    client: sm.Client, world: World
) -> None:
    profiles = [
        each
        for each in client.profiles()
        if each.ref.network in ("linkedin", "bluesky")
    ]
    window = sm.Window.days("2026-02-01", "2026-03-10")

    pull = client.posts(profiles, window, metrics=["likes"])
    found = list(pull)

    refs = {profile.ref for profile in profiles}
    assert Counter(post.ref for post in found) == Counter(
        post.ref
        for post in world.posts
        if was_sent(post)
        and post.account.ref in refs
        and window.start <= post.created_at < window.end
    )
    assert {each.subject for each in pull.missing} == refs
    assert all(not post.metrics for post in found)


@pytest.mark.parametrize("metric", ["likes", "likes[scope=paid]"])
def test_what_changed_is_what_was_refreshed(
    client: sm.Client, world: World, lens: Lens, metric: str
) -> None:
    profiles = mine(client, "facebook")
    since = date(2026, 3, 1)

    found = client.run(hootsuite_posts.changed_posts(profiles, since, [metric]))

    refs = {profile.ref for profile in profiles}
    truth = {
        post.ref.native_id: post
        for post in world.posts
        if post.account.ref in refs
        and is_counted(post, lens, "facebook")
        and post.created_at > NOW - timedelta(days=365)
        and lens.refreshed(post, "FACEBOOKPAGE").date() >= since
    }
    assert found
    assert Counter(post.ref.native_id for post in found) == Counter(list(truth))
    for post in found:
        check(post, truth[post.ref.native_id], lens, "facebook", 1)
        assert unlabelled(metric)[0] in {p.metric for p in post.metrics.values()}


def test_engagements_are_worked_out_for_known_posts(
    client: sm.Client, world: World, lens: Lens
) -> None:
    profiles = mine(client, "instagram")
    window = sm.Window.days("2026-02-01", "2026-02-20")
    known = list(client.posts(profiles, window))

    series = client.metrics(known, ["engagements.public"])

    truth = expected(world, lens, "instagram", window, profiles)
    for point in series:
        post = truth[point.subject.native_id]
        if is_counted(post, lens, "instagram"):
            told = lens.post_figures(post, "INSTAGRAMBUSINESS")
            parts = [told.get(name) for name in ("likes", "comments", "shares")]
            assert point.value == (None if None in parts else sum(filter(None, parts)))


# -- a vendor that leaves the cursor out -----------------------------------------------


def test_lists_without_cursors_lose_nothing(world: World, lens: Lens) -> None:
    window = sm.Window.days("2026-02-01", "2026-03-10")
    unbound = {"per_second": 1_000_000, "truncated": True, "bare_post_ids": True}
    with serve(app(world, **unbound)) as running, connected(running.url) as client:
        profiles = mine(client, "facebook")
        found = list(client.posts(profiles, window, metrics=["likes"]))

    truth = expected(world, lens, "facebook", window, profiles)
    counted = {
        name for name, post in truth.items() if is_counted(post, lens, "facebook")
    }
    assert len(found) == len(truth)
    assert {post.ref.native_id for post in found} >= counted


# -- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize("code", [4002, 4003])
def test_who_may_not_see_figures_is_told_for_every_one(world: World, code: int) -> None:
    denied = {"per_second": 1_000_000, "denied": {"analytics": code}}
    with serve(app(world, **denied)) as running, connected(running.url) as client:
        (profile, *_) = mine(client, "x")
        series = client.metrics(
            profile, ["followers"], sm.Window.days("2026-03-02", "2026-03-04"), by="day"
        )

    assert [p.status for p in series] == [Status.NOT_PERMITTED] * 3
    assert [issue.seen for issue in series.issues] == [profile.vendor_id]
