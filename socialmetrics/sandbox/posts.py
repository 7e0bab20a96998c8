"""One post of the simulated world, as an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import attrs

from socialmetrics.model import Ref
from socialmetrics.sandbox.cast import TAGS, USERS
from socialmetrics.sandbox.dice import Dice, listed
from socialmetrics.sandbox.people import Account, Tag, User
from socialmetrics.sandbox.texts import hashtags, text
from socialmetrics.sandbox.timeline import KINDS, MEDIA, NEVER, Timeline

SNOWFLAKE_EPOCH: Final = 1_288_834_974_657
_BASE32: Final = "234567abcdefghijklmnopqrstuvwxyz"
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@attrs.frozen(kw_only=True)
class WorldPost:
    """A post: who, when, what, and its place in the columns (`row`).

    Times are aware, in UTC, whole seconds. `deleted_at` is None while it exists.
    `user` is the colleague who sent it with a tool, None when it was written on the
    network itself. `word` is 64 bits of chance that belong to this post.
    """

    row: int
    ref: Ref
    account: Account
    created_at: datetime
    kind: str
    media: str
    text: str
    hashtags: tuple[str, ...]
    link: str | None
    boosted: bool
    protected: bool
    deleted_at: datetime | None
    tags: tuple[Tag, ...]
    user: User | None
    word: int


def moment(second: int) -> datetime:
    """That second since 1970 as an aware datetime."""
    return datetime.fromtimestamp(second, UTC)


def posts(
    dice: Dice, table: Timeline, accounts: Sequence[Account]
) -> Iterator[WorldPost]:
    """Every row of the timeline as an object, oldest first."""
    rows = _rows(table, listed(dice.words("post.word", len(table))))
    for row, (word, second, who, kind, media, gone) in enumerate(rows):
        account = accounts[who]
        yield WorldPost(
            row=row,
            ref=Ref(account.network, native_id(account, second, row, word)),
            account=account,
            created_at=moment(second),
            kind=KINDS[kind],
            media=MEDIA[media],
            text=text(word, row),
            hashtags=hashtags(word),
            link=f"https://shop.example/p/{row}" if MEDIA[media] == "link" else None,
            boosted=bool(table.boosted[row]),
            protected=bool(table.protected[row]),
            deleted_at=None if gone >= NEVER else moment(gone),
            tags=tags(word),
            user=USERS[(word >> 40) % len(USERS)] if (word >> 50) % 4 else None,
            word=word,
        )


def _rows(table: Timeline, words: list[int]) -> Iterable[tuple[int, ...]]:
    columns = (table.created, table.account, table.kind, table.media, table.deleted)
    return zip(words, *map(listed, columns), strict=True)


def tags(word: int) -> tuple[Tag, ...]:
    """No, one or two tags."""
    first, second = (word >> 20) % 16, (word >> 26) % 40
    picked = {TAGS[n].id: TAGS[n] for n in (first, second) if n < len(TAGS)}
    return tuple(picked[tag_id] for tag_id in sorted(picked))


def snowflake(second: int, row: int, word: int) -> int:
    """An id that carries its time: milliseconds of that second, and unique low bits."""
    millisecond = second * 1000 + (word >> 33) % 1000
    # An odd factor makes the low bits look random, and keeps them unique by row.
    return ((millisecond - SNOWFLAKE_EPOCH) << 22) | (row * 2_654_435_761 & 0x3FFFFF)


def native_id(account: Account, second: int, row: int, word: int) -> str:
    """The network's own id of a post, in that network's fashion."""
    network, number = account.network, snowflake(second, row, word)
    if network == "facebook":
        return f"{account.ref.native_id}_{122_000_000_000 + row}"
    if network == "linkedin":
        return f"urn:li:share:{number}"
    if network == "youtube":
        return _spelled(number ^ 0x5A5A5A5A5A, _BASE64, 11)
    if network == "bluesky":
        return _spelled(number, _BASE32, 13)
    if network in ("instagram", "threads"):
        return str(17_800_000_000_000_000 + row * 1_000_003)
    return str(number)


def _spelled(number: int, alphabet: str, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        letters = alphabet[digit] + letters
    return letters
