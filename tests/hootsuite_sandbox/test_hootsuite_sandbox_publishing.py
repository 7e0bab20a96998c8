"""The simulated service: what may be published, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.hootsuite_sandbox.hootsuite_calls import (
    KEYS,
    NOW,
    Running,
    ahead,
    refused,
    service,
    spelled,
)

RECORDED = [
    "id", "state", "text", "scheduledSendTime", "socialProfile", "mediaUrls", "media",
    "webhookUrls", "tags", "targeting", "privacy", "location", "emailNotification",
    "postUrl", "postId", "reviewers", "createdByMember", "lastUpdatedByMember",
    "sequenceNumber",
]  # fmt: skip
"""The keys of a message as they were recorded, in their order."""


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with service() as running:
        yield running


# What comes of it.


def test_without_a_time_it_goes_out_now_and_the_answer_knows_little() -> None:
    with service() as box:
        (told,) = box.made(text="sent now")
        (later,) = box.get(f"messages/{told['id']}")["data"]

    assert list(told) == list(later) == RECORDED
    filled = {"id", "state", "text", "socialProfile", "postId"}
    assert {name for name, value in told.items() if value is not None} == filled
    assert told["state"] == "SENT"
    assert told["id"] == "4950332802"
    assert later["scheduledSendTime"] == spelled(NOW)
    assert later["createdByMember"] == {"id": KEYS["member_id"]}
    assert later["lastUpdatedByMember"] == {"id": KEYS["member_id"]}
    assert later["emailNotification"] is False
    assert later["postId"] == told["postId"]


def test_one_message_a_profile(box: Running) -> None:
    ids = [box.of("FACEBOOKPAGE"), box.of("LINKEDINCOMPANY"), box.of("THREADS")]

    made = box.made(socialProfileIds=ids)

    assert [one["socialProfile"]["id"] for one in made] == ids
    assert len({one["id"] for one in made}) == len({one["postId"] for one in made}) == 3
    assert made[0]["postId"].startswith("104225361998271_")
    assert made[1]["postId"].startswith("urn:li:share:")
    links = [bool(one["postUrl"]) for one in made]
    assert links == [True, True, False]


def test_with_a_time_it_waits_for_it() -> None:
    with service(token_seconds=10**6) as box:
        at = ahead(hours=2).replace("Z", ".999Z")
        (told,) = box.made(scheduledSendTime=at, emailNotification=True)
        assert told["scheduledSendTime"] == ahead(hours=2)
        assert told["state"] == "SCHEDULED"
        assert told["postId"] is told["postUrl"] is None
        assert told["createdByMember"] == {"id": KEYS["member_id"]}
        assert told["emailNotification"] is True
        box.state.advance(timedelta(hours=2) - timedelta(seconds=1))
        assert box.state_of(told["id"]) == "SCHEDULED"

        box.state.advance(timedelta(seconds=1))

        assert box.get(f"messages/{told['id']}")["data"][0]["state"] == "SENT"


def test_doubles_show() -> None:
    with service() as box:
        for text in ("once", "twice", "twice"):
            box.made(text=text)

        assert len(box.state.outbox.copies("once", box.of("TWITTER"))) == 1
        assert len(box.state.outbox.copies("twice")) == 2
        assert box.state.outbox.copies("twice", box.of("THREADS")) == []
        assert len(box.state.outbox.made) == 3


def test_sending_can_take_a_while() -> None:
    with service(submit_seconds=60) as box:
        (told,) = box.made()
        assert told["state"] == "SUBMITTED"
        box.state.advance(timedelta(seconds=60))

        assert box.state_of(told["id"]) == "SENT"


@pytest.mark.parametrize("option", ["reauth", "failing"])
def test_a_broken_profile_fails_late_and_quietly(option: str) -> None:
    broken: dict[str, Any] = {option: ["139000001"], "token_seconds": 10**6}
    with service(**broken) as box:
        (now,) = box.made()
        (later,) = box.made(scheduledSendTime=ahead(hours=1))
        assert now["state"] == "SUBMITTED"
        assert later["state"] == "SCHEDULED"
        box.state.advance(timedelta(minutes=59))
        assert box.state_of(later["id"]) == "SCHEDULED"
        box.state.advance(timedelta(minutes=1))

        for told in (now, later):
            found = box.get(f"messages/{told['id']}")["data"][0]
            assert found["state"] == "SEND_FAILED_PERMANENTLY"
            assert found["postId"] is None
            assert list(found) == RECORDED


def test_a_tweet_that_is_too_long_fails_late() -> None:
    with service() as box:
        (fits,) = box.made(text="a" * 280)
        (told,) = box.made(text="a" * 281)
        (page,) = box.made(text="a" * 281, socialProfileIds=[box.of("FACEBOOKPAGE")])

        assert fits["state"] == page["state"] == "SENT"
        assert box.state_of(told["id"]) == "SEND_FAILED_PERMANENTLY"


def test_a_tweet_that_is_too_long_can_be_refused_early() -> None:
    with service(long_text="early") as box:
        assert box.made(text="a" * 280)
        assert box.made(text="a" * 281, socialProfileIds=[box.of("FACEBOOKPAGE")])
        refused(box.publish(text="a" * 281), 400, 4000, "280")


# Partial failure.


def test_some_profiles_can_fail_while_others_succeed() -> None:
    with service(partial={"139000035": 5000}) as box:
        ids = [box.of("FACEBOOKPAGE"), box.of("THREADS")]
        answer = box.publish(socialProfileIds=ids)

        assert answer.status_code == 200
        body = answer.json()
        assert list(body) == ["data", "errors"]
        assert [one["socialProfile"]["id"] for one in body["data"]] == ids[1:]
        (error,) = body["errors"]
        assert error["code"] == 5000
        assert error["resource"] == {"type": "socialProfile", "id": ids[0]}
        assert error["id"]
        assert len(box.state.outbox.made) == 1


def test_the_status_beside_a_partial_failure_can_be_another() -> None:
    with service(partial={"139000035": 9000}, partial_status=207) as box:
        ids = [box.of("FACEBOOKPAGE"), box.of("THREADS")]

        assert box.publish(socialProfileIds=ids).status_code == 207


def test_all_profiles_failing_is_a_refusal() -> None:
    with service(partial={"139000035": 5000}) as box:
        refused(box.publish(socialProfileIds=["139000035"]), 400, 5000)
        assert box.state.outbox.made == []


# What is refused.

TWITTER, PAGE, THREADS = "139000001", "139000035", "139000188"
PINTEREST, PERSON, COMPANY = "139000171", "139000120", "139000103"
PIN = {
    "socialProfileType": "PINTEREST",
    "socialProfileId": PINTEREST,
    "data": {"boardId": "5"},
}
SPACE = {"latitude": 91.0, "longitude": 0.0}
SOMEWHERE = {"latitude": 90.0, "longitude": -180.0}
COUNTRY = {"k": "DE", "v": "Germany"}


def test_the_ids_of_these_tests_are_what_they_say(box: Running) -> None:
    kinds = [
        box.state.profiles[one].type
        for one in (TWITTER, PAGE, THREADS, PINTEREST, PERSON, COMPANY)
    ]

    assert kinds == [
        "TWITTER", "FACEBOOKPAGE", "THREADS", "PINTEREST", "LINKEDIN",
        "LINKEDINCOMPANY",
    ]  # fmt: skip


def test_fields_that_are_null_are_as_good_as_left_out(box: Running) -> None:
    nothing = dict.fromkeys(
        name for name in RECORDED if name in ("tags", "media", "location", "privacy")
    )

    (told,) = box.made(**nothing, scheduledSendTime=None, extendedInfo=None)

    assert told["state"] == "SENT"


ACCEPTED: list[dict[str, Any]] = [
    {"location": SOMEWHERE},
    {"socialProfileIds": [PINTEREST], "extendedInfo": [PIN]},
    {"socialProfileIds": [PAGE, THREADS, PERSON]},
    {"tags": ["Service", "new one"]},
    {"webhookUrls": ["https://app.example:8443/hook", "http://app.example/"]},
    {"mediaUrls": [{"url": "http://ow.ly/i/abc"}]},
    {"mediaUrls": [{"url": "http://static.ow.ly/photos/a.jpg"}]},
    {
        "socialProfileIds": [PAGE],
        "targeting": {
            "facebookPage": {
                "ageMin": 21, "countries": [COUNTRY], "cities": [{"k": "1", "v": "B"}],
            }
        },
    },
    {"socialProfileIds": [PAGE], "targeting": {"facebookPage": {}}},
    {
        "socialProfileIds": [COMPANY],
        "targeting": {"linkedInV2Company": {"locations": ["urn:li:geo:1"]}},
    },
    {"targeting": {}, "privacy": {}},
    {
        "socialProfileIds": [PERSON],
        "privacy": {"linkedIn": {"visibility": ["connectionsOnly"]}},
    },
    {"socialProfileIds": [PERSON], "privacy": {"linkedIn": {"visibility": []}}},
    {"scheduledSendTime": ahead(minutes=5)},
]  # fmt: skip


@pytest.mark.parametrize("more", ACCEPTED)
def test_what_the_contract_allows_is_taken(box: Running, more: dict[str, Any]) -> None:
    (told, *_) = box.made(**more)

    given = {name: value for name, value in more.items() if name in told}
    for name, value in given.items():
        if name == "mediaUrls":
            assert [one["url"] for one in told[name]] == [one["url"] for one in value]
        elif name not in ("targeting", "privacy", "extendedInfo"):
            assert told[name] == value
    if "extendedInfo" in more:
        assert told["extendedInfo"][0]["data"]["boardId"] == "5"
    if more.get("targeting"):
        assert told["targeting"] is not None


def facebook(**targeting: Any) -> dict[str, Any]:
    return {"socialProfileIds": [PAGE], "targeting": {"facebookPage": targeting}}


MANY = [{"k": str(number), "v": "a"} for number in range(251)]
REFUSED: list[tuple[dict[str, Any], int, int]] = [
    ({"text": None}, 400, 4000),
    ({"text": ""}, 400, 4000),
    ({"text": 5}, 400, 4000),
    ({"socialProfileIds": None}, 400, 4000),
    ({"socialProfileIds": []}, 400, 4000),
    ({"socialProfileIds": [int(TWITTER)]}, 400, 4000),
    ({"socialProfileIds": TWITTER}, 400, 4000),
    ({"socialProfileIds": [PAGE, PAGE]}, 400, 4000),
    ({"socialProfileIds": ["1067094924124872705"]}, 404, 4001),
    ({"mediaIds": ["a"]}, 400, 4000),
    ({"state": "DRAFT"}, 400, 4000),
    ({"media": ["a"]}, 400, 4000),
    ({"media": [{"id": "a", "mediaType": "x"}]}, 400, 4000),
    ({"media": [{"id": "unknown"}]}, 404, 4001),
    (
        {
            "media": [
                {"id": "a", "videoOptions": {"facebook": {"category": "ANYTHING"}}}
            ]
        },
        400,
        4000,
    ),
    ({"mediaUrls": [{"url": "https://pictures.example/a.png"}]}, 400, 40004),
    ({"mediaUrls": [{"url": "https://ow.ly/i/abc"}]}, 400, 40004),
    ({"emailNotification": "true"}, 400, 4000),
    ({"scheduledSendTime": ahead(hours=1).replace("Z", "+00:00")}, 400, 4000),
    ({"scheduledSendTime": ahead(hours=1)[:-1]}, 400, 4000),
    ({"scheduledSendTime": ahead(hours=1).replace("T", " ")}, 400, 4000),
    ({"scheduledSendTime": "2026-13-01T00:00:00Z"}, 400, 4000),
    ({"scheduledSendTime": 1_800_000_000}, 400, 4000),
    ({"scheduledSendTime": ahead(seconds=299)}, 400, 4000),
    ({"scheduledSendTime": ahead(hours=-1)}, 400, 4000),
    ({"socialProfileIds": [TWITTER, "139000018"]}, 400, 40023),
    ({"socialProfileIds": [TWITTER, PAGE]}, 400, 40023),
    ({"socialProfileIds": [PINTEREST, PAGE], "extendedInfo": [PIN]}, 400, 4000),
    ({"socialProfileIds": [PINTEREST]}, 400, 4000),
    ({"extendedInfo": [PIN]}, 400, 4000),
    (
        {
            "socialProfileIds": [PINTEREST],
            "extendedInfo": [{**PIN, "data": {"boardId": ""}}],
        },
        400,
        4000,
    ),
    (
        {
            "socialProfileIds": [PINTEREST],
            "extendedInfo": [{**PIN, "data": {"destinationUrl": "a"}}],
        },
        400,
        4000,
    ),
    (
        {
            "socialProfileIds": [PINTEREST],
            "extendedInfo": [{**PIN, "socialProfileType": "TWITTER"}],
        },
        400,
        4000,
    ),
    (
        {"socialProfileIds": [PINTEREST], "extendedInfo": [PIN], "tags": ["a"]},
        400,
        4000,
    ),
    (
        {"socialProfileIds": [PINTEREST], "extendedInfo": [PIN], "location": SPACE},
        400,
        4000,
    ),
    ({"socialProfileIds": [PAGE], "location": SOMEWHERE}, 400, 4000),
    ({"location": SPACE}, 400, 4000),
    ({"location": {"latitude": 0.0, "longitude": 180.5}}, 400, 4000),
    ({"location": {"latitude": 0.0}}, 400, 4000),
    ({"tags": [""]}, 400, 4000),
    ({"tags": [{"name": "a"}]}, 400, 4000),
    ({"socialProfileIds": [PAGE, PERSON], "tags": ["Service"]}, 400, 40001),
    ({"webhookUrls": ["http://localhost/hook"]}, 400, 4000),
    ({"webhookUrls": ["http://127.0.0.1/hook"]}, 400, 4000),
    ({"webhookUrls": ["https://app.example:9000/"]}, 400, 4000),
    ({"webhookUrls": ["https://app.example:port/"]}, 400, 4000),
    ({"webhookUrls": ["ftp://app.example/"]}, 400, 4000),
    ({"webhookUrls": ["no address"]}, 400, 4000),
    ({"targeting": {"facebookPage": {}}}, 400, 4000),
    ({"targeting": {"linkedInV2Company": {}}}, 400, 4000),
    ({"targeting": {"linkedInCompany": {}}}, 400, 4000),
    (facebook(ageMin=16), 400, 4000),
    (facebook(genders=[1]), 400, 4000),
    (facebook(regions=MANY[:1]), 400, 4000),
    (facebook(cities=MANY[:1], countries=[COUNTRY, COUNTRY]), 400, 4000),
    (facebook(regions=MANY[:201], countries=[COUNTRY]), 400, 4000),
    (facebook(cities=MANY, countries=[COUNTRY]), 400, 4000),
    ({"privacy": {"facebook": {"visibility": ["friends"]}}}, 400, 4000),
    ({"privacy": {"linkedIn": {"visibility": ["anyone"]}}}, 400, 4000),
    (
        {
            "socialProfileIds": [PERSON],
            "privacy": {"linkedIn": {"visibility": ["anyone", "connectionsOnly"]}},
        },
        400,
        4000,
    ),
    (
        {
            "socialProfileIds": [PERSON],
            "privacy": {"linkedIn": {"visibility": ["nobody"]}},
        },
        400,
        4000,
    ),
]


@pytest.mark.parametrize(("more", "status", "code"), REFUSED)
def test_what_the_contract_forbids_is_refused_as_a_whole(
    more: dict[str, Any], status: int, code: int
) -> None:
    with service() as box:
        refused(box.publish(**more), status, code)
        assert box.state.outbox.made == []


@pytest.mark.parametrize(
    "kind", ["INSTAGRAMBUSINESS", "TIKTOKBUSINESS", "YOUTUBECHANNEL", "BLUESKY"]
)
def test_some_profiles_are_listed_but_cannot_be_published_to(
    box: Running, kind: str
) -> None:
    number = box.of(kind)

    answer = box.publish(socialProfileIds=[box.of("THREADS"), number])

    refused(answer, 400, 3021)
    resource = answer.json()["errors"][0]["resource"]
    assert resource == {"type": "socialProfile", "id": number}


@pytest.mark.parametrize("kind", ["INSTAGRAM", "LINKEDIN", "THREADS"])
def test_personal_profiles_can_be_published_to(box: Running, kind: str) -> None:
    assert box.made(socialProfileIds=[box.of(kind)])[0]["state"] == "SENT"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 9999])
def test_what_is_no_json_object_is_refused(box: Running, body: bytes) -> None:
    told = {"Content-Type": "application/json"}

    answer = box.ask("POST", "messages", content=body, headers=told)

    refused(answer, 400, 1100, "Invalid JSON schema")


def test_members_with_few_rights_use_tags_that_exist() -> None:
    with service(limited_tags=True) as box:
        assert box.made(tags=["Service", "Praise"])[0]["tags"] == ["Service", "Praise"]
        refused(box.publish(tags=["service"]), 403, 40005)


def test_tags_can_be_objects() -> None:
    with service(tag_objects=True) as box:
        assert box.made(tags=["Service"])[0]["tags"] == [{"name": "Service"}]
        assert box.made()[0]["tags"] is None


def test_only_so_many_messages_wait_at_a_time() -> None:
    with service(most_scheduled=1, token_seconds=10**6) as box:
        box.made(scheduledSendTime=ahead(hours=1))
        refused(box.publish(scheduledSendTime=ahead(hours=2)), 400, 40025)
        assert box.made()[0]["state"] == "SENT"
        box.state.advance(timedelta(hours=1))

        assert box.publish(scheduledSendTime=ahead(hours=2)).status_code == 200


def test_how_far_ahead_can_be_set() -> None:
    with service(lead_seconds=0) as box:
        assert box.made(scheduledSendTime=ahead(seconds=1))[0]["state"] == "SCHEDULED"


def test_a_role_that_may_not_publish() -> None:
    with service(denied={"publish": 4009}) as box:
        refused(box.publish(), 403, 4009)
        box.get("me")


def test_an_organization_publishes_without_a_member(box: Running) -> None:
    told = box.token(grant_type="organization_app", organization_id="687751").json()
    body = {
        "text": "from all of us",
        "socialProfileIds": [TWITTER],
        "scheduledSendTime": ahead(hours=1),
    }

    answer = box.ask("POST", "messages", token=told["access_token"], json=body)

    assert answer.json()["data"][0]["createdByMember"] is None
