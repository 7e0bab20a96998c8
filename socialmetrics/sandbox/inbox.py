"""What people write to the profiles, what the profiles answer, and the cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from socialmetrics.model import Ref
from socialmetrics.sandbox.cast import QUEUES, USERS
from socialmetrics.sandbox.dice import Dice, listed
from socialmetrics.sandbox.people import Account, Person, Queue, Tag, User
from socialmetrics.sandbox.posts import moment, snowflake, tags
from socialmetrics.sandbox.texts import hashtags, text

LANGUAGES: Final = ("en", "de", "ar", "he", "ja", "es", None)
ACTIONS: Final = ("reply", "tag", "complete", "like")
_SPAN: Final = 395 * 86_400
_KINDS: Final = {
    "x": ("mention", "mention", "direct", "quote"),
    "facebook": ("comment", "comment", "direct", "review"),
    "instagram": ("comment", "direct", "mention", "story_mention"),
    "linkedin": ("comment",),
    "youtube": ("comment",),
    "tiktok": ("comment",),
    "threads": ("comment",),
    "bluesky": ("comment",),
    "google_business": ("review",),
}


@attrs.frozen(kw_only=True)
class Action:
    """Something that a colleague did to a message, first of its kind."""

    name: str
    user: User
    at: datetime


@attrs.frozen(kw_only=True)
class WorldMessage:
    """A message in an inbox. `author` is None when the profile itself wrote it.

    `kind` is comment, mention, quote, direct, story_mention or review; `rating` is
    1 .. 5 on reviews. `language` is None when nobody could tell. `word` is 64 bits of
    chance that belong to it.
    """

    row: int
    ref: Ref
    account: Account
    created_at: datetime
    kind: str
    author: Person | None
    text: str
    hashtags: tuple[str, ...]
    language: str | None
    tags: tuple[Tag, ...]
    user: User | None
    actions: tuple[Action, ...]
    rating: int | None
    word: int

    @property
    def received(self) -> bool:
        """Whether somebody else wrote it."""
        return self.author is not None


def messages(
    dice: Dice, accounts: Sequence[Account], now: datetime, count: int
) -> Iterator[WorldMessage]:
    """`count` messages of the last 13 months, oldest first; none on other networks."""
    able = [account for account in accounts if account.network in _KINDS]
    owners = dice.weighted("inbox.account", count, tuple(one.share for one in able))
    seconds = int(now.timestamp()) - 1 - dice.below("inbox.created", count, _SPAN)
    # Some seconds hold a handful of messages.
    seconds[: count // 20] = seconds[:1]
    seconds.sort()
    words = listed(dice.words("inbox.word", count))
    lines = zip(words, listed(owners), listed(seconds), strict=True)
    for row, (word, owner, second) in enumerate(lines):
        yield _message(row, word, able[owner], second)


def _message(row: int, word: int, account: Account, second: int) -> WorldMessage:
    kinds = _KINDS[account.network]
    received = word % 10 < 7
    kind = kinds[(word >> 5) % len(kinds)]
    native = str(snowflake(second, row, word))
    return WorldMessage(
        row=row,
        ref=Ref(account.network, native),
        account=account,
        created_at=moment(second),
        kind=kind,
        author=person(account.network, (word >> 12) % 900) if received else None,
        text=text(word, row),
        hashtags=hashtags(word),
        language=LANGUAGES[(word >> 9) % len(LANGUAGES)],
        tags=tags(word),
        user=None if received else USERS[(word >> 40) % len(USERS)],
        actions=_actions(word, second) if received else (),
        rating=1 + (word >> 44) % 5 if kind == "review" and received else None,
        word=word,
    )


def person(network: str, number: int) -> Person:
    """The stranger of that number on that network."""
    return Person(
        network=network,
        number=number,
        name=f"Person {number}",
        handle=f"person_{number}",
        followers=number * number % 5_003,
    )


def _actions(word: int, second: int) -> tuple[Action, ...]:
    done: list[Action] = []
    for place, name in enumerate(ACTIONS):
        chance = (word >> (16 + 4 * place)) % 64
        if chance < 24:
            at = moment(second + 60 * (1 + chance * chance))
            done.append(Action(name=name, user=USERS[chance % len(USERS)], at=at))
    return tuple(done)


@attrs.frozen(kw_only=True)
class WorldCase:
    """A piece of work opened for a message. `assigned` is who should do it."""

    row: int
    id: str
    message: WorldMessage
    kind: str
    priority: str
    status: str
    queue: Queue
    assigned: User
    opened_by: User
    created_at: datetime
    updated_at: datetime
    active_at: datetime
    closed_at: datetime | None


_CASE_KINDS: Final = ("GENERAL", "SUPPORT", "LEAD", "QUESTION", "FEEDBACK")
_PRIORITIES: Final = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "UNDEFINED")
_STATES: Final = ("OPEN", "ON_HOLD", "CLOSED")


def cases(inbox: Sequence[WorldMessage], now: datetime) -> Iterator[WorldCase]:
    """Every seventh received message that was answered has a case."""
    answered = [one for one in inbox if one.actions]
    for number, one in enumerate(answered[::7]):
        word = one.word
        created = min(one.created_at + timedelta(minutes=5), now)
        updated = min(created + timedelta(minutes=(word >> 7) % 9_000), now)
        status = _STATES[(word >> 21) % 3]
        yield WorldCase(
            row=number,
            id=str(19_500_000 + number),
            message=one,
            kind=_CASE_KINDS[(word >> 11) % 5],
            priority=_PRIORITIES[(word >> 15) % 5],
            status=status,
            queue=QUEUES[(word >> 19) % len(QUEUES)],
            assigned=USERS[(word >> 23) % len(USERS)],
            opened_by=USERS[(word >> 27) % len(USERS)],
            created_at=created,
            updated_at=updated,
            active_at=min(updated + timedelta(minutes=(word >> 31) % 600), now),
            closed_at=updated if status == "CLOSED" else None,
        )
