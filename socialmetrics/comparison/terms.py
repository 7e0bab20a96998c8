"""Rows of two tools found by what they are of, and other metrics beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.composition import parts
from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    HAS_VALUE,
    HOUR,
    Instants,
    Mask,
    Rows,
    Values,
    flags,
    joint,
)

COMPLEMENTS = {
    "total": (("organic", 1), ("paid", 1)),
    "organic": (("total", 1), ("paid", -1)),
    "paid": (("total", 1), ("organic", -1)),
}


@attrs.frozen(eq=False)
class Standing:
    """Which subjects are in each of many figures, and up to when it knows of them."""

    who: Instants
    until: Instants

    @classmethod
    def of(cls, cells: Cells, rows: Rows) -> Standing:
        """That of those cells."""
        columns, read = cells.columns, cells.as_of[rows]
        lasts = flags(columns.readings, lambda r: r.temporality == "lifetime")
        is_total = lasts[columns.reading[rows]]
        until = np.where(is_total, read, np.minimum(columns.end[rows], read))
        return cls(cells.who[rows], until)

    def fits(self, other: Standing, place: Rows) -> Mask:
        """Where it says the same as the other does at those places."""
        near = np.abs(self.until - other.until[place]) < HOUR
        fits: Mask = near & (self.who == other.who[place])
        return fits


@attrs.define(eq=False)
class Terms:
    """Figures of one side, found by metric, scope and key."""

    cells: Cells
    key: Instants
    _kept: dict[tuple[str, str], tuple[Rows, Instants, Standing]] = attrs.field(
        factory=dict[tuple[str, str], tuple[Rows, Instants, Standing]]
    )

    def total(
        self,
        metrics: Iterable[str],
        scope: str,
        keys: Instants,
        standing: Standing | None = None,
    ) -> Values:
        """For every key the sum of these metrics in that scope; NaN where one of them
        has no value, or not of the same subjects and up to the same time."""
        found = np.zeros(len(keys))
        for metric in metrics:
            found = found + self._scoped(metric, scope, keys, standing)
        return found

    def _scoped(
        self, metric: str, scope: str, keys: Instants, standing: Standing | None
    ) -> Values:
        """Organic and paid together are the total, where both are told."""
        found = self._plain(metric, scope, keys, standing)
        if scope not in COMPLEMENTS or not np.isnan(found).any():
            return found
        other = np.zeros(len(keys))
        for part, sign in COMPLEMENTS[scope]:
            other = other + sign * self._plain(metric, part, keys, standing)
        return np.where(np.isnan(found), other, found)

    def _plain(
        self, metric: str, scope: str, keys: Instants, standing: Standing | None
    ) -> Values:
        rows, known, own = self._of(metric, scope)
        if not len(known):
            return np.full(len(keys), np.nan)
        place = np.clip(np.searchsorted(known, keys), 0, len(known) - 1)
        fits: Mask = known[place] == keys
        if standing is not None:
            fits &= standing.fits(own, place)
        return np.where(fits, self.cells.columns.value[rows[place]], np.nan)

    def _of(self, metric: str, scope: str) -> tuple[Rows, Instants, Standing]:
        if (metric, scope) not in self._kept:
            self._kept[metric, scope] = self._sorted(metric, scope)
        return self._kept[metric, scope]

    def _sorted(self, metric: str, scope: str) -> tuple[Rows, Instants, Standing]:
        columns = self.cells.columns
        wanted = flags(columns.readings, partial(counts, metric, scope))
        rows = np.flatnonzero(wanted[columns.reading] & HAS_VALUE[columns.status])
        key = self.key[rows]
        order = np.argsort(key, kind="stable")
        rows = rows[order]
        return rows, key[order], Standing.of(self.cells, rows)


def counts(metric: str, scope: str, reading: Reading) -> bool:
    """Whether it counts that canonical metric in that scope, and nothing more: some
    tools put more under its name."""
    if (reading.metric, reading.scope, reading.counting) != (metric, scope, "total"):
        return False
    return parts(reading) == (metric,)


def numbered(cells: Sequence[Cells]) -> list[Instants]:
    """For the rows of each a key: equal where subject, breakdown and bucket are."""
    columns = [each.columns for each in cells]
    first = min(int(each.label.min(initial=0)) for each in cells)
    buckets = max(int(each.label.max(initial=0)) for each in cells) - first + 1
    subjects = max(len(each.subjects) for each in columns)
    breakdowns = max(len(each.breakdowns) for each in columns)
    if subjects * breakdowns * buckets <= np.iinfo(np.int64).max:
        return [_numbered(each, breakdowns, buckets, first) for each in cells]
    key = joint(
        (np.concatenate([each.subject for each in columns]), subjects),
        (np.concatenate([each.breakdown for each in columns]), breakdowns),
        (np.concatenate([each.label for each in cells]) - first, buckets),
    )
    return np.split(key, np.cumsum([len(each) for each in columns])[:-1])


def _numbered(cells: Cells, breakdowns: int, buckets: int, first: int) -> Instants:
    key = cells.columns.subject.astype(np.int64)
    if breakdowns > 1:
        key *= breakdowns
        key += cells.columns.breakdown
    if buckets > 1:
        key *= buckets
        key += cells.label
        key -= first
    return key


def matched(left: Instants, right: Instants) -> tuple[Rows, Rows]:
    """The places of equal keys in both, in the order of the left; none comes twice."""
    if len(left) == len(right) and np.array_equal(left, right):
        every = np.arange(len(left))
        return every, every
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    place = np.clip(np.searchsorted(ordered, left), 0, max(len(right) - 1, 0))
    if not len(right):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    found = np.flatnonzero(ordered[place] == left)
    return found, order[place[found]]
