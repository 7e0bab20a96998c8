"""Listening: pages without a total, buckets with an offset, floats everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from socialmetrics.sandbox import World
from socialmetrics.sandbox.listening import WorldMention
from tests.sprout.sandbox_calls import Service, service

WORLD = World()
TOPIC = WORLD.topics[0].id
PATH = f"listening/topics/{TOPIC}"
NETWORKS = (
    "network.eq(INSTAGRAM,YOUTUBE,LINKEDIN,FACEBOOK,TIKTOK,BLUESKY,TUMBLR,WWW,REDDIT)"
)
MINE = [m for m in WORLD.mentions if m.topic.id == TOPIC]
FIELDS = [
    "guid", "created_time", "network", "text", "sentiment", "language",
    "explicit_label", "sentiment_raw", "location.city", "location.country",
    "location.province",
    "document.theme_ids", "from.name", "from.guid", "from.screen_name", "hashtags",
    "visual_media", "profile_guid", "from.followers_count", "parent_message_id",
    "title",
    "content_category", "from.profile_picture", "from.profile_url", "perma_link",
    "explicit_probability", "source.name", "source.url", "mentions", "emoticons",
    "keywords", "related_words", "distribution_type",
]  # fmt: skip


@pytest.fixture(scope="module")
def sprout() -> Iterator[Service]:
    with service(WORLD) as running:
        yield running


def messages(sprout: Service, *filters: str, **more: object) -> list[Any]:
    rows: list[Any] = []
    body = {"filters": list(filters), "fields": ["perma_link"], "limit": 100, **more}
    for page in range(1, 99):
        answer = sprout.post(f"{PATH}/messages", body | {"page": page}).json()
        assert answer["paging"] == {"current_page": page}
        rows += answer["data"]
        if len(answer["data"]) < 100:
            break
    return rows


def ids(found: list[Any]) -> list[str]:
    return [row["perma_link"].rpartition("/")[2] for row in found]


def test_more_than_a_thousand_messages_come_once_newest_first(sprout: Service) -> None:
    rows = messages(sprout, NETWORKS)

    assert len(rows) > 1_000
    assert ids(rows) == [m.ref.native_id for m in reversed(MINE)]
    assert ids(messages(sprout, NETWORKS, sort=["created_time:asc"])) == ids(rows)[::-1]


def test_sentiment_and_language_arrive_elsewhere_than_asked_for(
    sprout: Service,
) -> None:
    rows = messages(sprout, NETWORKS, fields=FIELDS, metrics=["likes", "replies"])

    for row, mention in zip(rows, reversed(MINE), strict=True):
        assert row["listening_metadata"] == {
            "sentiment": mention.sentiment,
            "language": mention.language,
            "explicit_label": mention.explicit,
        }
        assert not {"sentiment", "language", "explicit_label"} & set(row)
        assert row["metrics"] == {
            "likes": float(mention.likes),
            "replies": float(mention.replies),
        }
        assert ("location" in row) is (mention.place is not None)
        assert row["created_time"].endswith("Z")
    assert {row["network"] for row in rows if "guid" not in row} == {
        "TIKTOK",
        "WWW",
        "TUMBLR",
    }
    assert not any(":" in row.get("guid", "") for row in rows)


FILTERS: list[tuple[str, Callable[[WorldMention], object]]] = [
    ("network.eq(YOUTUBE)", lambda m: m.ref.network == "youtube"),
    ("network.neq(YOUTUBE)", lambda m: m.ref.network != "youtube"),
    ("network.eq(TWITTER)", lambda m: False),
    ("sentiment.eq(positive)", lambda m: m.sentiment == "positive"),
    ("language.eq(de, ar)", lambda m: m.language in ("de", "ar")),
    ("location.country.eq(DE)", lambda m: m.place and m.place[2] == "DE"),
    ("location.city.eq(Berlin)", lambda m: m.place and m.place[0] == "Berlin"),
    ("location.province.eq(Illinois)", lambda m: m.place and m.place[1] == "Illinois"),
    (
        "document.theme_ids.eq(018085b6-0000-4000-8000-000000000003)",
        lambda m: m.theme and m.theme.name == "Design",
    ),
    ("explicit_label.eq(true)", lambda m: m.explicit),
    ("visual_media.exists(true)", lambda m: m.media is not None),
    ("profile.neq(6810000)", lambda m: not m.own),
    ("likes.gt(100)", lambda m: m.likes > 100),
    ("likes.gte(100)", lambda m: m.likes >= 100),
    ("replies.lt(3)", lambda m: m.replies < 3),
    ("shares_count.lte(1)", lambda m: m.shares <= 1),
    ("from.followers_count.gt(2000)", lambda m: m.author.followers > 2000),
    ("engagements.gt(900)", lambda m: m.likes + m.replies + m.shares > 900),
    ("impressions.gt(9000)", lambda m: m.audience > 9000),
    (
        "created_time.in(2026-01-01..2026-02-01)",
        lambda m: "2026-01-01" <= str(m.created_at) <= "2026-02-01",
    ),
    (
        "text.match(anvils orders)",
        lambda m: "orders" in m.text and "anvils" in m.text.casefold(),
    ),
    (
        "text.match(scenes OR orders)",
        lambda m: "scenes" in m.text or "orders" in m.text,
    ),
    (
        'text.match("thank you" OR köln)',
        lambda m: "Thank you" in m.text or "Köln" in m.text,
    ),
]


@pytest.mark.parametrize(("text", "passes"), FILTERS)
def test_filters_let_through_what_they_say(
    sprout: Service, text: str, passes: Callable[[WorldMention], object]
) -> None:
    filters = [text] if text.startswith("network") else [NETWORKS, text]

    rows = messages(sprout, *filters)

    assert ids(rows) == [m.ref.native_id for m in reversed(MINE) if passes(m)]


_TEXT: dict[str, Any] = {"filters": [NETWORKS], "fields": ["text"]}
_LIKES: dict[str, Any] = {"filters": [NETWORKS], "metrics": ["likes"]}
REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("messages", {"filters": [NETWORKS]}, "At least one field"),
    ("messages", _TEXT | {"fields": ["reach"]}, "invalid fields"),
    ("messages", _TEXT | {"filters": ["likes.gt(1)"]}, "network or"),
    ("messages", _TEXT | {"filters": ["network.eq(MYSPACE)"]}, "network"),
    ("messages", _TEXT | {"filters": [NETWORKS, "likes.gt(1,2)"]}, "one"),
    ("messages", _TEXT | {"filters": [NETWORKS, 'text.match(")']}, "text"),
    ("messages", _TEXT | {"filters": [NETWORKS, "text.match( )"]}, "text"),
    ("messages", _TEXT | {"filters": [NETWORKS, "text.match(“a”)"]}, "ASCII"),
    ("messages", _TEXT | {"limit": 101}, "limit"),
    ("messages", _TEXT | {"metrics": ["x"]}, "metrics"),
    ("metrics", {"filters": [NETWORKS]}, "At least one metric"),
    ("metrics", _LIKES | {"metrics": ["reach"]}, "reach"),
    ("metrics", _LIKES | {"dimensions": ["hour"]}, "dimensions"),
]


@pytest.mark.parametrize(("path", "body", "text"), REFUSALS)
def test_wrong_questions(
    sprout: Service, path: str, body: dict[str, Any], text: str
) -> None:
    answer = sprout.post(f"{PATH}/{path}", body)

    assert answer.status_code == 400
    assert text in answer.json()["error"]


def test_topics_of_nobody_and_of_others() -> None:
    body = {"filters": [NETWORKS], "fields": ["text"]}
    world = World(scale=0.01, customers=2)
    with service(world) as sprout:
        unknown = sprout.post("listening/topics/1/messages", body)
        other = sprout.ask(
            "POST", f"/v1/687752/listening/topics/{TOPIC}/messages", json=body
        )

    assert (unknown.status_code, other.status_code) == (404, 403)


def test_reddit_s_messages_end_one_day_but_its_numbers_go_on() -> None:
    later = datetime(2026, 5, 12, tzinfo=UTC)
    body = {"filters": ["network.eq(REDDIT)"], "fields": ["text"]}
    with service(WORLD, clock=lambda: later) as sprout:
        rows = sprout.post(f"{PATH}/messages", body).json()["data"]
        count = {"filters": ["network.eq(REDDIT)"], "metrics": ["messages_count"]}
        data = sprout.post(f"{PATH}/metrics", count).json()["data"]

    assert rows == []
    assert data[0]["metrics"]["messages_count"] > 0


def buckets(sprout: Service, *dimensions: str, **more: object) -> Any:
    metrics = [
        "likes", "replies", "shares_count", "engagements", "messages_count",
        "authors_count", "positive_sentiments_count", "neutral_sentiments_count",
        "negative_sentiments_count", "impressions", "from.followers_count",
    ]  # fmt: skip
    body: dict[str, object] = {"filters": [NETWORKS], "metrics": metrics}
    body |= {"dimensions": list(dimensions), **more}
    return sprout.post(f"{PATH}/metrics", body).json()


def test_numbers_of_everything_are_one_bucket_of_floats(sprout: Service) -> None:
    answer = buckets(sprout)

    figures = answer["data"][0]["metrics"]
    assert list(answer) == ["data"]
    assert answer["data"][0]["dimensions"] == {}
    assert figures["likes"] == sum(m.likes for m in MINE)
    assert figures["messages_count"] == len(MINE)
    assert figures["authors_count"] == len({m.author for m in MINE})
    assert all(isinstance(value, float) for value in figures.values())


def test_days_carry_the_offset_of_the_zone_and_low_sentiments(sprout: Service) -> None:
    answer = buckets(
        sprout, "created_time.by(day)", "sentiment", timezone="America/Chicago"
    )

    rows = answer["data"]
    times = {row["dimensions"]["created_time"][10:] for row in rows}
    assert times == {"T00:00:00-06:00", "T00:00:00-05:00"}
    assert {row["dimensions"]["sentiment"] for row in rows} == {
        "positive", "neutral", "negative", "unclassified",
    }  # fmt: skip
    assert answer["paging"] == {}
    assert sum(row["metrics"]["messages_count"] for row in rows) == len(MINE)


def test_months_in_utc_and_high_sentiments_without_time(sprout: Service) -> None:
    months = buckets(sprout, "created_time.by(month)", timezone="UTC")["data"]
    feelings = buckets(sprout, "sentiment")["data"]

    assert months[-1]["dimensions"] == {"created_time": "2026-03-01T00:00:00Z"}
    assert {row["dimensions"]["sentiment"] for row in feelings} == {
        "POSITIVE", "NEUTRAL", "NEGATIVE", "UNCLASSIFIED",
    }  # fmt: skip


DIMENSIONS = [
    "visual_media.media_type", "distribution_type", "network", "language",
    "explicit_label", "location.city", "location.province", "location.country",
]  # fmt: skip


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_other_dimension_cuts_everything_into_parts(
    sprout: Service, dimension: str
) -> None:
    rows = buckets(sprout, dimension)["data"]

    assert sum(row["metrics"]["messages_count"] for row in rows) == len(MINE)
    assert all(list(row["dimensions"]) == [dimension] for row in rows)
    assert len(buckets(sprout, dimension, limit=1)["data"]) == 1
