"""The simulated service refuses what the contract refuses, and says so as it does."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.sandbox import World
from socialmetrics_x.sandbox import Options, credentials, sandbox
from tests.x.sandbox_calls import (
    ACME,
    BASE,
    CARE,
    CELLS,
    HOURS,
    KEYS,
    OWNERS,
    PATH,
    WORLD,
    Service,
    ask_for,
    between,
    ids,
    posts_of,
    service,
    signature,
)

MINE, THEIRS = ids(posts_of(ACME)[:3]), ids(posts_of(CARE)[:2])
NUMBERS = list(map(str, range(10**9, 10**9 + 251)))
GOOD = ask_for(MINE, ["favorites"])


@pytest.fixture(scope="module")
def x() -> Iterator[Service]:
    with service() as running:
        yield running


def refused(answer: httpx.Response, status: int, text: str) -> None:
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["errors"]
    assert text in str(answer.json()["errors"])
    assert answer.headers["content-type"] == "application/json"
    assert "retry-after" not in answer.headers
    assert "g0" not in answer.text


def grouped(*groups: list[Any]) -> dict[str, object]:
    named = {f"g{number}": {"group_by": each} for number, each in enumerate(groups)}
    return {**GOOD, "groupings": named}


DAY, HOUR = "engagement.day", "engagement.hour"
UNSUPPORTED = "groupBys you have specified are not supported: "
SPAN = between("2026-02-01", "2026-02-02")
BODIES: list[tuple[str, Any, str]] = [
    ("totals", [], "must be a JSON object"),
    ("totals", "text", "must be a JSON object"),
    ("totals", {}, "tweet_ids: field is required"),
    ("totals", {**GOOD, "tweets": []}, "tweets: is not a field"),
    ("totals", {**GOOD, "start": "2026-02-01"}, "start: is not a field"),
    ("28hr", {**GOOD, **SPAN}, "end: is not a field"),
    ("totals", {**GOOD, "tweet_ids": []}, "size [0] is not between 1 and 250"),
    ("totals", {**GOOD, "tweet_ids": NUMBERS}, "size [251] is not between 1 and 250"),
    ("28hr", {**GOOD, "tweet_ids": NUMBERS[:26]}, "size [26] is not between 1 and 25"),
    ("historical", {**GOOD, "tweet_ids": NUMBERS[:26]}, "size [26]"),
    ("totals", {**GOOD, "tweet_ids": "1"}, "tweet_ids: Expected `array`"),
    ("totals", {**GOOD, "tweet_ids": [1.5]}, "tweet_ids: Expected"),
    ("totals", {**GOOD, "tweet_ids": [True]}, "tweet_ids: Expected"),
    ("totals", {**GOOD, "tweet_ids": ["1", "1"]}, "twice"),
    ("totals", {**GOOD, "tweet_ids": ["1", 1]}, "twice"),
    ("totals", {**GOOD, "tweet_ids": [""]}, "[] is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": ["01"]}, "[01] is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": [" 1"]}, "[ 1] is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": ["1\n"]}, "is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": ["٣"]}, "is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": [0]}, "[0] is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": [-1]}, "[-1] is not a Tweet ID"),
    ("totals", {**GOOD, "tweet_ids": [2**64]}, "is not a Tweet ID"),
    ("totals", {**GOOD, "engagement_types": []}, "must hold names"),
    ("totals", {**GOOD, "engagement_types": ["favorites"] * 2}, "each of them once"),
    ("totals", {**GOOD, "engagement_types": [" favorites"]}, "[ favorites] is not"),
    ("totals", {**GOOD, "engagement_types": ["Favorites"]}, "[Favorites] is not"),
    ("totals", {**GOOD, "engagement_types": ["media_clicks"]}, "[media_clicks] is not"),
    ("totals", {**GOOD, "engagement_types": ["url_clicks"]}, "[url_clicks] is not"),
    ("totals", {**GOOD, "engagement_types": [1]}, "engagement_types: Expected `str`"),
    ("28hr", {**GOOD, "engagement_types": ["quote_tweets"]}, "[quote_tweets] is not"),
    ("historical", {**GOOD, "engagement_types": ["quote_tweets"]}, "[quote_tweets]"),
    ("historical", {**GOOD, "engagement_types": ["media_clicks"]}, "[media_clicks]"),
    ("totals", {**GOOD, "groupings": {}}, "size [0] is not between 1 and 3"),
    ("totals", {**GOOD, "groupings": []}, "groupings: Expected `object`"),
    ("totals", {**GOOD, "groupings": {"g0": list(CELLS)}}, "Expected `object`"),
    ("totals", {**GOOD, "groupings": {"g0": {}}}, "group_by"),
    ("totals", {**GOOD, "groupings": {"g0": {"group_by": [], "x": 1}}}, "`x`"),
    ("totals", grouped([]), "must hold values"),
    ("totals", grouped(["tweet.id", "tweet.id"]), "each of them once"),
    ("totals", grouped(["Tweet.id"]), f"{UNSUPPORTED}(Tweet.id). Please adjust"),
    ("totals", grouped([*CELLS, HOUR]), f"{UNSUPPORTED}(engagement.hour)."),
    ("totals", grouped([DAY, HOUR]), "(engagement.day, engagement.hour)."),
    ("totals", grouped(*[["tweet.id"]] * 4), "size [4] is not between 1 and 3"),
    ("28hr", grouped(["tweet.id", "engagement.type", HOUR, DAY]), "in this order"),
    ("28hr", grouped([DAY, HOUR, *CELLS]), "in this order"),
    ("28hr", grouped(list(HOURS), list(HOURS)), "only one may"),
    ("historical", {**GOOD, "start": "2026-02-01"}, "must be given together"),
    ("historical", {**GOOD, "end": "2026-02-01"}, "must be given together"),
    ("historical", {**GOOD, **SPAN, "start": None}, "start: must be a string"),
    ("historical", {**GOOD, **SPAN, "end": 3}, "end: must be a string"),
]


@pytest.mark.parametrize(("endpoint", "body", "text"), BODIES)
def test_wrong_bodies(x: Service, endpoint: str, body: object, text: str) -> None:
    refused(x.ask(endpoint, body), 400, text)


@pytest.mark.parametrize(
    "name",
    ["", "errors", "start", "end", "unavailable_tweet_ids", "unsupported_for_whatever"],
)
def test_names_of_the_answers_own_keys(x: Service, name: str) -> None:
    body = {**GOOD, "groupings": {name: {"group_by": list(CELLS)}}}

    refused(x.ask("totals", body), 400, f"[{name}] is not a name")


PERIODS = [
    ("2026-02-01", "2026-02-01", "before end"),
    ("2026-02-02", "2026-02-01", "before end"),
    ("2014-08-31T23:59:59Z", "2014-09-02", "before 2014-09-01"),
    ("2026-03-01", "2026-03-11T06:00:01Z", "future"),
    ("2026-03-01", "2027-03-01", "future"),
    ("2026-01-01", "2026-01-29T00:00:01Z", "4 weeks"),
    ("2026-01-01T00:30:00Z", "2026-01-29T00:30:00Z", "4 weeks"),
    ("2026-02-01T00:00:00+00:00", "2026-02-02", "is not a time"),
    ("2026-02-01T00:00:00.000Z", "2026-02-02", "is not a time"),
    ("2026-02-01T00:00Z", "2026-02-02", "is not a time"),
    ("2026-02-01 00:00:00", "2026-02-02", "is not a time"),
    ("20260201", "2026-02-02", "is not a time"),
    ("2026-02-01Z", "2026-02-02", "is not a time"),
    ("2026-02-30", "2026-03-02", "is not a time"),
    ("2026-02-01", "2026-02-01T25:00:00Z", "is not a time"),
    ("2026-02-01\n", "2026-02-02", "is not a time"),
    ("٢٠٢٦-02-01", "2026-02-02", "is not a time"),
    ("", "2026-02-02", "is not a time"),
]


@pytest.mark.parametrize(("start", "end", "text"), PERIODS)
def test_wrong_periods(x: Service, start: str, end: str, text: str) -> None:
    body = {**GOOD, **between(start, end)}

    refused(x.ask("historical", body), 400, text)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'"\xff"', b"[" * 100_000])
def test_a_body_that_is_no_json(x: Service, raw: bytes) -> None:
    path = f"{PATH}totals"
    headers = {
        "Authorization": signature(f"{BASE}{path}"),
        "Content-Type": "application/json",
    }

    answer = x.send("POST", path, content=raw, headers=headers)

    refused(answer, 400, "JSON")


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(sorted({*GOOD, "start", "end"})), json)
def test_any_value_of_any_key_is_answered_or_refused(key: str, value: object) -> None:
    with service() as x:
        answer = x.ask("historical", {**GOOD, key: value})

    assert answer.status_code in {200, 400}


@given(st.text())
def test_any_name_of_a_grouping_comes_back_or_is_refused(name: str) -> None:
    body = {**GOOD, "groupings": {name: {"group_by": list(CELLS)}}}

    with service() as x:
        answer = x.ask("totals", body)

    assert answer.status_code == 400 or list(answer.json()) == [name]


@pytest.mark.parametrize("number", [b"1" * 5000, b"1e400", b"-0"])
def test_numbers_that_are_no_ids(x: Service, number: bytes) -> None:
    path = f"{PATH}totals"
    headers = {
        "Authorization": signature(f"{BASE}{path}"),
        "Content-Type": "application/json",
    }
    raw = b'{"tweet_ids": [%s]}' % number

    refused(x.send("POST", path, content=raw, headers=headers), 400, "")


HEADERS = [
    ({"Accept-Encoding": "identity"}, 406, "requires gzip compression"),
    ({"Accept-Encoding": ""}, 406, "requires gzip compression"),
    ({"Accept-Encoding": "deflate, br"}, 406, "requires gzip compression"),
    ({"Accept-Encoding": "gzip;q=0, br"}, 406, "requires gzip compression"),
    ({"Accept-Encoding": "gzip; q=0.000"}, 406, "requires gzip compression"),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 400, "Content-Type"),
    ({"Content-Type": ""}, 400, "Content-Type"),
    ({"Content-Encoding": "gzip"}, 400, "Content-Encoding"),
    ({"Content-Encoding": "identity"}, 400, "Content-Encoding"),
]


@pytest.mark.parametrize(("headers", "status", "text"), HEADERS)
def test_wrong_headers(
    x: Service, headers: dict[str, str], status: int, text: str
) -> None:
    answer = x.ask("totals", GOOD, headers=headers)

    refused(answer, status, text)
    assert ("content-encoding" in answer.headers) == (status == 400)


@pytest.mark.parametrize("told", ["gzip", "deflate, GZIP;q=0.5, br", "gzip;x=1"])
def test_answers_are_compressed_good_or_bad(x: Service, told: str) -> None:
    headers = {"Accept-Encoding": told}

    fine = x.ask("totals", GOOD, headers=headers)
    bad = x.ask("totals", {}, headers=headers)
    lost = x.send("GET", "/nowhere", headers=headers)

    assert (fine.status_code, bad.status_code, lost.status_code) == (200, 400, 404)
    for answer in (fine, bad, lost):
        assert answer.headers["content-encoding"] == "gzip"
        assert len(gzip.compress(answer.content, 1, mtime=0)) == int(
            answer.headers["content-length"]
        )


PATHS = [
    ("POST", "/insights/engagement/28hour", 404, "page does not exist"),
    ("POST", "/insights/engagement/totals/", 404, "page does not exist"),
    ("POST", "/1.1/insights/engagement/totals", 404, "page does not exist"),
    ("GET", "/insights/engagement/totals", 405, "Method Not Allowed"),
    ("PUT", "/insights/engagement/historical", 405, "Method Not Allowed"),
    ("GET", "/oauth/request_token", 405, "Method Not Allowed"),
]


@pytest.mark.parametrize(("method", "path", "status", "text"), PATHS)
def test_wrong_paths_and_verbs(
    x: Service, method: str, path: str, status: int, text: str
) -> None:
    refused(x.send(method, path), status, text)


# Whose posts, which metrics.


@pytest.mark.parametrize("endpoint", ["totals", "28hr", "historical"])
def test_one_foreign_post_refuses_them_all(x: Service, endpoint: str) -> None:
    body = ask_for([*MINE, *THEIRS], ["favorites"])

    answer = x.ask(endpoint, body)

    author = CARE.partition("-")[0]
    text = ", ".join(sorted(THEIRS))
    refused(answer, 403, "Forbidden to access tweets")
    assert answer.json()["errors"] == [
        f"Forbidden to access tweets for author id {author}: {text}"
    ]


def test_foreign_posts_are_told_by_author_or_together() -> None:
    world = World(scale=0.02, customers=2)
    keys = credentials(world)["owners"].split(",")
    tokens = [pair.split(":") for pair in keys]
    own, other, third = (ids(posts_of(key, world)[:1]) for key, _ in tokens)
    body = ask_for([*other, *own, *third], ["favorites"])
    token, secret = tokens[0]

    with service(world) as x:
        apart = x.ask("totals", body, token, secret=secret).json()["errors"]
    with service(world, wording="tweets") as x:
        whole = x.ask("totals", body, token, secret=secret).json()["errors"]

    foreign = sorted([*other, *third], key=int)
    users = {other[0]: tokens[1][0], third[0]: tokens[2][0]}
    assert apart == [
        "Forbidden to access tweets for author id "
        f"{users[post].partition('-')[0]}: {post}"
        for post in foreign
    ]
    assert whole == [f"Forbidden to access tweets: {', '.join(foreign)}"]


def test_foreign_posts_that_are_protected_are_just_unavailable(x: Service) -> None:
    user = CARE.partition("-")[0]
    hidden = next(
        post
        for post in WORLD.posts
        if post.protected and post.account.ref.native_id == user
    )

    answer = x.ask("totals", ask_for([*MINE, *ids([hidden])], ["favorites"]))

    assert answer.status_code == 200
    assert answer.json()["unavailable_tweet_ids"] == ids([hidden])


@pytest.mark.parametrize(
    ("endpoint", "metric"),
    [
        ("totals", "impressions"),
        ("totals", "engagements"),
        ("28hr", "favorites"),
        ("historical", "favorites"),
    ],
)
def test_the_app_alone_may_not_see_what_is_the_owners(
    x: Service, endpoint: str, metric: str
) -> None:
    bearer = f"Bearer {x.bearer().json()['access_token']}"
    body = ask_for(MINE, [metric])

    unsigned = x.ask(endpoint, body, headers={"Authorization": bearer})
    two_legged = x.ask(endpoint, body, None)

    refused(unsigned, 403, "'code': 220")
    refused(two_legged, 403, "'code': 220")


def test_metrics_that_the_app_lacks() -> None:
    metrics = ["retweets", "favorites", "impressions"]

    with service(forbidden_metrics=["retweets", "impressions"]) as x:
        lacking = x.ask("totals", ask_for(MINE, metrics))
        other = x.ask("totals", ask_for(MINE, ["favorites"]))

    refused(lacking, 403, "Forbidden to access metrics: impressions, retweets")
    assert other.status_code == 200


def test_an_app_that_was_not_approved() -> None:
    with service(is_approved=False) as x:
        answer = x.ask("totals", GOOD)

    refused(answer, 403, "Your application id is not authorized.")


# Limits.


def test_the_minute_is_counted_for_all_owners_together() -> None:
    still = time_machine.travel(1_700_000_000, tick=False)
    with still as travel, service(per_minute=3) as x:
        answers = [
            x.ask("totals", GOOD),
            x.ask("totals", ask_for(THEIRS, ["favorites"]), CARE),
            x.ask("totals", {}),
            x.ask("totals", GOOD, None),
        ]
        travel.shift(60)
        answers.append(x.ask("totals", GOOD))

    assert [each.status_code for each in answers] == [200, 200, 400, 429, 200]
    refused(answers[3], 429, "rate limit")
    told = [each.headers["x-per-minute-remaining"] for each in answers]
    resets = {each.headers["x-per-minute-reset"] for each in answers[:4]}
    assert told == ["2", "1", "0", "0", "2"]
    assert resets == {"1700000060"}
    assert {each.headers["x-per-minute-limit"] for each in answers} == {"3"}
    assert "x-per-second-limit" not in answers[0].headers


def test_nobody_is_counted_who_could_not_prove_who_it_is() -> None:
    with service(per_minute=1) as x:
        stranger = x.ask("totals", GOOD, headers={"Authorization": ""})
        fine = x.ask("totals", GOOD)

    assert (stranger.status_code, fine.status_code) == (401, 200)
    assert "x-per-minute-limit" not in stranger.headers


def test_the_second_has_headers_of_its_own() -> None:
    still = time_machine.travel(1_700_000_000.5, tick=False)
    with still, service(per_second=2, headers="second") as x:
        answers = [x.ask("totals", GOOD) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "second" in answers[2].text
    told = [each.headers["x-per-second-remaining"] for each in answers]
    assert told == ["1", "0", "0"]
    assert answers[0].headers["x-per-second-limit"] == "2"
    assert answers[0].headers["x-per-second-reset"] == "1700000002"
    assert answers[0].headers["x-per-minute-limit"] == "1000000000"


def test_headers_about_limits_can_be_absent() -> None:
    with service(headers="none", per_minute=1, minute_seconds=9) as x:
        answers = [x.ask("totals", GOOD) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 429]
    assert not [name for each in answers for name in each.headers if "x-per" in name]


def test_headers_of_a_second_need_a_limit() -> None:
    with pytest.raises(InvalidQuery, match="per_second"):
        Options(headers="second")


def test_a_limit_can_be_told_with_a_good_status() -> None:
    with service(limited_200=3) as x:
        answers = [x.ask("totals", GOOD) for _ in range(6)]

    assert {each.status_code for each in answers} == {200}
    limited = ["errors" in each.json() for each in answers]
    assert limited == [False, False, True] * 2
    assert "rate limit" in answers[2].text


# The whole.


def test_every_answer_tells_the_time_of_the_server() -> None:
    still = time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False)
    with still, service(skew=7200) as x:
        told = [
            x.send("GET", "/nowhere").headers,
            x.send("POST", "/oauth2/token").headers,
            x.send("POST", f"{PATH}totals").headers,
        ]

    assert [each.get_list("date") for each in told] == [
        ["Fri, 01 May 2026 02:00:00 GMT"]
    ] * 3


def test_the_sandbox_hands_over_what_opens_it() -> None:
    box = sandbox(WORLD, per_minute=5)

    assert box.credentials == KEYS
    assert set(KEYS) == {"consumer_key", "consumer_secret", "owners"}
    accounts = [each for each in WORLD.profiles if each.network == "x"]
    owners = {token.partition("-")[0] for token in OWNERS}
    assert owners == {each.ref.native_id for each in accounts}
    assert "2024-02-01 to 2026-03-11 06:00 UTC" in box.notes
