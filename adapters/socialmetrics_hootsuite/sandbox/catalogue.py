"""Which figures the service knows, by networkId: names, and what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from socialmetrics.sandbox.measures import MEASURES

NETWORKS: Final[Mapping[str, str]] = {
    "FACEBOOKPAGE": "facebook",
    "TWITTER": "x",
    "INSTAGRAMBUSINESS": "instagram",
    "TIKTOKBUSINESS": "tiktok",
    "YOUTUBECHANNEL": "youtube",
    "PINTEREST": "pinterest",
    "THREADS": "threads",
}
"""The networks that have figures; personal profiles and LinkedIn have none."""

_PACIFIC: Final = "America/Los_Angeles"
ZONES: Final = {
    **dict.fromkeys(NETWORKS, "UTC"),
    **dict.fromkeys(("FACEBOOKPAGE", "YOUTUBECHANNEL", "INSTAGRAMBUSINESS"), _PACIFIC),
}
"""Where a network's days begin."""

REACH: Final = "reach"
RATE: Final = "engagement_rate"


@attrs.frozen
class Count:
    """What happened on posts: the sum of these measures of the world."""

    measures: tuple[str, ...]


@attrs.frozen
class Level:
    """How many followers there were at the end of the day."""


@attrs.frozen
class Flow:
    """What came to the profile itself: the sum of these flows of the world."""

    flows: tuple[str, ...]


Recipe = Count | Level | Flow | str
"""A text is `REACH` or `RATE`."""

_GAINED: Final = Flow(("followers_gained_organic", "followers_gained_paid"))
_LOST: Final = Flow(("followers_lost",))
_ENGAGEMENT: Final = Count(("likes", "comments", "reposts", "saves"))
_BASIC: Final[Mapping[str, Recipe]] = {
    "likes": Count(("likes",)),
    "comments": Count(("comments",)),
    "post_views": Count(("impressions",)),
    "clicks": Count(("link_clicks",)),
}

_FOLLOWERS: Final[Mapping[str, Recipe]] = {"total_followers": Level()}

POSTS: Final[Mapping[str, Mapping[str, Recipe]]] = {
    **dict.fromkeys(NETWORKS, _BASIC),
    "INSTAGRAMBUSINESS": {
        "likes": Count(("likes",)),
        "comments": Count(("comments",)),
        "shares": Count(("reposts",)),
        "saves": Count(("saves",)),
        "views": Count(("views",)),
        "reach": REACH,
        "engagement": _ENGAGEMENT,
        "engagement_rate": RATE,
    },
    "YOUTUBECHANNEL": {
        "likes": Count(("likes",)),
        "comments": Count(("comments",)),
        "shares": Count(("reposts",)),
        "views": Count(("video_views",)),
    },
}
"""Lifetime figures of a post."""

PROFILES: Final[Mapping[str, Mapping[str, Recipe]]] = {
    **dict.fromkeys(NETWORKS, _FOLLOWERS),
    "FACEBOOKPAGE": {
        "page_reactions": Count(("reactions",)),
        "total_followers": Level(),
    },
    "INSTAGRAMBUSINESS": {
        "followers_count": Level(),
        "new_followers_count": _GAINED,
        "lost_followers_count": _LOST,
        "views": Count(("views",)),
        "reach": REACH,
        "engagement": _ENGAGEMENT,
    },
    "YOUTUBECHANNEL": {
        "subscribers_count": Level(),
        "subscribers_gained": _GAINED,
        "subscribers_lost": _LOST,
    },
}
"""Figures of a profile and day."""

ENGAGED: Final = _ENGAGEMENT
SPLIT: Final = "views"
"""The daily figure that is also told by kind of post."""


def happens(recipe: Recipe, network: str) -> bool:
    """Whether that can happen on a network at all; else its name is left out."""
    if not isinstance(recipe, Count):
        return True
    known = [name for name in recipe.measures if name in MEASURES]
    return not known or any(MEASURES[name].rate(network) for name in known)
