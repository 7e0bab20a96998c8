"""The adapter: what it says it can do, its settings, and where it sends each call."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

import socialmetrics as sm
from socialmetrics.auth import Bearer
from socialmetrics.grant import Grant
from socialmetrics.model import Consignment, Delivery, File, Ref
from socialmetrics.plan import MetricsQuery, PostsQuery, ProfilesPart
from socialmetrics.secret import Secret
from socialmetrics.tokens import MemoryStore
from socialmetrics.window import Window
from socialmetrics.wire import Request, Response
from socialmetrics_hootsuite import Hootsuite, HootsuiteLegacy, problems, webhooks
from socialmetrics_hootsuite.sandbox import Sandbox
from tests.hootsuite.platform_wire import (
    LATER,
    NOW,
    ON_X,
    PAGE,
    TOKEN,
    draft,
    error,
    profile,
)
from tests.hootsuite.platform_wire import told as answer

ADAPTER = Hootsuite.from_credentials({"access_token": Secret(TOKEN)})
DAY = Window(NOW, NOW + timedelta(days=1))
APP: dict[str, object] = {
    "client_id": "an-app",
    "client_secret": Secret("a-secret-of-the-app"),
    "token_store": MemoryStore(),
}


def first(call: Any) -> Request:
    """The first request of a flow or stream."""
    request = next(call)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("operation", "supported", "alternatives"),
    [
        ("profiles", True, ()),
        ("posts", True, ()),
        ("metrics", True, ()),
        ("publish", True, ()),
        ("messages", False, ("hootsuite_legacy", "sprout")),
        ("topics", False, ("sprout",)),
        ("topic_messages", False, ("sprout",)),
        ("topic_metrics", False, ("sprout",)),
    ],
)
def test_it_says_what_it_can_do_and_who_can_what_it_cannot(
    operation: str, supported: bool, alternatives: tuple[str, ...]
) -> None:
    found = Hootsuite.declared(operation)

    assert (found.supported, found.alternatives) == (supported, alternatives)
    assert found.detail


def test_what_it_lacks_is_refused_before_anything_is_sent() -> None:
    with (
        sm.connect(Hootsuite, access_token=TOKEN) as client,
        pytest.raises(sm.Unsupported, match="others wrote"),
    ):
        client.messages([ON_X], DAY)


def test_both_adapters_have_names_of_their_own() -> None:
    assert (Hootsuite.name, HootsuiteLegacy.name) == ("hootsuite", "hootsuite_legacy")
    assert Hootsuite.base_url == "https://platform.hootsuite.com"
    assert webhooks.parse(b"[]", {}) == ()


def test_a_token_alone_is_a_bearer_and_a_login_is_renewed() -> None:
    app = Hootsuite.from_credentials(APP)

    assert isinstance(ADAPTER.auth(), Bearer)
    assert isinstance(app.auth(), Grant)


def test_without_settings_it_says_what_it_needs() -> None:
    with pytest.raises(sm.MissingCredential, match="client_id and client_secret"):
        Hootsuite.from_credentials({})


def test_the_settings_are_those_of_the_login_and_of_the_apps() -> None:
    names = {each.name for each in Hootsuite.credentials}
    secrets = {each.name for each in Hootsuite.credentials if each.is_secret}

    assert {"member_id", "organization_id", "token_store", "scope"} <= names
    assert secrets == {"client_secret", "access_token", "refresh_token"}


def test_no_secret_shows() -> None:
    app = Hootsuite.from_credentials(APP)

    assert TOKEN not in repr(ADAPTER)
    assert "a-secret-of-the-app" not in repr(app)


def test_only_words_about_the_token_renew_it() -> None:
    app = Hootsuite.from_credentials(APP)
    auth = app.auth()

    assert isinstance(auth, Grant)
    assert auth.concerns_token is problems.is_about_token


def test_errors_and_waits_are_read_by_its_modules() -> None:
    status, headers, body = answer({"errors": [error(4003)]}, 401)
    response = Response(
        status=status,
        headers=headers,
        body=body,
        at=NOW,
        request=Request(operation="o", method="GET"),
        vendor="hootsuite",
    )

    assert ADAPTER.problem(response).kind is sm.PermissionDenied
    assert ADAPTER.asked_wait(response) == 1.5


DELIVERY = Delivery(profile=ON_X, state="scheduled", vendor_id="7")
PICTURE = File(name="a.png", content_type="image/png", content=b"a")


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        (ADAPTER.profiles(ProfilesPart()), "GET /v1/socialProfiles"),
        (ADAPTER.publish(Consignment(draft=draft())), "POST /v1/messages"),
        (ADAPTER.settle(Consignment(draft=draft()), NOW), "GET /v1/messages?"),
        (ADAPTER.look((DELIVERY,)), "GET /v1/messages/7"),
        (ADAPTER.withdraw(DELIVERY), "DELETE /v1/messages/7"),
        (
            ADAPTER.prepare(Consignment(draft=draft(ON_X, media=[PICTURE]))),
            "POST /v1/media",
        ),
        (ADAPTER.outbound(DAY, [ON_X]), "GET /v1/messages?"),
        (ADAPTER.message("7"), "GET /v1/messages/7"),
        (ADAPTER.history("7"), "GET /v1/messages/7/history"),
        (ADAPTER.approve("7", 1), "GET /v1/messages/7/history"),
        (ADAPTER.reject("7", 1, "no"), "GET /v1/messages/7/history"),
        (ADAPTER.delete("7"), "DELETE /v1/messages/7"),
        (ADAPTER.upload(PICTURE), "POST /v1/media"),
        (
            ADAPTER.changed_posts([PAGE], date(2026, 3, 9)),
            "POST /v1/analytics/posts",
        ),
    ],
)
def test_each_call_asks_its_endpoint(call: object, asked: str) -> None:
    request = first(call)

    assert f"{request.method} {request.path}".startswith(asked)


def test_outbound_messages_are_narrowed_to_profiles() -> None:
    request = first(ADAPTER.outbound(DAY, [ON_X, PAGE], state="SENT"))

    assert "socialProfileIds=1&socialProfileIds=3&state=SENT" in request.path


def test_posts_and_figures_are_planned_and_read() -> None:
    window = Window.days("2026-03-02", "2026-03-08")
    posts = ADAPTER.plan_posts(PostsQuery(profiles=[PAGE], window=window, now=NOW))
    figures = ADAPTER.plan_metrics(
        MetricsQuery(subjects=[PAGE], metrics=["followers"], window=window, now=NOW)
    )

    asked = [first(ADAPTER.read(each)) for each in (*posts.parts, *figures.parts)]

    assert {each.path.partition("?")[0] for each in asked} <= {
        "/v1/messages",
        "/v1/analytics/profiles",
    }
    assert posts.parts
    assert figures.parts


def test_capabilities_come_from_the_readings() -> None:
    metrics = Hootsuite.metric_capabilities()

    assert {each.network for each in metrics} >= {"instagram", "facebook", "x"}
    assert ADAPTER.readings(PAGE, DAY, NOW.date())


def test_a_draft_is_planned_by_the_client_without_a_call() -> None:
    (found,) = ADAPTER.plan_publish(draft(PAGE, at=LATER), NOW)

    assert found.draft.profiles == (PAGE,)


def test_a_client_in_a_loop_of_its_own_plans_alike() -> None:
    async def planned() -> object:
        async with sm.connect_async(Hootsuite, access_token=TOKEN) as client:
            return client.adapter.plan_publish(draft(PAGE), NOW)

    assert asyncio.run(planned()) == ADAPTER.plan_publish(draft(PAGE), NOW)


def test_it_brings_a_sandbox() -> None:
    found = Hootsuite.sandbox(per_second=5)

    assert isinstance(found, Sandbox)
    assert "access_token" in found.credentials
    assert found.state.options.per_second == 5


def test_a_ref_of_a_profile_is_the_networks() -> None:
    assert profile(9).ref == Ref("x", "99")
