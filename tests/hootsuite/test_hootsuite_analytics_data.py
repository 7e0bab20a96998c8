"""The data of metrics: whole, canonical where the ontology defines it, and telling."""

from __future__ import annotations

import pytest

from socialmetrics import ontology
from socialmetrics.model import Profile, Ref, Topic
from socialmetrics.reading import Reading
from socialmetrics_hootsuite.analytics import metric_capabilities, readings
from socialmetrics_hootsuite.analytics.entries import (
    ENDPOINTS,
    Entry,
    entries,
    network_of,
    networks,
    open_entry,
    type_of,
    zone_of,
)
from tests.hootsuite.analytics_driving import NOW, WEEK, post, profile

EVERY = [
    entry
    for endpoint in ENDPOINTS
    for network in networks()
    for entry in entries(endpoint, network)
]
TODAY = NOW.date()


def names(*found: Entry) -> set[str]:
    return {entry.reading.name for entry in found}


def test_every_network_that_can_be_asked_for_is_there() -> None:
    assert [type_of(network) for network in networks()] == [
        "TWITTER",
        "FACEBOOKPAGE",
        "INSTAGRAMBUSINESS",
        "TIKTOKBUSINESS",
        "YOUTUBECHANNEL",
        "PINTEREST",
        "THREADS",
    ]
    assert network_of("linkedin") is None
    assert zone_of("threads") == "UTC"


@pytest.mark.parametrize(
    "entry", EVERY, ids=lambda e: f"{e.reading.network} {e.reading.name}"
)
def test_every_reading_agrees_with_the_ontology(entry: Entry) -> None:
    reading = entry.reading
    assert entry.title
    assert entry.source
    assert entry.state != "absent" or reading.note
    assert entry.datatype == ("PAID" if reading.scope == "paid" else "ORGANIC")
    if not ontology.is_canonical(reading.metric):
        return
    metric = ontology.metric(reading.metric)
    assert reading.unit == metric.unit
    assert reading.temporality in metric.temporalities
    assert not reading.additive or "time" in metric.additive_over
    assert not (reading.additive and reading.temporality == "lifetime")
    is_people = metric.unit == "person" and not metric.additive_over
    assert (reading.counting == "unique") == is_people


def test_a_name_stands_once_in_each_place() -> None:
    places = [
        (e.reading.endpoint, e.reading.network, e.reading.name, e.reading.scope)
        for e in EVERY
    ]

    assert len(places) == len(set(places))


def test_followers_have_no_paid_ones() -> None:
    levels = [e for e in EVERY if e.reading.temporality == "instant"]

    assert {e.reading.scope for e in levels} == {"total"}
    assert {e.reading.metric for e in levels} == {"followers"}


def test_what_a_network_was_seen_to_have_hides_what_was_not_seen() -> None:
    assert "followers_count" not in names(*entries("profiles", "youtube"))
    assert "total_followers" not in names(*entries("profiles", "instagram"))
    assert {"total_followers", "followers_count"} <= names(*entries("profiles", "x"))


def test_days_are_the_network_s_and_posts_are_utc() -> None:
    zones = {(r.level, r.network): r.zone for r in (e.reading for e in EVERY)}

    assert zones["profile", "instagram"] == "America/Los_Angeles"
    assert zones["post", "instagram"] == "UTC"
    assert zones["profile", "threads"] is None


def test_an_open_metric_says_that_nothing_is_known() -> None:
    first = open_entry("profiles", "x", "mood", "organic")
    second = open_entry("posts", "x", "mood", "paid")

    assert (first.reading.temporality, second.reading.temporality) == (
        "period",
        "lifetime",
    )
    assert not first.reading.additive
    assert "not documented" in first.reading.note


# -- what canonical names stand for ----------------------------------------------------


def found(*subjects: Profile) -> list[Reading]:
    return [r for each in subjects for r in readings(each, WEEK, TODAY)]


def test_canonical_names_are_never_paid() -> None:
    of_posts = readings(post(1, NOW), None, TODAY)

    assert {r.metric for r in of_posts} >= {"likes", "comments", "shares", "views"}
    assert "engagement_rate" not in {r.metric for r in of_posts}
    assert {r.scope for r in of_posts} == {"organic"}
    assert {r.scope for r in found(profile())} == {"organic", "total", "unknown"}


@pytest.mark.parametrize(
    "subject",
    [
        Ref("x", "1"),
        Topic(vendor_id="1", name="t"),
        profile(1, "linkedin"),
        profile(1, "facebook", "FACEBOOK"),
        post(1, NOW, network="linkedin"),
    ],
)
def test_who_has_no_analytics_has_no_readings(subject: object) -> None:
    assert readings(subject, None, TODAY) == ()  # type: ignore[arg-type]  # each of them is one


def test_capabilities_say_how_sure_a_name_is() -> None:
    told = {
        (c.network, c.level, c.metric, c.name): c.detail for c in metric_capabilities()
    }

    assert told["instagram", "post", "likes", "likes"] == "from publication, organic"
    assert told["instagram", "post", "likes[scope=paid]", "likes"] == (
        "from publication, paid, not seen there"
    )
    assert told["x", "profile", "followers", "total_followers"] == (
        "day's end, total, an example in the vendor's contract, its network not named"
    )
    assert told["instagram", "profile", "reach", "reach"].startswith(
        "by day, organic, unique people"
    )
    assert not any(
        name == "engagement" and n == "youtube" and level == "post"
        for n, level, _, name in told
    )
