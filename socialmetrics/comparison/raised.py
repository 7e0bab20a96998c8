"""Gaps between figures of accounts, one side of which is made of posts: row by row.

What every post did, hour by hour, tells which part of a gap lies in older posts, in
what came after the window, in posts that only one side has, and in when it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs
import numpy as np

from socialmetrics.comparison.chain import BOUNDED, COMPUTED, UNKNOWN, Shift
from socialmetrics.comparison.direct import Common, Pair, amount
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.lifting import read_at
from socialmetrics.comparison.overlays import Half
from socialmetrics.comparison.pool import Kind, Pool
from socialmetrics.comparison.result import NAMES, Name
from socialmetrics.comparison.terms import Terms
from socialmetrics.series.columns import (
    HAS_VALUE,
    NONE,
    Columns,
    Instants,
    Rows,
    Values,
    ints,
)


@attrs.frozen(kw_only=True)
class Amount:
    """A cause of one gap: what is known of it, and of how many posts it is not."""

    name: Name
    text: str
    value: float
    unknown: int = 0
    low: float | None = None
    high: float | None = None


@attrs.frozen(kw_only=True, eq=False)
class Listing:
    """The posts of one side: their figures in common terms, and when they were read."""

    pool: Pool
    columns: Columns
    common: Common

    @cached_property
    def _terms(self) -> Terms:
        return Terms(self.columns, self.columns.subject.astype(np.int64))

    @cached_property
    def _read(self) -> Instants:
        latest = np.full(len(self.columns.subjects), NONE, np.int64)
        valued = HAS_VALUE[self.columns.status]
        np.maximum.at(
            latest, self.columns.subject[valued], read_at(self.columns)[valued]
        )
        return latest

    def posts(self, owner: int, span: tuple[int, int] | None) -> Rows:
        """Posts of that owner that have figures; with `span`, published in it."""
        columns = self.columns
        mine = (self.pool.owner[columns.subject] == owner) & HAS_VALUE[columns.status]
        if span is not None:
            mine &= (columns.start >= span[0]) & (columns.start < span[1])
        return np.unique(columns.subject[mine]).astype(np.intp)

    def values(self, posts: Rows) -> Values:
        """The lifetime figures of these posts; NaN where there is none."""
        metrics = self.common.metrics or ()
        return self._terms.total(metrics, self.common.scope, posts.astype(np.int64))

    def read(self, posts: Rows) -> Instants:
        """When the figures of these posts were read."""
        found: Instants = self._read[posts]
        return found


@attrs.frozen(kw_only=True, eq=False)
class Ground:
    """Everything that is known about the posts behind two sides."""

    pool: Pool
    proof: Evidence
    common: Common
    sides: tuple[int, int]
    kinds: tuple[Kind, Kind]
    pair: Pair

    def shifts(self) -> list[Shift]:
        """The causes of every row, in order."""
        found = [list(self._amounts(row)) for row in range(len(self.pair.left.rows))]
        texts = dict.fromkeys((a.text, a.name) for each in found for a in each)
        return [
            _gathered(name, text, found)
            for name in NAMES
            for text, its in texts
            if its == name
        ]

    def _amounts(self, row: int) -> Iterator[Amount]:
        left, right = self.pair.left, self.pair.right
        if np.isnan(left.value[row]) or np.isnan(right.value[row]):
            return
        if left.lasts and right.lasts:
            yield from self._between_listings(row)
        elif right.lasts:
            yield from self._to_listing(row)
        elif left.lasts:
            yield from self._from_listing(row)
        else:
            yield from self._between_windows(row)

    @cached_property
    def _left_list(self) -> Listing:
        return self._listing(0)

    @cached_property
    def _right_list(self) -> Listing:
        return self._listing(1)

    def _listing(self, at: int) -> Listing:
        columns = self.pool.figures(self.sides[at], self.kinds[at], parts=True)
        return Listing(pool=self.pool, columns=columns, common=self.common)

    @cached_property
    def _tracked(self) -> Rows:
        """Every post of which it is known what it did hour by hour."""
        metrics, scope = self.common.metrics or (), self.common.scope
        found: list[set[int]] = []
        for metric in metrics:
            tracks = self.proof.of(metric, scope)
            found.append({post for track in tracks for post in ints(track.posts)})
        shared = set[int]().union(*found[:1]).intersection(*found[1:])
        return np.array(sorted(shared), np.intp)

    def _of(self, owner: int) -> Rows:
        found: Rows = self._tracked[self.pool.owner[self._tracked] == owner]
        return found

    def _born(self, posts: Rows) -> Instants:
        born = self.pool.created[posts]
        if not (born == NONE).any() or self.common.metrics is None:
            return born
        for track in self.proof.of(self.common.metrics[0], self.common.scope):
            first = np.searchsorted(track.subject, posts, "left")
            begin = track.start[np.clip(first, 0, len(track.start) - 1)]
            born = np.where(born == NONE, begin, born)
        return born

    def _did(self, posts: Rows, start: Instants | int, end: Instants | int) -> Values:
        """What these posts collected in [start, end); NaN where nobody can tell."""
        born = self._born(posts)
        begin = np.broadcast_to(np.asarray(start, np.int64), posts.shape)
        until = np.broadcast_to(np.asarray(end, np.int64), posts.shape)
        begin = np.maximum(begin, born)
        return amount(
            self.common, self.proof, posts, (begin, np.maximum(until, begin)), born
        )

    def _to_listing(self, row: int) -> Iterator[Amount]:
        """What happened in a window on the left, lifetimes of posts on the right."""
        left, right = self.pair.left, self.pair.right
        owner, read = int(left.subject[row]), int(left.as_of[row])
        window = int(left.start[row]), min(int(left.end[row]), read)
        span = int(right.start[row]), int(right.end[row])
        tracked = self._known_to(left, 0, owner)
        born = self._born(tracked)
        mine = tracked[(born >= span[0]) & (born < span[1])]
        older = tracked[~((born >= span[0]) & (born < span[1]))]
        listed = self._right_list.posts(owner, span)
        yield _summed(
            "date_axis",
            "activity in the window of posts published at other times is not counted",
            -self._did(older, *window),
        )
        lives = self._did(mine, self._born(mine), read)
        yield _summed(
            "date_axis",
            "activity outside the window, of posts published in it, is counted",
            lives - self._did(mine, *window),
        )
        yield from self._only_here(mine, listed, lives)
        yield from self._untracked(0, owner, tracked, window[1])
        both = np.intersect1d(mine, listed)
        yield from self._later(both, read, self._right_list.read(both))

    def _only_here(self, mine: Rows, listed: Rows, lives: Values) -> Iterator[Amount]:
        gone = ~np.isin(mine, listed)
        new = listed[~np.isin(listed, mine)]
        yield _summed(
            "population",
            f"{int(gone.sum()):,} posts that the right side has no figure of",
            -lives[gone],
        )
        yield _summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._right_list.values(new),
        )

    def _untracked(
        self, at: int, owner: int, tracked: Rows, end: int
    ) -> Iterator[Amount]:
        """Posts of an account that nobody knows by the hour."""
        if self.kinds[at][0] != "profile":
            return
        every = np.flatnonzero(self.pool.owner == owner)
        born = self._born(every)
        first = int(self._born(tracked).min(initial=end))
        lost = np.setdiff1d(every[(born >= first) & (born < end)], tracked)
        if len(lost):
            text = f"{len(lost):,} posts of the account are not known by the hour"
            yield Amount(name="population", text=text, value=0.0, unknown=len(lost))

    def _later(
        self, posts: Rows, left: Instants | int, right: Instants | int
    ) -> Iterator[Amount]:
        """What happened between two readings, by post."""
        one = np.broadcast_to(np.asarray(left, np.int64), posts.shape)
        other = np.broadcast_to(np.asarray(right, np.int64), posts.shape)
        later = other > one
        yield _summed(
            "freshness",
            "activity after the left side was read",
            self._did(posts[later], one[later], other[later]),
        )
        earlier = other < one
        yield _summed(
            "freshness",
            "activity after the right side was read is not in it",
            -self._did(posts[earlier], other[earlier], one[earlier]),
        )

    def _from_listing(self, row: int) -> Iterator[Amount]:
        """Lifetimes of posts on the left, what happened in a window on the right."""
        left, right = self.pair.left, self.pair.right
        owner, read = int(right.subject[row]), int(left.as_of[row])
        window = int(right.start[row]), int(right.end[row])
        span = int(left.start[row]), int(left.end[row])
        tracked = self._known_to(right, 1, owner)
        born = self._born(tracked)
        is_mine = (born >= span[0]) & (born < span[1])
        listed = self._left_list.posts(owner, span)
        both = tracked[is_mine & np.isin(tracked, listed)]
        seen = self._left_list.read(both)
        inside = self._did(both, window[0], np.minimum(window[1], seen))
        yield _summed(
            "date_axis",
            "activity outside the window, of posts published in it, is not counted",
            inside - self._did(both, self._born(both), seen),
        )
        yield _summed(
            "date_axis",
            "activity in the window of posts published at other times is counted",
            self._did(tracked[~is_mine], window[0], min(window[1], read)),
        )
        lost = listed[~np.isin(listed, tracked)]
        yield _summed(
            "population",
            f"{len(lost):,} posts that the right side has no figure of",
            -self._left_list.values(lost),
        )
        new = tracked[is_mine & ~np.isin(tracked, listed)]
        yield _summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._did(new, window[0], min(window[1], read)),
        )
        yield from self._untracked(1, owner, tracked, window[1])
        until = min(window[1], int(right.as_of[row]))
        ends = np.full(len(tracked), min(window[1], read), np.int64)
        ends[np.isin(tracked, both)] = np.minimum(window[1], seen)
        yield from self._later(tracked, ends, until)

    def _between_listings(self, row: int) -> Iterator[Amount]:
        left, right = self.pair.left, self.pair.right
        owner = int(left.subject[row])
        one = self._left_list.posts(owner, (int(left.start[row]), int(left.end[row])))
        other = self._right_list.posts(
            owner, (int(right.start[row]), int(right.end[row]))
        )
        gone, new = np.setdiff1d(one, other), np.setdiff1d(other, one)
        yield _summed(
            "population",
            f"{len(gone):,} posts that the right side has no figure of",
            -self._left_list.values(gone),
        )
        yield _summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._right_list.values(new),
        )
        both = np.intersect1d(one, other)
        yield from self._later(
            both, self._left_list.read(both), self._right_list.read(both)
        )

    def _between_windows(self, row: int) -> Iterator[Amount]:
        left, right = self.pair.left, self.pair.right
        owner = int(left.subject[row])
        spans = [(int(h.start[row]), int(h.end[row])) for h in (left, right)]
        tracked = self._of(owner)
        if spans[0] != spans[1]:
            moved = self._did(tracked, *spans[1]) - self._did(tracked, *spans[0])
            if not len(tracked):
                moved = np.array([np.nan])
            yield _summed(
                "window_and_zone", "the windows begin and end at other instants", moved
            )
        yield from self._other_posts(row, owner, spans[1])
        yield from self._running(row, tracked)

    def _running(self, row: int, tracked: Rows) -> Iterator[Amount]:
        """What happened between two readings of a window that was not over."""
        left, right = self.pair.left, self.pair.right
        one, other = (min(int(h.end[row]), int(h.as_of[row])) for h in (left, right))
        if len(tracked):
            yield from self._later(tracked, one, other)
        elif one != other:
            falls, is_later = self.pair.falls, other > one
            yield Amount(
                name="freshness",
                text="the window was not over when both sides were read",
                value=0.0,
                unknown=1,
                low=0.0 if is_later and not falls else None,
                high=0.0 if not is_later and not falls else None,
            )

    def _other_posts(
        self, row: int, owner: int, window: tuple[int, int]
    ) -> Iterator[Amount]:
        """Posts that one side has no figures of; an account's own has them all."""
        left, right = self.pair.left, self.pair.right
        levels = self.kinds[0][0], self.kinds[1][0]
        if levels == ("post", "post"):
            one, other = (
                self._left_list.posts(owner, None),
                self._right_list.posts(owner, None),
            )
            gone, new = np.setdiff1d(one, other), np.setdiff1d(other, one)
            yield _summed(
                "population",
                f"{len(gone):,} posts that the right side has no figure of",
                -self._did(gone, *window),
            )
            yield _summed(
                "population",
                f"{len(new):,} posts that the left side does not know",
                self._did(new, *window),
            )
            return
        half, sign = (right, -1) if levels[1] == "post" else (left, 1)
        without = int(half.cells.without[half.rows[row]])
        if without:
            falls = self.pair.falls
            yield Amount(
                name="population",
                text=f"{without:,} posts have no figures on one side",
                value=0.0,
                unknown=without,
                low=0.0 if sign > 0 and not falls else None,
                high=0.0 if sign < 0 and not falls else None,
            )

    def _known_to(self, half: Half, at: int, owner: int) -> Rows:
        """The tracked posts that are in the figure of a side: of an account all."""
        tracked = self._of(owner)
        if self.kinds[at][0] == "profile":
            return tracked
        return np.intersect1d(tracked, self._listing(at).posts(owner, None))


def _summed(name: Name, text: str, values: Values) -> Amount:
    known = ~np.isnan(values)
    return Amount(
        name=name,
        text=text,
        value=float(values[known].sum()),
        unknown=int((~known).sum()),
    )


def _gathered(name: Name, text: str, rows: list[list[Amount]]) -> Shift:
    """One cause of many rows as columns."""
    count = len(rows)
    amounts, basis = np.zeros(count), np.zeros(count, np.uint8)
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    for row, each in enumerate(rows):
        for one in each:
            if (one.name, one.text) == (name, text):
                amounts[row] = one.value
                basis[row] = _basis(one)
                low[row] = np.nan if one.low is None else one.low
                high[row] = np.nan if one.high is None else one.high
    return Shift(name=name, text=text, amount=amounts, basis=basis, low=low, high=high)


def _basis(one: Amount) -> int:
    if one.unknown:
        return UNKNOWN if one.low is None and one.high is None else BOUNDED
    return COMPUTED
