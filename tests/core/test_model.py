"""The nouns refuse what cannot be meant, and compare by what they mean."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import (
    Attachment,
    Draft,
    File,
    Location,
    Media,
    Post,
    Ref,
    Source,
    Topic,
)
from socialmetrics.reading import Settled, Status
from tests.core.toy import NOW, READINGS, figure, profile


@pytest.mark.parametrize(
    ("network", "native_id"),
    [
        ("x", 7),
        ("x", ""),
        ("x", " 7"),
        ("x", "7\n"),
        ("x", "7\u202e"),
        ("x", None),
        ("", "7"),
        (None, "7"),
    ],
)
def test_a_reference_is_printable_text(network: Any, native_id: Any) -> None:
    with pytest.raises(InvalidQuery, match=r"(network|native_id)="):
        Ref(network, native_id)


def test_references_are_equal_ordered_and_read_well() -> None:
    assert Ref("x", "7") == Ref("x", "7")
    assert sorted([Ref("x", "7"), Ref("a", "8")]) == [Ref("a", "8"), Ref("x", "7")]
    assert str(Ref("x", "7")) == "x:7"
    assert len({Ref("x", "a b:ü"), Ref("x", "a b:ü")}) == 1


def test_raw_is_neither_shown_nor_compared() -> None:
    told = attrs.evolve(profile(1), raw={"secret": "hush"})

    assert told == profile(1)
    assert "hush" not in repr(told)


def test_posts_with_figures_can_be_put_into_sets() -> None:
    post = Post(ref=Ref("x", "1"), vendor_id="1", created_at=NOW, metrics={})

    assert {post, attrs.evolve(post)} == {post}


def test_a_topic_is_referred_to_by_the_tools_id() -> None:
    assert Topic(vendor_id="7", name="Coffee").ref == Ref("topic", "7")


def test_a_draft_takes_any_iterable() -> None:
    photo = Media(vendor_id="m1", kind="photo")

    draft = Draft(text="hello", profiles=iter([profile(1)]), media=[photo], tags=["t"])

    assert draft.profiles == (profile(1),)
    assert draft.media == (photo,)
    assert draft.tags == ("t",)
    assert draft.at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"profiles": profile(1)},
        {"profiles": "@handle1"},
        {"profiles": None},
        {"media": Media(vendor_id="m1", kind="photo")},
        {"tags": "spring"},
        {"tags": 5},
    ],
    ids=str,
)
def test_a_draft_wants_lists(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    given: dict[str, Any] = {"text": "hello", "profiles": [], **wrong}

    with pytest.raises(InvalidQuery, match=f"a draft's {name} is .*; give a list"):
        Draft(**given)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": None}, "a draft's text is None; give text"),
        ({"at": "soon"}, "at is 'soon', not a datetime"),
        ({"media": [5]}, "media holds 5; give a Media, a File or a path"),
        ({"media": [""]}, "media holds ''"),
        ({"location": (1, 2)}, "draft's location is .1, 2.; give a Location"),
        ({"reply_to": "x:1"}, "draft's reply_to is 'x:1'; give a Ref"),
        ({"notify": 1}, "draft's notify is 1; give True or False"),
        ({"privacy": "all"}, "'all' does not map names to settings"),
        ({"extra": ["a"]}, "does not map names to settings"),
    ],
)
def test_a_draft_takes_only_what_can_be_meant(
    wrong: dict[str, Any], words: str
) -> None:
    given: dict[str, Any] = {"text": "hello", "profiles": [], **wrong}

    with pytest.raises(InvalidQuery, match=words):
        Draft(**given)


def test_media_may_be_paths_and_files() -> None:
    file = File(name="a.png", content_type="image/png", content=b"1")
    given: list[Attachment | str] = ["a.png", Path("b.png"), file]

    assert Draft(text="", profiles=[], media=given).media == (
        Path("a.png"),
        Path("b.png"),
        file,
    )


def test_what_is_given_to_a_draft_is_its_own() -> None:
    extra: dict[str, object] = {"a": 1}
    draft = Draft(text="hello", profiles=[], at="auto", extra=extra)

    extra["a"] = 2

    assert draft.extra == {"a": 1}
    assert hash(draft) == hash(attrs.evolve(draft))


def test_a_location_has_coordinates_or_places() -> None:
    place = Ref("x", "place-1")

    assert Location(latitude=1, longitude=-180).latitude == 1.0
    assert Location(places=[place]).places == (place,)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "has coordinates or places"),
        ({"latitude": 1}, "both latitude and longitude, or neither"),
        ({"latitude": 90.1, "longitude": 0}, "latitude=90.1 must be degrees from -90"),
        ({"latitude": 0, "longitude": -181}, "longitude=-181 must be degrees"),
        ({"latitude": "1", "longitude": 0}, "latitude='1' must be degrees"),
        ({"latitude": True, "longitude": 0}, "latitude=True must be degrees"),
        ({"latitude": float("nan"), "longitude": 0}, "latitude=nan must be degrees"),
        ({"places": Ref("x", "1")}, "give a list"),
    ],
)
def test_a_location_is_on_earth(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidQuery, match=words):
        Location(**wrong)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (Ref("x", "1"), "network"),
        (profile(1), "name"),
        (Media(vendor_id="m1", kind="photo"), "kind"),
        (Draft(text="hello", profiles=[]), "text"),
        (Topic(vendor_id="7", name="T"), "name"),
        (READINGS[0], "scope"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_was_said_is_never_changed(value: object, field: str) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, field, "changed")


def test_a_draft_is_planned_for_an_instant() -> None:
    local = NOW.astimezone(ZoneInfo("Asia/Tokyo"))

    assert Draft(text="hello", profiles=[], at=local).at == NOW
    with pytest.raises(InvalidQuery, match="at is 2026-03-10T12:00:00, without"):
        Draft(text="hello", profiles=[], at=NOW.replace(tzinfo=None))


def test_a_reading_holds_between_its_days() -> None:
    reading = attrs.evolve(
        READINGS[0], valid_from=NOW.date(), valid_to=NOW.date().replace(day=20)
    )

    holds = [reading.holds_on(NOW.date().replace(day=day)) for day in (9, 10, 20, 21)]

    assert holds == [False, True, True, False]
    assert READINGS[0].holds_on(NOW.date())
    assert reading.label == "impressions[scope=organic]"


@pytest.mark.parametrize("word", [*Status, *Settled])
def test_statuses_are_words(word: Status | Settled) -> None:
    assert pickle.loads(pickle.dumps(word)) is word  # noqa: S301 - our own
    assert str(word) == word.value


@pytest.mark.parametrize(
    ("value", "status", "told"),
    [(12, Status.OBSERVED, "likes 12"), (None, Status.TOO_OLD, "likes too_old")],
)
def test_a_figure_reads_well(value: int | None, status: Status, told: str) -> None:
    source = Source(
        vendor="toy", endpoint="e", request_id=None, api_version=None, fetched_at=NOW
    )
    point = figure(profile(1).ref, READINGS[0], NOW.date(), source)

    found = attrs.evolve(point, metric="likes", value=value, status=status)

    assert str(found) == told
