"""The metrics of each endpoint, and what they mean."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from socialmetrics.ontology import is_canonical
from socialmetrics_x.entries import ENDPOINTS, Endpoint, asked, entries, names

PUBLIC = {"favorites", "retweets", "quote_tweets", "replies", "video_views"}


@pytest.mark.parametrize(
    ("endpoint", "count"), [("totals", 7), ("28hr", 17), ("historical", 17)]
)
def test_every_endpoint_has_its_metrics(endpoint: Endpoint, count: int) -> None:
    assert len(names(endpoint)) == count


def test_quotes_are_on_totals_only_and_clicks_are_not() -> None:
    assert "quote_tweets" in names("totals")
    assert set(names("totals")) - set(names("historical")) == {"quote_tweets"}
    assert names("28hr") == names("historical")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_only_public_totals_can_be_asked_without_the_owner(endpoint: Endpoint) -> None:
    free = {e.reading.name for e in entries(endpoint) if not e.needs_owner}

    assert free == (PUBLIC if endpoint == "totals" else set())


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_metric_is_canonical_and_has_one_meaning_a_day(
    endpoint: Endpoint,
) -> None:
    day = date(2014, 9, 1)
    while day < date(2018, 1, 1):
        held = [e.reading for e in entries(endpoint) if e.reading.holds_on(day)]
        assert max(Counter(r.name for r in held).values()) == 1, day
        assert max(Counter(r.metric for r in held).values()) == 1, day
        day += timedelta(days=1)
    assert all(is_canonical(e.reading.metric) for e in entries(endpoint))


def test_running_totals_are_lifetime_and_never_added() -> None:
    for entry in entries("totals"):
        assert entry.reading.temporality == "lifetime"
        assert not entry.reading.additive
    for entry in entries("historical"):
        assert (entry.reading.temporality, entry.reading.zone) == ("period", "UTC")
        assert entry.reading.additive


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("likes", "favorites"),
        ("favorites", "favorites"),
        ("media_clicks", "media_engagements"),
        ("media_engagements", "media_engagements"),
        ("link_clicks", "url_clicks"),
        ("email_shares", "email_tweet"),
    ],
)
def test_metrics_answer_to_canonical_and_own_and_old_names(
    name: str, wire: str
) -> None:
    assert {e.reading.name for e in asked("historical", name)} == {wire}


@pytest.mark.parametrize("name", ["quotes", "reach", "nonsense"])
def test_what_an_endpoint_lacks_has_no_entry(name: str) -> None:
    assert asked("historical", name) == ()


def test_the_meaning_of_engagements_changed_on_a_day() -> None:
    before, after = asked("historical", "engagements.vendor")

    assert before.reading.valid_to == date(2017, 10, 8)
    assert after.reading.valid_from == date(2017, 10, 9)
    assert "media views" in before.reading.composition


def test_video_views_of_totals_and_of_hours_are_two_different_things() -> None:
    (total,), (hour,) = asked("totals", "video_views"), asked("28hr", "video_views")

    assert total.reading.composition == "every post that carries the video"
    assert hour.reading.composition == ""
    assert "this post alone" in hour.reading.note


def test_impressions_are_organic_and_engagements_are_not() -> None:
    assert asked("totals", "impressions")[0].reading.scope == "organic"
    assert asked("totals", "engagements.vendor")[0].reading.scope == "total"
