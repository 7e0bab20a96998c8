"""Publishing: three modes that exclude each other, and never by accident at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Draft, File, Location, Media, Ref
from socialmetrics_hootsuite.legacy import publishing
from tests.hootsuite_legacy.driving_legacy import NOW, profile

X, OTHER = profile(11), profile(12)
PAGE = profile(22, "facebook")
LINKED = profile(33, "linkedin")
AT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
FRIENDS = {"type": "CUSTOM", "id": 123, "name": "Close Friends"}
TWEET = Ref("x", "1067094924124872705")


def a_draft(**change: Any) -> Draft:
    told: dict[str, Any] = {"text": "Hello", "profiles": (X,), **change}
    return Draft(**told)


def sent(draft: Draft) -> dict[str, Any]:
    request = publishing.request(draft)
    assert request.content is not None
    found: dict[str, Any] = json.loads(request.content)
    return found


def test_at_once_no_flag_is_set() -> None:
    assert sent(a_draft()) == {"message": "Hello", "socialNetworks": [11]}


def test_at_a_time() -> None:
    assert sent(a_draft(at=AT)) == {
        "message": "Hello",
        "socialNetworks": [11],
        "sendLater": 1,
        "timestamp": int(AT.timestamp()),
    }


def test_when_the_tool_likes() -> None:
    assert sent(a_draft(at="auto")) == {
        "message": "Hello",
        "socialNetworks": [11],
        "sendLater": 1,
        "autoSchedule": 1,
    }


def test_everything_else() -> None:
    places = (Ref("x", "df51"), Ref("foursquare", "4b8c"))
    location = Location(latitude=52.5, longitude=-13.25, places=places)
    tweets = a_draft(
        profiles=(X, OTHER), reply_to=TWEET, location=location, notify=True
    )
    walls = a_draft(
        profiles=(PAGE, LINKED),
        privacy={
            "facebook": [FRIENDS, {**FRIENDS, "global": 1}],
            "LINKEDIN": ({"type": "A", "id": "b", "name": ""},),
        },
    )

    for draft in (tweets, walls):
        assert publishing.plan(draft, NOW)[0].draft is draft
    assert sent(tweets) == {
        "message": "Hello",
        "socialNetworks": [11, 12],
        "sendAlert": 1,
        "replyToId": "1067094924124872705",
        "lat": 52.5,
        "long": -13.25,
        "placeId": "df51",
        "venueId": "4b8c",
    }
    assert sent(walls)["privacyOptions"] == {
        "FACEBOOK": [FRIENDS, {**FRIENDS, "global": 1}],
        "LINKEDIN": [{"type": "A", "id": "b", "name": ""}],
    }
    assert sent(a_draft(location=Location(latitude=0, longitude=0)))["long"] == 0
    assert "lat" not in sent(a_draft(location=Location(places=places[:1])))


def test_flags_are_whole_numbers_and_the_body_says_its_charset() -> None:
    request = publishing.request(a_draft(text="Grüße", at="auto", notify=True))

    assert request.content is not None
    assert request.content.count(b":1") == 3
    assert "Grüße".encode() in request.content
    assert request.content_type == "application/json; charset=utf-8"
    assert (request.safe, request.weight) == (False, 0)
    assert request.done == frozenset(range(200, 300))


@pytest.mark.parametrize(
    ("asked", "second"),
    [
        (1357000200, 1357000200),
        (1357000200.000001, 1357000500),
        (1357000201, 1357000500),
        (1357000499, 1357000500),
        (1357000500, 1357000500),
    ],
)
def test_times_are_rounded_up_to_five_minutes(asked: float, second: int) -> None:
    draft = a_draft(at=datetime.fromtimestamp(asked, UTC))

    assert sent(draft)["timestamp"] == second
    assert publishing.effective(draft) == datetime.fromtimestamp(second, UTC)


@given(st.datetimes(datetime(2026, 3, 12), datetime(2400, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - made aware
def test_rounding_is_up_by_less_than_five_minutes(moment: datetime, hours: int) -> None:
    at = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    draft = a_draft(at=at)
    (consignment,) = publishing.plan(draft, NOW)

    found = publishing.effective(draft)

    assert found is not None
    assert at <= found < at + timedelta(seconds=300)
    assert found.timestamp() % 300 == 0
    assert bool(consignment.notes) == (found != at)


def test_a_change_of_the_time_is_told_beforehand() -> None:
    draft = a_draft(at=AT + timedelta(seconds=1))

    (consignment,) = publishing.plan(draft, NOW)

    assert consignment.draft is draft
    assert "09:30:01 becomes 09:35:00 UTC" in consignment.notes[0]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "no text"),
    ({"text": " \n"}, "no text"),
    ({"text": "half \ud83d"}, "half a character"),
    ({"profiles": (profile(11, vendor_id="a"),)}, "none of Hootsuite's"),
    ({"media": [Media(vendor_id="1", kind="photo")]}, "put a link to the picture"),
    (
        {"media": [File(name="a.png", content_type="image/png", content=b"a")]},
        "attaches no media",
    ),
    ({"tags": ["spring"]}, "takes no tags"),
    ({"extra": {"targeting": 1}}, "takes no extra"),
    ({"reply_to": Ref("facebook", "1")}, "for posts of X"),
    ({"reply_to": TWEET, "profiles": (X, PAGE)}, "leave out Profile 22"),
    ({"reply_to": Ref("x", "abc")}, "its id is digits"),
    ({"at": NOW}, "has passed"),
    ({"at": NOW - timedelta(seconds=1)}, "has passed"),
    ({"at": datetime(5200, 1, 1, tzinfo=UTC)}, "are these milliseconds"),
    ({"location": Location(places=[Ref("facebook", "1")])}, "network without places"),
    ({"location": Location(places=[Ref("x", "1"), Ref("x", "2")])}, "two places"),
    ({"privacy": {"x": [FRIENDS]}}, "for facebook and linkedin"),
    ({"privacy": {"facebook": [FRIENDS]}}, "no profile of the draft is there"),
]
ON_PAGE: list[tuple[object, str]] = [
    (FRIENDS, "must be a list"),
    ([], "must be a list"),
    ("all", "must be a list"),
    (["all"], "look at type, id, name"),
    ([{**FRIENDS, "name": "\ud83d"}], "half a character"),
    ([{"type": "A", "id": 1}], "look at name"),
    ([{**FRIENDS, "id": True}], "look at id"),
    ([{**FRIENDS, "id": 1.5}], "look at id"),
    ([{**FRIENDS, "allow": 1}], "look at allow"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_what_cannot_be_published(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        publishing.plan(a_draft(**change), NOW)


@pytest.mark.parametrize(("nodes", "words"), ON_PAGE)
def test_who_cannot_be_said_to_see_it(nodes: object, words: str) -> None:
    draft = a_draft(profiles=(PAGE,), privacy={"facebook": nodes})

    with pytest.raises(InvalidQuery, match=words):
        publishing.plan(draft, NOW)


def test_privacy_is_given_once_a_network() -> None:
    both = {"facebook": [FRIENDS], "FACEBOOK": [FRIENDS]}

    with pytest.raises(InvalidQuery, match="given twice"):
        publishing.plan(a_draft(profiles=(PAGE,), privacy=both), NOW)


@pytest.mark.parametrize(
    "make",
    [
        lambda: a_draft(at=datetime(2026, 3, 12)),  # noqa: DTZ001 - the mistake
        lambda: a_draft(at=1773307800000),
        lambda: a_draft(at="later"),
        lambda: Location(latitude=1.0),
        lambda: Location(longitude=1.0),
        lambda: Location(latitude=91, longitude=0),
        lambda: Location(latitude=0, longitude=-180.1),
    ],
)
def test_times_and_places_that_are_none(make: Any) -> None:
    with pytest.raises(InvalidQuery):
        make()
