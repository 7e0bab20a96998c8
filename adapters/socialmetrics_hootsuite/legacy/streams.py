"""The vendor's streams: ten kinds, each of one network, and what they are good for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from socialmetrics.errors import InvalidQuery
from socialmetrics.model import Profile

TWITTER: Final = ("HOME", "MENTION", "SENT", "RETWEETS_OF_ME")
FACEBOOK: Final = (
    "F_HOME_STREAM",
    "F_WALL",
    "F_PHOTOS",
    "F_VIDEOS",
    "F_EVENTS",
    "F_COMMENTS",
)
BY_NETWORK: Final[Mapping[str, tuple[str, ...]]] = {"x": TWITTER, "facebook": FACEBOOK}
INBOUND: Final[Mapping[str, tuple[str, ...]]] = {
    "x": ("MENTION",),
    "facebook": ("F_WALL", "F_COMMENTS"),
}
"""What people write to a profile: read unless streams are named."""
SENT: Final = "SENT"
MOST: Final = 5
"""Streams that one call may name."""
COUNT: Final = 30
"""Messages that a stream shows at a time."""
_DIGITS: Final = 20


@attrs.frozen
class VendorStream:
    """One kind of stream of one profile; `profile` is Hootsuite's id, digits.

    `handle` is the profile's, where it is known.
    """

    profile: str
    kind: str
    handle: str | None = None

    @property
    def has_ids(self) -> bool:
        """Whether its bounds are message ids (X); else they are seconds (Facebook)."""
        return self.kind in TWITTER

    @property
    def mark(self) -> tuple[str, str]:
        """By what the vendor's answers tell it from others."""
        return self.profile, self.kind

    def __str__(self) -> str:
        return f"{self.kind} of {self.profile}"


def stream(profile: Profile, kind: str) -> VendorStream:
    """That stream of that profile. Raises `InvalidQuery` where it has none such."""
    offered = BY_NETWORK.get(profile.ref.network, ())
    if kind not in offered:
        raise InvalidQuery(
            f"{profile.name} ({profile.ref.network}) has no stream {kind!r}; it has "
            f"{', '.join(offered) or 'none'}"
        )
    return VendorStream(number(profile), kind, profile.handle)


def number(profile: Profile) -> str:
    """The profile's id at Hootsuite, digits. Raises `InvalidQuery` for other text."""
    told = profile.vendor_id
    if not (told.isascii() and told.isdecimal()) or len(told) > _DIGITS:
        raise InvalidQuery(
            f"{profile.name} has the id {told!r}, which is none of Hootsuite's: they "
            "are digits; give one of client.profiles()"
        )
    return told
