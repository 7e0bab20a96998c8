"""Which posts there are, and when: one row a post, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import attrs
import numpy as np

from socialmetrics.sandbox.dice import Dice, Flags, Ints
from socialmetrics.sandbox.people import Account

KINDS: Final = ("original", "reply", "quote", "repost", "story")
MEDIA: Final = ("text", "photo", "video", "album", "link", "poll")
VISUAL: Final = tuple(map(MEDIA.index, ("photo", "video", "album")))
NEVER: Final = 1 << 40
HOUR: Final = 3600
DAY: Final = 86_400
RECENT: Final = 395 * DAY

_KIND_WEIGHTS: Final = {
    "x": (70, 14, 8, 8, 0),
    "threads": (80, 15, 5, 0, 0),
    "instagram": (75, 0, 0, 0, 25),
    "bluesky": (85, 15, 0, 0, 0),
}
_ONLY_ORIGINALS: Final = (1, 0, 0, 0, 0)
_MEDIA_WEIGHTS: Final = {
    "x": (30, 28, 14, 6, 18, 4),
    "facebook": (12, 34, 26, 10, 18, 0),
    "instagram": (0, 40, 42, 18, 0, 0),
    "linkedin": (20, 30, 14, 6, 24, 6),
    "youtube": (0, 0, 1, 0, 0, 0),
    "tiktok": (0, 0, 1, 0, 0, 0),
    "pinterest": (0, 1, 0, 0, 0, 0),
}
_ANY_MEDIA: Final = (50, 40, 0, 0, 10, 0)
_BOOSTABLE: Final = ("x", "facebook", "instagram", "linkedin", "tiktok")
_EDGES: Final = (
    "2024-02-29T00:00:00+00:00",
    "2024-02-29T23:59:59+00:00",
    "2024-03-10T09:59:59+00:00",
    "2024-03-10T10:00:00+00:00",
    "2024-11-03T08:30:00+00:00",
    "2024-11-03T09:30:00+00:00",
    "2025-03-09T07:59:59+00:00",
    "2025-03-09T10:00:00+00:00",
    "2025-11-02T06:59:59+00:00",
    "2025-11-02T07:00:00+00:00",
    "2025-12-31T23:59:59+00:00",
    "2026-01-01T00:00:00+00:00",
    "2026-01-31T00:00:00+00:00",
    "2026-01-31T23:59:59+00:00",
    "2026-03-08T07:59:59+00:00",
    "2026-03-08T10:00:00+00:00",
)


@attrs.frozen
class Timeline:
    """Posts in columns, oldest first. Times are seconds since 1970 (UTC).

    `kind` and `media` are positions in `KINDS` and `MEDIA`. `deleted` is `NEVER` for
    posts that still exist.
    """

    created: Ints
    account: Ints
    kind: Ints
    media: Ints
    boosted: Flags
    protected: Flags
    deleted: Ints

    def __len__(self) -> int:
        return len(self.created)

    @property
    def first_hour(self) -> Ints:
        """The hour (since 1970) in which each post was published."""
        return self.created // HOUR


def timeline(
    dice: Dice, accounts: Sequence[Account], span: tuple[int, int], *, count: int,
    burst: int,
) -> Timeline:  # fmt: skip
    """`count` posts (at least one an account) and `burst` more in one second."""
    shares = tuple(account.share for account in accounts)
    account = dice.weighted("post.account", count, shares)
    account[: len(accounts)] = np.arange(len(accounts))[:count]
    created = _created(dice, span, count)
    crowd = dice.below("burst.at", 1, RECENT // 2)[0]
    account = np.concatenate([account, np.zeros(burst, dtype=np.int64)])
    created = np.concatenate([created, np.full(burst, span[1] - RECENT // 4 - crowd)])
    order = np.lexsort((account, created))
    return _described(dice, accounts, created[order], account[order])


def _created(dice: Dice, span: tuple[int, int], count: int) -> Ints:
    start, now = span
    recent = dice.below("post.recent", count, 100) < 82
    far = start + dice.below("post.far", count, now - start)
    near = now - 1 - dice.below("post.near", count, RECENT)
    created = np.where(recent, near, far)
    _crowd(dice, created)
    edges = [at for at in map(_second, _EDGES) if at < now]
    held = min(count, len(edges))
    created[count - held :] = edges[:held]
    return created


def _crowd(dice: Dice, created: Ints) -> None:
    """Some seconds hold many posts: by 150 (of several accounts), and by pairs."""
    size = 150
    for block in range(len(created) // 2_000):
        begin = 500 + block * 1_900
        created[begin : begin + size] = created[begin]
    pairs = dice.below("post.pairs", len(created) // 20, max(1, len(created) - 1))
    created[pairs + 1] = created[pairs]


def _described(
    dice: Dice, accounts: Sequence[Account], created: Ints, account: Ints
) -> Timeline:
    count = len(created)
    network = np.array([one.network for one in accounts])[account]
    kind, media = np.zeros((2, count), dtype=np.int64)
    for name in dict.fromkeys(one.network for one in accounts):
        here = network == name
        kinds = _KIND_WEIGHTS.get(name, _ONLY_ORIGINALS)
        medias = _MEDIA_WEIGHTS.get(name, _ANY_MEDIA)
        kind[here] = dice.weighted("post.kind", count, kinds)[here]
        media[here] = dice.weighted("post.media", count, medias)[here]
    media[(kind == KINDS.index("story")) & (media == MEDIA.index("album"))] = 1
    boostable = np.isin(network, _BOOSTABLE) & np.isin(kind, (0, 2))
    gone = dice.below("post.gone", count, 100) < 2
    lived = HOUR * (1 + dice.below("post.lived", count, 400))
    return Timeline(
        created=created,
        account=account,
        kind=kind,
        media=media,
        boosted=boostable & (dice.below("post.boosted", count, 100) < 12),
        protected=(network == "x") & (dice.below("post.protected", count, 100) < 1),
        deleted=np.where(gone, created + lived, NEVER),
    )


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
