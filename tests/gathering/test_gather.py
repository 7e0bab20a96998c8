"""What three simulated tools tell of one account is gathered, and is the world's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.client import Client
from socialmetrics.errors import InvalidQuery
from socialmetrics.gathering import Gathered, prepare
from socialmetrics.model import Ref
from socialmetrics.pull import Progress
from socialmetrics.sandbox import World
from tests.gathering.conftest import Settings

WEEK = sm.Window.days("2026-03-02", "2026-03-08")
METRICS = ["impressions", "likes", "comments", "reposts", "followers"]
Tools = dict[str, Client]


@pytest.fixture(scope="session")
def found(tools: Tools) -> Gathered:
    return sm.gather(tools, "x:@acme", WEEK, METRICS)


def total(series: sm.MetricSeries, window: sm.Window | None = None) -> float:
    """The sum of what was observed."""
    return sum(p.value for p in series.where(window=window) if p.value is not None)


def seen(world: World, refs: Iterable[Ref]) -> list[Ref]:
    """The posts that everybody can still see."""
    posts = map(world.post, refs)
    return [
        each.ref
        for each in posts
        if not each.protected
        and (each.deleted_at is None or each.deleted_at > world.now)
    ]


def test_days_of_an_account_are_those_of_the_world(
    found: Gathered, world: World, acme: sm.Profile
) -> None:
    days = found.series["sprout"].where("impressions")

    account = world.profile(acme.ref)
    truth = world.profile_sum(account, "impressions", "organic", WEEK.start, WEEK.end)
    assert total(days) == truth
    assert {point.subject for point in days} == {acme.ref}
    assert len(days) == 7


def test_hours_are_those_of_posts_that_other_tools_list(
    found: Gathered, world: World
) -> None:
    hours = found.series["x"].where("impressions")

    listed = {post.ref for post in found.posts}
    counted = {point.subject for point in hours}
    assert counted <= listed
    assert {p.start - WEEK.start for p in hours} >= {timedelta(), timedelta(hours=1)}
    truth = sum(
        world.post_total(world.post(ref), "impressions", "organic", WEEK.end)
        - world.post_total(world.post(ref), "impressions", "organic", WEEK.start)
        for ref in seen(world, listed)
    )
    assert total(hours, WEEK) == truth


def test_posts_are_listed_from_weeks_before_until_just_after_the_window(
    found: Gathered,
) -> None:
    made = [post.created_at for post in found.posts]

    assert WEEK.start - timedelta(days=45) <= min(made) < WEEK.start - timedelta(30)
    assert WEEK.end <= max(made) < WEEK.end + timedelta(days=1)


def test_lifetime_totals_are_those_of_posts_of_the_window(
    found: Gathered, world: World
) -> None:
    totals = found.series["hootsuite"].where("likes")

    posts = {post.ref: post for post in found.posts}
    for point in totals:
        assert WEEK.start <= posts[point.subject].created_at < WEEK.end
        post = world.post(point.subject)
        assert point.value == world.post_total(post, "likes", "organic", world.now)
    assert len(totals)


def test_other_scopes_only_explain(found: Gathered, world: World) -> None:
    (paid,) = (part.where("likes") for part in found.parts)

    assert {point.reading.scope for point in paid} == {"paid"}
    for point in paid:
        post = world.post(point.subject)
        assert point.value == world.post_total(post, "likes", "paid", world.now)
    scopes = {p.reading.scope for p in found.series["hootsuite"].where("likes")}
    assert scopes == {"organic"}


def test_gap_between_tools_is_explained_to_the_last_like(found: Gathered) -> None:
    rows = [row for row in found.compare().rows if row.metric == "likes"]

    row = next(r for r in rows if (r.left_name, r.right_name) == ("x", "hootsuite"))
    assert row.left is not None
    assert row.left != row.right
    assert row.unexplained == 0
    names = {cause.name for cause in row.causes}
    assert {"date_axis"} <= names <= {"scope", "date_axis"}
    assert all(cause.basis == "computed" for cause in row.causes)


def test_account_is_called_alike_whatever_a_tool_hides(
    found: Gathered, acme: sm.Profile
) -> None:
    assert [each.ref for each in found.profiles] == [acme.ref] * 3
    assert {each.handle for each in found.profiles} == {"acme"}
    assert len({each.vendor_id for each in found.profiles}) == 3
    assert found.compare().label(acme.ref) == "@acme on x"


@pytest.mark.parametrize("as_ref", [True, False])
def test_account_may_be_given_as_it_is(
    tools: Tools, acme: sm.Profile, as_ref: bool
) -> None:
    found = sm.gather(tools, acme.ref if as_ref else acme, WEEK, ["followers"])

    assert {each.ref for each in found.profiles} == {acme.ref}


def test_what_a_tool_lacks_is_told_with_one_reason_a_metric(found: Gathered) -> None:
    missing = {
        name: [each.metric for each in series.missing]
        for name, series in found.series.items()
    }

    assert missing == {
        "sprout": [],
        "x": ["followers"],
        "hootsuite": ["impressions", "reposts"],
    }
    (no_level,) = found.series["x"].missing
    assert no_level.reason == "X's Engagement API has no followers"


def test_without_metrics_it_is_what_tools_have_in_common(tools: Tools) -> None:
    found = sm.gather(tools, "x:@acme", WEEK)

    assert {"impressions", "likes", "comments", "followers"} <= {*found.metrics}
    assert "engagements.public" in found.metrics
    assert "reactions" in found.left_out  # one tool alone has values of them
    assert {*found.metrics}.isdisjoint(found.left_out)
    kept = {p.metric for series in found.series.values() for p in series.latest()}
    assert "reactions" not in kept - {"reactions"}
    assert not len(found.series["x"].where("engagements.vendor"))


def test_without_anything_in_common_it_is_what_one_has(tools: Tools) -> None:
    alone = {"hootsuite": tools["hootsuite"]}

    found = sm.gather(alone, "x:1067094924124872705", WEEK)

    assert "likes" in found.metrics
    assert len(found) == sum(map(len, [*found.series.values(), *found.parts]))


def test_derived_metrics_come_as_their_parts(tools: Tools) -> None:
    pair = {"sprout": tools["sprout"], "x": tools["x"]}

    found = sm.gather(pair, "x:@acme", WEEK, ["engagements.public"])

    for series in found.series.values():
        assert not len(series.where("engagements.public"))
        assert {"likes", "comments", "reposts"} <= {p.metric for p in series.latest()}
        assert not series.missing
    (row,) = found.compare().rows
    assert row.metric == "engagements.public"
    assert row.left == total(found.series["sprout"].where(["likes", "comments"])) + (
        total(found.series["sprout"].where("reposts"))
    )


def test_vendors_own_total_comes_with_its_public_parts(tools: Tools) -> None:
    prepared = prepare(tools, "x:@acme", WEEK, ["engagements.vendor"])

    assert {"likes", "comments", "reposts"} <= {*prepared.tools[0].wanted}
    assert prepared.metrics == ("engagements.vendor",)


def test_plans_are_known_before_figures_are_asked_for(tools: Tools) -> None:
    prepared = prepare(tools, "x:@acme", WEEK, METRICS)

    sprout, x, hootsuite = prepared.tools
    assert sprout.days.plan.requests == 1
    assert sprout.posts_plan.requests >= 1
    assert not sprout.by_id
    assert x.by_id
    assert (x.days.names, x.totals.names) == ((), ())
    assert hootsuite.days.names == ("followers",)
    assert hootsuite.totals.names == ("likes", "comments")
    assert hootsuite.totals.scopes == ("likes[scope=paid]", "comments[scope=paid]")
    assert hootsuite.posts_plan.requests >= 3


def test_without_hours_only_posts_of_the_window_are_listed(tools: Tools) -> None:
    pair = {name: tools[name] for name in ("sprout", "hootsuite")}

    found = sm.gather(pair, "x:@acme", WEEK, ["likes"])

    assert {post.profile for post in found.posts} == {found.profiles[1].vendor_id}
    assert all(WEEK.start <= post.created_at < WEEK.end for post in found.posts)


def test_long_after_a_window_only_its_own_posts_are_followed(tools: Tools) -> None:
    june = sm.Window.days("2025-11-03", "2025-11-09")

    found = sm.gather(tools, "x:@acme", june, ["likes"], lookback=timedelta(days=10))

    created = {post.ref: post.created_at for post in found.posts}
    hours = found.series["x"]
    after = june.end + timedelta(days=1)
    late = {point.subject for point in hours if point.start >= after}
    assert late
    assert all(june.start <= created[ref] < june.end for ref in late)
    row = next(
        row
        for row in found.compare().rows
        if (row.left_name, row.right_name) == ("x", "hootsuite")
    )
    assert row.unexplained == 0


def test_running_window_ends_with_the_last_full_hour(tools: Tools) -> None:
    running = sm.Window.days("2026-03-09", "2026-03-15")

    found = sm.gather(tools, "x:@acme", running, ["likes"])

    observed = [p for p in found.series["x"] if p.value is not None]
    assert max(p.end for p in observed if p.end) == datetime(2026, 3, 11, 6, tzinfo=UTC)


def test_progress_is_of_all_tools_together(tools: Tools) -> None:
    told: list[Progress] = []

    sm.gather(tools, "x:@acme", WEEK, ["likes"], progress=told.append)

    assert {each.operation for each in told} == {"gather"}
    assert told[-1].done == told[-1].planned
    assert all(each.done <= each.planned for each in told)
    rows = [each.rows for each in told]
    assert rows == sorted(rows)


def test_callback_that_fails_ends_it(tools: Tools) -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sm.gather(tools, "x:@acme", WEEK, ["likes"], progress=fail)


def test_error_of_a_tool_names_it(settings: Settings, tools: Tools) -> None:
    wrong: dict[str, Any] = {**settings["sprout"], "token": "wrong"}
    with sm.connect("sprout", **wrong) as bad:
        for name, told in (
            ("sprout", "sprout"),
            ("The old one", "The old one (sprout)"),
        ):
            with pytest.raises(sm.AuthRefused) as caught:
                sm.gather({**tools, name: bad}, "x:@acme", WEEK, ["likes"])

            assert caught.value.vendor == told


BAD = [
    ("x:@acmee", "no profile is called 'x:@acmee'; did you mean x:@acme?"),
    ("x:999", "no profile is called 'x:999'"),
    ("facebook:@acme.page", "x does not have @acme.page of facebook: no profile"),
]


@pytest.mark.parametrize(("profile", "words"), BAD)
def test_account_that_a_tool_does_not_have_is_an_error_that_lists_what_there_is(
    tools: Tools, profile: str, words: str
) -> None:
    with pytest.raises(InvalidQuery) as caught:
        sm.gather(tools, profile, WEEK)

    assert words in caught.value.message
    assert "x:" in caught.value.message


def test_account_without_a_handle_is_to_be_named_by_its_id(tools: Tools) -> None:
    hiding = {name: tools[name] for name in ("x", "hootsuite")}

    with pytest.raises(InvalidQuery) as caught:
        sm.gather(hiding, "x:@acme", WEEK)

    assert "come without a handle" in caught.value.message
    assert "like x:1067094924124872705" in caught.value.message


FUTURE = sm.Window.days("2026-04-06", "2026-04-12")
ALMOST_FOREVER = timedelta(days=900_000)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"clients": {}}, "clients is empty"),
        ({"clients": ["X"]}, "clients=['X'] is no mapping"),
        ({"clients": {"a": 1}}, "clients['a']=1 is no Client; connect() makes one"),
        ({"clients": {" ": 1}}, "' ' names no tool; give a text"),
        ({"clients": {5: 1}}, "5 names no tool; give a text"),
        ({"profile": None}, "profile=None names no account"),
        ({"profile": ["x:@acme"]}, "names no account"),
        ({"beside": [1]}, "beside holds 1, which is not a MetricSeries"),
        ({"window": "last week"}, "is no Window"),
        ({"window": FUTURE}, "lies in the future: it is 2026-03-11 06:00 UTC"),
        ({"metrics": ["likes[scope=paid]"]}, "ask for 'likes'"),
        ({"metrics": ["likez"]}, "'likez' is neither canonical nor known to sprout"),
        ({"metrics": "likes"}, "is one string"),
        ({"lookback": timedelta(days=-1)}, "is below zero"),
        ({"lookback": ALMOST_FOREVER}, "leaves the calendar"),
    ],
)
def test_bad_questions_are_told_before_anything_is_asked(
    tools: Tools, wrong: dict[str, Any], words: str
) -> None:
    clients = {name: tools[name] for name in ("sprout", "x")}
    given: dict[str, Any] = {"clients": clients, "profile": "x:@acme", "window": WEEK}

    with pytest.raises(InvalidQuery) as caught:
        sm.gather(**{**given, **wrong})

    assert words in caught.value.message


def test_name_of_one_vendor_is_asked_of_that_one_alone(tools: Tools) -> None:
    found = sm.gather(tools, "x:@acme", WEEK, ["likes", "post_views"])

    assert len(found.series["hootsuite"].where("post_views"))
    (no_views,) = (m for m in found.series["sprout"].missing if m.metric != "likes")
    assert no_views.metric == "post_views"
    assert "neither a canonical metric nor one of Sprout's" in no_views.reason


def test_one_tool_alone_cannot_be_compared(tools: Tools) -> None:
    found = sm.gather({"sprout": tools["sprout"]}, "x:@acme", WEEK, ["likes"])

    with pytest.raises(InvalidQuery, match="of 1 tool; a comparison takes two"):
        found.compare()
