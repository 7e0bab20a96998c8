"""What strangers say about a topic, all over the networks except X."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from socialmetrics.model import Ref
from socialmetrics.sandbox.dice import Dice, listed
from socialmetrics.sandbox.inbox import person
from socialmetrics.sandbox.people import Person, Theme, Topic
from socialmetrics.sandbox.posts import moment
from socialmetrics.sandbox.texts import hashtags, text

NETWORKS: Final = (
    "instagram", "youtube", "linkedin", "facebook", "tiktok", "bluesky", "tumblr",
    "web", "reddit",
)  # fmt: skip
SENTIMENTS: Final = ("positive", "neutral", "negative", "unclassified")
_PLACES: Final = (
    ("Berlin", "Berlin", "DE"),
    ("Springfield", "Illinois", "US"),
    ("São Paulo", "São Paulo", "BR"),
    None,
)
_LANGUAGES: Final = ("en", "de", "ar", "pt", "un")
_MEDIA: Final = ("PHOTO", "VIDEO", None, None)
_SPAN: Final = 200 * 86_400


@attrs.frozen(kw_only=True)
class WorldMention:
    """A public message that matched a topic.

    `place` is (city, province, country) where it could be guessed. `audience` is how
    many people might have seen it: an estimate, never a measurement. `own` tells that
    it was written by the topic's own brand.
    """

    row: int
    ref: Ref
    topic: Topic
    created_at: datetime
    author: Person
    text: str
    hashtags: tuple[str, ...]
    sentiment: str
    score: float
    language: str
    place: tuple[str, str, str] | None
    theme: Theme | None
    media: str | None
    likes: int
    replies: int
    shares: int
    audience: int
    explicit: bool
    own: bool


def mentions(
    dice: Dice, topics: Sequence[Topic], now: datetime, count: int
) -> Iterator[WorldMention]:
    """`count` mentions of the last 200 days, oldest first; five of six of topic one."""
    seconds = int(now.timestamp()) - 1 - dice.below("mention.created", count, _SPAN)
    seconds[: count // 30] = seconds[:1]
    seconds.sort()
    words = listed(dice.words("mention.word", count))
    for row, (word, second) in enumerate(zip(words, listed(seconds), strict=True)):
        topic = topics[0] if word % 6 else topics[-1]
        yield _mention(row, word, topic, second)


def _mention(row: int, word: int, topic: Topic, second: int) -> WorldMention:
    network = NETWORKS[(word >> 8) % len(NETWORKS)]
    sentiment = SENTIMENTS[(word >> 13) % len(SENTIMENTS)]
    author = person(network, (word >> 20) % 700)
    likes = (word >> 30) % 97 * ((word >> 37) % 13)
    theme = (word >> 41) % (2 * len(topic.themes))
    score = (word >> 52) % 1000 / 1000
    sign = {"positive": 1, "negative": -1}.get(sentiment, 0)
    return WorldMention(
        row=row,
        ref=Ref(network, str(17_920_000_000_000_000 + row * 7_919)),
        topic=topic,
        created_at=moment(second),
        author=author,
        text=text(word, row),
        hashtags=hashtags(word),
        sentiment=sentiment,
        score=sign * score,
        language=_LANGUAGES[(word >> 16) % len(_LANGUAGES)],
        place=_PLACES[(word >> 18) % len(_PLACES)],
        theme=topic.themes[theme] if theme < len(topic.themes) else None,
        media=_MEDIA[(word >> 25) % len(_MEDIA)],
        likes=likes,
        replies=likes // 9,
        shares=likes // 23,
        audience=author.followers * 3 + likes,
        explicit=(word >> 47) % 40 == 0,
        own=(word >> 49) % 25 == 0,
    )
