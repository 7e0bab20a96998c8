"""Which of the posts that were asked for there are, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import attrs

from socialmetrics.sandbox.posts import WorldPost
from socialmetrics_x.sandbox.keys import user_id
from socialmetrics_x.sandbox.refusal import BAD_REQUEST, FORBIDDEN, Refusal
from socialmetrics_x.sandbox.truth import Lens

UNAVAILABLE: Final = "unavailable_tweet_ids"
COUNTED: Final = timedelta(days=90)
WATCHED: Final = timedelta(days=1800)

Lists = dict[str, list[str]]


@attrs.frozen(kw_only=True)
class Found:
    """Posts, ids ascending; and the ids that belong to none, in the order asked."""

    posts: Sequence[WorldPost]
    missing: Sequence[str]
    now: datetime

    @property
    def ids(self) -> list[str]:
        """The ids of the posts."""
        return [post.ref.native_id for post in self.posts]

    def older(self, age: timedelta) -> list[str]:
        """The ids of the posts that are older than that."""
        old = [post for post in self.posts if self.now - post.created_at > age]
        return [post.ref.native_id for post in old]


def found(lens: Lens, ids: Iterable[int], now: datetime) -> Found:
    """Sorts the ids: into posts, and what is deleted, protected or nobody's."""
    asked = {number: lens.posts.get(number) for number in ids}
    there = {
        number: post
        for number, post in asked.items()
        if post is not None and is_available(post, now)
    }
    return Found(
        posts=[there[number] for number in sorted(there)],
        missing=[str(number) for number in asked if number not in there],
        now=now,
    )


def is_available(post: WorldPost, at: datetime) -> bool:
    """Whether anybody gets figures of that post at that time."""
    is_gone = post.deleted_at is not None and post.deleted_at <= at
    return post.created_at <= at and not is_gone and not post.protected


def check_owner(
    posts: Sequence[WorldPost], owner: str, wording: Literal["tweets", "author"]
) -> None:
    """Refuses the whole request when a single post is somebody else's."""
    foreign: dict[str, list[str]] = {}
    for post in posts:
        author = user_id(post.account)
        if author != owner:
            foreign.setdefault(author, []).append(post.ref.native_id)
    if not foreign:
        return
    text = "Forbidden to access tweets"
    if wording == "tweets":
        ids = [one for several in foreign.values() for one in several]
        raise Refusal(FORBIDDEN, f"{text}: {', '.join(ids)}")
    entries = [
        f"{text} for author id {author}: {', '.join(ids)}"
        for author, ids in foreign.items()
    ]
    raise Refusal(FORBIDDEN, *entries)


def check_some(there: Found) -> None:
    """Refuses the request when there is none of its posts."""
    if not there.posts:
        raise Refusal(BAD_REQUEST, *unavailable(there), lists=lists(there))


def unavailable(there: Found) -> list[str]:
    """What is complained of ids that belong to nothing."""
    count = len(there.missing)
    return [f"{count} Tweet ID(s) are unavailable"] if count else []


def lists(there: Found) -> Lists:
    """The same as a list of the answer; none where nothing is missing."""
    return {UNAVAILABLE: list(there.missing)} if there.missing else {}
