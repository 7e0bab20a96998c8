"""Gaps between figures of accounts, one side of which is made of posts: row by row.

What every post did, hour by hour, tells which part of a gap lies in older posts, in
what came after the window, in posts that only one side has, and in when it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.amounts import Amount, in_columns, summed
from socialmetrics.comparison.chain import Shift
from socialmetrics.comparison.direct import Common, Pair, amount
from socialmetrics.comparison.evidence import Evidence
from socialmetrics.comparison.listing import Listing
from socialmetrics.comparison.overlays import Half
from socialmetrics.comparison.pool import Kind, Pool
from socialmetrics.series.columns import Instants, Rows, Values, ints

UNREAD: Final = Amount(
    name="date_axis",
    text="what the posts did by the hour was not read",
    value=0.0,
    unknown=1,
)
"""Between the activity of an account and totals of posts, without more to go by."""


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
        rows = range(len(self.pair.left.rows))
        return [*in_columns([self._amounts(row) for row in rows])]

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
    def _lists(self) -> tuple[Listing, Listing]:
        """The posts of the left and of the right."""
        one, other = (self._list(at, self.kinds[at]) for at in (0, 1))
        return one, other

    def _list(self, at: int, kind: Kind) -> Listing:
        half = (self.pair.left, self.pair.right)[at]
        return Listing(
            pool=self.pool,
            side=self.sides[at],
            kind=kind,
            common=self.common,
            reading=half.reading,
        )

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

    @property
    def _grows(self) -> int:
        """1 where what posts collect is never below 0, 0 where it can be."""
        return 0 if self.pair.falls else 1

    def _of(self, owner: int) -> Rows:
        found: Rows = self._tracked[self.pool.owner[self._tracked] == owner]
        return found

    def _born(self, posts: Rows) -> Instants:
        """When they were published: whoever says whose posts these are says that."""
        found: Instants = self.pool.created[posts]
        return found

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
        if not len(tracked):
            yield UNREAD
            return
        born = self._born(tracked)
        mine = tracked[(born >= span[0]) & (born < span[1])]
        older = tracked[~((born >= span[0]) & (born < span[1]))]
        listed = self._lists[1].posts(owner, span)
        yield summed(
            "date_axis",
            "activity in the window of posts published at other times is not counted",
            -self._did(older, *window),
            -self._grows,
        )
        lives = self._did(mine, self._born(mine), read)
        yield summed(
            "date_axis",
            "activity outside the window, of posts published in it, is counted",
            lives - self._did(mine, *window),
            self._grows,
        )
        yield from self._only_here(mine, listed, lives)
        yield from self._untracked(0, owner, np.union1d(tracked, listed), window[1])
        both = np.intersect1d(mine, listed)
        yield from self._later(both, read, self._lists[1].read(both))

    def _only_here(self, mine: Rows, listed: Rows, lives: Values) -> Iterator[Amount]:
        gone = ~np.isin(mine, listed)
        new = listed[~np.isin(listed, mine)]
        yield summed(
            "population",
            f"{int(gone.sum()):,} posts that the right side has no figure of",
            -lives[gone],
            -1,
        )
        if self.kinds[0][0] == "profile":
            yield from _not_by_hour(len(new))
            return
        yield summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._lists[1].values(new),
            1,
        )

    def _untracked(
        self, at: int, owner: int, known: Rows, end: int
    ) -> Iterator[Amount]:
        """Posts of an account of which nothing but their existence is known."""
        if self.kinds[at][0] != "profile":
            return
        every = np.flatnonzero(self.pool.owner == owner)
        born = self._born(every)
        first = int(self._born(known).min(initial=end))
        lost = np.setdiff1d(every[(born >= first) & (born < end)], known)
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
        yield summed(
            "freshness",
            "activity after the left side was read",
            self._did(posts[later], one[later], other[later]),
            self._grows,
        )
        earlier = other < one
        yield summed(
            "freshness",
            "activity after the right side was read is not in it",
            -self._did(posts[earlier], other[earlier], one[earlier]),
            -self._grows,
        )

    def _from_listing(self, row: int) -> Iterator[Amount]:
        """Lifetimes of posts on the left, what happened in a window on the right."""
        left, right = self.pair.left, self.pair.right
        owner, read = int(right.subject[row]), int(left.as_of[row])
        window = int(right.start[row]), int(right.end[row])
        span = int(left.start[row]), int(left.end[row])
        tracked = self._known_to(right, 1, owner)
        if not len(tracked):
            yield UNREAD
            return
        born = self._born(tracked)
        is_mine = (born >= span[0]) & (born < span[1])
        listed = self._lists[0].posts(owner, span)
        both = tracked[is_mine & np.isin(tracked, listed)]
        seen = self._lists[0].read(both)
        inside = self._did(both, window[0], np.minimum(window[1], seen))
        yield summed(
            "date_axis",
            "activity outside the window, of posts published in it, is not counted",
            inside - self._did(both, self._born(both), seen),
            -self._grows,
        )
        yield summed(
            "date_axis",
            "activity in the window of posts published at other times is counted",
            self._did(tracked[~is_mine], window[0], min(window[1], read)),
            self._grows,
        )
        lost = listed[~np.isin(listed, tracked)]
        if self.kinds[1][0] == "profile":
            yield from _not_by_hour(len(lost))
        else:
            yield summed(
                "population",
                f"{len(lost):,} posts that the right side has no figure of",
                -self._lists[0].values(lost),
                -1,
            )
        new = tracked[is_mine & ~np.isin(tracked, listed)]
        yield summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._did(new, window[0], min(window[1], read)),
            self._grows,
        )
        yield from self._untracked(1, owner, np.union1d(tracked, listed), window[1])
        until = min(window[1], int(right.as_of[row]))
        ends = np.full(len(tracked), min(window[1], read), np.int64)
        ends[np.isin(tracked, both)] = np.minimum(window[1], seen)
        yield from self._later(tracked, ends, until)

    def _between_listings(self, row: int) -> Iterator[Amount]:
        left, right = self.pair.left, self.pair.right
        owner = int(left.subject[row])
        one = self._lists[0].posts(owner, (int(left.start[row]), int(left.end[row])))
        other = self._lists[1].posts(
            owner, (int(right.start[row]), int(right.end[row]))
        )
        gone, new = np.setdiff1d(one, other), np.setdiff1d(other, one)
        yield summed(
            "population",
            f"{len(gone):,} posts that the right side has no figure of",
            -self._lists[0].values(gone),
            -1,
        )
        yield summed(
            "population",
            f"{len(new):,} posts that the left side does not know",
            self._lists[1].values(new),
            1,
        )
        both = np.intersect1d(one, other)
        yield from self._later(
            both, self._lists[0].read(both), self._lists[1].read(both)
        )

    def _between_windows(self, row: int) -> Iterator[Amount]:
        left, right = self.pair.left, self.pair.right
        owner = int(left.subject[row])
        spans = [(int(h.start[row]), int(h.end[row])) for h in (left, right)]
        mine, theirs = (
            self._known_to(h, at, owner) for at, h in enumerate((left, right))
        )
        if spans[0] != spans[1]:
            read = int(left.as_of[row])  # What came later is told as freshness.
            one, other = ((start, min(end, read)) for start, end in spans)
            moved = self._did(mine, *other) - self._did(mine, *one)
            if not len(mine):
                moved = np.array([np.nan])
            yield summed(
                "window_and_zone", "the windows begin and end at other instants", moved
            )
        yield from self._other_posts(row, owner, spans[1])
        ends = {min(spans[1][1], int(half.as_of[row])) for half in (left, right)}
        if self.kinds[1][0] == "profile" and (spans[0] != spans[1] or len(ends) > 1):
            yield from self._untracked(0, owner, mine, max(ends))
        yield from self._running(row, np.intersect1d(mine, theirs))

    def _running(self, row: int, tracked: Rows) -> Iterator[Amount]:
        """What happened between two readings of a window that was not over."""
        left, right = self.pair.left, self.pair.right
        end = int(right.end[row])
        one, other = (min(end, int(half.as_of[row])) for half in (left, right))
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
                self._lists[0].posts(owner, None),
                self._lists[1].posts(owner, None),
            )
            gone, new = np.setdiff1d(one, other), np.setdiff1d(other, one)
            start, *ends = (
                window[0],
                *(min(window[1], int(half.as_of[row])) for half in (left, right)),
            )
            yield summed(
                "population",
                f"{len(gone):,} posts that the right side has no figure of",
                -self._did(gone, start, ends[0]),
                -self._grows,
            )
            yield summed(
                "population",
                f"{len(new):,} posts that the left side does not know",
                self._did(new, start, ends[1]),
                self._grows,
            )
            return
        yield from self._lost(row, owner, window)

    def _lost(self, row: int, owner: int, window: tuple[int, int]) -> Iterator[Amount]:
        """Posts of an account whose figures the sum over its posts lacks."""
        at = 1 if self.kinds[1][0] == "post" else 0
        half, whole = (self.pair.left, self.pair.right)[:: 1 - 2 * at]
        posts, without = self._absent(at, owner, window[1]), half.without[row]
        if not len(posts) and not without:
            return
        did = self._did(posts, window[0], min(window[1], int(whole.as_of[row])))
        known = ~np.isnan(did)
        # Some may lack a figure now and then only; nobody knows then what it was.
        holes = max(int(without) - len(np.intersect1d(posts, self._lists[at].every)), 0)
        lives = self._list(1 - at, ("post", "lifetime")).values(posts[~known])
        most = None if np.isnan(lives).any() or holes else float(lives.sum())
        value, falls = float(did[known].sum()), self.pair.falls
        least = None if falls else value
        most = None if falls or most is None else value + most
        bounds = (least, most) if at == 0 else (_turned(most), _turned(least))
        yield Amount(
            name="population",
            text=f"{len(posts) + holes:,} posts have no figures on one side",
            value=value if at == 0 else -value,
            unknown=int((~known).sum()) + holes,
            low=bounds[0],
            high=bounds[1],
        )

    def _absent(self, at: int, owner: int, end: int) -> Rows:
        """Posts of that account without a figure on that side: those that it told of,
        and those that were told of and are no older than the ones that have one."""
        listing, every = self._lists[at], np.flatnonzero(self.pool.owner == owner)
        there, born = listing.posts(owner, None), self._born(every)
        first = int(self._born(there).min(initial=end))
        mine = np.isin(every, listing.every) | ((born >= first) & (born < end))
        return np.setdiff1d(every[mine], there)

    def _known_to(self, half: Half, at: int, owner: int) -> Rows:
        """The tracked posts that are in the figure of a side: of an account all."""
        tracked = self._of(owner)
        if self.kinds[at][0] == "profile":
            return tracked
        return np.intersect1d(tracked, self._lists[at].posts(owner, None))


def _not_by_hour(count: int) -> Iterator[Amount]:
    """Posts whose totals are listed, and nobody knows which part is of the window."""
    if count:
        text = f"{count:,} posts are not known by the hour"
        yield Amount(name="date_axis", text=text, value=0.0, unknown=count)


def _turned(bound: float | None) -> float | None:
    return None if bound is None else -bound
