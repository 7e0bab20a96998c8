"""The model goes to JSON and back without loss, and nothing is guessed on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import GenericAlias
from typing import Any, TypeVar, get_type_hints

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialmetrics.adapter import Capabilities
from socialmetrics.codec import from_json, to_json
from socialmetrics.errors import InvalidQuery
from socialmetrics.lazy import Figures, LazyJson, Menu
from socialmetrics.model import (
    Attachment,
    Author,
    Consignment,
    Delivery,
    Draft,
    File,
    Issue,
    Location,
    Media,
    Message,
    Missing,
    Point,
    Post,
    Profile,
    Publication,
    Ref,
    Source,
    Topic,
    When,
)
from socialmetrics.plan import Plan, ProfilesPart
from socialmetrics.reading import Reading
from socialmetrics.secret import Secret
from socialmetrics.series import MetricSeries
from socialmetrics.window import Window
from tests.core.toy import NOW, READINGS, WEEK, Toy, profile

T = TypeVar("T")

WORDS = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=6)
TEXTS = st.text(max_size=6)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
INSTANTS = st.datetimes(timezones=st.just(UTC))
LEAVES = st.none() | st.booleans() | st.integers() | FLOATS | TEXTS
JSON = st.dictionaries(
    TEXTS,
    LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(TEXTS, LEAVES, max_size=2),
    max_size=2,
)
REFS = st.builds(Ref, WORDS, WORDS)
DAYS = st.dates(date(1, 1, 3), date(9999, 12, 1))
WINDOWS = st.tuples(DAYS, DAYS).map(
    lambda days: Window.days(min(days), max(days), "Europe/Berlin")
)
LOCATIONS = st.builds(
    Location,
    latitude=st.floats(-90, 90),
    longitude=st.integers(-180, 180),
    places=st.lists(REFS, max_size=1),
)
ATTACHMENTS = st.one_of(
    st.builds(Media, vendor_id=TEXTS, kind=TEXTS, expires_at=st.none() | INSTANTS),
    st.builds(File, name=TEXTS, content_type=TEXTS, content=st.binary(max_size=9)),
    WORDS.map(Path),
)
BY_TYPE: dict[object, st.SearchStrategy[Any]] = {
    Ref: REFS,
    Ref | None: st.none() | REFS,
    str: TEXTS,
    str | None: st.none() | TEXTS,
    datetime: INSTANTS,
    datetime | None: st.none() | INSTANTS,
    int | float | None: st.none() | st.integers() | FLOATS,
    tuple[str, ...]: st.lists(TEXTS, max_size=2).map(tuple),
    tuple[Attachment, ...]: st.lists(ATTACHMENTS, max_size=2).map(tuple),
    Location | None: st.none() | LOCATIONS,
    When | None: st.none() | st.just("auto") | INSTANTS,
    Mapping[str, object]: JSON,
}
"""How a field's values are made; anything else as hypothesis does."""


def built(kind: type[T]) -> st.SearchStrategy[T]:
    """Objects of that class with anything in their fields."""
    fields = {
        name: BY_TYPE[hint] if hint in BY_TYPE else st.from_type(hint)
        for name, hint in get_type_hints(kind).items()
    }
    made = st.fixed_dictionaries(fields).map(lambda found: kind(**found))
    BY_TYPE[kind] = made
    BY_TYPE[kind | None] = st.none() | made
    BY_TYPE[GenericAlias(tuple, (kind, ...))] = st.lists(made, max_size=2).map(tuple)
    BY_TYPE[GenericAlias(Mapping, (str, kind))] = st.dictionaries(
        TEXTS, made, max_size=2
    )
    return made


MODEL: Mapping[str, st.SearchStrategy[object]] = {
    "Ref": REFS,
    "Window": WINDOWS,
    **{
        kind.__name__: built(kind)
        for kind in (
            *(Source, Reading, Point, Profile, Author, Missing, Issue, Post, Message),
            *(Topic, Media, File, Draft, Consignment, Delivery, Publication),
        )
    },
}
SOURCE = Source(
    vendor="toy", endpoint="posts", request_id=None, api_version=None, fetched_at=NOW
)
LIKES = attrs.evolve(READINGS[1], level="post", temporality="lifetime")
POINT = Point(
    subject=Ref("x", "1"),
    metric="likes",
    start=NOW,
    end=None,
    value=5,
    status="observed",  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as JSON spells it
    reading=LIKES,
    source=SOURCE,
)
POST = Post(ref=Ref("x", "1"), vendor_id="1", created_at=NOW)
MESSAGE = Message(ref=None, vendor_id="1", created_at=NOW)
TOPIC = Topic(vendor_id="1", name="T", themes=(("1", "one"),))


def changed(of: object, **changes: object) -> str:
    """The object as JSON, with other contents in some fields."""
    found: dict[str, object] = json.loads(to_json(of))
    return json.dumps({**found, **changes})


def refusal(kind: type, text: str) -> str:
    with pytest.raises(InvalidQuery) as caught:
        from_json(kind, text)
    return str(caught.value)


@pytest.mark.parametrize("kind", MODEL)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_written_is_read_back(kind: str, data: st.DataObject) -> None:
    value = data.draw(MODEL[kind])

    back = from_json(type(value), to_json(value))

    assert back == value
    assert getattr(back, "raw", None) == getattr(value, "raw", None)


def test_capabilities_are_read_back() -> None:
    told = Toy.capabilities()

    assert from_json(Capabilities, to_json(told)) == told


def test_raw_and_figures_are_written_whole() -> None:
    menu = Menu({"likes": (LIKES,), "toy_likes": (LIKES,)}, ("likes",))
    figures = Figures(POST.ref, NOW, SOURCE, {"toy_likes": 5}, menu)
    raw = {"text": "Grüße 👋", "deep": [{"a": [1, 2.5, None, True]}]}
    lazy = LazyJson(json.dumps(raw).encode())
    post = attrs.evolve(POST, metrics=figures, raw=lazy)

    back = from_json(Post, to_json(post))

    assert back == post
    assert back.metrics == {"likes": figures["likes"]}
    assert back.raw == raw


@pytest.mark.parametrize(
    ("written", "value"), [("5", 5), ("5.0", 5.0), ("null", None), (str(2**70), 2**70)]
)
def test_a_number_keeps_its_kind(written: str, value: float | None) -> None:
    text = changed(POINT, value="?").replace('"?"', written)

    back = from_json(Point, text)

    assert (back.value, type(back.value)) == (value, type(value))


@pytest.mark.parametrize(
    "spelled", ["2026-03-10T12:00:00Z", "2026-03-10T13:00:00+01:00"]
)
def test_instants_of_any_zone_are_kept_in_utc(spelled: str) -> None:
    post = from_json(Post, changed(POST, created_at=spelled))

    assert post.created_at == NOW
    assert post.created_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "field", "wrong", "complaint"),
    [
        (POST, "vendor_id", 5, "5 is not str @ $.vendor_id"),
        (POST, "vendor_id", None, "None is not str @ $.vendor_id"),
        (POST, "text", ["a"], "['a'] is not str @ $.text"),
        (POST, "ref", 5, "is not an object @ $.ref"),
        (POST, "ref", {"network": "x"}, "required field missing @ $.ref.native_id"),
        (
            POST,
            "ref",
            {"network": "x", "native_id": 1},
            "1 is not str @ $.ref.native_id",
        ),
        (
            POST,
            "ref",
            {"network": " x", "native_id": "1"},
            "network=' x' is empty or not printable text @ $.ref",
        ),
        (POST, "created_at", "2026-03-10T12:00:00", "has no time zone @ $.created_at"),
        (POST, "created_at", "yesterday", "'yesterday' @ $.created_at"),
        (POST, "created_at", 1773144000, "1773144000 is not str @ $.created_at"),
        (POST, "created_at", "0001-01-01T00:00:00+05:00", "range @ $.created_at"),
        (POST, "metrics", [], "is not an object @ $.metrics"),
        (POST, "raw", [], "[] is not an object @ $.raw"),
        (POST, "likes", 3, "extra fields found (likes) @ $"),
        (MESSAGE, "sent", "no", "'no' is not bool @ $.sent"),
        (MESSAGE, "sent", 0, "0 is not bool @ $.sent"),
        (MESSAGE, "tags", "abc", "'abc' is not list @ $.tags"),
        (MESSAGE, "tags", ["a", 3], "3 is not str @ $.tags[1]"),
        (MESSAGE, "tags", {"a": 1}, "{'a': 1} is not list @ $.tags"),
        (MESSAGE, "author", "Ann", "is not an object @ $.author"),
        (TOPIC, "themes", [["1"]], "['1'] does not have 2 items @ $.themes[0]"),
        (TOPIC, "themes", [["1", "2", "3"]], "does not have 2 items @ $.themes[0]"),
        (TOPIC, "themes", [["1", 2]], "2 is not str @ $.themes[0]"),
        (TOPIC, "themes", ["12"], "'12' is not list @ $.themes[0]"),
        (POINT, "value", "5", "'5' is not a number @ $.value"),
        (POINT, "value", True, "True is not a number @ $.value"),
        (POINT, "status", "seen", "'seen' is not a valid Status @ $.status"),
        (POINT, "status", 1, "1 is not str @ $.status"),
        (POINT, "settled", None, "None is not str @ $.settled"),
        (LIKES, "level", "planet", "planet not in literal"),
        (LIKES, "level", ["post"], "['post'] not in literal"),
        (LIKES, "additive", 1, "1 is not bool @ $.additive"),
        (LIKES, "valid_from", "2026-03-10T00:00:00", "@ $.valid_from"),
        (LIKES, "valid_from", 20260310, "@ $.valid_from"),
        (WEEK, "end", "2026-03-02T00:00:00Z", "is empty; start must be before end @ $"),
        (WEEK, "tz", "Mars/Base", "tz='Mars/Base' is not an IANA zone"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    value: object, field: str, wrong: object, complaint: str
) -> None:
    text = changed(value, **{field: wrong})

    assert complaint in refusal(type(value), text)


def test_a_field_that_is_not_there_is_named() -> None:
    assert refusal(Post, '{"vendor_id": "1"}') == (
        "required field missing @ $.ref; required field missing @ $.created_at"
    )


def test_three_faults_are_told_at_most() -> None:
    text = changed(POST, vendor_id=1, text=2, url=3, kind=4)

    assert refusal(Post, text).count("@ $.") == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("{'a': 1}", "it is not JSON"),
        ('{"value": NaN}', "it is not JSON"),
        ('{"value": 1e999}', "it is not JSON"),
        ('{"text": "\ud800"}', "it is not JSON"),
        ('{"a": 1} {"a": 1}', "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"raw": ' * 100_000, "it is not JSON"),
        ("[]", "it is JSON of a list, not of a Post"),
        ('"x:1"', "it is JSON of a str, not of a Post"),
        ("null", "it is JSON of a NoneType, not of a Post"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_text_that_is_no_json_object_is_refused(text: str, complaint: str) -> None:
    assert complaint in refusal(Post, text)


def test_what_is_no_text_is_refused() -> None:
    nothing: Any = None

    assert "it is not JSON" in refusal(Post, nothing)


def test_a_class_that_is_no_object_is_refused() -> None:
    assert refusal(int, "{}") == "{} is not int @ $"


def nested(depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for _ in range(depth):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (Secret("hidden-1"), "no JSON of a Secret"),
        (MetricSeries.empty(), r"of a MetricSeries: write MetricSeries.to_json\(\)"),
        (NOW - NOW, "no JSON of a timedelta: .*timedelta is not JSON"),
        (Plan(parts=(ProfilesPart(),)), "no JSON of a Plan"),
        (float("nan"), "no JSON of a float"),
        (attrs.evolve(POST, raw={"a": float("inf")}), "no JSON of a Post"),
        (attrs.evolve(POST, raw=nested(100_000)), "no JSON of a Post"),
        (attrs.evolve(POST, raw={"at": {1, 2}.union}), "no JSON of a Post"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_cannot_hold_is_refused(value: object, complaint: str) -> None:
    with pytest.raises(InvalidQuery, match=complaint) as caught:
        to_json(value)

    assert "hidden" not in str(caught.value)


def test_days_are_written_as_days() -> None:
    reading = attrs.evolve(LIKES, valid_from=date(2026, 3, 10))

    written = json.loads(to_json(reading))

    assert written["valid_from"] == "2026-03-10"
    assert from_json(Reading, to_json(reading)).valid_from == date(2026, 3, 10)


def test_instants_are_written_with_their_zone() -> None:
    written = json.loads(to_json(attrs.evolve(POST, created_at=NOW)))

    assert written["created_at"] == "2026-03-10T12:00:00+00:00"
    assert datetime.fromisoformat(written["created_at"]) == NOW


def test_a_profile_of_the_toy_is_read_back() -> None:
    assert from_json(Profile, to_json(profile(1))) == profile(1)
