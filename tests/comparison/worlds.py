"""A small company, and what is true of it: counted from its world alone.

Nothing that is tested here has a part in it. `worlds_tools` has what tools show of it,
`worlds_truth` how far two of their figures must be apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.comparison.result import Basis, Name, Number, Row
from socialmetrics.model import Post, Profile, Ref
from socialmetrics.sandbox.measures import Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.posts import WorldPost
from socialmetrics.sandbox.world import World
from socialmetrics.window import midnight

Ints: TypeAlias = NDArray[np.int64]
Span: TypeAlias = tuple[datetime, datetime]

ONE_DAY: Final = timedelta(days=1)
ONE_HOUR: Final = timedelta(hours=1)
NOW: Final = datetime(2026, 3, 11, 6, tzinfo=UTC)
LIFE: Final = timedelta(days=31)
"""After that nothing happens to a post."""
MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "shares": ("reposts",),
    "engagements.public": ("likes", "comments", "reposts"),
    "engagements.vendor": ("engagements",),
}
"""What a canonical metric is in the world, where that has another name."""


def at(text: str) -> datetime:
    """That instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(first: date, last: date, tz: str = "UTC") -> Span:
    """Where these days begin and end in that zone."""
    return midnight(first, tz), midnight(last + ONE_DAY, tz)


def measures(metric: str) -> tuple[str, ...]:
    """The world's measures that a canonical metric is the sum of."""
    return MEASURES.get(metric, (metric,))


@attrs.frozen(kw_only=True)
class Company:
    """An account of a world. `lag`: by how many hours Hootsuite is late."""

    world: World
    account: Account
    lag: int = 0

    @property
    def network(self) -> str:
        return self.account.network

    @property
    def ref(self) -> Ref:
        return self.account.ref

    @property
    def profile(self) -> Profile:
        """The account, by the network's id."""
        native = self.ref.native_id
        return Profile(ref=self.ref, vendor_id=native, name=self.account.name)

    @cached_property
    def rows(self) -> Ints:
        """The rows of its posts in the world's timeline, oldest first."""
        return self.world.rows_of(self.account)

    def among(self, span: Span) -> Ints:
        """Those that were published in a span."""
        born = self.world.timeline.created[self.rows]
        first, last = (each.timestamp() for each in span)
        found: Ints = self.rows[(born >= first) & (born < last)]
        return found

    def post(self, row: int) -> WorldPost:
        return self.world.posts[int(row)]

    def refs(self, rows: Ints) -> list[Ref]:
        return [self.post(row).ref for row in rows.tolist()]

    def posts(self, rows: Ints | None = None) -> list[Post]:
        """The posts as a tool lists them."""
        chosen = self.rows if rows is None else rows
        return [
            Post(
                ref=each.ref,
                vendor_id=each.ref.native_id,
                created_at=each.created_at,
                profile=self.ref.native_id,
            )
            for each in map(self.post, chosen.tolist())
        ]

    def did(
        self,
        rows: Ints,
        metric: str,
        scope: Scope,
        start: datetime | None,
        end: datetime,
    ) -> int:
        """What these posts collected in [start, end): the truth, in full hours.

        Without a start: since they were published.
        """
        if not len(rows):
            return 0
        found = 0
        for measure in measures(metric):
            counts = self.world.post_totals(rows, measure, scope, end)
            if start is not None:
                before = self.world.post_totals(rows, measure, scope, min(start, end))
                counts = counts - before
            found += int(counts.sum())
        return found

    def is_gone(self, row: int, when: datetime) -> bool:
        """Whether X has no figures of a post then: not yet, deleted, or protected."""
        post = self.post(row)
        is_deleted = post.deleted_at is not None and post.deleted_at <= when
        return post.created_at > when or is_deleted or post.protected

    def there(self, rows: Ints, when: datetime) -> Ints:
        """Those of the posts that X tells of then."""
        kept = [not self.is_gone(row, when) for row in rows.tolist()]
        found: Ints = rows[np.array(kept, np.bool_)]
        return found


@lru_cache(maxsize=32)
def world(seed: int, scale: float = 0.05, now: datetime = NOW) -> World:
    """A small world, made once."""
    return World(seed, scale, burst=2, now=now)


def company(
    seed: int,
    network: str,
    *,
    scale: float = 0.05,
    lag: int = 0,
    which: int = 0,
    now: datetime = NOW,
) -> Company:
    """An account of that network in a small world."""
    found = world(seed, scale, now)
    accounts = [each for each in found.profiles if each.network == network]
    return Company(world=found, account=accounts[which % len(accounts)], lag=lag)


# -- what a row says -------------------------------------------------------------------


def told(row: Row, name: Name) -> list[Number]:
    """The amounts of the causes of that name, in order, but for those of nothing."""
    return [each.amount for each in row.causes if each.name == name and each.amount]


def adds_up(row: Row) -> bool:
    """Whether left, causes and the rest are the right figure, exactly."""
    if row.left is None or row.right is None:
        return row.unexplained is None and not row.causes
    assert row.unexplained is not None
    total: Number = row.left
    for each in row.causes:
        total += each.amount
    return total + row.unexplained == row.right


def is_bounded(row: Row) -> bool:
    """Whether the gap lies in what its causes leave open, all of them together."""
    assert row.gap is not None
    low = high = 0.0
    for each in row.causes:
        if each.basis == "computed":
            low, high = low + each.amount, high + each.amount
        else:
            low += -math.inf if each.low is None else each.low
            high += math.inf if each.high is None else each.high
    return low <= row.gap <= high


def opened(row: Row) -> dict[Name, Basis]:
    """The causes that were not computed, and what is known of them."""
    return {e.name: e.basis for e in row.causes if e.basis != "computed"}
