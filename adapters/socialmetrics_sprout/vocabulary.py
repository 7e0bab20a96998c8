"""Sprout's words for networks, in two vocabularies, and ours.

Both are open sets: what is not listed here is kept, in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# metadata's network_type; the words that were seen in real answers and in the docs.
_TYPES: Final[Mapping[str, str]] = {
    "twitter": "x",
    "twitter_profile": "x",
    "fb_page": "facebook",
    "fb_instagram_account": "instagram",
    "linkedin_company": "linkedin",
    "google_my_business": "google_business",
    "reddit_user": "reddit",
}
# `network` of posts, messages and listening.
_NETWORKS: Final[Mapping[str, str]] = {
    "TWITTER": "x",
    "WWW": "web",
    "GOOGLE_MY_BUSINESS": "google_business",
}
LISTENING: Final = (
    "INSTAGRAM",
    "YOUTUBE",
    "LINKEDIN",
    "FACEBOOK",
    "TUMBLR",
    "WWW",
    "TIKTOK",
    "BLUESKY",
)
"""What listening covers. X is never in it; Reddit only in figures (2026-05-12)."""

NO_MESSAGES: Final = frozenset(
    {"yelp", "reddit", "trustpilot", "tripadvisor", "glassdoor"}
)
"""Networks whose profiles make a whole messages request fail."""

NO_POSTS: Final = frozenset({"yelp", "trustpilot", "tripadvisor", "glassdoor"})
"""Networks of which analytics/posts has nothing."""


def of_type(network_type: str) -> str:
    """Our slug for metadata's network_type."""
    return _TYPES.get(network_type, network_type.lower())


def of_network(network: str) -> str:
    """Our slug for the network of a post or message."""
    return _NETWORKS.get(network, network.lower())


def native(guid: str) -> str:
    """The network's own id in a guid like "t:123"; some guids have no code."""
    code, colon, rest = guid.partition(":")
    return rest if colon and rest else code
