"""The simulated service: who may come in, how often, and what there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from socialmetrics.sandbox import World
from socialmetrics_hootsuite.sandbox import profile_id
from tests.hootsuite_sandbox.hootsuite_calls import (
    KEYS,
    WORLD,
    Running,
    complained,
    refused,
    service,
)

PROFILE_2017 = [
    "id", "type", "socialNetworkId", "socialNetworkUsername", "avatarUrl", "owner",
]  # fmt: skip
ME_2017 = [
    "id", "email", "isActive", "createdDate", "modifiedDate", "fullName",
    "companyName", "bio", "defaultTimezone", "language",
]  # fmt: skip
HEADERS = (
    "x-account-quota",
    "x-account-quota-used",
    "x-account-rate-limit-requests-remaining",
)


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service() as running:
        yield running


# Who may come in.


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}]
)
def test_whoever_shows_no_bearer_token_stays_outside(
    box: Running, header: dict[str, str]
) -> None:
    answer = box.send("GET", "/v1/me", headers=header)

    complained(answer, 401, "request_unauthorized")
    assert not any(name in answer.headers for name in HEADERS)


def test_answers_tell_the_services_own_time(box: Running) -> None:
    expected = format_datetime(box.state.now(), usegmt=True)

    for answer in (box.ask("GET", "me"), box.ask("GET", "me", token="made-up")):
        assert answer.headers["date"] == expected


def test_unknown_tokens_open_nothing(box: Running) -> None:
    complained(box.ask("GET", "me", token="made-up"), 401, "request_unauthorized")


def test_an_expired_token_is_told_with_two_keys() -> None:
    with service(token_seconds=60) as box:
        box.get("me")
        box.state.advance(timedelta(seconds=60))

        answer = box.ask("GET", "me")

    assert answer.status_code == 401
    assert answer.json() == {
        "error": "request_forbidden",
        "error_description": "token_expired",
    }


@pytest.mark.parametrize("status", [401, 403])
def test_an_app_that_was_removed_is_told_so(status: int) -> None:
    with service(revoked_status=status) as box:
        box.state.grants.removed = True

        answer = box.ask("GET", "me")

    complained(answer, status, "request_forbidden", "A validator returned an error")


@pytest.mark.parametrize(
    ("code", "status"),
    [(1201, 401), (4003, 401), (4005, 401), (4006, 401), (1202, 403), (4002, 403)],
)
def test_a_missing_permission_is_401_or_403_by_its_code(code: int, status: int) -> None:
    with service(denied={"profiles": code}) as box:
        refused(box.ask("GET", "me"), status, code)
        assert box.publish().status_code == 200


@pytest.mark.parametrize("path", ["nothing", "me/nothing", "messages/1/nothing", "me/"])
def test_unknown_paths_are_not_found(box: Running, path: str) -> None:
    refused(box.ask("GET", path), 404, 4001)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_refused(box: Running, method: str) -> None:
    refused(box.ask(method, "me"), 405, 5001)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_called_json_is_refused(box: Running, kind: str) -> None:
    answer = box.ask("POST", "messages", content=b"{}", headers={"Content-Type": kind})

    refused(answer, 415, 1100)


def test_json_may_name_its_charset(box: Running) -> None:
    told = {"Content-Type": "application/json;charset=utf-8"}
    body = f'{{"text": "a", "socialProfileIds": ["{box.of("TWITTER")}"]}}'

    answer = box.ask("POST", "messages", content=body, headers=told)

    assert answer.status_code == 200


# How often.


def test_every_answer_tells_what_is_left() -> None:
    with service(per_second=20) as box:
        first, bad = box.ask("GET", "me"), box.ask("GET", "messages/0")

    assert first.headers["x-account-quota"] == "100000 per day"
    assert first.headers["x-account-quota-used"] == "1"
    assert bad.headers["x-account-quota-used"] == "2"
    left = [
        int(one.headers["x-account-rate-limit-requests-remaining"])
        for one in (first, bad)
    ]
    assert all(0 <= each <= 14 for each in left)
    assert left[0] != left[1]


def test_more_requests_a_second_are_refused() -> None:
    with service(per_second=2) as box:
        answers = [box.ask("GET", "me") for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    refused(answers[2], 429, 1003, "Account plan limit exceeded")
    assert "retry-after" not in answers[2].headers
    assert answers[2].headers["x-account-quota-used"] == "2"


def test_the_day_has_a_limit_too_and_begins_at_midnight() -> None:
    with service(per_day=2, token_seconds=10**6) as box:
        for _ in range(2):
            box.get("me")
        refused(box.ask("GET", "me"), 429, 1003)
        box.state.advance(timedelta(hours=17, minutes=59))
        refused(box.ask("GET", "me"), 429, 1003)

        box.state.advance(timedelta(minutes=1))

        assert box.ask("GET", "me").headers["x-account-quota-used"] == "1"


def test_the_refusal_can_be_a_text() -> None:
    with service(per_day=1, plain_rate=True) as box:
        box.get("me")
        answer = box.ask("GET", "me")

    assert answer.status_code == 429
    assert answer.text.startswith("max rate reached:")
    assert answer.headers["content-type"].startswith("text/plain")


# What there is.


def test_profiles_are_those_of_the_world(box: Running) -> None:
    rows: list[dict[str, Any]] = box.get("socialProfiles")["data"]

    by_id = {profile_id(one): one for one in WORLD.profiles}
    for row in rows:
        account = by_id[row["id"]]
        assert row["socialNetworkId"] == account.ref.native_id
        assert list(row) == [*PROFILE_2017, "ownerId", "isReauthRequired"]
        assert row["isReauthRequired"] == 0
        if row["type"] == "TWITTER":
            assert row["socialNetworkUsername"] is row["avatarUrl"] is None
        else:
            assert row["socialNetworkUsername"] == (account.handle or account.name)
            assert row["avatarUrl"]
    listed = {by_id[row["id"]].network for row in rows}
    left_out = {one.network for one in WORLD.profiles} - listed
    assert left_out == {"google_business", "reddit"}
    kinds = [row["type"] for row in rows]
    assert {"INSTAGRAM", "INSTAGRAMBUSINESS", "LINKEDIN", "LINKEDINCOMPANY"} < set(
        kinds
    )
    owners = {row["type"]: (row["owner"], row["ownerId"]) for row in rows}
    assert owners["LINKEDIN"] == ("MEMBER", KEYS["member_id"])
    assert owners["TWITTER"] == ("ORGANIZATION", KEYS["organization_id"])


def test_one_profile_is_an_object(box: Running) -> None:
    rows = box.get("socialProfiles")["data"]

    assert box.get(f"socialProfiles/{rows[3]['id']}") == {"data": rows[3]}
    refused(box.ask("GET", "socialProfiles/1"), 404, 4001)


def test_a_lost_connection_is_told_as_a_number() -> None:
    with service(reauth=["139000018"]) as box:
        rows = box.get("socialProfiles")["data"]

    broken = [row["id"] for row in rows if row["isReauthRequired"] == 1]
    assert broken == ["139000018"]


def test_answers_of_2017_had_less() -> None:
    with service(vintage="2017") as box:
        row, me = box.get("socialProfiles")["data"][0], box.get("me")["data"]
        companies = box.get("me/organizations")["data"]

    assert list(row) == PROFILE_2017
    assert row["socialNetworkUsername"] == "acme"
    assert row["avatarUrl"]
    assert list(me) == ME_2017
    assert companies == [{"id": "687751"}]


def test_the_member_and_its_surroundings(box: Running) -> None:
    me = box.get("me")["data"]

    assert me["id"] == KEYS["member_id"]
    assert list(me) == [*ME_2017[:-2], "timezone", "language"]
    assert box.get(f"members/{me['id']}")["data"] == me
    refused(box.ask("GET", "members/1155001"), 403, 1202)
    assert box.get("me/organizations")["data"] == [
        {"id": "687751", "name": "Acme", "logoUrl": None}
    ]
    ids = [row["id"] for row in box.get("socialProfiles")["data"]]
    assert box.get("me/socialProfiles")["data"] == [{"id": one} for one in ids]
    assert box.get("me/adAccounts", organization_id="687751") == {"ad_accounts": []}
    refused(box.ask("GET", "me/adAccounts"), 400, 4000)
    path = f"socialProfiles/{box.of('TWITTER')}/teams"
    assert box.get(path)["data"] == [{"id": "901"}, {"id": "902"}]
    assert box.get(f"socialProfiles/{box.of('LINKEDIN')}/teams")["data"] == []


def test_an_organization_s_token_stands_for_no_member(box: Running) -> None:
    told = box.token(grant_type="organization_app", organization_id="687751").json()

    refused(box.ask("GET", "me", token=told["access_token"]), 403, 1202)
    assert box.ask("GET", "socialProfiles", token=told["access_token"]).is_success


def test_a_second_company_s_profiles_are_listed_as_well() -> None:
    with service(World(scale=0.05, customers=2)) as box:
        owners = {row["ownerId"] for row in box.get("socialProfiles")["data"]}

    assert owners == {"687751", "687752", "1155000"}


def test_comments_without_approval_cannot_be_seen(box: Running) -> None:
    refused(box.ask("GET", "comments/5"), 404, 4001)
    for step in ("approve", "reject"):
        refused(box.ask("POST", f"comments/5/{step}", json={}), 404, 4001)


def test_calls_that_were_let_in_are_remembered() -> None:
    with service() as box:
        box.ask("GET", "me")
        box.ask("GET", "me", token="made-up")
        box.ask("GET", "messages/5")

        assert box.state.requests == [("GET", "/v1/me"), ("GET", "/v1/messages/5")]
