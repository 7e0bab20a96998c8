"""What an answer complains of, beside its figures or instead of them.

The texts have changed over the years and come in several wordings, so they are found
by pattern, whatever the case; a text that nobody knows is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeGuard

import attrs

UNAVAILABLE: Final = "unavailable_tweet_ids"
TOO_OLD: Final = "unsupported_for_impressions_engagements_tweet_ids"
TOO_OLD_FOR_VIDEO: Final = "unsupported_for_video_views_tweet_ids"
NOT_MEASURED: Final = {
    TOO_OLD: ("impressions", "engagements"),
    TOO_OLD_FOR_VIDEO: ("video_views",),
}
"""Metrics that the API does not measure for the posts in a list, and may send as 0."""
LISTS: Final = re.compile(r"unsupported_for_\w+|\w+_tweet_ids")
"""Root keys of the API that list posts; new ones are expected to look like the old."""

_FORBIDDEN_POSTS: Final = re.compile(
    r"forbidden to access tweets(?: for author id (?P<author>\d+))?\s*:(?P<ids>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FOREIGN: Final = re.compile(r"forbidden to access tweets", re.IGNORECASE)
_FORBIDDEN_METRICS: Final = re.compile(
    r"forbidden to access metrics\s*:(?P<names>.*)", re.IGNORECASE | re.DOTALL
)
_LIMITED: Final = re.compile(r"rate limit", re.IGNORECASE)
_GONE: Final = re.compile(r"tweet id\(s\) are unavailable", re.IGNORECASE)
_AGED: Final = re.compile(r"older than \d+ days", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Foreign:
    """Posts of somebody else; `author` is the owner's user id, where it is told."""

    ids: tuple[str, ...]
    author: str | None = None


@attrs.frozen(kw_only=True)
class Complaints:
    """Everything that an answer complains of.

    `texts` are its words, `others` those of them without a rule of their own. `listed`
    are the API's lists of posts by their root keys. `metrics` are those that the app
    may not see. `is_unavailable` tells that some posts are gone.
    """

    texts: tuple[str, ...] = ()
    listed: Mapping[str, frozenset[str]] = attrs.field(
        factory=dict[str, frozenset[str]]
    )
    foreign: tuple[Foreign, ...] = ()
    metrics: tuple[str, ...] = ()
    is_limited: bool = False
    is_unavailable: bool = False
    others: tuple[str, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether posts are somebody else's; which ones may be unreadable."""
        return bool(self.foreign) or any(map(_FOREIGN.search, self.texts))

    @property
    def foreign_ids(self) -> frozenset[str]:
        """The posts that it names as somebody else's."""
        return frozenset(each for one in self.foreign for each in one.ids)

    def ids(self, key: str) -> frozenset[str]:
        """The posts in that list; none where the list is absent."""
        return self.listed.get(key, frozenset())


def complaints(errors: Iterable[object], lists: Mapping[str, list[Any]]) -> Complaints:
    """What the root's `errors` and lists of posts say."""
    texts = [_text(error) for error in errors]
    posts = [found for text in texts if (found := _FORBIDDEN_POSTS.search(text))]
    names = [found for text in texts if (found := _FORBIDDEN_METRICS.search(text))]
    return Complaints(
        texts=tuple(texts),
        listed={key: frozenset(map(str, ids)) for key, ids in lists.items()},
        foreign=tuple(
            Foreign(ids=_listed(found["ids"]), author=found["author"])
            for found in posts
        ),
        metrics=tuple(name for found in names for name in _listed(found["names"])),
        is_limited=any(_LIMITED.search(text) for text in texts),
        is_unavailable=any(_GONE.search(text) for text in texts),
        others=tuple(text for text in texts if not _is_understood(text)),
    )


def _text(error: object) -> str:
    """Gateways send objects with a code where the API sends text."""
    if not _is_object(error):
        return str(error)
    code, message = error.get("code"), error.get("message", error)
    return str(message) if code is None else f"{message} (code {code})"


def _is_object(error: object) -> TypeGuard[dict[str, object]]:
    return isinstance(error, dict)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_understood(text: str) -> bool:
    rules = (_FORBIDDEN_POSTS, _FORBIDDEN_METRICS, _LIMITED, _GONE, _AGED)
    return any(rule.search(text) for rule in rules)
