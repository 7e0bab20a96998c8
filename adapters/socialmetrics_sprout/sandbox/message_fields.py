"""What the service says about a message in the inbox, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from socialmetrics.sandbox.inbox import WorldMessage
from socialmetrics_sprout.sandbox.fields import (
    FROM,
    HASHTAGS,
    TITLED,
    Fields,
    Json,
    network_name,
    of_person,
    of_profile,
    of_user,
    profile_link,
    tag_ids,
)
from socialmetrics_sprout.sandbox.vocabulary import (
    message_guid,
    message_type,
    profile_guid,
    profile_id,
)
from socialmetrics_sprout.sandbox.wire import stamp

ACTIVITY: Final = "activity_metadata"
CASE: Final = "case_id"
"""Got by who knows the cases."""
_FIRST: Final = ("reply", "tag", "complete", "like")


def _from(field: str) -> Callable[[WorldMessage], object]:
    def got(message: WorldMessage) -> object:
        if message.author is None:
            return of_profile(message.account, field)
        return of_person(message.author, field)

    return got


def _sent_by(field: str) -> Callable[[WorldMessage], object]:
    return lambda message: of_user(message.user, field)


def _title(message: WorldMessage) -> str | None:
    return f"No. {message.row}" if message.ref.network in TITLED else None


def _hashtags(message: WorldMessage) -> list[str] | None:
    return sorted(message.hashtags) if message.ref.network in HASHTAGS else None


def _ratings(message: WorldMessage) -> list[Json] | None:
    if message.rating is None:
        return None
    return [{"value": message.rating, "scale": 5}]


def _activity(message: WorldMessage) -> Json | None:
    first: Json = {
        f"first_{one.name}": {
            "time": stamp(one.at),
            "actor": {"id": one.user.id},
            "time_elapsed": int((one.at - message.created_at).total_seconds()),
        }
        for one in message.actions
    }
    return first or None


def _elapsed(action: str) -> Callable[[WorldMessage], object]:
    def got(message: WorldMessage) -> object:
        for one in message.actions:
            if one.name == action:
                return int((one.at - message.created_at).total_seconds())
        return None

    return got


def _link(message: WorldMessage) -> str:
    return f"{profile_link(message.account)}#m{message.row}"


FIELDS: Final = Fields[WorldMessage](
    {
        "guid": message_guid,
        "created_time": lambda message: stamp(message.created_at),
        "content_category": lambda message: "TEXT",
        **{name: _from(name) for name in FROM},
        "customer_profile_id": lambda message: str(profile_id(message.account)),
        "profile_guid": lambda message: profile_guid(message.account),
        "internal.tags.id": lambda message: tag_ids(message.tags),
        **{
            f"internal.sent_by.{name}": _sent_by(name)
            for name in ("id", "email", "first_name", "last_name")
        },
        "post_type": message_type,
        "post_category": lambda message: "POST",
        "network": lambda message: network_name(message.ref.network),
        "perma_link": _link,
        "inbox_permalink": lambda message: f"https://app.example/inbox/{message.row}",
        "text": lambda message: message.text,
        "title": _title,
        "clickthrough_link": lambda message: None,
        "clickthrough_link.name": lambda message: None,
        "clickthrough_link.long": lambda message: None,
        "clickthrough_link.short": lambda message: None,
        "hashtags": _hashtags,
        "visual_media": lambda message: None,
        ACTIVITY: _activity,
        **{f"{ACTIVITY}.first_{name}.time_elapsed": _elapsed(name) for name in _FIRST},
        CASE: lambda message: None,
        "language_code": lambda message: message.language or "un",
        "review_ratings": _ratings,
        "publishing_post_id": lambda message: (
            4_500_000 + message.row if message.user else None
        ),
    }
)
