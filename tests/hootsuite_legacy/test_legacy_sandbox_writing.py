"""The simulated service publishes: when, what, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from socialmetrics.sandbox.posts import moment
from socialmetrics_hootsuite.legacy import HootsuiteLegacy
from socialmetrics_hootsuite.legacy.sandbox import CREDENTIALS, sandbox
from socialmetrics_hootsuite.legacy.sandbox.feeds import network_id
from tests.hootsuite_legacy.sandbox_calls_legacy import (
    ACME,
    CARE,
    PAGE,
    WORLD,
    Service,
    one,
    service,
)

NOW = int(WORLD.now.timestamp())


@pytest.fixture
def fresh() -> Iterator[Service]:
    with service() as running:
        yield running


POST: dict[str, Any] = {"message": "Hello", "socialNetworks": [network_id(ACME)]}
BOTH = [network_id(ACME), network_id(PAGE)]


def test_at_once_it_is_sent_and_in_the_stream(fresh: Service) -> None:
    answer = fresh.write(message="Hello", socialNetworks=BOTH)

    first, second = fresh.published
    assert answer.json() == {
        "results": [
            {"id": first.number, "socialNetworkId": network_id(ACME)},
            {"id": second.number, "socialNetworkId": network_id(PAGE)},
        ]
    }
    assert (first.mode, first.at, first.account) == ("now", WORLD.now, ACME)
    assert [row["text"] for row in fresh.rows(one(ACME, "SENT", count=1))] == ["Hello"]
    assert fresh.rows(one(CARE, "HOME", count=1))[0]["text"] == "Hello"
    assert fresh.rows(one(CARE, "SENT", count=1))[0]["text"] != "Hello"


@pytest.mark.parametrize(
    ("flags", "mode", "at"),
    [
        ({"sendLater": 1, "timestamp": NOW + 600}, "at", 600),
        ({"sendLater": 1, "timestamp": NOW + 601}, "at", 900),
        ({"sendLater": 1, "timestamp": NOW + 1}, "at", 300),
        ({"sendLater": 1, "autoSchedule": 1}, "auto", 3600),
        ({"timestamp": NOW + 600}, "now", 0),
        ({"autoSchedule": 1}, "now", 0),
        ({"sendAlert": 1}, "now", 0),
    ],
)
def test_when_it_goes_out(
    fresh: Service, flags: dict[str, int], mode: str, at: int
) -> None:
    assert fresh.write(**POST, **flags).status_code == 200

    (found,) = fresh.published
    assert (found.mode, found.at) == (mode, moment(NOW + at))
    assert dict(found.body) == {**POST, **flags}


def test_what_is_planned_is_in_the_stream_when_its_time_has_come() -> None:
    now = [WORLD.now]
    with service(clock=lambda: now[0]) as running:
        running.write(**POST, sendLater=1, timestamp=NOW + 600)
        before = running.rows(one(ACME, "SENT", count=1))
        now[0] += timedelta(seconds=600)
        after = running.rows(one(ACME, "SENT", count=1))

    assert (before[0]["text"] == "Hello", after[0]["text"]) == (False, "Hello")


def test_everything_that_can_be_said(fresh: Service) -> None:
    node = {"type": "CUSTOM", "id": 1, "name": "Friends", "global": 1}
    tweet = {"replyToId": "5", "lat": -90, "long": 180.0, "placeId": "p"}
    page = {"venueId": "v", "privacyOptions": {"FACEBOOK": [node]}}

    assert fresh.write(**POST, **tweet).status_code == 200
    assert fresh.write(**{**POST, **page, "socialNetworks": BOTH[1:]}).is_success


BAD_WRITES: list[tuple[dict[str, Any], int, str]] = [
    ({"message": ""}, 400, "message is required"),
    ({"message": None}, 400, "message"),
    ({"socialNetworks": []}, 400, "at least one id"),
    ({"socialNetworks": BOTH[:1] * 2}, 400, "each once"),
    ({"socialNetworks": [str(BOTH[0])]}, 400, "socialNetworks"),
    ({"socialNetworks": [1]}, 403, "do not have access"),
    ({"sendLater": True, "timestamp": NOW + 600}, 400, "sendLater must be 1"),
    ({"sendLater": "1"}, 400, "sendLater must be 1"),
    ({"sendAlert": 0}, 400, "sendAlert must be 1"),
    ({"autoSchedule": 1.0}, 400, "autoSchedule must be 1"),
    ({"sendLater": 1}, 400, "needs timestamp or autoSchedule"),
    ({"sendLater": 1, "autoSchedule": 1, "timestamp": NOW + 600}, 400, "contradict"),
    ({"autoSchedule": 1, "timestamp": NOW + 600}, 400, "contradict"),
    ({"sendLater": 1, "timestamp": NOW}, 400, "must lie in the future"),
    ({"sendLater": 1, "timestamp": NOW * 1000}, 400, "POSIX time in seconds"),
    ({"sendLater": 1, "timestamp": -5}, 400, "POSIX time in seconds"),
    ({"sendLater": 1, "timestamp": str(NOW + 600)}, 400, "timestamp"),
    ({"lat": 5}, 400, "belong together"),
    ({"long": 5}, 400, "belong together"),
    ({"lat": 91, "long": 0}, 400, "degrees"),
    ({"lat": 0, "long": -181}, 400, "degrees"),
    ({"replyToId": "5", "socialNetworks": BOTH}, 400, "Twitter only"),
    ({"placeId": "p", "socialNetworks": BOTH}, 400, "Twitter only"),
    ({"replyToId": "five"}, 400, "the id of a tweet"),
    ({"privacyOptions": {"FACEBOOK": [{}]}}, 400, "privacyOptions"),
    ({"privacyOptions": {"FACEBOOK": []}, "socialNetworks": BOTH}, 400, "FACEBOOK"),
    ({"privacyOptions": {"TWITTER": []}}, 400, "TWITTER"),
    ({"media": [1]}, 400, "media"),
    ({"text": "Hello"}, 400, "text"),
]


@pytest.mark.parametrize(("change", "status", "words"), BAD_WRITES)
def test_a_post_that_is_refused(
    fresh: Service, change: dict[str, Any], status: int, words: str
) -> None:
    answer = fresh.write(**{**POST, **change})

    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert not fresh.published


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"message=Hello", "application/x-www-form-urlencoded", 415),
        (b"{}", "", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json; charset=utf-8", 400),
        (b'{"message": "\xff"}', "application/json", 400),
    ],
)
def test_a_body_that_is_refused(
    fresh: Service, body: bytes, kind: str, status: int
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = fresh.ask("POST", "/messages", content=body, headers=headers)

    assert answer.status_code == status
    assert not fresh.published


@pytest.mark.parametrize(
    ("receipt", "begins"),
    [("list", b'{"results":[{'), ("object", b'{"results":{"id"'), ("bare", b'{"id"'),
     ("empty", b""), ("text", b"OK")],
)  # fmt: skip
def test_receipts_of_every_shape(receipt: str, begins: bytes) -> None:
    with service(receipt=receipt) as running:
        answer = running.write(**POST)

    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.content != b"" or begins == b""


def test_the_kit() -> None:
    kit = HootsuiteLegacy.sandbox(per_hour=5)
    mine = sandbox(WORLD)

    assert kit.credentials == mine.credentials == CREDENTIALS
    assert (mine.now, isinstance(kit.now, datetime)) == (WORLD.now, True)
    assert "Refused (400)" in mine.notes
