"""Plans: which streams of whom, five a call, and what is missing and why."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Message, Profile
from socialmetrics.plan import MessagesQuery, Plan, PostsQuery
from socialmetrics_hootsuite.legacy import planner, streams
from socialmetrics_hootsuite.legacy.parts import MessagesPart, PostsPart, Span
from tests.hootsuite_legacy.driving_legacy import NOW, WEEK, profile

X = profile(11, "x", handle="acme")
PAGE = profile(22, "facebook")
LINKED = profile(33, "linkedin")


def asked(
    *profiles: Profile, where: Mapping[str, Sequence[str]] | None = None, **more: Any
) -> Plan[Message]:
    told: dict[str, Any] = {"window": WEEK, "now": NOW, **more}
    return planner.messages(MessagesQuery(profiles=profiles, where=where or {}, **told))


def spans(plan: Plan[Any]) -> list[Span]:
    found: list[Span] = []
    for each in plan.parts:
        assert isinstance(each, MessagesPart | PostsPart)
        found.append(each.span)
    return found


def kinds(plan: Plan[Any]) -> list[tuple[str, str]]:
    return [stream.mark for span in spans(plan) for stream in span.streams]


def test_without_a_choice_what_people_write_is_read() -> None:
    plan = asked(X, PAGE)

    assert kinds(plan) == [("11", "MENTION"), ("22", "F_WALL"), ("22", "F_COMMENTS")]
    assert "costs 3 of the 300 streams an hour" in plan.notes[0]
    assert not plan.missing


@pytest.mark.parametrize(("network", "offered"), streams.BY_NETWORK.items())
def test_every_stream_of_a_network_can_be_named(
    network: str, offered: tuple[str, ...]
) -> None:
    plan = asked(profile(5, network), where={"streams": offered})

    assert kinds(plan) == [("5", kind) for kind in offered]


def test_every_profile_gets_the_named_streams_of_its_network() -> None:
    plan = asked(X, PAGE, X, where={"streams": ["HOME", "F_WALL", "HOME"]})

    assert kinds(plan) == [("11", "HOME"), ("22", "F_WALL")]
    assert spans(plan)[0].streams[0].handle == "acme"


def test_five_streams_are_packed_into_a_part() -> None:
    profiles = [profile(n) for n in range(12)]

    plan = asked(*profiles)

    assert [len(span.streams) for span in spans(plan)] == [5, 5, 2]
    assert plan.requests == 3
    assert plan.weight == sum(len(span.streams) for span in spans(plan))
    assert pickle.loads(pickle.dumps(plan.parts)) == plan.parts  # noqa: S301 - our own


def test_a_window_up_to_now_begins_at_the_top() -> None:
    recent = attrs.evolve(WEEK, end=NOW.replace(hour=7))

    assert not spans(asked(X))[0].is_recent
    assert spans(asked(X, window=recent))[0].is_recent


def test_networks_without_streams_are_missing() -> None:
    plan = asked(X, LINKED)

    (missing,) = plan.missing
    assert (missing.metric, missing.subject) == ("messages", LINKED.ref)
    assert "none of linkedin (Profile 33)" in missing.reason
    assert missing.alternatives == ("sprout",)


def test_profiles_without_the_named_streams_are_missing() -> None:
    (missing,) = asked(X, PAGE, where={"streams": ["SENT"]}).missing

    assert missing.subject == PAGE.ref
    assert "none of the named streams" in missing.reason
    assert "F_WALL" in missing.alternatives


def test_no_profiles_are_no_parts() -> None:
    plan = asked(where={"streams": ["HOME"]})

    assert (plan.parts, plan.notes) == ((), ())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"where": {"stream": ["HOME"]}},
            "no filter 'stream'; it has where={'streams'",
        ),
        ({"where": {"streams": ["INBOX"]}}, "no stream is called 'INBOX'; x has HOME"),
        ({"where": {"streams": ["home"]}}, "no stream is called 'home'"),
        ({"where": {"streams": []}}, "no stream is named"),
        ({"where": {"streams": ["F_WALL"]}}, "none of these profiles has"),
        ({"fields": ("text",)}, "takes no fields"),
    ],
)
def test_what_cannot_be_asked(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        asked(X, **change)


@pytest.mark.parametrize(
    "vendor_id", ["abc", "", "-1", "1.0", "٣", "urn:1", "9" * 5000]
)
def test_a_profile_of_another_tool_is_refused(vendor_id: str) -> None:
    foreign = attrs.evolve(X, vendor_id=vendor_id)

    with pytest.raises(InvalidQuery, match="none of Hootsuite's"):
        asked(foreign)


def test_a_stream_that_the_profile_lacks_is_refused() -> None:
    assert streams.stream(PAGE, "F_WALL").mark == ("22", "F_WALL")
    with pytest.raises(
        InvalidQuery, match="has no stream 'HOME'; it has F_HOME_STREAM"
    ):
        streams.stream(PAGE, "HOME")
    with pytest.raises(InvalidQuery, match="it has none"):
        streams.stream(LINKED, "HOME")


def test_posts_come_from_sent_streams_alone() -> None:
    query = PostsQuery(profiles=(X, PAGE), window=WEEK, metrics=("likes",), now=NOW)

    plan = planner.posts(query)

    assert kinds(plan) == [("11", "SENT")]
    posts, metric = plan.missing
    assert (posts.metric, posts.subject) == ("posts", PAGE.ref)
    assert "SENT stream" in posts.reason
    assert (metric.metric, metric.reason) == ("likes", planner.NO_METRICS)
    assert plan.asked == ("likes",)


def test_posts_take_no_fields() -> None:
    query = PostsQuery(profiles=(X,), window=WEEK, fields=("text",), now=NOW)

    with pytest.raises(InvalidQuery, match="takes no fields"):
        planner.posts(query)


def test_posts_weigh_a_stream_each() -> None:
    query = PostsQuery(profiles=[X, profile(12, "x")], window=WEEK, now=NOW)

    assert planner.posts(query).weight == 2
