"""What the streams show of the world: the truth that answers are held to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import Final

import attrs

from socialmetrics.sandbox.days import trim
from socialmetrics.sandbox.inbox import WorldMessage
from socialmetrics.sandbox.people import Account, Person
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.world import World

TWITTER: Final = ("HOME", "MENTION", "SENT", "RETWEETS_OF_ME")
FACEBOOK: Final = (
    "F_HOME_STREAM",
    "F_WALL",
    "F_PHOTOS",
    "F_VIDEOS",
    "F_EVENTS",
    "F_COMMENTS",
)
_FIRST: Final = 1_230_000
_MOST_KEPT: Final = 200
_MENTIONS: Final = ("mention", "quote")
_TYPES: Final = {"x": "TWITTER", "linkedin": "LINKEDIN"}


def network_id(account: Account) -> int:
    """The tool's id of a profile."""
    return _FIRST + account.index


def network_type(account: Account) -> str | None:
    """The tool's word for the kind of profile; None for what it does not know."""
    if account.network == "facebook":
        return "FACEBOOKPAGE" if account.handle else "FACEBOOK"
    return _TYPES.get(account.network)


@attrs.frozen
class Entry:
    """A message of a stream: `position` is what bounds are compared with."""

    id: str
    at: datetime
    text: str
    author: Account | Person
    position: int
    row: int


class Feeds:
    """The streams of every profile, oldest first, as they are at some time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[tuple[int, str, datetime], list[Entry]] = {}

    def feed(self, account: Account, kind: str, now: datetime) -> list[Entry]:
        """Everything in that stream, oldest first."""
        key = account.index, kind, now
        found = self._kept.get(key)
        if found is None:
            trim(self._kept, _MOST_KEPT)
            entries = self._entries(account, kind, now)
            found = sorted(entries, key=attrgetter("position", "row", "id"))
            self._kept[key] = found
        return found

    def _entries(self, account: Account, kind: str, now: datetime) -> Iterator[Entry]:
        posts, messages = self._posts(kind, account, now), self._received(account, now)
        for post in posts:
            yield _entry(post, post.account)
        for message in messages:
            assert message.author is not None  # noqa: S101 - received
            if message.kind in _HEARD.get(kind, ()):
                yield _entry(message, message.author)

    def _posts(self, kind: str, account: Account, now: datetime) -> Iterator[WorldPost]:
        if kind in ("MENTION", "F_COMMENTS", "F_EVENTS"):
            return
        everybody = kind in ("HOME", "F_HOME_STREAM")
        for post in self._world.posts:
            is_there = post.deleted_at is None or post.deleted_at > now
            is_mine = post.account == account
            if everybody:
                is_mine = post.account.network == account.network
            if post.created_at <= now and is_there and is_mine and _is_fit(post, kind):
                yield post

    def _received(self, account: Account, now: datetime) -> Iterator[WorldMessage]:
        for message in self._world.messages:
            is_mine = message.received and message.account == account
            if is_mine and message.created_at <= now:
                yield message


_HEARD: Final = {
    "HOME": _MENTIONS,
    "MENTION": _MENTIONS,
    "F_HOME_STREAM": ("review",),
    "F_WALL": ("review",),
    "F_COMMENTS": ("comment",),
}
_MEDIA: Final = {"F_PHOTOS": ("photo", "album"), "F_VIDEOS": ("video",)}


def _is_fit(post: WorldPost, kind: str) -> bool:
    if kind == "RETWEETS_OF_ME":
        return post.word % 3 == 0
    return kind not in _MEDIA or post.media in _MEDIA[kind]


def _entry(one: WorldPost | WorldMessage, author: Account | Person) -> Entry:
    is_tweet = one.ref.network == "x"
    second = int(one.created_at.timestamp())
    return Entry(
        id=one.ref.native_id,
        at=one.created_at,
        text=one.text,
        author=author,
        position=int(one.ref.native_id) if is_tweet else second,
        row=one.row,
    )
