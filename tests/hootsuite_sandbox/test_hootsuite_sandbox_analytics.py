"""The simulated Analytics API: the figures are the world's, the rules the vendor's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox import World
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_hootsuite.sandbox import Lens, sandbox
from socialmetrics_hootsuite.sandbox.catalogue import NETWORKS, POSTS, PROFILES, ZONES
from tests.hootsuite_sandbox.hootsuite_calls import (
    NOW,
    WORLD,
    Running,
    posts_of,
    refused,
    service,
    span,
    spelled,
)

DAY = timedelta(days=1)
INSTAGRAM = "INSTAGRAMBUSINESS"
IG = "139000069"
LAGS = {INSTAGRAM: 48}
ALL = span("2024-03-11")
REQUIRED = {"createdAt", "profileId", "externalProfileId", "sourceLink", "externalId"}
OPTIONAL = {"lastRefreshed", "content", "postType", "metadata", "tags", "metrics"}


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service() as running:
        yield running


def rows_of(
    box: Running, name: str, profiles: str | list[str], network: str = INSTAGRAM,
    query: Mapping[str, str] | None = None, **filters: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every row, over all pages."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        told = {**(query or {}), **cursor}
        answer = box.analytics(name, profiles, network, told, **filters)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert list(body) == ["data", "metadata"]
        found += body["data"]
        info = body["metadata"]["collectionInfo"]
        if "next" not in info:
            return found
        cursor = {"cursor": info["next"]["cursor"]}


def problem(answer: httpx.Response, status: int, title: str, text: str = "") -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert list(body) == ["type", "title", "status", "detail"]
    assert (body["status"], body["title"]) == (status, title)
    assert text in body["detail"]
    assert answer.headers["content-type"].startswith("application/json")


def shown(post: WorldPost, at: datetime) -> bool:
    gone = post.deleted_at is not None and post.deleted_at <= at
    return post.created_at < at and not gone


# Posts.


@pytest.mark.parametrize("network", list(NETWORKS))
def test_posts_have_the_figures_of_the_world(box: Running, network: str) -> None:
    number = box.of(network)
    at = NOW - timedelta(hours=LAGS.get(network, 0))
    rows = rows_of(box, "posts", number, network, reportingPeriod=span("2026-02-01"))

    expected = {
        post.ref.native_id: post
        for post in posts_of(box, number)
        if shown(post, at) and post.created_at >= datetime(2026, 2, 1, tzinfo=UTC)
    }
    assert {row["externalId"] for row in rows} == set(expected)
    assert len(rows) == len(expected) > 0
    for row in rows:
        post = expected[row["externalId"]]
        assert set(row) <= REQUIRED | OPTIONAL
        assert row["createdAt"] == spelled(post.created_at)
        assert row["content"] == post.text
        assert row["externalProfileId"] == post.account.ref.native_id
        assert post.ref.native_id in row["sourceLink"]
        likes = row["metrics"]["likes"]
        assert isinstance(likes, float)
        assert likes == WORLD.post_total(post, "likes", "organic", at)
        truth = box.state.lens.post_figures(post, network)
        assert row["metrics"] == truth


def test_figures_of_instagram_are_added_up_as_its_names_say(box: Running) -> None:
    rows = rows_of(box, "posts", IG, reportingPeriod=span("2026-02-01"))

    by_id = {post.ref.native_id: post for post in posts_of(box, IG)}
    assert any("engagement_rate" in row["metrics"] for row in rows)
    for row in rows:
        told, post = row["metrics"], by_id[row["externalId"]]
        at = NOW - timedelta(hours=48)
        parts = told["likes"] + told["comments"] + told["shares"] + told["saves"]
        assert told["engagement"] == parts
        assert told["reach"] == WORLD.post_reach(post, "organic", at)
        assert told["views"] == WORLD.post_total(post, "views", "organic", at)
        if "engagement_rate" in told:
            rate = 100 * told["engagement"] / told["reach"]
            assert told["engagement_rate"] == round(rate, 2)


def test_names_are_those_of_the_network(box: Running) -> None:
    found = {
        network: set(
            rows_of(box, "posts", box.of(network), network, reportingPeriod=ALL)[0][
                "metrics"
            ]
        )
        for network in NETWORKS
    }

    assert found["YOUTUBECHANNEL"] == {"likes", "comments", "shares", "views"}
    assert "reach" in found[INSTAGRAM]
    assert found["TWITTER"] == {"likes", "comments", "post_views", "clicks"}
    assert all(set(POSTS[network]) >= names for network, names in found.items())


def test_a_post_without_views_has_no_rate() -> None:
    lens = Lens(WORLD, LAGS)
    at = NOW - timedelta(hours=48)
    fresh = [
        post
        for post in WORLD.posts
        if post.account.network == "instagram"
        and not WORLD.post_reach(post, "organic", at)
    ]

    figures = lens.post_figures(fresh[0], INSTAGRAM)

    assert figures["reach"] == 0
    assert "engagement_rate" not in figures


def test_posts_made_elsewhere_replies_and_stories_are_there_too(box: Running) -> None:
    kinds = {
        row["postType"]
        for network in (INSTAGRAM, "TWITTER")
        for row in rows_of(box, "posts", box.of(network), network, reportingPeriod=ALL)
    }

    assert {"INSTAGRAM_STORY", "INSTAGRAM_REEL", "INSTAGRAM_PHOTO"} < kinds
    assert {"TWITTER_RETWEET", "TWITTER_REPLY", "TWITTER_QUOTE"} < kinds


def test_a_post_looks_as_it_was_documented(box: Running) -> None:
    rows = rows_of(box, "posts", IG)

    plain = next(row for row in rows if "tags" not in row)
    assert list(plain) == [
        "createdAt", "lastRefreshed", "profileId", "externalProfileId", "sourceLink",
        "externalId", "content", "postType", "metadata", "metrics",
    ]  # fmt: skip
    assert {"post_type", "media_type"} <= set(plain["metadata"])


def test_links_name_the_account(box: Running) -> None:
    number = box.of("TWITTER")
    rows = rows_of(box, "posts", number, "TWITTER", reportingPeriod=span("2026-03-01"))

    assert rows
    for row in rows:
        link = f"https://twitter.com/acme/status/{row['externalId']}"
        assert row["sourceLink"] == link


def test_reels_and_their_kind_are_told(box: Running) -> None:
    rows = rows_of(box, "posts", IG, reportingPeriod=ALL)

    reel = next(row for row in rows if row["postType"] == "INSTAGRAM_REEL")
    assert reel["metadata"]["post_type"] == "REEL"
    assert reel["metadata"]["media_type"] == "VIDEO"
    tagged = next(row for row in rows if "tags" in row)
    assert all(list(tag) == ["id", "label"] for tag in tagged["tags"])


def test_until_leaves_its_day_out(box: Running) -> None:
    post = next(
        one
        for one in reversed(posts_of(box, IG))
        if shown(one, NOW - timedelta(hours=48))
    )
    day = post.created_at.date()

    def found(until: date) -> bool:
        rows = rows_of(
            box, "posts", IG, reportingPeriod=span(str(day), until.isoformat())
        )
        return post.ref.native_id in {row["externalId"] for row in rows}

    assert not found(day)
    assert found(day + DAY)


def test_without_a_period_it_is_a_year(box: Running) -> None:
    rows = rows_of(box, "posts", IG)

    begin = (NOW - timedelta(days=365)).date().isoformat()
    at = NOW - timedelta(hours=48)
    expected = [
        post
        for post in posts_of(box, IG)
        if shown(post, at) and spelled(post.created_at) >= begin
    ]
    assert {row["externalId"] for row in rows} == {
        post.ref.native_id for post in expected
    }
    until = rows_of(box, "posts", IG, reportingPeriod=span(None, "2026-03-12"))
    assert len(until) == len(rows)


def test_instagram_is_two_days_late(box: Running) -> None:
    rows = rows_of(box, "posts", IG)
    late = NOW - timedelta(hours=48)

    assert max(row["createdAt"] for row in rows) < spelled(late)
    assert max(row["lastRefreshed"] for row in rows) == spelled(late)
    fresh = [post for post in posts_of(box, IG) if late <= post.created_at < NOW]
    assert fresh
    with service(lags={}) as prompt:
        told = {row["externalId"] for row in rows_of(prompt, "posts", IG)}
    assert {post.ref.native_id for post in fresh if shown(post, NOW)} < told


def test_what_was_refreshed_since_can_be_asked_for(box: Running) -> None:
    rows = rows_of(box, "posts", IG)
    days = {row["lastRefreshed"][:10] for row in rows}
    edge = "2026-03-01"
    assert min(days) < edge <= max(days)

    since = rows_of(box, "posts", IG, lastModified=span(edge))
    until = rows_of(box, "posts", IG, lastModified=span("2026-02-20", edge))

    assert {row["externalId"] for row in since} == {
        row["externalId"] for row in rows if row["lastRefreshed"][:10] >= edge
    }
    assert {row["externalId"] for row in until} == {
        row["externalId"]
        for row in rows
        if "2026-02-20" <= row["lastRefreshed"][:10] <= edge
    }
    both = rows_of(box, "posts", IG, lastModified=span(None, edge), reportingPeriod=ALL)
    assert {row["lastRefreshed"][:10] <= edge for row in both} == {True}


def test_paid_is_what_the_world_calls_so(box: Running) -> None:
    rows = rows_of(box, "posts", IG, query={"datatype": "PAID"})
    by_id = {post.ref.native_id: post for post in posts_of(box, IG)}
    at = NOW - timedelta(hours=48)

    for row in rows:
        post = by_id[row["externalId"]]
        assert row["metrics"]["likes"] == WORLD.post_total(post, "likes", "paid", at)
    assert any(row["metrics"]["likes"] for row in rows)
    days = rows_of(
        box, "profiles", IG, query={"datatype": "PAID"},
        reportingPeriod=span("2026-03-01", "2026-03-02"),
    )  # fmt: skip
    assert {name for row in days for name in row["metrics"]} == {
        "views", "reach", "engagement",
    }  # fmt: skip


def test_deleted_posts_are_gone(box: Running) -> None:
    rows = rows_of(box, "posts", IG, reportingPeriod=ALL)
    at = NOW - timedelta(hours=48)
    gone = {
        post.ref.native_id
        for post in posts_of(box, IG)
        if post.deleted_at is not None and post.deleted_at <= at
    }

    assert gone
    assert not gone & {row["externalId"] for row in rows}


# Days.


@pytest.mark.parametrize("network", list(NETWORKS))
def test_days_have_the_figures_of_the_world(box: Running, network: str) -> None:
    number = box.of(network)
    account = box.state.profiles[number].account
    period = span("2026-03-05", "2026-03-08")

    rows = rows_of(box, "profiles", number, network, reportingPeriod=period)

    assert sorted(row["date"] for row in rows) == [
        "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08",
    ]  # fmt: skip
    zone = ZoneInfo(ZONES[network])
    for row in rows:
        keys = ["profileId", "externalProfileId", "date", "metrics"]
        assert list(row) == keys
        begin = datetime.fromisoformat(row["date"]).replace(tzinfo=zone)
        end = min(begin + DAY, NOW - timedelta(hours=LAGS.get(network, 0)))
        told = {name: each["total"] for name, each in row["metrics"].items()}
        assert all(isinstance(each, float) for each in told.values())
        assert set(told) == set(PROFILES[network])
        level = WORLD.followers(account, end)
        followers = next(name for name in told if name in LEVELS)
        assert told[followers] == level
        for name, flows in FLOWS.items():
            if name in told:
                assert told[name] == sum(
                    WORLD.flow(account, flow, begin, end) for flow in flows
                )
        day = date.fromisoformat(row["date"])
        assert told == box.state.lens.day_figures(account, network, day)


LEVELS = ("followers_count", "subscribers_count", "total_followers")
GAINED = ("followers_gained_organic", "followers_gained_paid")
FLOWS = {
    "new_followers_count": GAINED,
    "subscribers_gained": GAINED,
    "lost_followers_count": ("followers_lost",),
    "subscribers_lost": ("followers_lost",),
}


def test_a_day_of_instagram_is_that_of_california(box: Running) -> None:
    account = box.state.profiles[IG].account
    rows = rows_of(
        box, "profiles", IG, reportingPeriod=span("2026-03-07", "2026-03-07")
    )

    start = datetime(2026, 3, 7, 8, tzinfo=UTC)
    (row,) = rows
    told = row["metrics"]
    assert told["views"]["total"] == WORLD.profile_sum(
        account, "views", "organic", start, start + DAY
    )
    assert told["reach"]["total"] == WORLD.profile_reach(
        account, "organic", start, start + DAY
    )
    assert told["engagement"]["total"] == sum(
        WORLD.profile_sum(account, name, "organic", start, start + DAY)
        for name in ("likes", "comments", "reposts", "saves")
    )
    (split,) = told["views"]["breakdownDimensions"]
    assert split["breakdownId"] == "by_type"
    assert sum(split["values"].values()) == told["views"]["total"]
    assert len(split["values"]) > 1


def test_levels_and_flows_agree(box: Running) -> None:
    rows = rows_of(
        box, "profiles", IG, reportingPeriod=span("2026-02-01", "2026-03-01")
    )
    rows.sort(key=lambda row: str(row["date"]))

    for before, row in pairwise(rows):
        told = {name: each["total"] for name, each in row["metrics"].items()}
        change = told["new_followers_count"] - told["lost_followers_count"]
        assert (
            told["followers_count"]
            == before["metrics"]["followers_count"]["total"] + change
        )


def test_until_is_a_day_of_its_own_and_the_running_day_is_the_last(
    box: Running,
) -> None:
    number = box.of("TWITTER")
    rows = rows_of(
        box, "profiles", number, "TWITTER",
        reportingPeriod=span("2026-03-09", "2026-03-31"),
    )  # fmt: skip
    late = rows_of(box, "profiles", IG, reportingPeriod=span("2026-03-06"))

    days = sorted(row["date"] for row in rows)
    assert days == ["2026-03-09", "2026-03-10", "2026-03-11"]
    # Two days before the 11th at six, in California it is still the 8th.
    assert max(row["date"] for row in late) == "2026-03-08"


def test_days_are_told_as_far_as_they_were_collected(box: Running) -> None:
    account = box.state.profiles[IG].account
    (row,) = rows_of(box, "profiles", IG, reportingPeriod=span("2026-03-08"))

    start, end = datetime(2026, 3, 8, 8, tzinfo=UTC), NOW - timedelta(hours=48)
    told = row["metrics"]
    assert told["views"]["total"] == WORLD.profile_sum(
        account, "views", "organic", start, end
    )
    assert told["followers_count"]["total"] == WORLD.followers(account, end)


def test_rows_begin_with_the_world(box: Running) -> None:
    # The first day of the world is before the two years that can be asked for.
    early = datetime(2025, 6, 1, tzinfo=UTC)
    with service(clock=lambda: early) as young:
        rows = rows_of(
            young, "profiles", "139000001", "TWITTER",
            reportingPeriod=span("2023-06-01", "2024-02-02"),
        )  # fmt: skip

    assert sorted(row["date"] for row in rows) == ["2024-02-01", "2024-02-02"]


def test_days_that_were_refreshed_can_be_asked_for(box: Running) -> None:
    number = box.of("TWITTER")
    rows = rows_of(
        box,
        "profiles",
        number,
        "TWITTER",
        lastModified=span("2026-03-10", "2026-03-11"),
    )

    # A day is refreshed last at its end, or now.
    assert sorted(row["date"] for row in rows) == [
        "2026-03-09", "2026-03-10", "2026-03-11",
    ]  # fmt: skip


def test_ten_profiles_at_a_time(box: Running) -> None:
    numbers = [box.of("TWITTER"), box.of("TWITTER", 1)]
    rows = rows_of(
        box, "profiles", numbers, "TWITTER",
        reportingPeriod=span("2026-03-01", "2026-03-03"),
    )  # fmt: skip

    found = {(row["profileId"], row["date"]) for row in rows}
    assert len(found) == len(rows) == 6
    assert {number for number, _ in found} == set(numbers)


def test_a_name_that_no_document_knows_can_appear() -> None:
    with service(novel="sparkles") as box:
        period = span("2026-03-01", "2026-03-05")
        day = rows_of(box, "profiles", IG, reportingPeriod=period)[0]
        post = rows_of(box, "posts", IG)[0]

    assert day["metrics"]["sparkles"]["total"] >= 0
    assert post["metrics"]["sparkles"] > 0


# Pages.


@pytest.mark.parametrize("name", ["posts", "profiles"])
def test_pages_join_without_gaps_in_an_order_of_chance(box: Running, name: str) -> None:
    # There are more than two pages of each.
    whole = box.analytics(name, IG, reportingPeriod=span("2025-12-01")).json()["data"]
    pages: list[Any] = []
    query = {"limit": "30"}
    while True:
        body = box.analytics(
            name, IG, query=query, reportingPeriod=span("2025-12-01")
        ).json()
        pages.append(body)
        if "next" not in body["metadata"]["collectionInfo"]:
            break
        query["cursor"] = body["metadata"]["collectionInfo"]["next"]["cursor"]

    assert len(pages) > 2
    joined = [row for body in pages for row in body["data"]]
    assert joined[: len(whole)] == whole[:100]
    assert "prev" not in pages[0]["metadata"]["collectionInfo"]
    back = {"limit": "30", **pages[1]["metadata"]["collectionInfo"]["prev"]}
    first = box.analytics(name, IG, query=back, reportingPeriod=span("2025-12-01"))
    assert first.json()["data"] == pages[0]["data"]
    key = "createdAt" if name == "posts" else "date"
    times = [row[key] for row in joined]
    assert times not in (sorted(times), sorted(times, reverse=True))


def test_ten_rows_are_a_page(box: Running) -> None:
    body = {"filters": {"profileId": {"eq": IG}}}
    query = {"datatype": "ORGANIC", "networkId": INSTAGRAM}

    answer = box.ask("POST", "analytics/posts", params=query, json=body)

    assert len(answer.json()["data"]) == 10


def test_nothing_is_an_empty_page(box: Running) -> None:
    period = span("2026-03-20", "2026-03-21")

    for name in ("posts", "profiles"):
        body = box.analytics(name, IG, reportingPeriod=period).json()
        assert body == {"data": [], "metadata": {"collectionInfo": {}}}


@pytest.mark.parametrize("cursor", ["", "%", "aWQ9MTA=", "bm90aGluZw==", "w7/DvyA="])
def test_made_up_cursors_are_refused(box: Running, cursor: str) -> None:
    answer = box.analytics("posts", IG, query={"cursor": cursor})

    problem(answer, 422, "invalid-argument", "cursor")


def test_a_cursor_belongs_to_its_query(box: Running) -> None:
    body = box.analytics("posts", IG, query={"limit": "10"}).json()
    cursor = body["metadata"]["collectionInfo"]["next"]["cursor"]

    answer = box.analytics(
        "posts", IG, query={"cursor": cursor}, reportingPeriod=span("2026-01-01")
    )

    problem(answer, 422, "invalid-argument", "cursor")
    answer = box.analytics("profiles", IG, query={"cursor": cursor})
    problem(answer, 422, "invalid-argument", "cursor")


# What is refused.


@pytest.mark.parametrize(
    "query",
    [
        {"datatype": "BOTH"},
        {"datatype": ""},
        {"networkId": "LINKEDINCOMPANY"},
        {"networkId": "INSTAGRAM"},
        {"networkId": ""},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"limit": "9" * 5000},
        {"page": "2"},
    ],
)
@pytest.mark.parametrize("name", ["posts", "profiles"])
def test_faulty_parameters_are_refused(
    box: Running, name: str, query: dict[str, str]
) -> None:
    problem(box.analytics(name, IG, query=query), 422, "invalid-argument")


@pytest.mark.parametrize("name", ["datatype", "networkId"])
def test_parameters_that_are_missing_or_given_twice(box: Running, name: str) -> None:
    both = {"datatype": "ORGANIC", "networkId": INSTAGRAM}
    body = {"filters": {"profileId": {"eq": IG}}}
    one = {key: text for key, text in both.items() if key != name}

    answer = box.ask("POST", "analytics/posts", params=one, json=body)
    problem(answer, 422, "invalid-argument", name)
    twice = {**both, name: [both[name], both[name]]}
    answer = box.ask("POST", "analytics/posts", params=twice, json=body)
    problem(answer, 422, "invalid-argument", name)


LINKEDIN = "139000103"
BODIES: list[Any] = [
    {},
    [],
    {"filters": {}},
    {"filters": {"profileId": IG}},
    {"filters": {"profileId": {}}},
    {"filters": {"profileId": {"eq": IG, "in": [IG]}}},
    {"filters": {"profileId": {"in": []}}},
    {"filters": {"profileId": {"in": [IG, IG]}}},
    {"filters": {"profileId": {"in": [str(number) for number in range(11)]}}},
    {"filters": {"profileId": {"eq": int(IG)}}},
    {"filters": {"profileId": {"eq": LINKEDIN}}},
    {"filters": {"profileId": {"in": [IG, "139000001"]}}},
    {"filters": {"profileId": {"eq": IG}, "network": "x"}},
    {"filters": {"profileId": {"eq": IG}}, "metrics": ["likes"]},
    {"filters": {"profileId": {"eq": IG}, "reportingPeriod": {}}},
    {"filters": {"profileId": {"eq": IG}, "reportingPeriod": {"timespan": {}}}},
]
PERIODS: list[tuple[str | None, str | None]] = [
    ("2024-03-10", None),
    ("2026-03-02", "2026-03-01"),
    ("2026-03-02T00:00:00Z", None),
    ("20260302", None),
    ("2026-W10-1", None),
    ("2026-02-30", None),
    (None, "yesterday"),
    (None, "2025-03-10"),
]


@pytest.mark.parametrize("body", BODIES)
def test_faulty_filters_are_refused(box: Running, body: Any) -> None:
    query = {"datatype": "ORGANIC", "networkId": INSTAGRAM}

    answer = box.ask("POST", "analytics/posts", params=query, json=body)

    problem(answer, 422, "invalid-argument")


@pytest.mark.parametrize(("since", "until"), PERIODS)
def test_faulty_periods_are_refused(
    box: Running, since: str | None, until: str | None
) -> None:
    answer = box.analytics("posts", IG, reportingPeriod=span(since, until))

    problem(answer, 422, "invalid-argument")


def test_periods_begin_two_years_ago_and_changes_thirty_days(box: Running) -> None:
    first = box.analytics("posts", IG, reportingPeriod=span("2024-03-11"))
    fresh = box.analytics("posts", IG, lastModified=span("2026-02-09"))
    assert (first.status_code, fresh.status_code) == (200, 200)
    answer = box.analytics("posts", IG, lastModified=span("2026-02-08"))
    problem(answer, 422, "invalid-argument", "2026-02-09")


def test_two_years_before_a_leap_day(box: Running) -> None:
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    with service(clock=lambda: leap) as late:
        period = span("2026-02-28")
        assert late.analytics("posts", IG, reportingPeriod=period).status_code == 200
        answer = late.analytics("posts", IG, reportingPeriod=span("2026-02-27"))

    problem(answer, 422, "invalid-argument", "2026-02-28")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 9999])
def test_what_is_no_json_is_refused(box: Running, body: bytes) -> None:
    query = {"datatype": "ORGANIC", "networkId": INSTAGRAM}
    told = {"Content-Type": "application/json"}

    answer = box.ask(
        "POST", "analytics/posts", params=query, content=body, headers=told
    )

    problem(answer, 400, "invalid-json")


def test_unknown_profiles_are_refused(box: Running) -> None:
    problem(box.analytics("posts", ["5", IG]), 403, "permission-denied")


def test_the_scope_is_needed(box: Running) -> None:
    form = {"grant_type": "member_app", "member_id": "1155000"}
    plain = box.token(**form).json()["access_token"]
    allowed = box.token(**form, scope="analytics:read").json()["access_token"]
    query = {"datatype": "ORGANIC", "networkId": INSTAGRAM}
    body = {"filters": {"profileId": {"eq": IG}}}

    for name in ("posts", "profiles"):
        path = f"analytics/{name}"
        answer = box.ask("POST", path, token=plain, params=query, json=body)
        refused(answer, 403, 1037)
        answer = box.ask("POST", path, token=allowed, params=query, json=body)
        assert answer.status_code == 200


def test_reading_by_get_is_refused(box: Running) -> None:
    refused(box.ask("GET", "analytics/posts"), 405, 5001)


def test_refusals_can_have_the_shape_of_the_rest() -> None:
    with service(analytics_errors="errors") as box:
        answer = box.analytics("posts", IG, query={"limit": "0"})

    refused(answer, 422, 4000, "limit")


def test_bad_tokens_are_told_as_everywhere(box: Running) -> None:
    answer = box.ask("POST", "analytics/posts", token="made-up", json={})

    assert answer.status_code == 401
    assert answer.json()["error"] == "request_unauthorized"


# The truth.


def test_the_truth_ends_with_the_world() -> None:
    lens = Lens(WORLD, LAGS)

    assert lens.collected(INSTAGRAM) == NOW - 2 * DAY
    assert lens.collected(INSTAGRAM, NOW + DAY) == NOW - DAY
    assert lens.collected(INSTAGRAM, NOW + 3 * DAY) == NOW
    assert lens.collected("TWITTER", NOW + DAY) == NOW
    assert lens.collected("TWITTER", NOW - DAY) == NOW - DAY
    assert lens.last_day("TWITTER") == NOW.date()


def test_figures_that_are_late_come_when_time_moves_on() -> None:
    with service(token_seconds=10**6) as box:
        before = {row["externalId"] for row in rows_of(box, "posts", IG)}
        box.state.advance(2 * DAY)
        after = rows_of(box, "posts", IG)

    late = NOW - 2 * DAY
    fresh = {row["externalId"] for row in after if row["createdAt"] >= spelled(late)}
    assert fresh
    assert not fresh & before


def test_the_world_s_time_moves_figures() -> None:
    world = World(scale=0.05)
    box = sandbox(world)
    post = next(one for one in reversed(world.posts) if one.account.network == "x")
    early = post.created_at + timedelta(hours=2)

    before = box.state.lens.post_figures(post, "TWITTER", early)["post_views"]
    after = box.state.lens.post_figures(post, "TWITTER")["post_views"]

    assert before <= after == world.post_total(post, "impressions", "organic")


def test_the_clock_does_not_go_back() -> None:
    with service() as box, pytest.raises(InvalidQuery, match="back"):
        box.state.advance(timedelta(seconds=-1))
