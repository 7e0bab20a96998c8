"""What is known of posts hour by hour, to work out what happened from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.comparison.composition import parts
from socialmetrics.comparison.pool import Pool
from socialmetrics.reading import Reading, Status
from socialmetrics.series.columns import (
    HOUR,
    NONE,
    STATUS_CODE,
    Columns,
    Instants,
    Mask,
    Rows,
    Values,
    flags,
    ints,
    micros,
)

Term: TypeAlias = tuple[str, str]
"""A metric and its scope."""
SHORT: Final = 25 * HOUR  # the longest day that a zone has


@attrs.frozen(eq=False)
class Track:
    """Figures of one metric and scope, of posts, in steps that do not overlap.

    Sorted by `subject` and `end`. `sums` and `lengths` add up `value` and the length
    of all rows before, and have one entry more.
    """

    subject: Instants
    start: Instants
    end: Instants
    sums: Values
    lengths: Instants
    side: int

    @cached_property
    def posts(self) -> Rows:
        """The codes of all posts it knows, ascending."""
        return np.unique(self.subject)

    def until(self, posts: Rows, at: Instants) -> tuple[Rows, Mask]:
        """For every post the number of rows up to that instant, and whether they reach
        it: to the hour in which it lies."""
        row = np.searchsorted(self._key, self._code(posts, at), "right")
        first = np.searchsorted(self.subject, posts, "left")
        last = np.searchsorted(self.subject, posts, "right")
        at_end = np.clip(row - 1, 0, len(self.end) - 1)
        reaches = (row > first) & (at - self.end[at_end] < HOUR)
        begins = np.clip(first, 0, len(self.start) - 1)
        # Before its first row there is nothing, as long as the post is not older.
        since = at - self.start[begins]
        unborn = (row == first) & (first < last) & (since >= 0) & (since < HOUR)
        return row, reaches | unborn

    def between(
        self, posts: Rows, start: Instants, end: Instants, born: Instants
    ) -> tuple[Values, Mask]:
        """What every post collected in [start, end), and where that is known.

        Instants are taken to the hour in which they lie: figures by the day tell
        nothing of a time of day. Nothing happens to a post before it is `born`.
        """
        if not len(self.end) or not len(posts):
            return np.zeros(len(posts)), np.zeros(len(posts), np.bool_)
        first = np.searchsorted(self.subject, posts, "left")
        has = first < np.searchsorted(self.subject, posts, "right")
        begin = self.start[np.clip(first, 0, len(self.start) - 1)]
        is_whole = (born != NONE) & (born >= begin)
        start, end = (
            np.where(is_whole & (each <= born), begin, each) for each in (start, end)
        )
        start = np.where(is_whole, np.maximum(start, begin), start)
        end = np.maximum(end, start)
        low, fine_low = self.until(posts, start)
        high, fine_high = self.until(posts, end)
        spent = self.lengths[high] - self.lengths[low]
        there = np.clip(high - 1, 0, len(self.end) - 1)
        since = np.where(low > first, self.end[np.clip(low - 1, 0, None)], begin)
        covered = np.where(high > low, self.end[there] - since == spent, True)
        known = has & fine_low & fine_high & covered
        return self.sums[high] - self.sums[low], known | (has & (end <= start))

    @cached_property
    def _ends(self) -> Instants:
        return np.unique(self.end)

    @cached_property
    def _key(self) -> Instants:
        place = np.searchsorted(self._ends, self.end)
        return self._joined(self.subject, place + 1)

    def _code(self, posts: Rows, at: Instants) -> Instants:
        return self._joined(posts, np.searchsorted(self._ends, at, "right"))

    def _joined(self, posts: Rows, place: Rows) -> Instants:
        """One number for a post and an end, ordered by both."""
        return posts.astype(np.int64) * (len(self._ends) + 1) + place


@attrs.frozen(eq=False)
class Evidence:
    """What all tools' figures of posts by hour or day can tell, found when asked."""

    pool: Pool
    _kept: dict[Term, tuple[Track, ...]] = attrs.field(
        factory=dict[Term, tuple[Track, ...]]
    )

    def of(self, metric: str, scope: str) -> tuple[Track, ...]:
        """What is known of that metric in that scope: the first tool's first, by the
        hour before by the day. Figures that overlap tell nothing."""
        term = metric, scope
        if term not in self._kept:
            self._kept[term] = tuple(_tracks(self.pool, term))
        return self._kept[term]


def _tracks(pool: Pool, term: Term) -> Iterator[Track]:
    columns = pool.columns
    codes = flags(columns.readings, lambda r: _is_evidence(r) and _is_of(r, term))
    if not codes.any():
        return
    rows = np.flatnonzero(codes[columns.reading])
    sides = pool.side[rows]
    by_hour = columns.end[rows] - columns.start[rows] <= HOUR
    for side in ints(np.unique(sides)):
        for fine in (by_hour, ~by_hour):
            track = _track(pool, rows[(sides == side) & fine], side)
            if track is not None:
                yield track


def _is_evidence(reading: Reading) -> bool:
    of_posts = reading.level == "post" and reading.temporality == "period"
    is_plain = parts(reading) == (reading.metric,)
    return of_posts and is_plain and reading.additive and reading.counting == "total"


def _is_of(reading: Reading, term: Term) -> bool:
    return (reading.metric, reading.scope) == term


def _track(pool: Pool, rows: Rows, side: int) -> Track | None:
    columns = pool.columns
    fetched = np.array([micros(each.fetched_at) for each in columns.sources], np.int64)
    fine = columns.status[rows] == STATUS_CODE[Status.OBSERVED]
    fine &= columns.end[rows] <= fetched[columns.source[rows]]  # it was over
    fine &= columns.end[rows] - columns.start[rows] <= SHORT
    fine &= columns.breakdown[rows] == _whole(columns.breakdowns)
    rows = _in_order(columns, rows[fine], fetched)
    subject: Instants = columns.subject[rows].astype(np.int64)
    start, end = columns.start[rows], columns.end[rows]
    overlap = (subject[1:] == subject[:-1]) & (start[1:] < end[:-1])
    if not len(rows) or overlap.any():
        return None
    return Track(
        subject=subject,
        start=start,
        end=end,
        sums=np.concatenate([[0.0], np.cumsum(columns.value[rows])]),
        lengths=np.concatenate([[0], np.cumsum(end - start)]),
        side=side,
    )


def _in_order(columns: Columns, rows: Rows, fetched: Instants) -> Rows:
    """By subject and end; of several the one that was fetched last."""
    read = fetched[columns.source[rows]]
    order = np.lexsort((read, columns.end[rows], columns.subject[rows]))
    rows = rows[order]
    subject, end = columns.subject[rows], columns.end[rows]
    last = np.ones(len(rows), np.bool_)
    last[:-1] = (subject[1:] != subject[:-1]) | (end[1:] != end[:-1])
    return rows[last]


def _whole(breakdowns: tuple[str, ...]) -> int:
    return breakdowns.index("") if "" in breakdowns else -1
