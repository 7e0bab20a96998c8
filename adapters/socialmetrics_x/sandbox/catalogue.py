"""What the service counts, where, and for whom: its own table.

Written apart from the client's: what one of them gets wrong, the other shows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import attrs

from socialmetrics.sandbox.measures import Scope

POST: Final = "tweet.id"
TYPE: Final = "engagement.type"
DAY: Final = "engagement.day"
HOUR: Final = "engagement.hour"

VIDEO: Final = "video_views"
QUOTES: Final = "quote_tweets"


@attrs.frozen
class Count:
    """What a metric is in the world: a measure, and which part of it."""

    measure: str
    scope: Scope = "total"


COUNTS: Final = {
    # Organic alone, whereas engagements are organic and promoted together.
    "impressions": Count("impressions", "organic"),
    "engagements": Count("engagements"),
    "favorites": Count("likes"),
    "retweets": Count("reposts"),
    QUOTES: Count("quotes"),
    "replies": Count("comments"),
    VIDEO: Count("video_views"),
    "media_views": Count("media_views"),
    "media_engagements": Count("media_clicks"),
    "url_clicks": Count("link_clicks"),
    "hashtag_clicks": Count("hashtag_clicks"),
    "detail_expands": Count("detail_expands"),
    "permalink_clicks": Count("permalink_clicks"),
    "app_install_attempts": Count("app_install_attempts"),
    "app_opens": Count("app_opens"),
    "email_tweet": Count("email_shares"),
    "user_follows": Count("follows_from_post"),
    "user_profile_clicks": Count("profile_clicks"),
}
PUBLIC: Final = frozenset({"favorites", "retweets", QUOTES, "replies", VIDEO})
"""What the app alone may ask of any public post."""
AGEING: Final = frozenset({"impressions", "engagements"})
"""What totals tells of posts of the last 90 days only."""
LATE: Final = frozenset({"favorites", "retweets", "replies"})
RECORDED: Final = datetime(2015, 9, 15, tzinfo=UTC)
"""Before it, the hours of `LATE` were not recorded: they are answered as 0."""


@attrs.frozen(kw_only=True)
class Endpoint:
    """One of the three: what it takes, and for how many posts at once."""

    name: str
    most: int
    metrics: frozenset[str]
    levels: tuple[str, ...]
    keys: frozenset[str]

    @property
    def has_time(self) -> bool:
        """Whether its figures belong to hours; totals are of a whole life."""
        return HOUR in self.levels


_KEYS: Final = frozenset({"tweet_ids", "engagement_types", "groupings"})
_TIMED: Final = frozenset(COUNTS) - {QUOTES}

TOTALS: Final = Endpoint(
    name="totals",
    most=250,
    metrics=PUBLIC | AGEING,
    levels=(POST, TYPE),
    keys=_KEYS,
)
RECENT: Final = Endpoint(
    name="28hr", most=25, metrics=_TIMED, levels=(POST, TYPE, DAY, HOUR), keys=_KEYS
)
HISTORICAL: Final = Endpoint(
    name="historical",
    most=25,
    metrics=_TIMED,
    levels=(POST, TYPE, DAY, HOUR),
    keys=_KEYS | {"start", "end"},
)
ENDPOINTS: Final = (TOTALS, RECENT, HISTORICAL)
