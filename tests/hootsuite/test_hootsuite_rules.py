"""What Hootsuite cannot take is refused before it is sent, and says what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialmetrics.entry import named
from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Draft, File, Location, Media, Profile, Ref
from socialmetrics_hootsuite.extras import CITIES, REGIONS, ZIPS
from socialmetrics_hootsuite.publishing import plan
from tests.hootsuite.platform_wire import (
    ALSO_ON_X,
    BOARD,
    COMPANY,
    LATER,
    MEMBER,
    NOW,
    ON_X,
    PAGE,
    PERSON,
    draft,
    profile,
)

SPOT = Location(latitude=52.5, longitude=13.4)
US = [{"k": "US", "v": "United States"}]


def places(count: int) -> list[dict[str, str]]:
    return [{"k": str(number), "v": "place"} for number in range(count)]


def page_targeting(**change: object) -> dict[str, object]:
    return {"targeting": {"facebookPage": change}}


def hook(url: str) -> dict[str, Any]:
    return {"extra": {"webhookUrls": [url]}}


@pytest.mark.parametrize(
    ("profiles", "change", "problem"),
    [
        ((ON_X, ON_X), {}, "twice"),
        ((ON_X,), {"text": " \n"}, "no text"),
        ((ON_X,), {"at": "auto"}, "cannot choose the time.*hootsuite_legacy"),
        ((ON_X,), {"at": NOW + timedelta(minutes=4.9)}, "less than 5 minutes ahead"),
        ((ON_X,), {"at": NOW - timedelta(days=1)}, "less than 5 minutes ahead"),
        ((ON_X,), {"reply_to": Ref("x", "1")}, "cannot answer.*hootsuite_legacy"),
        ((PAGE,), {"location": SPOT}, "only X.*draft of its own for 'Profile 3'"),
        ((ON_X, PAGE), {"location": SPOT}, "only X"),
        ((ON_X,), {"location": Location(places=[Ref("x", "p")])}, "coordinates"),
        ((BOARD,), {"tags": ["a"], "extra": {"boardId": "b"}}, "none with Pinterest"),
        ((profile(1, owner="MEMBER"),), {"tags": ["a"]}, "belongs to a member"),
        ((ON_X,), {"tags": ["a", " "]}, "an empty one"),
        ((PERSON,), {"privacy": {"facebook": "nobody"}}, "write one word"),
        ((PERSON,), {"privacy": {"facebook": ["friends"]}}, "write one word"),
        ((PERSON,), {"privacy": {"x": "all"}}, "unknown field"),
        ((PERSON,), {"privacy": {"facebook": None}}, "leave it out"),
        ((BOARD,), {}, "needs a board"),
        ((BOARD,), {"extra": {"boardId": {"77": "b"}}}, "needs a board"),
        ((ON_X,), {"extra": {"mediaIds": ["1"]}}, "unknown field `mediaIds`"),
        ((ON_X,), {"extra": {"targeting": None}}, "extra.targeting is None"),
        (
            (PAGE,),
            {"extra": page_targeting(ageMin=None)},
            "extra.targeting.facebookPage.ageMin is None",
        ),
        ((PAGE,), {"extra": page_targeting(ageMin=16)}, "ageMin"),
        ((PAGE,), {"extra": page_targeting(ageMax=30)}, "ageMax"),
        ((PAGE,), {"extra": page_targeting(genders=["male"])}, "genders"),
        ((PAGE,), {"extra": page_targeting(locales=["de"])}, "locales"),
        ((PAGE,), {"extra": page_targeting(regions=places(1))}, "exactly one country"),
        (
            (PAGE,),
            {"extra": page_targeting(cities=places(1), countries=places(2))},
            "exactly one country",
        ),
        (
            (PAGE,),
            {"extra": page_targeting(regions=places(REGIONS + 1), countries=US)},
            "201 regions are more than 200",
        ),
        (
            (PAGE,),
            {"extra": page_targeting(cities=places(CITIES + 1), countries=US)},
            "251 cities",
        ),
        ((PAGE,), {"extra": page_targeting(zips=places(ZIPS + 1))}, "50001 zips"),
        ((ON_X,), hook("ftp://example.com/"), "no public address"),
        ((ON_X,), hook("https://example.com:80/"), "no public address"),
        ((ON_X,), hook("http://example.com:99/"), "no public address"),
        ((ON_X,), hook("example.com"), "no public address"),
        (
            (COMPANY,),
            {"extra": {"targeting": {"linkedInCompany": {}}}},
            "unknown field `linkedInCompany`",
        ),
        (
            (ON_X,),
            {"extra": {"mediaUrls": ["https://example.com/a.png"]}},
            "give the file itself",
        ),
        (
            (ON_X,),
            {"media": [File(name="a.bmp", content_type="image/bmp", content=b"a")]},
            "Hootsuite takes video/mp4",
        ),
        (
            (ON_X,),
            {"media": [File(name="a.png", content_type="image/png", content=b"")]},
            "is empty",
        ),
    ],
)
def test_a_draft_that_cannot_be_taken_is_refused(
    profiles: tuple[Profile, ...], change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InvalidQuery, match=problem):
        plan(draft(*profiles, **change), NOW)


def test_a_draft_needs_profiles() -> None:
    with pytest.raises(InvalidQuery, match="names no profile"):
        plan(Draft(text="Hello", profiles=()), NOW)


def test_a_profile_must_be_one() -> None:
    wrong: Any = "300000001"

    with pytest.raises(InvalidQuery, match="is no Profile"):
        plan(draft(wrong), NOW)


@pytest.mark.parametrize(
    "type_",
    [
        "TIKTOKBUSINESS",
        "YOUTUBECHANNEL",
        "INSTAGRAMBUSINESS",
        "WHATSAPP",
        "FACEBOOKGROUP",
        "BLUESKY",
        "GOOGLEPLUSPAGE",
    ],
)
def test_kinds_that_cannot_be_published_to_are_refused(type_: str) -> None:
    with pytest.raises(InvalidQuery, match="'Profile 8' cannot be published to: "):
        plan(draft(ON_X, profile(8, type_, "other")), NOW)


def test_a_bare_profile_of_a_network_that_is_refused_is_refused_too() -> None:
    bare = Profile(ref=Ref("tiktok", "1"), vendor_id="1", name="Bare")

    with pytest.raises(InvalidQuery, match="TikTok"):
        plan(draft(bare), NOW)


def test_a_good_draft_has_no_notes() -> None:
    good = draft(
        ON_X,
        PAGE,
        COMPANY,
        at=LATER,
        tags=["spring"],
        media=[
            Media(vendor_id="m", kind="photo"),
            File(name="a.png", content_type="image/png", content=b"a"),
        ],
        extra=page_targeting(regions=places(REGIONS), countries=US),
    )

    assert [each.notes for each in plan(good, NOW)] == [(), ()]


def test_a_time_that_has_passed_is_no_reason_to_publish_at_once() -> None:
    with pytest.raises(InvalidQuery, match="takes no earlier time") as caught:
        plan(draft(ON_X, at=NOW), NOW)

    assert "at once" not in str(caught.value)


def test_a_time_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="too far ahead"):
        plan(draft(ON_X, at=datetime.max.replace(tzinfo=UTC)), NOW)


def test_five_minutes_ahead_are_enough() -> None:
    assert plan(draft(ON_X, at=NOW + timedelta(minutes=5)), NOW)


@pytest.mark.parametrize(
    ("where", "text", "note"),
    [
        (profile(1, isReauthRequired=1), "Hello", "must be connected anew"),
        (PERSON, "Hello", "personal Facebook profiles"),
        (profile(8, "THREADS", "threads"), "Hello", "Threads"),
        (profile(8, "MASTODON", "mastodon"), "Hello", "it is not known whether"),
        (ON_X, "a" * 281, "281 characters; X usually takes 280 .common knowledge"),
        (PAGE, "a" * 63_207, "63,207 characters"),
        (COMPANY, "a" * 3001, "3,000"),
    ],
)
def test_what_may_go_wrong_later_is_a_note(
    where: Profile, text: str, note: str
) -> None:
    (consignment,) = plan(draft(where, text=text), NOW)

    (found,) = consignment.notes
    assert found.startswith(f"{named(where)}: ")
    assert note.replace(".", "(") in found


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"privacy": {"facebook": "friends"}}, "privacy.facebook is for .* FACEBOOK,"),
        ({"privacy": {"linkedin": "anyone"}}, "privacy.linkedin is for .* LINKEDIN,"),
        ({"extra": page_targeting(ageMin=18)}, "facebookPage is for .* FACEBOOKPAGE"),
        (
            {"extra": {"targeting": {"linkedInV2Company": {"industries": ["urn"]}}}},
            "linkedInV2Company is for .* LINKEDINCOMPANY",
        ),
        ({"extra": {"boardId": "b"}}, "boardId is for .* PINTEREST"),
        ({"extra": {"destinationUrl": "https://a.example"}}, "destinationUrl is for"),
        (
            {"location": Location(latitude=1, longitude=2, places=[Ref("x", "p")])},
            "places of the location are left out",
        ),
    ],
)
def test_what_is_set_for_nobody_is_a_note(change: dict[str, Any], note: str) -> None:
    first, second = plan(draft(ON_X, ALSO_ON_X, **change), NOW)

    assert [bool(re.search(note, each)) for each in first.notes] == [True]
    assert second.notes == ()


@pytest.mark.parametrize(
    "url",
    ["https://example.com/hook", "https://a.example:8443", "http://a.example:8080"],
)
def test_public_addresses_may_be_told_of_events(url: str) -> None:
    assert plan(draft(ON_X, **hook(url)), NOW)


def test_x_and_pinterest_go_alone_and_the_others_together() -> None:
    whole = draft(ON_X, PAGE, ALSO_ON_X, BOARD, COMPANY, extra={"boardId": "b"})

    parts = plan(whole, NOW)

    assert [[p.vendor_id for p in each.draft.profiles] for each in parts] == [
        ["1"],
        ["3", "4"],
        ["2"],
        ["5"],
    ]
    assert {each.draft.text for each in parts} == {"Hello"}


def test_privacy_fits_personal_profiles() -> None:
    asked = {"facebook": "friends", "linkedin": "connectionsOnly"}

    assert plan(draft(PERSON, MEMBER, privacy=asked), NOW)
