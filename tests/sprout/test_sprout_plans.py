"""Plans of lists: posts, messages, topics and cases."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Post, Profile, Topic
from socialmetrics.plan import (
    MessagesQuery,
    MetricsQuery,
    Part,
    Plan,
    PostsQuery,
    Subject,
    TopicQuery,
)
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics_sprout import choice, field, planner, planner_messages
from socialmetrics_sprout.parts import (
    MessagesPart,
    PostsPart,
    TopicFiguresPart,
    TopicMessagesPart,
    windows,
)
from tests.sprout.driving import NOW, WEEK, post, profile

P = TypeVar("P")
TOPIC = Topic(vendor_id="77", name="Acme")


def of_kind(kind: type[P], parts: Sequence[object]) -> list[P]:
    found = [part for part in parts if isinstance(part, kind)]
    assert len(found) == len(parts)
    return found


def figures(
    subjects: Sequence[Subject],
    window: Window | None = WEEK,
    metrics: Sequence[str] = ("impressions",),
    **more: Any,
) -> Plan[MetricSeries]:
    query = MetricsQuery(subjects=subjects, metrics=metrics, window=window, now=NOW)
    return planner.metrics(attrs.evolve(query, **more))


# -- topics ----------------------------------------------------------------------------


def test_figures_of_a_topic_are_one_request_by_day() -> None:
    plan = figures([TOPIC], metrics=["mentions_volume", "likes"])

    (part,) = of_kind(TopicFiguresPart, plan.parts)
    assert part.dimensions == ("created_time.by(day)",)
    assert part.names == ("messages_count", "likes")
    assert part.conditions[0].startswith("network.eq(INSTAGRAM,")
    assert "TWITTER" not in part.conditions[0]


def test_hours_of_a_topic_are_missing() -> None:
    plan = figures([TOPIC], by="hour")

    assert plan.parts == ()
    assert plan.missing[0].alternatives == ("by='day'",)


def topic_query(**more: Any) -> TopicQuery:
    query = TopicQuery(topic=TOPIC, window=WEEK, metrics=("likes",), now=NOW)
    return attrs.evolve(query, **more)


def test_a_topic_without_metrics_is_refused_and_missing_ones_ask_nothing() -> None:
    with pytest.raises(InvalidQuery, match="metrics is empty"):
        planner.topic_metrics(topic_query(metrics=()))

    plan = planner.topic_metrics(topic_query(metrics=("followers",)))

    assert plan.parts == ()
    assert plan.missing[0].metric == "followers"


def test_buckets_of_two_lengths_at_a_time_are_refused() -> None:
    both = ("created_time.by(day)", "created_time.by(month)")

    with pytest.raises(InvalidQuery, match="dimensions holds two of time"):
        planner.topic_metrics(topic_query(dimensions=both))


@pytest.mark.parametrize(
    ("where", "conditions"),
    [
        ((), 1),
        ((field("sentiment").eq("positive"),), 2),
        ((field("network").eq("WWW"),), 1),
        ((field("profile").neq(6810000), field("likes").gt(1)), 2),
    ],
)
def test_a_topic_is_always_asked_about_some_network_or_profile(
    where: tuple[object, ...], conditions: int
) -> None:
    (part,) = of_kind(
        TopicMessagesPart,
        planner_messages.topic_messages(topic_query(where=where)).parts,
    )

    assert len(part.conditions) == conditions
    assert any(c.startswith(("network.", "profile.")) for c in part.conditions)


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="'sentiment=positive' is no condition"):
        planner_messages.topic_messages(topic_query(where=("sentiment=positive",)))


# -- posts and messages ----------------------------------------------------------------


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001 - hypothesis wants them naive
    length=st.timedeltas(timedelta(microseconds=1), timedelta(days=900)),
)
def test_pieces_of_a_window_cover_it_exactly(
    start: datetime, length: timedelta
) -> None:
    begin = start.replace(tzinfo=UTC)
    whole = Window(begin, begin + length)

    pieces = list(windows(whole, choice.PIECE))

    assert pieces[0].start == whole.start
    assert pieces[-1].end == whole.end
    assert [p.end for p in pieces[:-1]] == [p.start for p in pieces[1:]]
    assert all(p.start < p.end and p.duration <= choice.PIECE for p in pieces)


def posts_plan(profiles: Sequence[Profile], **more: Any) -> Plan[Post]:
    query = PostsQuery(profiles=profiles, window=WEEK, now=NOW)
    return planner.posts(attrs.evolve(query, **more))


def test_posts_are_read_by_month_and_hundred_profiles() -> None:
    profiles = [profile(n) for n in range(150)]

    plan = posts_plan(profiles, window=Window.days("2026-01-01", "2026-03-01"))

    parts = of_kind(PostsPart, plan.parts)
    assert [len(part.accounts) for part in parts] == [100, 50, 100, 50]


def test_networks_without_posts_are_missing_and_not_asked() -> None:
    plan = posts_plan([profile(0), profile(1, "yelp")], metrics=["likes"])

    (part,) = of_kind(PostsPart, plan.parts)
    reasons = {m.metric: m.reason for m in plan.missing if m.network == "yelp"}
    assert [account.ref.network for account in part.accounts] == ["x"]
    assert reasons["posts"] == "Sprout serves no posts of yelp profiles"
    assert "likes" in reasons


def inbox(
    profiles: Sequence[Profile], where: Mapping[str, Sequence[str]] | None = None
) -> list[MessagesPart]:
    query = MessagesQuery(profiles=profiles, window=WEEK, where=where or {}, now=NOW)
    return of_kind(MessagesPart, planner_messages.messages(query).parts)


GROUPED = [
    profile(0, groups=("1202", "1201")),
    profile(1, groups=("1202",)),
    profile(2, groups=()),
    profile(3, groups=("1201",)),
]


def test_every_profile_is_asked_for_in_exactly_one_group() -> None:
    parts = inbox(GROUPED)

    assert {part.group: [a.vendor_id for a in part.accounts] for part in parts} == {
        None: ["6810002"],
        "1201": ["6810000", "6810003"],
        "1202": ["6810001"],
    }


def test_tags_of_groups_through_which_nothing_is_read_are_missing() -> None:
    query = MessagesQuery(profiles=GROUPED, window=WEEK, now=NOW)

    (missing,) = planner_messages.messages(query).missing

    assert (missing.metric, missing.subject) == ("tags", GROUPED[0].ref)
    assert "read through its group 1201; tags of its group 1202" in missing.reason
    assert missing.alternatives == ("where={'group_id': ['1202']}",)


def test_what_the_vendor_has_forgotten_is_missing_with_the_reason() -> None:
    store = profile(0, "google_business")
    old, new = Window.days("2026-01-01", "2026-03-08"), WEEK

    for window, count in ((old, 1), (new, 0)):
        inbox_plan = planner_messages.messages(
            MessagesQuery(profiles=[store, profile(1)], window=window, now=NOW)
        )
        for plan in (posts_plan([store, profile(1)], window=window), inbox_plan):
            reasons = [missing.reason for missing in plan.missing]
            assert len([r for r in reasons if "for 30 days" in r]) == count


def test_a_profile_of_two_wanted_groups_is_asked_for_once() -> None:
    parts = inbox(GROUPED, {"group_id": ("1202", "1201")})

    assert {part.group: [a.vendor_id for a in part.accounts] for part in parts} == {
        "1202": ["6810000", "6810001"],
        "1201": ["6810003"],
    }


def test_profiles_that_would_spoil_the_inbox_are_missing() -> None:
    query = MessagesQuery(
        profiles=[profile(0, "reddit"), profile(1, "yelp")], window=WEEK, now=NOW
    )

    plan = planner_messages.messages(query)

    assert plan.parts == ()
    assert [missing.network for missing in plan.missing] == ["reddit", "yelp"]


def test_messages_are_found_by_id_a_hundred_at_a_time() -> None:
    parts = inbox([profile(0)], {"message_id": tuple(f"t:{n}" for n in range(250))})

    assert [len(part.ids) for part in parts] == [100, 100, 50]
    assert {part.accounts for part in parts} == {()}


@pytest.mark.parametrize(
    ("where", "conditions"),
    [
        ({"tag_id": ("1", "2")}, ("tag_id.eq(1,2)",)),
        ({"from.guid": ("ytpr:1",)}, ("from.guid.eq(ytpr:1)",)),
        (
            {"action_last_update_time": ("2026-03-02", "2026-03-03T12:00:00+02:00")},
            ("action_last_update_time.in(2026-03-02T00:00:00...2026-03-03T10:00:00)",),
        ),
    ],
)
def test_filters_of_the_inbox_are_written_out(
    where: Mapping[str, Sequence[str]], conditions: tuple[str, ...]
) -> None:
    (part,) = inbox([profile(0)], where)

    assert part.conditions == conditions


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"sentiment": ("positive",)}, "no filter 'sentiment'; it has action_last"),
        ({"message_id": ("t:1",), "tag_id": ("1",)}, "take tag_id out"),
        ({"message_id": ("t:1,t:2",)}, "because of ','"),
        ({"group_id": ("9",)}, "holds none of these profiles; they are in 1201"),
        ({"group_id": ("1)",)}, r"because of '\)'"),
        ({"action_last_update_time": ("2026-03-02",)}, "two instants"),
        ({"action_last_update_time": ("monday", "tuesday")}, "two instants"),
        ({"action_last_update_time": ("2026-03-03", "2026-03-02")}, "start|before|end"),
    ],
)
def test_a_filter_that_cannot_be_sent_is_refused_at_once(
    where: Mapping[str, Sequence[str]], words: str
) -> None:
    with pytest.raises(InvalidQuery, match=words):
        inbox([profile(0)], where)


# -- cases, pickles --------------------------------------------------------------------


def test_cases_are_asked_for_a_week_at_a_time() -> None:
    parts = planner_messages.cases(
        Window.days("2026-03-01", "2026-03-17"),
        "updated_time",
        [field("status").eq("OPEN")],
    )

    assert [part.conditions for part in parts] == [
        (
            "updated_time.in(2026-03-01T00:00:00...2026-03-08T00:00:00)",
            "status.eq(OPEN)",
        ),
        (
            "updated_time.in(2026-03-08T00:00:00...2026-03-15T00:00:00)",
            "status.eq(OPEN)",
        ),
        (
            "updated_time.in(2026-03-15T00:00:00...2026-03-18T00:00:00)",
            "status.eq(OPEN)",
        ),
    ]


def test_cases_by_id_are_a_hundred_a_request() -> None:
    parts = planner_messages.cases_by_id([str(n) for n in range(101)])

    assert [part.conditions[0].count(",") for part in parts] == [99, 0]


def test_cases_without_a_known_date_or_id_are_refused() -> None:
    with pytest.raises(InvalidQuery, match="no date 'closed_time', but created_time"):
        planner_messages.cases(WEEK, "closed_time", [])
    with pytest.raises(InvalidQuery, match="no case id"):
        planner_messages.cases_by_id([])


def test_every_kind_of_part_pickles() -> None:
    parts: list[Part[object]] = [
        *figures([profile(0)]).parts,
        *figures([TOPIC], metrics=["likes"]).parts,
        *figures([post(1, NOW)], None).parts,
        *posts_plan([profile(0)]).parts,
        *inbox([profile(0)]),
        *planner_messages.topic_messages(topic_query()).parts,
        *planner_messages.cases(WEEK, "created_time", []),
    ]

    again = pickle.loads(pickle.dumps(parts))  # noqa: S301 - our own

    assert again == parts
    assert {part.operation for part in parts} == {
        "metrics",
        "topic_metrics",
        "posts",
        "messages",
        "topic_messages",
        "cases",
    }
