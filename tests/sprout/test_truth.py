"""What the client delivers is what the simulated world says, exactly, everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import socialmetrics as sm
from socialmetrics.model import Profile
from socialmetrics.reading import Settled, Status
from socialmetrics.sandbox.inbox import WorldMessage
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.server import Running, serve
from socialmetrics.sandbox.world import World
from socialmetrics.window import midnight
from socialmetrics_sprout.entries import Endpoint, entries, profile_zone
from socialmetrics_sprout.sandbox import CREDENTIALS, Lens, app

TODAY = date(2026, 3, 11)
YEAR = sm.Window.days("2025-03-11", "2026-03-10")
SPANS = [
    sm.Window.days("2024-02-20", "2024-03-15"),  # the leap day, and a day of 23 hours
    sm.Window.days("2024-10-25", "2024-11-10"),  # a day of 25 hours
    sm.Window.days("2024-12-20", "2025-01-10"),  # Facebook's metrics change
    sm.Window.days("2025-04-10", "2025-04-30"),  # Instagram's metrics change
    sm.Window.days("2026-02-10", "2026-03-10"),  # until now, where days still run
]
NETWORKS = ["x", "facebook", "instagram", "linkedin", "youtube", "threads", "tiktok"]


@pytest.fixture(autouse=True, scope="module")
def quick(untraced: None) -> None:
    """Whole pulls of two years: coverage is measured elsewhere."""


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def lens(world: World) -> Lens:
    return Lens(world)


@pytest.fixture(scope="module")
def vendor(world: World) -> Iterator[Running]:
    with serve(app(world, per_minute=1_000_000)) as running:
        yield running


@pytest.fixture
def client(vendor: Running) -> Iterator[sm.Client]:
    with sm.connect(
        "sprout",
        token=CREDENTIALS["token"],
        base_url=vendor.url,
        budget=[(1_000_000, 60.0)],
        clock=lambda: datetime(2026, 3, 11, 6, tzinfo=UTC),
    ) as found:
        yield found


def offered(endpoint: Endpoint, network: str) -> list[str]:
    names = [
        entry.reading.name
        for entry in entries(endpoint, network)
        if entry.is_offered(TODAY) and entry.state == "documented"
    ]
    return list(dict.fromkeys(names))


def maps(network: str) -> set[str]:
    found = entries("profiles", network)
    return {entry.reading.name for entry in found if entry.is_map}


def is_served(item: WorldPost | WorldMessage, world: World) -> bool:
    """Nothing of Reddit profiles, and of Google Business the last 30 days only."""
    network = item.account.network
    recent = item.created_at >= world.now - timedelta(days=30)
    return network != "reddit" and (network != "google_business" or recent)


def of(network: str, client: sm.Client) -> list[Profile]:
    return [each for each in client.profiles() if each.ref.network == network]


@pytest.mark.parametrize("network", [*NETWORKS, "pinterest"])
def test_every_daily_figure_is_the_truth(
    network: str, client: sm.Client, world: World, lens: Lens
) -> None:
    accounts = {account.ref: account for account in world.profiles}
    names = offered("profiles", network)
    zone = profile_zone(network) or "UTC"

    blocks = [
        client.metrics(of(network, client), names, span, by="day") for span in SPANS
    ]
    series = sm.MetricSeries.concat(blocks)

    seen: Counter[tuple[sm.Ref, str, datetime, str]] = Counter()
    for point in series:
        day = point.start.astimezone(ZoneInfo(zone)).date()
        truth = lens.day_figure(accounts[point.subject], point.reading.name, day)
        if isinstance(truth, dict):
            truth = truth.get(point.breakdown)
        assert point.value == truth, (point.subject, point.reading.name, day)
        assert point.start == midnight(day, zone)
        assert point.end == midnight(day + timedelta(days=1), zone)
        assert (point.status is Status.OBSERVED) == (truth is not None)
        is_over = midnight(day + timedelta(days=1), zone) <= world.now
        assert point.settled is (Settled.UNKNOWN if is_over else Settled.NO)
        seen[point.subject, point.reading.name, point.start, point.breakdown] += 1
    assert set(seen.values()) == {1}
    days = sum(len(list(span.dates())) for span in SPANS)
    counts = Counter((ref, name) for ref, name, _, part in seen if not part)
    for profile in of(network, client):
        for name in set(names) - maps(network):
            assert counts[profile.ref, name] == days


@pytest.mark.parametrize("network", [*NETWORKS, "bluesky"])
def test_every_lifetime_figure_is_the_truth(
    network: str, client: sm.Client, world: World, lens: Lens
) -> None:
    posts = {post.ref: post for post in world.posts}
    names = offered("posts", network)
    profiles = of(network, client)

    found = [
        post for span in SPANS for post in client.posts(profiles, span, metrics=names)
    ]

    assert found
    for post in found:
        for point in post.metrics.values():
            truth = lens.lifetime_figure(posts[post.ref], point.reading.name)
            assert point.value == truth, (post.ref, point.reading.name)
            assert (point.status is Status.OBSERVED) == (truth is not None)
            assert (point.start, point.end) == (post.created_at, None)


def test_more_than_ten_thousand_posts_come_once_each(
    client: sm.Client, world: World
) -> None:
    truth = {
        post.ref
        for post in world.posts
        if YEAR.start <= post.created_at < YEAR.end and is_served(post, world)
    }

    found = Counter(post.ref for post in client.posts(None, YEAR))

    assert len(found) > 12_000
    assert set(found.values()) == {1}
    assert set(found) == truth


def test_every_message_of_the_inbox_comes_once(client: sm.Client, world: World) -> None:
    truth = [
        message
        for message in world.messages
        if YEAR.start <= message.created_at < YEAR.end and is_served(message, world)
    ]

    found = list(client.messages(None, YEAR))

    assert Counter(each.created_at for each in found) == Counter(
        each.created_at for each in truth
    )
    assert len({each.vendor_id for each in found}) == len(found)


def test_every_mention_of_a_topic_comes_once(client: sm.Client, world: World) -> None:
    (topic, *_) = client.topics()
    truth = [
        mention
        for mention in world.mentions
        if YEAR.start <= mention.created_at < YEAR.end
        and str(mention.topic.id) == topic.vendor_id
        # Reddit has had no messages since 2026-05-12, and is not asked for.
        and mention.ref.network != "reddit"
    ]

    found = list(client.topic_messages(topic, YEAR))

    assert Counter(each.created_at for each in found) == Counter(
        each.created_at for each in truth
    )
    assert len({(each.vendor_id, each.url) for each in found}) == len(found)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2024-02-29", 24),  # the leap day
        ("2024-03-10", 23),
        ("2024-11-03", 25),
        ("2025-03-09", 23),
        ("2025-11-02", 25),
        ("2026-03-08", 23),
    ],
)
def test_pacific_days_last_as_long_as_they_do(
    day: str, hours: int, client: sm.Client
) -> None:
    profiles = of("facebook", client)

    (point, *_) = client.metrics(profiles, ["impressions"], sm.Window.days(day, day))

    assert point.end is not None
    assert point.end - point.start == timedelta(hours=hours)


def test_a_year_by_total_is_the_sum_of_the_truth(
    client: sm.Client, world: World, lens: Lens
) -> None:
    accounts = {account.ref: account for account in world.profiles}

    series = client.metrics(of("x", client), ["impressions"], YEAR, by="total")

    assert len(series) == 2
    for point in series:
        days = (
            lens.day_figure(accounts[point.subject], "impressions", day)
            for day in YEAR.dates()
        )
        assert point.value == sum(days)  # type: ignore[arg-type]  # counts
