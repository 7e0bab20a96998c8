"""The adapter: its settings, what it can do, and its calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from socialmetrics.auth import Attempt, Bearer, ClientCredentials
from socialmetrics.budget import Limit
from socialmetrics.errors import InvalidQuery, MissingCredential, SocialMetricsError
from socialmetrics.model import Post, Profile, Ref
from socialmetrics.oauth1 import Owner
from socialmetrics.plan import MetricsQuery, ProfilesPart
from socialmetrics.reading import Status
from socialmetrics.secret import Secret
from socialmetrics.window import Window
from socialmetrics_x import X
from socialmetrics_x.auth import Keys
from socialmetrics_x.capabilities import readings
from socialmetrics_x.login import RequestToken
from tests.sprout.driving import drive, result, script
from tests.x.driving_x import NOW, WINDOW, by_x, figures, response, snowflake
from tests.x.test_x_auth import URL, request

APP = {"consumer_key": "key", "consumer_secret": "hush-app"}
OWNED = {**APP, "owners": "7-token:hush-7,8-token:hush-8"}
ONE = {**APP, "owners": "7-token:hush-7"}
HISTORY = {"window": WINDOW, "owner": "7"}


def app_of(given: Mapping[str, object]) -> object:
    auth = X.from_credentials(given).auth()
    assert isinstance(auth, Keys)
    return auth.app


# -- settings --------------------------------------------------------------------------


def test_the_app_fetches_its_bearer_unless_it_was_given_one() -> None:
    fetched = app_of(APP)
    given = app_of({**APP, "bearer_token": "hush"})
    alone = app_of({"bearer_token": Secret("hush")})

    assert isinstance(fetched, ClientCredentials)
    assert (fetched.path, fetched.has_header) == ("/oauth2/token", True)
    assert isinstance(given, ClientCredentials)
    assert given.first == Secret("hush")
    assert alone == Bearer(Secret("hush"))
    assert app_of({**APP, "app_auth": "oauth1"}) is None


def test_every_owner_signs_for_itself() -> None:
    auth = X.from_credentials({**OWNED, "app_auth": "oauth1"}).auth()

    headers = [
        auth.headers(Attempt(request(each), URL, 1.0))["Authorization"]
        for each in ("7", "8", None)
    ]

    assert 'oauth_token="7-token"' in headers[0]
    assert 'oauth_token="8-token"' in headers[1]
    assert "oauth_token=" not in headers[2]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({}, MissingCredential, "x needs consumer_key and consumer_secret"),
        ({"consumer_key": "key"}, MissingCredential, "SOCIALMETRICS_X_CONSUMER_KEY"),
        ({"consumer_secret": "hush"}, MissingCredential, "a bearer_token is enough"),
        (
            {"consumer_key": "key", "bearer_token": "hush"},
            MissingCredential,
            "consumer_key and consumer_secret",
        ),
        (
            {"bearer_token": "hush", "owners": "7-token:hush"},
            MissingCredential,
            "owners and app_auth='oauth1' need",
        ),
        (
            {"bearer_token": "hush", "app_auth": "oauth1"},
            MissingCredential,
            "owners and app_auth='oauth1' need",
        ),
        ({**APP, "app_auth": "basic"}, InvalidQuery, "'bearer' or 'oauth1'"),
        ({**APP, "per_minute": 0}, InvalidQuery, "above 0"),
        ({**APP, "owners": "hush"}, InvalidQuery, "owners must be"),
        ({**APP, "consumer_secret": 5}, InvalidQuery, "must be text, not int"),
    ],
)
def test_settings_that_do_not_fit_are_refused_by_name(
    given: Mapping[str, object], error: type[SocialMetricsError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        X.from_credentials(given)

    assert "hush" not in str(caught.value)


def test_nothing_secret_shows() -> None:
    adapter = X.from_credentials({**OWNED, "bearer_token": "hush-bearer"})

    assert "hush" not in repr(adapter)
    assert "-token" not in repr(adapter)
    assert "hush" not in repr(adapter.auth())


def test_limits_are_those_of_the_contract_if_it_was_told() -> None:
    assert X.from_credentials(APP).own_limits() == ()
    assert X.from_credentials({**APP, "per_minute": "60"}).own_limits() == (
        Limit(60, 60.0),
    )


def test_the_sandbox_comes_with_what_opens_it() -> None:
    sandbox = X.sandbox(per_minute=5)

    assert {"consumer_key", "consumer_secret", "owners"} <= set(sandbox.credentials)


# -- what it can do --------------------------------------------------------------------


def test_every_metric_tells_where_it_is_and_what_it_needs() -> None:
    every = X.metric_capabilities()
    details = {(each.name, each.detail) for each in every}

    assert len([each for each in every if "publication" in each.detail]) == 7
    assert len([each for each in every if "hour or day" in each.detail]) == 17
    assert len([each for each in every if "28 hours" in each.detail]) == 17
    assert (
        "impressions",
        "from publication, organic, needs the owner, posts up to 90 days old",
    ) in details
    assert ("favorites", "from publication, total") in details


def test_readings_are_those_of_totals_or_of_a_window() -> None:
    post = Ref("x", "11")
    early, late = (
        Window.days("2015-01-01", "2015-02-01"),
        Window.days("2020-01-01", "2020-01-02"),
    )

    totals = {r.name for r in X().readings(post, None, date(2026, 1, 1))}
    before = {r.name for r in readings(post, early)}
    after = [r for r in readings(post, late) if r.name == "engagements"]

    assert "quote_tweets" in totals
    assert len(totals) == 7
    assert {"favorites", "media_views"}.isdisjoint(before)
    assert "impressions" in before
    assert [r.valid_from for r in after] == [date(2017, 10, 9)]
    assert readings(Profile(ref=post, vendor_id="7", name="7"), None) == ()


def test_posts_are_named_by_id_or_address() -> None:
    adapter = X()

    assert adapter.named("11") == Ref("x", "11")
    assert adapter.named("https://x.com/acme/status/11?s=20") == Ref("x", "11")
    assert adapter.named("acme") is None


def test_answers_are_read_by_their_headers_and_texts() -> None:
    adapter = X()
    until = f"{NOW.timestamp() + 9}"
    headers = {"x-per-minute-remaining": "0", "x-per-minute-reset": until}
    answer = response(request(), {"errors": ["slow down"]}, 429, headers)

    assert adapter.problem(answer).message == "slow down"
    assert adapter.asked_wait(answer) == pytest.approx(9)
    assert [each.calls for each in adapter.left(answer)] == [0]


# -- operations ------------------------------------------------------------------------


def test_profiles_are_the_owners_that_are_known_by_id() -> None:
    adapter = X.from_credentials({**APP, "owners": "7-token:hush,opaque:hush"})

    (profile,) = drive(adapter.profiles(ProfilesPart()), script()).items

    assert (profile.ref, profile.vendor_id) == (Ref("x", "7"), "7")


def test_figures_come_part_by_part_with_their_gaps() -> None:
    adapter = X.from_credentials(ONE)
    old, new = (snowflake(NOW - timedelta(days=days)) for days in (200, 1))
    query = MetricsQuery(
        subjects=[Ref("x", old), Ref("x", new)],
        metrics=["impressions", "likes"],
        now=NOW,
    )

    plan = adapter.plan_metrics(query)

    found = [
        (p.subject.native_id, p.metric, p.status)
        for part in plan.parts
        for series in drive(adapter.metrics(part), by_x(figures)).items  # type: ignore[arg-type]  # its own parts
        for p in series
    ]
    assert sorted(found) == sorted(
        [
            (old, "impressions", Status.TOO_OLD),
            (old, "likes", Status.OBSERVED),
            (new, "impressions", Status.OBSERVED),
            (new, "likes", Status.OBSERVED),
        ]
    )
    assert adapter.owners_asked == {"2026-03": ("7",)}


def test_an_owner_that_a_post_names_is_asked_at_once() -> None:
    adapter = X.from_credentials(OWNED)
    post = Post(ref=Ref("x", "11"), vendor_id="11", created_at=NOW, profile="8")
    query = MetricsQuery(subjects=[post], metrics=["impressions"], now=NOW)

    (part,) = adapter.plan_metrics(query).parts

    found = drive(adapter.metrics(part), by_x(figures))  # type: ignore[arg-type]  # its own part
    assert [each.credential for each in found.requests] == ["8"]


@pytest.mark.parametrize(
    ("given", "endpoint", "metrics", "more", "credential"),
    [
        (OWNED, "totals", ["favorites"], {}, None),
        (OWNED, "totals", ["favorites"], {"owner": "8"}, "8"),
        (ONE, "totals", ["impressions"], {}, "7"),
        (ONE, "28hr", ["favorites"], {}, "7"),
        (OWNED, "historical", ["favorites"], HISTORY, "7"),
    ],
)
def test_the_api_can_be_asked_in_its_own_words(
    given: Mapping[str, object],
    endpoint: Any,
    metrics: list[str],
    more: Mapping[str, Any],
    credential: str | None,
) -> None:
    adapter = X.from_credentials(given)
    asked: list[object] = []

    def server(one: Any) -> object:
        asked.append(one.credential)
        return {"g": {"11": dict.fromkeys(metrics, "5")}}

    flow = adapter.engagement(
        endpoint, ["11"], metrics, {"g": ["tweet.id", "engagement.type"]}, **more
    )

    assert [row.value for row in result(flow, by_x(server)).rows["g"]] == [5]
    assert asked == [credential]


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        (OWNED, {"owner": "9"}, "owner='9' is none of 7, 8"),
        (OWNED, {}, "name the owner of the posts"),
        (APP, {}, "needs the token of the posts' owner"),
    ],
)
def test_whoever_is_asked_for_must_be_there(
    given: Mapping[str, object], more: Mapping[str, Any], words: str
) -> None:
    adapter = X.from_credentials(given)

    with pytest.raises(InvalidQuery, match=words):
        adapter.engagement("28hr", ["11"], ["favorites"], {"g": ["tweet.id"]}, **more)


def test_a_login_begins_and_ends_with_the_consumer_keys() -> None:
    token = RequestToken(
        token=Secret("t"), secret=Secret("s"), callback="oob", address=URL
    )
    adapter = X()

    for flow in (adapter.request_token(), adapter.access_token(token, "1234567")):
        with pytest.raises(MissingCredential):
            next(flow)


def test_two_adapters_with_the_same_settings_are_equal_whatever_they_learnt() -> None:
    one, other = X.from_credentials(OWNED), X.from_credentials(OWNED)

    one.known.asked("7", datetime(2026, 3, 1, tzinfo=UTC))

    assert one == other
    assert one.owners["7"] == Owner("7-token", "hush-7")
