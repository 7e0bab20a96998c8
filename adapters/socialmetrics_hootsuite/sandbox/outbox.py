"""The messages of the service: what was sent with it, and what is to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import attrs

from socialmetrics.model import Ref
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.world import World
from socialmetrics_hootsuite.sandbox.orders import Order
from socialmetrics_hootsuite.sandbox.profiles import SocialProfile

OLDEST_ID: Final = 4_000_000_000
FIRST_ID: Final = 4_950_332_802
_FIRST_POST: Final = 940_618_833_391_472_640
_EMPTY: Final = Order()


@attrs.define
class Action:
    """One line of a message's history."""

    actor: str
    actor_id: str | None
    kind: str
    at: datetime


@attrs.define(eq=False, kw_only=True)
class Message:
    """One message to one profile.

    `at` is when it goes out; None as long as a send-now message awaits approval.
    `made_at` is when it was ordered; `is_new` whether through this API. `steps` are the
    approvals that are still missing, `sequence` the current one; None if it never
    needed any; `reviewer` is the member who gives them. `hidden` counts the looks that
    do not find it yet.
    """

    id: str
    profile: SocialProfile
    text: str
    at: datetime | None
    made_at: datetime
    member: str | None
    order: Order = _EMPTY
    post_id: str
    is_new: bool = True
    is_now: bool = False
    fails: bool = False
    steps: int = 0
    sequence: int | None = None
    reviewer: str | None = None
    reason: str | None = None
    deleted_at: datetime | None = None
    hidden: int = 0
    actions: list[Action] = attrs.field(factory=list[Action])

    @property
    def key(self) -> tuple[int, int]:
        """Its place in lists: by time, then by id."""
        moment = self.made_at if self.at is None else self.at
        return int(moment.timestamp() * 1000), int(self.id)


class Outbox:
    """Every message by its id. What is new is counted, so that doubles show."""

    def __init__(
        self, world: World, profiles: Mapping[str, SocialProfile],
        now: Callable[[], datetime], submit_seconds: int,
    ) -> None:  # fmt: skip
        self._world, self._profiles, self._now = world, profiles, now
        self._submitting = timedelta(seconds=submit_seconds)
        self.made: list[Message] = []
        self._new: dict[str, Message] = {}

    @cached_property
    def archive(self) -> dict[str, Message]:
        """What was sent with the tool before: posts of the world that a user sent."""
        owners = {one.account.ref: one for one in self._profiles.values()}
        found = (_archived(post, owners) for post in self._world.posts if post.user)
        return {one.id: one for one in found if one is not None}

    def next_number(self) -> int:
        """How many messages were made before the next one."""
        return len(self.made)

    def add(self, message: Message) -> None:
        """Takes a new message in."""
        self.made.append(message)
        self._new[message.id] = message

    def find(self, number: str) -> Message | None:
        """The message of that id that there is by now, deleted ones included."""
        found = self._new.get(number) or self.archive.get(number)
        return None if found is None or found.made_at > self._now() else found

    def all(self) -> Iterator[Message]:
        """Every message that is there now, in no order."""
        now = self._now()
        yield from (one for one in self.archive.values() if one.made_at <= now)
        yield from (one for one in self.made if one.deleted_at is None)

    def copies(self, text: str, profile: str | None = None) -> list[Message]:
        """What was made through this API with that text, deleted ones included."""
        return [
            one
            for one in self.made
            if one.text == text and profile in (None, one.profile.id)
        ]

    def scheduled(self) -> int:
        """How many messages wait for their time."""
        return sum(self.state(one) == "SCHEDULED" for one in self.made)

    def state(self, message: Message) -> str:
        """The state of a message at the service's time."""
        if message.deleted_at is not None:
            return "DELETED"
        if message.reason is not None:
            return "REJECTED"
        now, at = self._now(), message.at
        if message.steps:
            is_late = at is not None and at <= now
            return "EXPIRED_APPROVAL" if is_late else "PENDING_APPROVAL"
        return self._sending(message, now, message.made_at if at is None else at)

    def _sending(self, message: Message, now: datetime, at: datetime) -> str:
        if at > now:
            return "SCHEDULED"
        if message.is_new and now < at + self._submitting:
            return "SUBMITTED"
        return "SEND_FAILED_PERMANENTLY" if message.fails else "SENT"


def post_id(profile: SocialProfile, number: int) -> str:
    """The network's id of what is published, in that network's fashion."""
    network, digits = profile.account.network, _FIRST_POST + number * 4_099
    if network == "facebook":
        return f"{profile.native_id}_{digits}"
    return f"urn:li:share:{digits}" if network == "linkedin" else str(digits)


def _archived(post: WorldPost, owners: Mapping[Ref, SocialProfile]) -> Message | None:
    """The message by which that post was sent; only what the tool can send."""
    profile = owners.get(post.account.ref)
    if profile is None or post.kind != "original":
        return None
    assert post.user  # noqa: S101 - asked before
    tags = [tag.text for tag in post.tags] or None
    return Message(
        id=str(OLDEST_ID + post.row),
        profile=profile,
        text=post.text,
        at=post.created_at,
        made_at=post.created_at,
        member=str(post.user.id),
        order=Order(tags=tags) if profile.owner == "ORGANIZATION" else _EMPTY,
        post_id=post.ref.native_id,
        is_new=False,
    )


def within(
    messages: Iterable[Message], start: datetime, end: datetime
) -> Iterator[Message]:
    """Those that go out from `start` to `end`, both included."""
    for one in messages:
        if one.at is not None and start <= one.at <= end:
            yield one
