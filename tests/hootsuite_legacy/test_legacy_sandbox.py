"""The simulated service: it answers as the contract says, and refuses the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from socialmetrics_hootsuite.legacy.sandbox import Feeds
from socialmetrics_hootsuite.legacy.sandbox.feeds import network_id
from socialmetrics_hootsuite.legacy.sandbox.service import Meter
from tests.hootsuite_legacy.sandbox_calls_legacy import (
    ACME,
    BERLIN,
    CARE,
    INSTAGRAM,
    LINKED,
    PAGE,
    TOKEN,
    WORLD,
    Service,
    one,
    service,
    several,
)

FEEDS = Feeds(WORLD)
MENTIONS = FEEDS.feed(ACME, "MENTION", WORLD.now)
COMMENTS = FEEDS.feed(PAGE, "F_COMMENTS", WORLD.now)
MENTION, COMMENT = one(ACME, "MENTION"), one(PAGE, "F_COMMENTS")


@pytest.fixture(scope="module")
def legacy() -> Iterator[Service]:
    with service() as running:
        yield running


# -- profiles and the door -------------------------------------------------------------


def test_answers_tell_the_services_own_time(legacy: Service) -> None:
    expected = format_datetime(WORLD.now, usegmt=True)

    for path in ("/networks", "/networks?a=1"):
        assert legacy.ask("GET", path).headers["date"] == expected


def test_networks(legacy: Service) -> None:
    rows = legacy.ask("GET", "/networks").json()["results"]

    assert rows[0] == {
        "socialNetworkId": network_id(ACME),
        "type": "TWITTER",
        "username": "acme",
    }
    types = [row["type"] for row in rows]
    assert types == [
        *["TWITTER"] * 2, "FACEBOOKPAGE", "FACEBOOK", *["LINKEDIN"] * 2,
    ]  # fmt: skip


def test_the_path_of_the_vendor_is_served_too(legacy: Service) -> None:
    assert legacy.ask("GET", "/api/2/networks").status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        (f"Basic {TOKEN}", 401),
        ("", 401),
    ],
)
def test_only_the_token_opens_it(legacy: Service, header: str, status: int) -> None:
    answer = legacy.ask("GET", "/networks", headers={"Authorization": header})

    assert answer.status_code == status
    assert ("error" in answer.json()) == (status == 401)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/networks?page=1", 400),
        ("POST", "/networks", 405),
        ("DELETE", "/messages", 405),
        ("GET", "/members", 404),
        ("GET", "/messages/", 404),
        ("POST", "/messages?message=Hello", 400),
    ],
)
def test_what_is_not_there(
    legacy: Service, method: str, path: str, status: int
) -> None:
    answer = legacy.ask(method, path)

    assert answer.status_code == status
    assert answer.json()["error"]


# -- reading ---------------------------------------------------------------------------


def ids(rows: list[Any]) -> list[str]:
    return [str(row["id"]) for row in rows]


def test_a_page_has_the_thirty_newest(legacy: Service) -> None:
    rows = legacy.rows(MENTION)

    assert ids(rows) == [entry.id for entry in MENTIONS[:-31:-1]]
    assert len(rows) == 30
    assert rows[0]["id_str"] == str(rows[0]["id"])
    assert rows[0]["user"]["screen_name"].startswith("person_")


def test_facebook_has_the_tools_own_shape(legacy: Service) -> None:
    row = legacy.rows(one(PAGE, "F_COMMENTS", count=1))[0]

    entry = COMMENTS[-1]
    assert row["id"] == entry.id
    assert row["message"] == entry.text
    assert row["created"] == int(entry.at.timestamp())
    assert "user" not in row
    assert row["createdFormatted"].startswith(f"{entry.at:%b} ")


def test_bounds_are_exclusive(legacy: Service) -> None:
    tweet, comment = MENTIONS[-5], COMMENTS[-5]

    below = legacy.rows(one(ACME, "MENTION", maxId=tweet.id))
    above = legacy.rows(one(ACME, "MENTION", minId=tweet.id))
    older = legacy.rows(one(PAGE, "F_COMMENTS", maxTimestamp=comment.position))
    newer = legacy.rows(one(PAGE, "F_COMMENTS", minTimestamp=comment.position))

    assert ids(below)[0] == MENTIONS[-6].id
    assert ids(above) == [entry.id for entry in MENTIONS[:-5:-1]]
    assert all(row["created"] < comment.position for row in older)
    assert all(row["created"] > comment.position for row in newer)


def test_the_cut_comes_before_the_lower_bound(legacy: Service) -> None:
    far = MENTIONS[-80].id

    assert ids(legacy.rows(one(ACME, "MENTION", minId=far))) == ids(
        legacy.rows(MENTION)
    )
    assert len(legacy.rows(one(ACME, "MENTION", minId=far, count=3))) == 3


def test_several_streams_repeat_what_they_are(legacy: Service) -> None:
    first, second = legacy.rows(several(MENTION, one(PAGE, "F_COMMENTS", count=2)))

    assert (first["socialNetworkId"], first["type"]) == (network_id(ACME), "MENTION")
    assert ids(first["messages"]) == ids(legacy.rows(MENTION))
    assert (second["type"], len(second["messages"])) == ("F_COMMENTS", 2)


def test_interleaved_streams_are_one_list_without_owners(legacy: Service) -> None:
    rows = legacy.rows(several(MENTION, COMMENT) + "&interleaved=1")

    tweets = [row for row in rows if "user" in row]
    assert ids(tweets) == ids(legacy.rows(MENTION))
    assert len(rows) == 60
    assert not any("socialNetworkId" in row for row in rows)


BAD_READS = [
    ("", 400, "socialNetworkId is required"),
    (f"socialNetworkId={network_id(ACME)}", 400, "type is required"),
    (one(ACME, "INBOX"), 400, "unknown stream type INBOX"),
    (one(ACME, "F_WALL"), 400, "F_WALL is not a stream of a TWITTER"),
    (one(PAGE, "HOME"), 400, "HOME is not a stream of a FACEBOOKPAGE"),
    (one(LINKED, "HOME"), 400, "not a stream of a LINKEDIN"),
    (one(PAGE, "F_HOME_STREAM"), 400, "has no home stream"),
    (one(INSTAGRAM, "HOME"), 403, "do not have access"),
    ("socialNetworkId=1&type=HOME", 403, "do not have access"),
    ("socialNetworkId=acme&type=HOME", 400, "must be a number"),
    (f"{MENTION}&count=31", 400, "count must be"),
    (f"{MENTION}&count=0", 400, "count must be"),
    (f"{MENTION}&count=", 400, "count must be a number"),
    (f"{MENTION}&maxId=5&minId=1", 400, "cannot be used together"),
    (f"{COMMENT}&maxTimestamp=5&minTimestamp=1", 400, "cannot be used together"),
    (f"{MENTION}&maxTimestamp=5", 400, "cannot be used with this type"),
    (f"{COMMENT}&minId=5", 400, "cannot be used with this type"),
    (f"{MENTION}&maxId=-1", 400, "maxId must be a number"),
    (f"{MENTION}&maxId={2**64}", 400, "maxId must be a number"),
    (f"{MENTION}&page=2", 400, "unknown parameter page"),
    (f"{MENTION}&type=HOME", 400, "given twice"),
    (f"{MENTION}&interleaved=1", 400, "interleaved needs streams"),
    (f"{several(MENTION)}&interleaved=true", 400, "interleaved must be 1"),
    (f"{several(MENTION)}&count=5", 400, "or streams, not both"),
    (several(*[MENTION] * 6), 400, "at most 5 streams"),
    (several(MENTION).replace("[0]", "[1]"), 400, "numbered from 0"),
    ("streams[0]=1", 400, "unknown parameter streams[0]"),
    ("streams=1", 400, "unknown parameter streams"),
    (several(f"{MENTION}&page=1"), 400, "unknown parameter page"),
    ("streams[0][type]=HOME", 400, "socialNetworkId is required"),
    ("a&b", 400, "cannot be read"),
    ("a=%ff", 400, "cannot be read"),
]


@pytest.mark.parametrize(("query", "status", "words"), BAD_READS)
def test_a_read_that_is_refused(
    legacy: Service, query: str, status: int, words: str
) -> None:
    answer = legacy.read(query)

    assert answer.status_code == status
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("F_WALL", None),
        ("F_PHOTOS", None),
        ("F_VIDEOS", None),
        ("F_EVENTS", 0),
        ("F_HOME_STREAM", None),
    ],
)
def test_every_kind_of_facebook(legacy: Service, kind: str, count: int | None) -> None:
    rows = legacy.rows(one(BERLIN, kind))

    assert bool(rows) == (count != 0)


@pytest.mark.parametrize("kind", ["HOME", "SENT", "RETWEETS_OF_ME"])
def test_every_kind_of_x(legacy: Service, kind: str) -> None:
    names = {row["user"]["screen_name"] for row in legacy.rows(one(CARE, kind))}

    assert names
    assert (names == {"acme_care"}) == (kind != "HOME")


def test_what_is_gone_or_not_yet_there_is_not_shown() -> None:
    early = WORLD.now - timedelta(days=100)
    gone = next(
        post
        for post in WORLD.posts
        if post.account == ACME and post.deleted_at and post.deleted_at < WORLD.now
    )

    now, then = (FEEDS.feed(ACME, "SENT", at) for at in (WORLD.now, gone.created_at))
    past = FEEDS.feed(ACME, "MENTION", early)

    assert gone.ref.native_id not in {entry.id for entry in now}
    assert gone.ref.native_id in {entry.id for entry in then}
    assert max(entry.at for entry in past) <= early


@pytest.mark.parametrize("status", [429, 403, 503])
def test_the_limit_counts_streams(status: int) -> None:
    with service(per_hour=7, limited=status, retry_after=9) as limited:
        five = limited.read(several(*[one(ACME, k) for k in _KINDS], COMMENT))
        too_many = limited.read(several(MENTION, COMMENT, one(CARE, "HOME")))
        two = limited.read(several(MENTION, COMMENT))
        refused = limited.read(MENTION)
        free = limited.ask("GET", "/networks")

    assert [five.status_code, two.status_code, free.status_code] == [200] * 3
    assert [too_many.status_code, refused.status_code] == [status] * 2
    assert refused.headers["retry-after"] == "9"
    assert "Rate limit exceeded" in refused.json()["error"]


_KINDS = ("HOME", "MENTION", "SENT", "RETWEETS_OF_ME")


def test_the_hour_passes() -> None:
    now = [0.0]
    meter = Meter(5, 3600.0, lambda: now[0])

    told = [meter.admit(3), meter.admit(3), meter.admit(2)]
    now[0] = 3599.9
    told.append(meter.admit(1))
    now[0] = 3600.0
    told.append(meter.admit(5))

    assert told == [True, False, True, False, True]


def test_other_shapes_can_be_had() -> None:
    with service(
        enveloped=False, inner="items", id_key="", left_out=("HOME",), hidden=2
    ) as other:
        entries = other.read(several(one(ACME, "HOME"), COMMENT)).json()

    (entry,) = entries
    assert entry["type"] == "F_COMMENTS"
    assert 0 < len(entry["items"]) < 30
    assert not any("id" in row for row in entry["items"])
