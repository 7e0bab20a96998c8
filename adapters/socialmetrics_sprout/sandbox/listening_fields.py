"""What the service says about a message that a topic found, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from socialmetrics.sandbox.listening import WorldMention
from socialmetrics_sprout.sandbox.fields import Fields, network_name, of_person
from socialmetrics_sprout.sandbox.vocabulary import person_guid
from socialmetrics_sprout.sandbox.wire import stamp

_ANONYMOUS: Final = ("tiktok", "web", "tumblr")
"""Networks of which the service tells no guids."""


def _guid(one: WorldMention) -> str | None:
    # No code in front, unlike anywhere else.
    return None if one.ref.network in _ANONYMOUS else one.ref.native_id


def _from(field: str) -> Callable[[WorldMention], object]:
    def got(one: WorldMention) -> object:
        hidden = field != "from.name" and one.ref.network in _ANONYMOUS
        return None if hidden else of_person(one.author, field)

    return got


def _screen_name(one: WorldMention) -> str | None:
    return one.author.handle if one.ref.network in ("instagram", "bluesky") else None


def _place(part: int) -> Callable[[WorldMention], object]:
    return lambda one: one.place[part] if one.place else None


def _media(one: WorldMention) -> list[dict[str, str]] | None:
    if one.media is None or one.ref.network in _ANONYMOUS:
        return None
    url = f"https://cdn.example/m{one.row}"
    return [{"media_url": url, "media_type": one.media}]


def _hashtags(one: WorldMention) -> list[str] | None:
    known = one.ref.network in ("facebook", "instagram", "bluesky")
    return sorted(one.hashtags) if known else None


def _profile_guid(one: WorldMention) -> str | None:
    return None if one.ref.network in _ANONYMOUS else person_guid(one.author)


def _themes(one: WorldMention) -> list[str]:
    return [one.theme.id] if one.theme else []


FIELDS: Final = Fields[WorldMention](
    {
        "guid": _guid,
        "content_category": lambda one: one.media or "TEXT",
        "created_time": lambda one: stamp(one.created_at),
        "from.guid": _from("from.guid"),
        "from.name": _from("from.name"),
        "from.profile_picture": _from("from.profile_picture"),
        "from.screen_name": _screen_name,
        "from.profile_url": lambda one: f"https://people.example/{one.author.handle}",
        "from.followers_count": lambda one: float(one.author.followers),
        "network": lambda one: network_name(one.ref.network),
        "perma_link": lambda one: f"https://found.example/{one.ref.native_id}",
        "profile_guid": _profile_guid,
        "text": lambda one: one.text,
        "title": lambda one: f"No. {one.row}",
        "hashtags": _hashtags,
        "visual_media": _media,
        "listening_metadata.sentiment": lambda one: one.sentiment,
        "sentiment_raw": lambda one: one.score,
        "listening_metadata.language": lambda one: one.language,
        "listening_metadata.explicit_label": lambda one: one.explicit,
        "explicit_probability": lambda one: 0.97 if one.explicit else 0.02,
        "location.city": _place(0),
        "location.province": _place(1),
        "location.country": _place(2),
        "source.name": lambda one: "Found",
        "source.url": lambda one: "https://found.example",
        "parent_message_id": lambda one: None,
        "mentions": lambda one: [],
        "emoticons": lambda one: [],
        "keywords": lambda one: ["anvil"],
        "related_words": lambda one: [],
        "document.theme_ids": _themes,
        "distribution_type": lambda one: "ORGANIC",
    }
)
MOVED: Final = {
    name: f"listening_metadata.{name}"
    for name in ("sentiment", "language", "explicit_label")
}
"""Asked for at the top, answered inside `listening_metadata`."""
