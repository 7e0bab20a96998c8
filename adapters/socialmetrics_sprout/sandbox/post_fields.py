"""What the service says about a post, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_sprout.sandbox.fields import (
    FROM,
    HASHTAGS,
    NO_LINK,
    TITLED,
    Fields,
    Json,
    network_name,
    of_profile,
    of_user,
    tag_ids,
)
from socialmetrics_sprout.sandbox.vocabulary import (
    content_category,
    permalink,
    post_guid,
    post_type,
    profile_guid,
    profile_id,
)
from socialmetrics_sprout.sandbox.wire import stamp

_USER: Final = ("id", "email", "first_name", "last_name")
_PARTS: Final = ("name", "long", "short")
_SILENT: Final = "pinterest"
"""The network for which the service tells neither text, sender nor profile guid."""


def _text(post: WorldPost) -> str | None:
    return None if post.ref.network == _SILENT else post.text


def _title(post: WorldPost) -> str | None:
    return f"No. {post.row}" if post.ref.network in TITLED else None


def _link(post: WorldPost) -> Json | None:
    if post.link is None or post.ref.network in NO_LINK:
        return None
    return {
        "name": "Acme shop",
        "long": post.link,
        "short": f"https://sho.example/{post.row}",
    }


def _link_part(part: str) -> Callable[[WorldPost], object]:
    return lambda post: (_link(post) or {}).get(part)


def _hashtags(post: WorldPost) -> list[str] | None:
    # The order is not that of the text.
    return sorted(post.hashtags) if post.ref.network in HASHTAGS else None


def _media(post: WorldPost) -> list[Json] | None:
    if post.media not in ("photo", "video", "album"):
        return None
    kind = "VIDEO" if post.media == "video" else "PHOTO"
    count = 3 if post.media == "album" else 1
    return [
        {"media_url": f"https://cdn.example/{post.row}/{n}", "media_type": kind}
        for n in range(count)
    ]


def _boosted(post: WorldPost) -> bool | None:
    return post.boosted if post.ref.network in ("facebook", "tiktok") else None


def _board(post: WorldPost) -> str | None:
    return "Anvils" if post.ref.network == "pinterest" else None


def sent(post: WorldPost) -> bool | None:
    """Whether the profile itself sent it; comes without being asked for."""
    return None if post.ref.network == _SILENT else True


def _from(field: str) -> Callable[[WorldPost], object]:
    return lambda post: of_profile(post.account, field)


def _sent_by(field: str) -> Callable[[WorldPost], object]:
    return lambda post: (
        None if post.ref.network == _SILENT else of_user(post.user, field)
    )


FIELDS: Final = Fields[WorldPost](
    {
        "guid": post_guid,
        "created_time": lambda post: stamp(post.created_at),
        "content_category": lambda post: content_category(post.media),
        **{name: _from(name) for name in FROM},
        # A number in the documents and elsewhere; here the wire has a string.
        "customer_profile_id": lambda post: str(profile_id(post.account)),
        "profile_guid": lambda post: (
            None if post.ref.network == _SILENT else profile_guid(post.account)
        ),
        "internal.tags.id": lambda post: tag_ids(post.tags),
        **{f"internal.sent_by.{name}": _sent_by(name) for name in _USER},
        "sent": sent,
        "post_type": post_type,
        "post_category": lambda post: "POST",
        "network": lambda post: network_name(post.ref.network),
        "perma_link": permalink,
        "text": _text,
        "title": _title,
        "clickthrough_link": _link,
        **{f"clickthrough_link.{part}": _link_part(part) for part in _PARTS},
        "hashtags": _hashtags,
        "visual_media": _media,
        "pinterest.board_name": _board,
        "is_boosted": _boosted,
    }
)  # fmt: skip
