"""Tools that need others, or that others do not help."""

from __future__ import annotations

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.adapter import unsupported
from socialmetrics.client import Client
from socialmetrics.gathering import prepare
from socialmetrics_sprout import Sprout
from socialmetrics_x import X
from tests.gathering.conftest import Settings

WEEK = sm.Window.days("2026-03-02", "2026-03-08")
Tools = dict[str, Client]


@attrs.frozen(kw_only=True)
class Silent(Sprout):
    """Lists accounts and posts, and counts nothing."""

    metrics = unsupported("it does not count")


@attrs.frozen(kw_only=True)
class Blind(X):
    """Knows nobody's accounts."""

    profiles = unsupported("it has no accounts")


@pytest.fixture
def export(tools: Tools) -> sm.MetricSeries:
    """Totals of the week's posts, as if somebody had exported them."""
    posts = tools["sprout"].posts("x:@acme", WEEK, metrics=["likes"])
    return sm.MetricSeries.from_points(post.metrics["likes"] for post in posts)


def test_posts_of_an_export_are_counted_where_no_tool_lists_any(
    tools: Tools, export: sm.MetricSeries
) -> None:
    account = "x:1067094924124872705"

    found = sm.gather(
        {"x": tools["x"]}, account, WEEK, ["likes", "quotes"], beside=[export]
    )

    assert {post.ref for post in found.posts} == {p.subject for p in export}
    observed = {p.subject for p in found.series["x"] if p.value is not None}
    assert observed <= {point.subject for point in export}
    assert observed


def test_posts_of_other_networks_and_other_weeks_are_not_followed(
    tools: Tools,
) -> None:
    before = sm.Window.days("2026-02-23", "2026-03-01")
    sprout = tools["sprout"]
    accounts = ["x:@acme", "linkedin:@acme"]
    export = sm.MetricSeries.from_points(
        post.metrics["comments"]
        for post in sprout.posts(accounts, before, metrics=["comments"])
    )
    days = sprout.metrics("x:@acme", ["likes"], WEEK)

    found = sm.gather(
        {"x": tools["x"]},
        "x:1067094924124872705",
        WEEK,
        ["likes", "quotes"],
        beside=[export, days],
    )

    assert {post.ref.network for post in found.posts} == {"x"}
    assert len(found.posts) < len({point.subject for point in export})
    assert not len(found.series["x"].where("quotes"))
    assert len(found.series["x"].where("likes"))


def test_what_is_not_told_by_the_hour_comes_as_lifetime_totals(
    tools: Tools, export: sm.MetricSeries
) -> None:
    found = sm.gather(
        {"x": tools["x"]},
        "x:1067094924124872705",
        WEEK,
        ["likes", "quotes", "followers"],
        beside=[export],
    )

    quotes = found.series["x"].where("quotes")
    assert {point.reading.temporality for point in quotes} == {"lifetime"}
    likes = found.series["x"].where("likes")
    assert {point.reading.temporality for point in likes} == {"period"}
    assert [each.metric for each in found.series["x"].missing] == ["followers"]


def test_metrics_of_an_export_count_as_known(
    tools: Tools, export: sm.MetricSeries
) -> None:
    found = sm.gather(
        {"hootsuite": tools["hootsuite"]},
        "x:1067094924124872705",
        WEEK,
        beside=[export],
    )

    assert "likes" in found.metrics
    assert "followers" not in found.metrics


def test_account_is_taken_from_others_by_a_tool_that_has_none_of_its_own(
    settings: Settings, tools: Tools
) -> None:
    with sm.connect(Blind, **settings["x"]) as blind:
        both = {"sprout": tools["sprout"], "blind": blind}

        found = sm.gather(both, "x:@acme", WEEK, ["likes"])

    assert [each.handle for each in found.profiles] == ["acme", "acme"]
    assert found.profiles[1].vendor_id == found.profiles[1].ref.native_id


def test_tool_that_counts_nothing_still_lists_posts(
    settings: Settings, tools: Tools
) -> None:
    with sm.connect(Silent, **settings["sprout"]) as silent:
        prepared = prepare({"silent": silent, "x": tools["x"]}, "x:@acme", WEEK)
        found = prepared.gather()

    figures = found.series["silent"]
    assert {point.reading.temporality for point in figures} == {"lifetime"}
    assert len(found.series["x"])
    assert len(found.posts) > len({point.subject for point in figures})


def test_without_any_post_there_is_nothing_by_the_hour(tools: Tools) -> None:
    found = sm.gather({"x": tools["x"]}, "x:1067094924124872705", WEEK, ["likes"])

    assert len(found) == 0
    assert found.posts == ()
