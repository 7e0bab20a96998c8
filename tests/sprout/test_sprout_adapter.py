"""The adapter: credentials, the customer, vendor-only calls, and what it can do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest

from socialmetrics.auth import Attempt, Bearer, ClientCredentials
from socialmetrics.errors import (
    Incomplete,
    InvalidQuery,
    MissingCredential,
    SocialMetricsError,
    Unreadable,
)
from socialmetrics.model import Consignment, Draft, Topic
from socialmetrics.plan import (
    MessagesQuery,
    MetricsQuery,
    PostsQuery,
    ProfilesPart,
    TopicQuery,
    TopicsPart,
)
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from socialmetrics.wire import Flow, Page, Request, Response
from socialmetrics_sprout import Sprout, field, requests
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
    result,
    script,
)

TOKEN, CLIENT, SECRET = "fake-token", "fake-client", "fake-secret"
SPROUT = Sprout(token=Secret(TOKEN), customer_id="1")
TOPIC = Topic(vendor_id="77", name="Acme")
ATTEMPT = Attempt(requests.customers(), "https://api.example/", 0.0)

# -- credentials -----------------------------------------------------------------------


def test_an_api_token_is_a_bearer_that_cannot_be_renewed() -> None:
    auth = Sprout.from_credentials({"token": TOKEN}).auth()

    assert isinstance(auth, Bearer)
    assert auth.headers(ATTEMPT) == {"Authorization": f"Bearer {TOKEN}"}


def test_an_oauth_client_fetches_its_token_where_the_vendor_says() -> None:
    given = {"client_id": CLIENT, "client_secret": Secret(SECRET)}
    auth = Sprout.from_credentials(given).auth()
    answer = {"access_token": "fake-access", "expires_in": 3600}
    found = Driven[object]()
    assert isinstance(auth, ClientCredentials)

    drive(auth.renew(0.0, None), script(answer), into=found)

    (request,) = found.requests
    assert request.host == "auth"
    assert request.path == "/oauth2/84e39c75-d770-45d9-90a9-7b79e3037d2c/v1/token"
    assert request.form == {
        "grant_type": "client_credentials",
        "scope": "organization_id",
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    assert auth.headers(ATTEMPT) == {"Authorization": "Bearer fake-access"}


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

    receipt = result(
        SPROUT.publish(Consignment(draft=Draft(**said))), script(content())
    )

    assert [delivery.state for delivery in receipt.deliveries] == ["left out"]
