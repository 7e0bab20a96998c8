from __future__ import annotations

from datetime import date, timedelta

import pytest

from socialmetrics_sprout.entries import ENDPOINTS
from socialmetrics_sprout.readings import (
    Endpoint,
    Entry,
    profile_zone,
    readings,
    select,
)

FIRST, LAST, TODAY = date(2026, 7, 1), date(2026, 7, 7), date(2026, 7, 10)


def entries_named(endpoint: Endpoint, network: str, asked: str) -> tuple[Entry, ...]:
    found = select(endpoint, network, asked, first=FIRST, last=LAST, today=TODAY)
    assert isinstance(found, tuple), found
    return found


TOTAL, ORGANIC = "total", "organic"
SCOPES: list[tuple[str, Endpoint, dict[str, str]]] = [
    (
        "impressions",
        "profiles",
        {"x": ORGANIC, "facebook": TOTAL, "instagram": TOTAL, "linkedin": ORGANIC},
    ),
    (
        "impressions",
        "posts",
        {"x": ORGANIC, "facebook": TOTAL, "instagram": ORGANIC, "linkedin": ORGANIC},
    ),
    *(
        (
            name,
            endpoint,
            {"x": TOTAL, "facebook": TOTAL, "instagram": ORGANIC, "linkedin": ORGANIC},
        )
        for name in ("engagements.vendor", "reactions", "comments")
        for endpoint in (ENDPOINTS[0], ENDPOINTS[1])
    ),
    ("link_clicks", "profiles", {"x": ORGANIC, "facebook": TOTAL}),
    ("link_clicks", "posts", {"x": ORGANIC, "facebook": TOTAL}),
    (
        "video_views",
        "profiles",
        {"x": ORGANIC, "facebook": TOTAL, "instagram": ORGANIC, "tiktok": TOTAL},
    ),
    (
        "video_views",
        "posts",
        {"x": ORGANIC, "facebook": TOTAL, "instagram": ORGANIC, "linkedin": ORGANIC},
    ),
    ("likes", "profiles", {"threads": "unknown", "tiktok": TOTAL}),
    (
        "likes",
        "posts",
        {"youtube": "unknown", "bluesky": "unknown", "tiktok": "unknown"},
    ),
    ("saves", "posts", {"pinterest": "unknown", "instagram": ORGANIC}),
]


@pytest.mark.parametrize(("metric", "endpoint", "scopes"), SCOPES)
def test_the_scope_depends_on_metric_level_and_network(
    metric: str, endpoint: Endpoint, scopes: dict[str, str]
) -> None:
    found = {
        network: {
            entry.reading.scope for entry in entries_named(endpoint, network, metric)
        }
        for network in scopes
    }

    assert found == {network: {scope} for network, scope in scopes.items()}


@pytest.mark.parametrize(
    ("network", "zone"),
    [
        ("x", "UTC"),
        ("linkedin", "UTC"),
        ("pinterest", "UTC"),
        ("tiktok", "UTC"),
        ("facebook", "America/Los_Angeles"),
        ("instagram", "America/Los_Angeles"),
        ("youtube", "America/Los_Angeles"),
        ("threads", None),
        ("bluesky", None),
        ("google_business", None),
        ("mars", None),
    ],
)
def test_the_day_of_a_profile_is_the_networks(network: str, zone: str | None) -> None:
    assert profile_zone(network) == zone
    assert {reading.zone for reading in readings("profiles", network)} == {zone}


@pytest.mark.parametrize(
    ("endpoint", "name", "meant"),
    [
        ("profiles", "impressions", ("profile", "period", "activity", True, "UTC")),
        ("profiles", "followers", ("profile", "instant", "observed", False, "UTC")),
        ("posts", "impressions", ("post", "lifetime", "publish", False, "UTC")),
        ("topics", "mentions_volume", ("topic", "period", "activity", True, None)),
        ("topics", "likes", ("topic", "lifetime", "publish", True, None)),
    ],
)
def test_a_reading_says_which_stretch_of_which_day_it_counts(
    endpoint: Endpoint, name: str, meant: tuple[str, str, str, bool, str | None]
) -> None:
    (entry,) = entries_named(endpoint, "x", name)

    got = entry.reading
    assert (got.level, got.temporality, got.date_axis, got.additive, got.zone) == meant
    assert (got.vendor, got.network) == ("sprout", "x")


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("profiles", "analytics/profiles"),
        ("posts", "analytics/posts"),
        ("topics", "listening/metrics"),
    ],
)
def test_a_reading_names_its_endpoint(endpoint: Endpoint, path: str) -> None:
    assert {reading.endpoint for reading in readings(endpoint, "x")} == {path}


@pytest.mark.parametrize(
    ("endpoint", "network", "asked", "name", "composition"),
    [
        ("profiles", "x", "reposts", "shares_count", "reposts"),
        ("posts", "linkedin", "shares", "lifetime.shares_count", "reposts"),
        ("posts", "threads", "shares", "lifetime.shares_count", "reposts + quotes"),
        ("profiles", "threads", "shares", "shares_count", "reposts + quotes"),
        ("posts", "bluesky", "shares", "lifetime.shares_count", "reposts + quotes"),
        ("profiles", "x", "reactions", "reactions", "likes"),
        ("profiles", "x", "engagements.vendor", "engagements", "opaque"),
        ("profiles", "mars", "engagements.vendor", "engagements", "opaque"),
    ],
)
def test_a_composition_is_told(
    endpoint: Endpoint, network: str, asked: str, name: str, composition: str
) -> None:
    (entry,) = entries_named(endpoint, network, asked)

    assert (entry.reading.name, entry.reading.composition) == (name, composition)


@pytest.mark.parametrize(
    ("endpoint", "network", "asked", "expected"),
    [
        ("profiles", "facebook", "reach", ["impressions_unique"]),
        ("profiles", "facebook", "impressions", ["impressions"]),
        ("profiles", "facebook", "impressions[scope=total]", ["impressions"]),
        ("profiles", "facebook", "impressions[scope=paid]", ["impressions_paid"]),
        ("profiles", "instagram", "views", ["views"]),
        ("profiles", "instagram", "impressions_total", ["impressions_total"]),
        ("profiles", "x", "followers", ["lifetime_snapshot.followers_count"]),
        ("profiles", "x", "followers_count", ["lifetime_snapshot.followers_count"]),
        ("profiles", "x", "followers_net", ["net_follower_growth"]),
        ("profiles", "x", "posts_published", ["posts_sent_count"]),
        ("profiles", "tiktok", "profile_views", ["profile_views_total"]),
        ("posts", "x", "comments_count", ["lifetime.comments_count"]),
        ("posts", "x", "lifetime.comments_count", ["lifetime.comments_count"]),
        ("posts", "x", "clicks", ["lifetime.post_content_clicks"]),
        ("posts", "x", "non_link_clicks", ["lifetime.post_content_clicks_other"]),
        ("posts", "facebook", "video_length", ["video_length"]),
        ("posts", "youtube", "follows_from_post", ["lifetime.subscribers_gained"]),
        ("topics", "*", "potential_impressions", ["impressions"]),
        ("topics", "*", "comments", ["replies"]),
    ],
)
def test_a_name_means_the_vendors_metric(
    endpoint: Endpoint, network: str, asked: str, expected: list[str]
) -> None:
    assert [
        entry.reading.name for entry in entries_named(endpoint, network, asked)
    ] == expected


def test_a_metric_in_parts_comes_with_all_its_parts() -> None:
    found = entries_named("posts", "facebook", "reactions_by_type")

    assert [entry.breakdown for entry in found] == [
        "love",
        "haha",
        "wow",
        "sad",
        "angry",
    ]


def test_what_the_vendor_sends_and_sells_apart_is_marked() -> None:
    (parts,) = entries_named("profiles", "x", "posts_sent_by_post_type")
    (paid_for,) = entries_named("profiles", "x", "media_views")
    (open_to_all,) = entries_named("profiles", "x", "impressions")

    assert (parts.is_map, parts.premium) == (True, False)
    assert (paid_for.is_map, paid_for.premium) == (False, True)
    assert (open_to_all.is_map, open_to_all.premium) == (False, False)


@pytest.mark.parametrize(
    ("network", "asked", "cut", "before", "after"),
    [
        ("facebook", "impressions", date(2025, 1, 1), "impressions", "views"),
        ("facebook", "impressions_viral", date(2025, 1, 1), "impressions", "views"),
        ("instagram", "impressions", date(2025, 4, 21), "impressions", "views"),
        (
            "instagram",
            "story_replies",
            date(2020, 12, 16),
            "everybody",
            "without people in the EEA",
        ),
    ],
)
def test_a_key_that_changed_its_meaning_has_a_reading_on_each_side(
    network: str, asked: str, cut: date, before: str, after: str
) -> None:
    eve, day = cut - timedelta(days=1), timedelta(days=1)

    def compositions(first: date, last: date) -> list[str]:
        found = select("profiles", network, asked, first=first, last=last, today=TODAY)
        assert isinstance(found, tuple)
        assert len({entry.reading.name for entry in found}) == 1
        return [entry.reading.composition for entry in found]

    assert compositions(eve - day, eve) == [before]
    assert compositions(cut, cut + day) == [after]
    assert compositions(eve, cut) == [before, after]
