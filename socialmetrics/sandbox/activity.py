"""What happens to every post, hour by hour: exact, additive, computed when asked.

No hour is stored. The count of a post up to an hour is a whole number got from its
lifetime total and the shape of its curve; an hour is the difference of two such counts.
So hours, days, windows and lifetime totals agree by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import attrs
import numpy as np

from socialmetrics.sandbox.dice import Dice, Flags, Ints
from socialmetrics.sandbox.measures import MEASURES, PORTIONS, SUMS, Only, Scope
from socialmetrics.sandbox.people import Account
from socialmetrics.sandbox.timeline import HOUR, KINDS, MEDIA, VISUAL, Timeline

LIFE: Final = 720
"""Hours after which nothing more happens to a post (30 days)."""

_BITS: Final = 20
_ONE: Final = 1 << _BITS
_SHAPES: Final = 16


def _table(weights: Ints) -> Ints:
    """Shapes as sums from 0 to 2**20: a row a shape, a column an hour of life."""
    sums = np.concatenate(
        [np.zeros((len(weights), 1), dtype=np.int64), np.cumsum(weights, axis=1)],
        axis=1,
    )
    table: Ints = (sums * _ONE) // sums[:, -1:]
    return table


@lru_cache(maxsize=1)
def _organic_shapes() -> Ints:
    """Most in the first hours, then a lumpy tail that ends after 30 days."""
    hour = np.arange(LIFE, dtype=np.int64)
    lumps = Dice(0).below("lumps", _SHAPES * LIFE, 100).reshape(_SHAPES, LIFE) + 20
    speed = np.arange(_SHAPES, dtype=np.int64)[:, None] + 2
    fall = 1_000_000_000 // ((hour + speed) * (hour + speed))
    return _table(fall * lumps * (LIFE - hour) // LIFE)


@lru_cache(maxsize=1)
def _paid_shapes() -> Ints:
    """Even delivery during a campaign that begins hours after the post."""
    hour = np.arange(LIFE, dtype=np.int64)
    lumps = Dice(0).below("paid lumps", _SHAPES * LIFE, 60).reshape(_SHAPES, LIFE) + 40
    begin = 2 + 3 * np.arange(_SHAPES, dtype=np.int64)[:, None]
    runs = (hour >= begin) & (hour < begin + 72 + 6 * begin)
    return _table(lumps * runs)


@lru_cache(maxsize=1)
def _withdrawals() -> Ints:
    """When things are taken back: at two hours, after most of them had been given."""
    steps = np.zeros((4, LIFE + 1), dtype=np.int64)
    for row, (first, second) in enumerate(
        ((200, 420), (240, 300), (310, 500), (260, 700))
    ):
        steps[row, first:] = _ONE // 2
        steps[row, second:] = _ONE
    return steps


@attrs.frozen
class _Totals:
    """Per post: everything ever given, everything ever taken back, and rounding."""

    given: Ints
    taken: Ints
    phase: Ints


class Activity:
    """Counts of any measure for any posts, up to any hour."""

    def __init__(
        self, dice: Dice, posts: Timeline, accounts: Sequence[Account]
    ) -> None:
        self._dice = dice
        self._posts = posts
        self._networks = [account.network for account in accounts]
        self._reach = np.array([account.reach for account in accounts], dtype=np.int64)
        self._first = posts.first_hour
        # A deleted post collects until the hour in which it was deleted.
        self._end = np.clip(posts.deleted // HOUR - self._first, 0, LIFE)
        self._shape = dice.below("shape", len(posts), _SHAPES)
        self._kept: dict[tuple[str, Scope], _Totals] = {}

    def until(self, measure: str, scope: Scope, rows: Ints, hours: Ints) -> Ints:
        """What each of `rows` collected before its hour `hours` (since publication).

        `hours` has one row a post, in any further shape; hours outside of a post's
        life count as its beginning or end.
        """
        if measure in SUMS:
            return sum(
                (self.until(part, scope, rows, hours) for part in SUMS[measure]),
                start=np.zeros_like(hours),
            )
        if measure in PORTIONS:
            return self._portion(measure, scope, rows, hours)
        if scope == "total":
            organic = self.until(measure, "organic", rows, hours)
            return organic + self._paid(measure, rows, hours)
        return self._curve(measure, scope, rows, hours)

    def before(self, measure: str, scope: Scope, rows: Ints, hour: int) -> Ints:
        """What each of `rows` collected before that hour (since 1970)."""
        return self.until(measure, scope, rows, hour - self._first[rows])

    def _portion(self, measure: str, scope: Scope, rows: Ints, hours: Ints) -> Ints:
        portion = PORTIONS[measure]
        if scope == "total":
            # Cut organic and paid apart first, so that the two still add up to all.
            organic = self._portion(measure, "organic", rows, hours)
            return organic + self._portion(measure, "paid", rows, hours)
        whole = self.until(portion.whole, scope, rows, hours)
        part = whole * portion.num // portion.den
        return whole - part if portion.rest else part

    def _paid(self, measure: str, rows: Ints, hours: Ints) -> Ints:
        counts = np.zeros_like(hours)
        boosted = self._posts.boosted[rows]
        counts[boosted] = self._curve(measure, "paid", rows[boosted], hours[boosted])
        return counts

    def _curve(self, measure: str, scope: Scope, rows: Ints, hours: Ints) -> Ints:
        totals = self._totals(measure, scope)
        shapes = _paid_shapes() if scope == "paid" else _organic_shapes()
        wide = (slice(None), *(None,) * (hours.ndim - 1))
        at = np.clip(hours, 0, self._end[rows][wide])
        given = totals.given[rows][wide] * shapes[self._shape[rows][wide], at]
        counts: Ints = (given + totals.phase[rows][wide]) >> _BITS
        if MEASURES[measure].net:
            steps = _withdrawals()[self._shape[rows][wide] % 4, at]
            counts -= (totals.taken[rows][wide] * steps) >> _BITS
        return counts

    def _totals(self, measure: str, scope: Scope) -> _Totals:
        found = self._kept.get((measure, scope))
        if found is None:
            found = self._kept[measure, scope] = self._draw(measure, scope)
        return found

    def _draw(self, measure: str, scope: Scope) -> _Totals:
        count, stream = len(self._posts), f"{measure}.{scope}"
        given = (
            self._seen(scope)
            if measure == "impressions"
            else self._made(measure, scope)
        )
        many = self._dice.below(f"{stream}.taken", count, 4) == 0
        return _Totals(
            given=given,
            taken=np.where(many, given // 12, 0),
            phase=self._dice.below(f"{stream}.phase", count, _ONE),
        )

    def _seen(self, scope: Scope) -> Ints:
        count = len(self._posts)
        luck = self._dice.below("luck", count, 256)
        organic = (
            self._reach[self._posts.account] * (9_000 // (luck + 3)) // 4 + luck % 11
        )
        quiet = np.isin(self._posts.kind, (KINDS.index("reply"), KINDS.index("repost")))
        organic = np.where(quiet, organic // 9, organic)
        if scope == "organic":
            return organic
        lift = self._dice.below("lift", count, 40)
        return np.where(self._posts.boosted, organic * (10 + lift) // 10 + 200, 0)

    def _made(self, measure: str, scope: Scope) -> Ints:
        count, stream = len(self._posts), f"{measure}.{scope}"
        seen = self._totals("impressions", scope).given
        rates = np.array([MEASURES[measure].rate(name) for name in self._networks])
        noise = 64 + self._dice.below(f"{stream}.noise", count, 128)
        exact = seen * rates[self._posts.account] * noise // 128
        chance = self._dice.below(f"{stream}.chance", count, 1_000_000)
        counts = (exact + np.where(exact > 0, chance, 0)) // 1_000_000
        return np.where(self._can(MEASURES[measure].only), counts, 0)

    def _can(self, only: Only) -> Flags:
        posts = self._posts
        story: Flags = posts.kind == KINDS.index("story")
        tests: dict[Only, Flags] = {
            "any": np.ones(len(posts), dtype=np.bool_),
            "feed": ~story,
            "video": posts.media == MEDIA.index("video"),
            "visual": np.isin(posts.media, VISUAL),
            "story": story,
            "poll": posts.media == MEDIA.index("poll"),
        }
        return tests[only]
