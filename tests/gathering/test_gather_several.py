"""A name that fits accounts of several networks, and windows that cut hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

import socialmetrics as sm
from socialmetrics.adapter import unsupported
from socialmetrics.client import Client
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering import prepare
from socialmetrics.gathering.refusals import refusal
from socialmetrics.gathering.spans import Spans
from socialmetrics_x import X
from tests.gathering.conftest import Settings

WEEK = sm.Window.days("2026-03-02", "2026-03-08")
INDIA = sm.Window.days("2026-03-02", "2026-03-08", "Asia/Kolkata")
Tools = dict[str, Client]


@attrs.frozen(kw_only=True)
class Blind(X):
    """Knows nobody's accounts."""

    profiles = unsupported("it has no accounts")


@pytest.fixture
def export(tools: Tools) -> sm.MetricSeries:
    """Totals of the week's posts, as if somebody had exported them."""
    posts = tools["sprout"].posts("x:@acme", WEEK, metrics=["likes"])
    return sm.MetricSeries.from_points(post.metrics["likes"] for post in posts)


def test_handle_of_several_networks_means_the_account_that_all_tools_have(
    tools: Tools, acme: sm.Profile
) -> None:
    prepared = prepare(tools, "@acme", WEEK, ["likes"])

    assert [each.ref for each in prepared.accounts] == [acme.ref]
    left = {each.ref.network for each in prepared.others}
    assert {"instagram", "linkedin"} <= left
    assert "x" not in left


def test_handle_of_several_networks_that_all_tools_have_means_all_of_them(
    tools: Tools,
) -> None:
    both = {name: tools[name] for name in ("sprout", "hootsuite")}
    alone = {
        network: sm.gather(both, f"{network}:@acme", WEEK, ["likes", "followers"])
        for network in ("x", "instagram")
    }

    found = sm.gather(both, "@acme", WEEK, ["likes", "followers"])

    assert {"x", "instagram"} < {each.ref.network for each in found.profiles}
    assert {each.handle for each in found.profiles} == {"acme"}
    rows = {(r.metric, r.subject): (r.left, r.right) for r in found.compare().rows}
    for one in alone.values():
        for row in one.compare().rows:
            assert rows[row.metric, row.subject] == (row.left, row.right)
    assert len({subject for _, subject in rows}) > len(alone)


def test_without_metrics_it_is_what_any_of_the_accounts_has_in_common(
    tools: Tools,
) -> None:
    both = {name: tools[name] for name in ("sprout", "hootsuite")}

    found = sm.gather(both, "@acme", WEEK)

    assert len(found.metrics) == len({*found.metrics})
    assert {"likes", "followers"} <= {*found.metrics}
    assert {*found.metrics}.isdisjoint(found.left_out)


def test_account_that_one_tool_cannot_follow_is_no_choice(
    tools: Tools, settings: Settings, acme: sm.Profile
) -> None:
    with sm.connect(Blind, **settings["x"]) as blind:
        both = {"sprout": tools["sprout"], "blind": blind}

        prepared = prepare(both, "@acme", WEEK, ["likes"])

    assert [each.ref for each in prepared.accounts] == [acme.ref]


def test_days_within_hours_leave_out_the_tool_that_counts_hours_of_utc(
    tools: Tools,
) -> None:
    found = sm.gather(tools, "x:@acme", INDIA, ["likes", "followers", "engagements"])

    assert not len(found.series["x"])
    told = {each.metric: each.reason for each in found.series["x"].missing}
    assert "is not a full hour (UTC)" in told["likes"]
    assert 'tz="UTC", or --tz UTC' in told["likes"]
    assert "full hour" not in told["followers"]
    assert len(found.series["sprout"])
    assert len(found.compare().rows)


def test_days_within_hours_that_leave_one_side_are_refused_with_the_advice(
    tools: Tools, export: sm.MetricSeries
) -> None:
    two = {name: tools[name] for name in ("sprout", "x")}

    with pytest.raises(InvalidQuery, match=r"^x: the window's start .*--tz UTC") as bad:
        prepare(two, "x:@acme", INDIA, ["likes"])

    assert bad.value.vendor == "x"
    assert prepare(two, "x:@acme", INDIA, ["likes"], beside=[export]).accounts


def test_tool_that_can_count_such_days_is_not_left_out(
    tools: Tools, acme: sm.Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(*_: object, **__: object) -> None:
        """Takes whatever is asked."""

    monkeypatch.setattr(Client, "plan", plan)
    spans = Spans.of(INDIA, timedelta())

    assert not refusal(tools["x"], acme, spans)


def test_days_of_another_zone_that_begin_with_an_hour_are_counted(
    tools: Tools,
) -> None:
    berlin = sm.Window.days("2026-03-02", "2026-03-08", "Europe/Berlin")

    found = sm.gather(tools, "x:@acme", berlin, ["likes"])

    assert len(found.series["x"])


def test_posts_are_listed_so_that_those_of_an_export_have_an_owner(
    tools: Tools, export: sm.MetricSeries
) -> None:
    alone = {"sprout": tools["sprout"]}

    found = sm.gather(alone, "x:@acme", WEEK, ["likes"], beside=[export])

    assert {p.subject for p in export} <= {post.ref for post in found.posts}


def test_posts_of_an_export_of_another_network_are_not_listed(
    tools: Tools, export: sm.MetricSeries
) -> None:
    alone = {"sprout": tools["sprout"]}

    found = sm.gather(alone, "instagram:@acme", WEEK, ["likes"], beside=[export])

    assert found.posts == ()


def test_hours_of_a_running_window_end_with_a_full_one_whatever_the_clock() -> None:
    spans = Spans.of(WEEK, timedelta())
    now = datetime(2026, 3, 6, 14, 37, 12, tzinfo=UTC)

    near, later = spans.hours(now)

    assert near.end == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert later is None


def test_client_for_asyncio_is_none_here(settings: Settings) -> None:
    waiting: Any = sm.connect_async("x", **settings["x"])

    with pytest.raises(InvalidQuery, match="is no Client"):
        sm.gather({"x": waiting}, "x:@acme", WEEK)


def test_two_accounts_of_one_network_are_not_both_meant(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins = [
        sm.Profile(ref=sm.Ref("x", number), vendor_id=f"v{number}", name="Twin")
        for number in ("1", "2")
    ]

    def profiles(_: Client) -> list[sm.Profile]:
        return twins

    monkeypatch.setattr(Client, "profiles", profiles)

    with pytest.raises(InvalidQuery, match="2 profiles are called 'Twin': x:1, x:2"):
        prepare({"sprout": tools["sprout"]}, "Twin", WEEK, ["likes"])


def test_without_a_shared_account_nothing_is_chosen(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (
        [sm.Profile(ref=sm.Ref(network, "1"), vendor_id=network, name="Twin")]
        for network in ("x", "instagram")
    )
    known = {"sprout": one, "hootsuite": other}

    def profiles(client: Client) -> list[sm.Profile]:
        return known[client.adapter.name]

    monkeypatch.setattr(Client, "profiles", profiles)
    both = {name: tools[name] for name in ("sprout", "hootsuite")}

    with pytest.raises(InvalidQuery, match=r"at all of sprout, hootsuite$"):
        prepare(both, "Twin", WEEK, ["likes"])
