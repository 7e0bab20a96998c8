"""The simulated service refuses what the contract refuses, and says so as it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.sandbox import World
from socialmetrics_sprout.sandbox.filters import Filter, parse
from socialmetrics_sprout.sandbox.refusal import Refusal
from tests.sprout.sandbox_calls import CUSTOMER, EVERYBODY, WORLD, Service, service

ACME = "customer_profile_id.eq(6810000)"
JANUARY = "created_time.in(2026-01-01..2026-01-31)"
PERIOD = "reporting_period.in(2026-01-01..2026-01-31)"
GROUP = "group_id.eq(1201)"
EARLY = "action_last_update_time.in(2025-12-31..2026-01-02)"
MANY = ",".join(map(str, range(101)))


@pytest.fixture(scope="module")
def sprout() -> Iterator[Service]:
    with service() as running:
        yield running


def refused(answer: httpx.Response, status: int, text: str) -> None:
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    assert text in answer.json()["error"]
    assert answer.headers["content-type"] == "application/json"
    assert "retry-after" not in answer.headers


HEADERS: list[tuple[dict[str, str], int, str]] = [
    ({"Authorization": ""}, 401, "Missing"),
    ({"Authorization": "Basic abc"}, 401, "Missing"),
    ({"Authorization": "Bearer"}, 401, "Missing"),
    ({"Authorization": "Bearer wrong"}, 401, "Invalid"),
    ({"Authorization": "Bearer a.b.c"}, 401, "Invalid"),
    ({"Authorization": "Bearer \xe9.\xe9"}, 401, "Invalid"),
    ({"Accept": "text/html"}, 415, "Accept"),
    ({"Content-Type": "text/plain"}, 415, "Content-Type"),
    ({"Content-Type": ""}, 415, "Content-Type"),
]


@pytest.mark.parametrize(("headers", "status", "text"), HEADERS)
def test_wrong_headers(
    sprout: Service, headers: dict[str, str], status: int, text: str
) -> None:
    body = {"filters": [ACME, PERIOD]}
    raw = {name: value.encode("latin-1") for name, value in headers.items()}

    answer = sprout.post("analytics/profiles", body, headers=raw)

    refused(answer, status, text)


PATHS = [
    ("GET", "/v1/nowhere", 404),
    ("GET", "/v2/687751/metadata/customer", 404),
    ("GET", "/v1/1/metadata/customer", 404),
    ("GET", "/v1/abc/metadata/customer", 404),
    ("GET", "/v1/404404/metadata/customer", 403),
    ("GET", "/v1/687751/metadata/customer/", 404),
    ("POST", "/v1/687751/media", 404),
    ("POST", "/v1/687751/metadata/customer", 405),
    ("GET", "/v1/687751/analytics/posts", 405),
    ("PUT", "/v1/687751/messages", 405),
    ("DELETE", "/v1/687751/publishing/posts/4567890", 405),
    ("POST", "/v1/metadata/client", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
def test_wrong_paths_and_verbs(
    sprout: Service, method: str, path: str, status: int
) -> None:
    answer = sprout.ask(method, path, json={})

    refused(answer, status, "")


BODIES: list[tuple[str, Any, str]] = [
    ("analytics/profiles", [], "JSON object"),
    ("analytics/profiles", {}, "list of strings"),
    ("analytics/profiles", {"filters": []}, "At least one filter"),
    ("analytics/profiles", {"filters": "x"}, "list of strings"),
    ("analytics/profiles", {"filters": [1]}, "list of strings"),
    ("analytics/profiles", {"filters": [ACME]}, "required"),
    ("analytics/profiles", {"filters": [ACME, JANUARY]}, "Unsupported filter"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "page": 2}, "exceeds"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "page": 0}, "page"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "page": True}, "page"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "limit": 1001}, "limit"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "limit": "9"}, "limit"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "metrics": "likes"}, "metrics"),
    ("analytics/profiles", {"filters": [ACME, PERIOD], "metrics": [""]}, "metrics"),
    ("analytics/profiles", {"filters": [ACME, PERIOD, ACME]}, "twice"),
    (
        "analytics/profiles",
        {"filters": [ACME, "reporting_period.in(2025-01-01..2026-01-02)"]},
        "one year",
    ),
    (
        "analytics/profiles",
        {"filters": [ACME, "reporting_period.in(2026-01-02..2026-01-01)"]},
        "backwards",
    ),
    ("analytics/posts", {"filters": [JANUARY]}, "required"),
    ("analytics/posts", {"filters": [ACME, "tag_id.eq(3101)"]}, "Unsupported filter"),
    ("analytics/posts", {"filters": [ACME, "post_type.eq(TWEET)"]}, "Unsupported"),
    ("analytics/posts", {"filters": [ACME], "limit": 101}, "limit"),
    ("analytics/posts", {"filters": [ACME], "page": 9999}, "exceeds"),
    ("analytics/posts", {"filters": [ACME], "fields": ["guid", "gu"]}, "fields: gu"),
    ("analytics/posts", {"filters": [ACME], "metrics": ["lifetime.reach"]}, ".reach"),
    ("analytics/posts", {"filters": [ACME], "metrics": ["impressions"]}, "impressions"),
    ("analytics/posts", {"filters": [ACME], "timezone": "Mars"}, "timezone"),
    ("analytics/posts", {"filters": [ACME], "timezone": 3}, "timezone"),
    ("analytics/posts", {"filters": [ACME], "sort": ["text:asc"]}, "sort"),
    ("analytics/posts", {"filters": [ACME], "sort": ["guid"]}, "sort"),
    ("analytics/posts", {"filters": [ACME], "sort": ["guid:asc", "guid:desc"]}, "sort"),
    ("analytics/posts", {"filters": [ACME, "guid.gt(t:1,t:2)"]}, "one guid"),
    ("analytics/posts", {"filters": [ACME, "internal.tags.id.exists(yes)"]}, "true or"),
    ("messages", {"filters": [ACME]}, "group_id"),
    ("messages", {"filters": [GROUP], "limit": 101}, "limit"),
    ("messages", {"filters": ["group_id.eq(1201,1202)"]}, "exactly one"),
    ("messages", {"filters": ["group_id.eq(2201)"]}, "exactly one"),
    ("messages", {"filters": [GROUP], "fields": ["reach"]}, "Requested invalid fields"),
    ("messages", {"filters": [GROUP], "page_cursor": "123abc=="}, "page_cursor"),
    ("messages", {"filters": [GROUP], "page_cursor": 3}, "page_cursor"),
    ("messages", {"filters": [GROUP], "page_cursor": "\xe9"}, "page_cursor"),
    ("messages", {"filters": [GROUP, "message_id.eq(t:1)"]}, "excludes"),
    (
        "messages",
        {"filters": ["group_id.eq(1202)", "customer_profile_id.eq(6810016)"]},
        "not a supported type",
    ),
    (
        "messages",
        {"filters": ["group_id.eq(1202)", "customer_profile_id.eq(6810004)"]},
        "does not belong",
    ),
    (
        "messages",
        {"filters": [GROUP, JANUARY, EARLY]},
        "may not lie before",
    ),
    ("messages", {"filters": [f"message_id.eq({MANY})"]}, "100"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "text"), BODIES)
def test_wrong_bodies(sprout: Service, path: str, body: object, text: str) -> None:
    refused(sprout.post(path, body), 400, text)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json(sprout: Service, raw: bytes) -> None:
    path, kind = f"/v1/{CUSTOMER}/messages", {"Content-Type": "application/json"}

    refused(sprout.ask("POST", path, content=raw, headers=kind), 400, "JSON")


def test_more_than_a_hundred_profiles(sprout: Service) -> None:
    ids = ",".join(str(6_810_000 + number) for number in range(101))

    answer = sprout.post(
        "analytics/posts", {"filters": [f"customer_profile_id.eq({ids})"]}
    )

    refused(answer, 400, "100")


def test_profiles_of_nobody_or_of_somebody_else() -> None:
    with service(World(scale=0.01, customers=2)) as sprout:
        nobody = sprout.post(
            "analytics/posts", {"filters": ["customer_profile_id.eq(1)"]}
        )
        other = sprout.post(
            "analytics/posts", {"filters": ["customer_profile_id.eq(6810017)"]}
        )

    refused(nobody, 403, "Not permitted")
    refused(other, 403, "Not permitted")


def test_a_customer_that_the_token_may_not_see() -> None:
    with service(World(scale=0.01, customers=2), customers=(687752,)) as sprout:
        own = sprout.get("/v1/687752/metadata/customer")
        foreign = sprout.get("/v1/687751/metadata/customer")
        clients = sprout.get("/v1/metadata/client").json()

    assert own.status_code == 200
    assert clients == {"data": [{"customer_id": 687752, "name": "Globex"}]}
    refused(foreign, 403, "Not permitted")


HOSTILE = [
    "created_time.in(2026-01-01T00:00:00Z..2026-01-31)",
    "created_time.in(2026-01-01T00:00:00+01:00..2026-01-31)",
    "created_time.in(2026-01-01T00:00:00.5..2026-01-31)",
    "created_time.in(2026-01-01)",
    "created_time.in(2026-01-01....2026-01-31)",
    "created_time.in(2026-01-01…2026-01-31)",
    "created_time.in(2026-13-01..2026-01-31)",
    "created_time.in(2026-02-30..2026-03-31)",
    "created_time.in(..)",
    "created_time.in(2026-01-31..2026-01-01)",
    "customer_profile_id.eq(6810000), guid.gt(t:1)",
    "customer_profile_id.eq(6810000)\n",
    "customer_profile_id.eq(6810000,)",
    "customer_profile_id.eq()",
    "customer_profile_id.eq(6810000) ",
    "customer_profile_id.eq(-1)",
    "customer_profile_id.eq(1234567890123456789)",
    "internal.tags.id.eq(one)",
    "customer_profile_id.eq(6810000x)",
    "customer_profile_id.eq(٣)",
    "customer_profile_id.has(6810000)",
    "customer_profile_id",
    "Customer_profile_id.eq(6810000)",
    "guid.gt(t:1)) or guid.gt(t:2)",
    "guid.gt((t:1))",
    "guid.gt(t\x00:1)",
    "guid.gt(é)",
    "guid.gt(“t:1”)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_filters_that_are_not_exactly_one_filter(sprout: Service, text: str) -> None:
    others = [] if text.startswith("customer_profile_id") else [EVERYBODY]

    answer = sprout.post("analytics/posts", {"filters": [*others, text]})

    refused(answer, 400, "")


@given(st.text())
def test_any_text_in_brackets_is_one_value_or_refused(value: str) -> None:
    try:
        found = parse(f"guid.gt({value})")
    except Refusal:
        return

    assert (found.field, found.operator, found.arguments) == ("guid", "gt", value)
    assert not set(value) & set("()\n\r\x00")


@given(st.lists(st.text("abc:_-.0123456789 ", min_size=1), min_size=1))
def test_values_come_back_without_the_blanks_around_them(values: list[str]) -> None:
    meant = tuple(value.strip(" ") for value in values)
    found = Filter("guid", "eq", ",".join(values))

    if all(meant):
        assert found.words == meant
    else:
        with pytest.raises(Refusal):
            _ = found.words


def test_the_sixty_first_request_of_a_minute_is_refused_and_not_counted() -> None:
    with service(per_minute=3, window_seconds=0.2) as sprout:
        codes = [sprout.get("/v1/metadata/client").status_code for _ in range(5)]
        refused(sprout.get("/v1/metadata/client"), 429, "Too many")
        while sprout.get("/v1/metadata/client").status_code == 429:
            pass
        missing = sprout.get("/v1/nowhere").status_code

    assert codes == [200, 200, 200, 429, 429]
    assert missing == 404


def test_the_month_looks_just_like_the_minute() -> None:
    with service(per_month=2) as sprout:
        answers = [sprout.get("/v1/metadata/client") for _ in range(3)]

    refused(answers[2], 429, "Too many requests")


def test_every_answer_has_the_three_headers_and_its_own_id(sprout: Service) -> None:
    fine, bad = sprout.get("/v1/metadata/client"), sprout.get("/v1/nowhere")

    for answer in (fine, bad):
        assert answer.headers["x-sprout-api-version"] == "1.1"
        assert answer.headers["x-sprout-server-version"] == "1.1.3018"
        assert not [name for name in answer.headers if "limit" in name]
    assert fine.headers["x-sprout-request-id"] != bad.headers["x-sprout-request-id"]
    assert fine.headers["content-type"] == "application/json"


TOKEN = "/oauth2/84e39c75-d770-45d9-90a9-7b79e3037d2c/v1/token"
FORM = {
    "client_id": "sandbox-sprout-client-51d0be",
    "client_secret": "sandbox-sprout-secret-c4e8a2",
    "grant_type": "client_credentials",
    "scope": "organization_id",
}


def test_a_token_opens_the_service_until_it_expires() -> None:
    time = [WORLD.now]
    with service(clock=lambda: time[0], token_seconds=600) as sprout:
        granted = sprout.ask("POST", TOKEN, data=FORM).json()
        again = sprout.ask("POST", TOKEN, data=FORM).json()
        bearer = {"Authorization": f"Bearer {granted['access_token']}"}
        early = sprout.get("/v1/metadata/client", headers=bearer)
        time[0] += timedelta(seconds=600)
        late = sprout.get("/v1/metadata/client", headers=bearer)

    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 600)
    assert granted["access_token"].count(".") == 2
    assert granted["access_token"] != again["access_token"]
    assert early.status_code == 200
    refused(late, 401, "expired")


GRANTS: list[tuple[dict[str, str], int, str]] = [
    ({"scope": "687751"}, 400, "invalid_scope"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_id": "wrong"}, 401, "invalid_client"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": ""}, 400, "invalid_request"),
]


@pytest.mark.parametrize(("change", "status", "code"), GRANTS)
def test_wrong_token_requests(
    sprout: Service, change: dict[str, str], status: int, code: str
) -> None:
    answer = sprout.ask("POST", TOKEN, data=FORM | change)

    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_a_token_request_in_json_is_no_token_request(sprout: Service) -> None:
    answer = sprout.ask("POST", TOKEN, json=FORM)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_filter_without_time_reads_the_first_instant_in_the_zone() -> None:
    january = parse("created_time.in(2026-01-01..2026-01-31)")
    zone = datetime(2026, 1, 1, tzinfo=UTC)

    with service() as sprout:
        counts = [
            len(
                sprout.post(
                    "analytics/posts",
                    {"filters": [EVERYBODY, f"created_time.in({span})"], "limit": 100},
                ).json()["data"]
            )
            for span in (
                "2026-01-31..2026-01-31",
                "2026-01-31...2026-01-31",
                "2026-01-31T00:00:00..2026-01-31T23:59:59",
            )
        ]

    assert january.ends == ("2026-01-01", "2026-01-31", True)
    assert zone.tzinfo is UTC
    assert counts[0] == 1
    assert counts[1] == 0
    assert counts[2] > 1
