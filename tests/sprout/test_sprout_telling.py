"""What the adapter says of itself, of problems, and of odd rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from socialmetrics.model import Ref, Topic
from socialmetrics.plan import (
    MessagesQuery,
    ProfilesPart,
    TopicsPart,
)
from socialmetrics.reading import Level
from socialmetrics.secret import Secret
from socialmetrics.window import Window
from socialmetrics.wire import Request
from socialmetrics_sprout import Sprout
from tests.sprout.driving import (
    NOW,
    WEEK,
    Driven,
    content,
    drive,
    post,
    profile,
    response,
    result,
    row,
    script,
)

TOKEN, CLIENT, SECRET = "fake-token", "fake-client", "fake-secret"
SPROUT = Sprout(token=Secret(TOKEN), customer_id="1")
TOPIC = Topic(vendor_id="77", name="Acme")

# -- what it can do --------------------------------------------------------------------


def test_every_neutral_operation_is_declared_with_its_depth() -> None:
    told = Sprout.capabilities()

    assert {each.operation for each in told.operations if each.supported} == {
        "profiles",
        "posts",
        "messages",
        "metrics",
        "topics",
        "topic_messages",
        "topic_metrics",
        "publish",
    }
    assert all(each.detail for each in told.operations)


def test_capabilities_name_no_metric_that_was_removed() -> None:
    names = {(m.level, m.network, m.name) for m in Sprout.metric_capabilities()}

    assert ("profile", "x", "impressions") in names
    assert ("profile", "instagram", "email_contacts") not in names
    assert ("topic", "*", "messages_count") in names


@pytest.mark.parametrize(
    ("level", "network", "name", "detail"),
    [
        ("profile", "x", "impressions", "by day, organic"),
        ("profile", "facebook", "impressions_unique", "by day, total, unique people"),
        (
            "profile",
            "x",
            "lifetime_snapshot.followers_count",
            "day's end, total",
        ),
        ("post", "x", "lifetime.likes", "from publication, total"),
    ],
)
def test_capabilities_say_how_deep_a_metric_goes(
    level: Level, network: str, name: str, detail: str
) -> None:
    found = {
        (m.level, m.network, m.name): m.detail for m in Sprout.metric_capabilities()
    }

    assert found[level, network, name] == detail


def test_capabilities_say_what_is_special() -> None:
    details = " ".join(m.detail for m in Sprout.metric_capabilities())

    for word in ("in parts", "Premium Analytics", "undocumented"):
        assert word in details


def meanings(subject: Any, window: Window | None) -> set[tuple[str, date | None]]:
    found = SPROUT.readings(subject, window, NOW.date())
    return {(r.metric, r.valid_from) for r in found}


def test_readings_are_those_in_force_in_the_window() -> None:
    facebook = profile(0, "facebook")

    before = meanings(facebook, Window.days("2024-12-01", "2024-12-31"))
    both = meanings(facebook, Window.days("2024-12-31", "2025-01-01"))
    today = meanings(facebook, None)

    cut = date(2025, 1, 1)
    assert ("impressions", None) in before
    assert ("impressions", cut) not in before
    assert {("impressions", None), ("impressions", cut)} <= both
    assert ("impressions", cut) in today
    assert ("impressions", None) not in today


@pytest.mark.parametrize(
    ("subject", "metric"),
    [(post(1, NOW), "impressions"), (TOPIC, "mentions_volume")],
)
def test_posts_and_topics_have_readings_of_their_own(subject: Any, metric: str) -> None:
    assert metric in {name for name, _ in meanings(subject, None)}


def test_a_bare_reference_has_no_readings() -> None:
    assert meanings(Ref("x", "1"), None) == set()


def test_the_sandbox_comes_with_what_opens_it() -> None:
    sandbox = Sprout.sandbox(per_minute=5)

    assert {"token", "client_id", "client_secret"} <= set(sandbox.credentials)


# -- problems --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (b'{"error": "Invalid filter"}', "Invalid filter", None),
        (b'{"message": "Forbidden"}', "Forbidden", None),
        (
            b'{"error": "invalid_client", "error_description": "unknown client"}',
            "unknown client",
            "invalid_client",
        ),
        (b'{"error_description": "unknown client"}', "unknown client", None),
        (b'{"error": "", "message": "Forbidden"}', "Forbidden", None),
        (b'{"error": {"code": 1}}', '{"error": {"code": 1}}', None),
        (b'["no"]', '["no"]', None),
        (b"upstream\ntimed out", "upstream timed out", None),
        (b"", "HTTP 400 with an empty body", None),
        (b"  \n", "HTTP 400 with an empty body", None),
        (b"<!DOCTYPE html><p>", "HTTP 400 with a web page instead of JSON", None),
        (b"<html>", "HTTP 400 with a web page instead of JSON", None),
        (b"\xff\xfe", "\ufffd\ufffd", None),
        (b"[" * 100_000, "[" * 300, None),
        (b'{"error": "a\\u0000\\u001b[31mb"}', "a  [31mb", None),
        (b'{"error": "%s"}' % (b"x" * 1000), "x" * 300, None),
    ],
)
def test_what_the_vendor_says_is_shown_in_one_clean_line(
    body: bytes, message: str, code: str | None
) -> None:
    request = Request(operation="posts", method="POST", path="/")

    found = SPROUT.problem(response(request, body, 400))

    assert (found.message, found.code) == (message, code)


def test_a_row_of_messages_keeps_what_is_not_told_as_unknown() -> None:
    told = {
        **row("p:1", profile_guid="ibpr:5"),
        "network": None,
        "customer_profile_id": 6810000,
        "from": {"guid": "ibpr:5", "name": "Acme", "screen_name": "acme"},
    }
    bare = {
        **row("", perma_link="https://a.example/1"),
        "from": {"guid": "", "name": "B"},
    }
    other = {**row("p:3", profile_guid="ibpr:5"), "from": {"guid": "ibpr:6"}}
    query = MessagesQuery(profiles=[profile()], window=WEEK, now=NOW)
    (part,) = SPROUT.plan_messages(query).parts
    found: Driven[Any] = Driven()

    drive(SPROUT.read(part), script(content(told, bare, other)), into=found)

    first, second, third = found.items
    assert first.ref == Ref("unknown", "1")
    assert (first.sent, first.profile) == (True, "6810000")
    assert (first.author.ref, first.author.handle) == (Ref("unknown", "5"), "acme")
    assert (second.ref, second.vendor_id) == (None, "https://a.example/1")
    assert (second.author.ref, second.author.name, second.sent) == (None, "B", None)
    assert third.sent is False


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1600895454244, datetime(2020, 9, 23, 21, 10, 54, 244000, tzinfo=UTC)),
        ("2020-09-23T21:10:54+02:00", datetime(2020, 9, 23, 19, 10, 54, tzinfo=UTC)),
        ("2020-09-23T21:10:54", datetime(2020, 9, 23, 21, 10, 54, tzinfo=UTC)),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        (10**30, None),
        (-(10**17), None),
        (None, None),
    ],
)
def test_the_beginning_of_a_topic_is_iso_text_or_milliseconds(
    told: object, expected: datetime | None
) -> None:
    answer = content({"id": 5, "availability_time": told})

    found = drive(SPROUT.topics(TopicsPart()), script(answer))

    (topic,) = found.items
    assert (topic.available_from, topic.name) == (expected, "5")


@pytest.mark.parametrize(
    ("told", "ref", "name"),
    [
        ({"native_id": 7}, Ref("x", "7"), "6810000"),
        ({"native_id": "007"}, Ref("x", "007"), "6810000"),
        ({"native_id": None}, Ref("x", "6810000"), "6810000"),
        ({"native_id": ""}, Ref("x", "6810000"), "6810000"),
        ({"native_name": "acme"}, Ref("x", "6810000"), "acme"),
        ({"name": "Acme", "native_name": "a"}, Ref("x", "6810000"), "Acme"),
        ({"network_type": "Mastodon"}, Ref("mastodon", "6810000"), "6810000"),
        (
            {"network_type": "google_my_business"},
            Ref("google_business", "6810000"),
            "6810000",
        ),
    ],
)
def test_a_profile_is_known_by_whatever_id_there_is(
    told: Mapping[str, object], ref: Ref, name: str
) -> None:
    answer = {"customer_profile_id": 6810000, "network_type": "twitter", **told}

    found = drive(SPROUT.profiles(ProfilesPart()), script(content(answer)))

    (one,) = found.items
    assert (one.ref, one.name, one.groups) == (ref, name, ())


def test_times_of_cases_are_utc() -> None:
    told = {"id": "1", "created_time": "2026-03-02T01:00:00+01:00"}

    (one,) = result(SPROUT.cases_by_id("1"), script(content(told)))

    assert one.created_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert one.created_at is not None
    assert one.created_at.tzinfo is UTC
    assert attrs.evolve(one).updated_at is None
