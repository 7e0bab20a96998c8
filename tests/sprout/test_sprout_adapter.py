"""The adapter: credentials, the customer, vendor-only calls, and what it can do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from socialmetrics.auth import Bearer, ClientCredentials
from socialmetrics.errors import (
    Incomplete,
    InvalidQuery,
    MissingCredential,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.model import Draft, Ref, Topic
from socialmetrics.plan import (
    MessagesQuery,
    MetricsQuery,
    PostsQuery,
    ProfilesPart,
    TopicQuery,
    TopicsPart,
)
from socialmetrics.reading import Level
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Request, Response
from socialmetrics_sprout import Sprout, field
from socialmetrics_sprout.models import Case
from tests.sprout.driving import (
    NOW,
    WEEK,
    Driven,
    by_cursor,
    content,
    drive,
    filter_of,
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


# -- credentials -----------------------------------------------------------------------


def test_an_api_token_is_a_bearer_that_cannot_be_renewed() -> None:
    auth = Sprout.from_credentials({"token": TOKEN}).auth()

    assert isinstance(auth, Bearer)
    assert auth.headers() == {"Authorization": f"Bearer {TOKEN}"}


def test_an_oauth_client_fetches_its_token_where_the_vendor_says() -> None:
    given = {"client_id": CLIENT, "client_secret": Secret(SECRET)}
    auth = Sprout.from_credentials(given).auth()
    answer = {"access_token": "fake-access", "expires_in": 3600}
    found = Driven[object]()

    drive(auth.renew(0.0), script(answer), into=found)

    (request,) = found.requests
    assert isinstance(auth, ClientCredentials)
    assert request.host == "auth"
    assert request.path == "/oauth2/84e39c75-d770-45d9-90a9-7b79e3037d2c/v1/token"
    assert request.form == {
        "grant_type": "client_credentials",
        "scope": "organization_id",
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    assert auth.headers() == {"Authorization": "Bearer fake-access"}


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({}, MissingCredential, "sprout needs token, or client_id and client_secret"),
        ({"client_id": CLIENT}, MissingCredential, "SOCIALMETRICS_SPROUT_TOKEN"),
        ({"client_secret": SECRET}, MissingCredential, "client_id and client_secret"),
        ({"token": TOKEN, "client_id": CLIENT}, InvalidQuery, "not both"),
        ({"token": TOKEN, "client_secret": SECRET}, InvalidQuery, "not both"),
        ({"token": 5}, InvalidQuery, "token must be text, not int"),
        ({"token": TOKEN, "customer_id": 1.0}, InvalidQuery, "not float"),
        ({"token": TOKEN, "customer_id": True}, InvalidQuery, "not bool"),
        ({"token": TOKEN, "customer_id": " "}, InvalidQuery, "is no id"),
        ({"token": TOKEN, "customer_id": ".."}, InvalidQuery, "is no id"),
        ({"client_id": "", "client_secret": SECRET}, InvalidQuery, "is no id"),
    ],
)
def test_none_or_a_mixture_of_credentials_is_refused_by_name(
    given: Mapping[str, object], error: type[SocialMetricsError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        Sprout.from_credentials(given)

    assert TOKEN not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_secret_that_cannot_stand_in_a_header_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="token is empty or holds"):
        Sprout.from_credentials({"token": "fake\ntoken"}).auth()
    with pytest.raises(InvalidQuery, match="token is empty or holds"):
        Sprout.from_credentials({"token": ""}).auth()


def test_credentials_do_not_print() -> None:
    given = {"client_id": CLIENT, "client_secret": SECRET, "customer_id": 7}

    shown = repr(Sprout.from_credentials(given))

    assert SECRET not in shown
    assert "customer_id='7'" in shown


def test_an_adapter_without_credentials_has_no_usable_auth() -> None:
    with pytest.raises(InvalidQuery, match="client_secret is empty"):
        Sprout().auth()


# -- the customer ----------------------------------------------------------------------


def test_a_customer_that_is_given_is_not_asked_for() -> None:
    assert result(SPROUT.lookup("customer"), script()) == "1"


@pytest.mark.parametrize("told", [687751, "687751", "00687751", "12345678901234567890"])
def test_the_only_customer_is_found_whatever_its_id_looks_like(told: object) -> None:
    found = result(Sprout().lookup("customer"), script(content({"customer_id": told})))

    assert found == str(told)


def test_several_customers_are_named_as_the_choices() -> None:
    told = content(
        {"customer_id": 1, "name": "Acme"}, {"customer_id": 2, "name": "Globex"}
    )

    with pytest.raises(MissingCredential, match="2 customers") as caught:
        result(Sprout().lookup("customer"), script(told))

    assert "one of: 1 (Acme), 2 (Globex)" in caught.value.message


def test_no_customer_at_all_is_said() -> None:
    with pytest.raises(MissingCredential, match=r"0 customers; set customer_id$"):
        result(Sprout().lookup("customer"), script(content()))


@pytest.mark.parametrize("told", [1.0, None, True, {}, []])
def test_a_customer_id_that_is_neither_number_nor_text_is_unreadable(
    told: object,
) -> None:
    with pytest.raises(Unreadable, match=r"\$\.data\[0\]"):
        result(Sprout().lookup("customer"), lambda _: content({"customer_id": told}))


# -- operations ------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["rows", "bare"])
def test_metadata_come_with_or_without_an_envelope(content_type: str) -> None:
    rows: list[dict[str, object]] = [{"id": "1", "name": "Acme"}]

    found = drive(
        SPROUT.topics(TopicsPart()),
        script(rows if content_type == "bare" else content(*rows)),
    )

    assert [topic.name for topic in found.items] == ["Acme"]
    assert found.requests[0].path == "/v1/{customer}/metadata/customer/topics"
    assert found.pages[0].source is not None


def test_profiles_are_asked_for_where_the_vendor_keeps_them() -> None:
    found = drive(SPROUT.profiles(ProfilesPart()), script(content()))

    assert found.requests[0].path == "/v1/{customer}/metadata/customer"
    assert found.items == []


Kind = Generator[Request | Page[object], Response, None]


@pytest.mark.parametrize(
    "parts",
    [
        lambda: (
            SPROUT.plan_posts(
                PostsQuery(profiles=[profile()], window=WEEK, now=NOW)
            ).parts
        ),
        lambda: (
            SPROUT.plan_messages(
                MessagesQuery(profiles=[profile()], window=WEEK, now=NOW)
            ).parts
        ),
        lambda: (
            SPROUT.plan_metrics(
                MetricsQuery(
                    subjects=[profile()], metrics=["impressions"], window=WEEK, now=NOW
                )
            ).parts
        ),
        lambda: (
            SPROUT.plan_metrics(
                MetricsQuery(subjects=[post(1, NOW)], metrics=["impressions"], now=NOW)
            ).parts
        ),
        lambda: (
            SPROUT.plan_metrics(
                MetricsQuery(subjects=[TOPIC], metrics=["likes"], window=WEEK, now=NOW)
            ).parts
        ),
        lambda: (
            SPROUT.plan_topic_messages(
                TopicQuery(topic=TOPIC, window=WEEK, now=NOW)
            ).parts
        ),
        lambda: (
            SPROUT.plan_topic_metrics(
                TopicQuery(topic=TOPIC, window=WEEK, metrics=["likes"], now=NOW)
            ).parts
        ),
    ],
)
def test_every_planned_part_is_read_by_its_operation(
    parts: Callable[[], tuple[Any, ...]],
) -> None:
    (part,) = parts()
    found = Driven[object]()

    drive(SPROUT.read(part), lambda _: content(pages=0), into=found)

    assert len(found.requests) <= 2  # an empty inbox is asked for once more
    assert len(found.pages) == 1


def test_a_topic_is_read_by_metrics_as_well() -> None:
    query = MetricsQuery(subjects=[TOPIC], metrics=["likes"], window=WEEK, now=NOW)
    (part,) = SPROUT.plan_metrics(query).parts

    found = drive(SPROUT.metrics(part), script(content()))  # type: ignore[arg-type]  # a plan's parts are of many kinds

    assert [type(block) for block in found.items] == [MetricSeries]


# -- vendor-only calls -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (SPROUT.customers, "/v1/metadata/client"),
        (SPROUT.tags, "/v1/{customer}/metadata/customer/tags"),
        (SPROUT.groups, "/v1/{customer}/metadata/customer/groups"),
        (SPROUT.users, "/v1/{customer}/metadata/customer/users"),
        (SPROUT.teams, "/v1/{customer}/metadata/customer/teams"),
        (SPROUT.queues, "/v1/{customer}/metadata/customer/queues"),
    ],
)
def test_lists_are_asked_for_once(
    call: Callable[[], Flow[list[object]]], path: str
) -> None:
    found = Driven[object]()

    drive(call(), script(content()), into=found)

    assert [(r.method, r.path) for r in found.requests] == [("GET", path)]
    assert found.result == []


def case(number: int) -> dict[str, object]:
    return {"id": str(number), "status": "OPEN"}


def test_cases_of_several_weeks_come_once() -> None:
    found: Driven[object] = Driven()

    def server(request: Request) -> object:
        if (
            "2026-03-08T"
            in (filter_of(request, "created_time.in") or "").split("...")[0]
        ):
            return content(case(2), case(3))
        pages = {None: content(case(1), cursor="a"), "a": content(case(2))}
        return by_cursor(pages)(request)

    window, lead = Window.days("2026-03-01", "2026-03-14"), field("type").eq("LEAD")
    drive(SPROUT.cases(window, where=[lead]), server, into=found)

    assert [one.vendor_id for one in found.result] == ["1", "2", "3"]
    assert {body["timezone"] for body in found.bodies} == {"UTC"}


def test_a_full_page_of_cases_without_a_cursor_is_asked_for_once_more() -> None:
    full = content(*map(case, range(100)))

    found: list[Case] = result(SPROUT.cases_by_id("1"), script(full, full))

    assert len(found) == 100


def test_cases_in_a_ring_are_incomplete() -> None:
    with pytest.raises(Incomplete, match="a second time"):
        result(SPROUT.cases_by_id("1"), lambda _: content(case(1), cursor="a"))


def test_a_case_without_any_id_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="neither `id` nor `case_id`"):
        result(SPROUT.cases_by_id("1"), lambda _: content({"status": "OPEN"}))


def test_uploads_and_drafts_are_vendor_only_calls_too() -> None:
    begun, done = content({"submission_id": "s-1"}), content({"media_id": "m-1"})
    address = "https://a.example/b"

    sent = result(SPROUT.upload(b"x", "a.png", "image/png"), script(done))
    linked = result(SPROUT.upload_from(address, "video/mp4"), script(begun, done))
    planned = result(SPROUT.planned("1"), script(content()))

    assert (sent.kind, linked.kind, planned) == ("photo", "video", [])


def test_publishing_is_a_flow_of_the_adapter() -> None:
    said: dict[str, Any] = {"text": "Hi", "profiles": [profile()], "at": NOW}

    receipt = result(SPROUT.publish(Draft(**said)), script(content()))

    assert [delivery.state for delivery in receipt.deliveries] == ["left out"]


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
    told = {**case(1), "created_time": "2026-03-02T01:00:00+01:00"}

    (one,) = result(SPROUT.cases_by_id("1"), script(content(told)))

    assert one.created_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert one.created_at is not None
    assert one.created_at.tzinfo is UTC
    assert attrs.evolve(one).updated_at is None
