"""What readings alone cannot tell: how fresh two figures are, which days and posts."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.claims import may_fall
from socialmetrics.comparison.pool import Kind
from socialmetrics.reading import Reading, Settled
from socialmetrics.series.columns import (
    HOUR,
    NONE,
    SETTLED_CODE,
    Instants,
    Mask,
    Plain,
    Rows,
)

SAME: Final = 0
LEFT_LESS: Final = 1
RIGHT_LESS: Final = 2
APART: Final = 3
DOUBTFUL: Final = 4
ADDED_UP: Final = 5


@attrs.frozen(kw_only=True, eq=False)
class Half:
    """One side of many rows: cells, which of them, and the reading that all have.

    What is looked at is kept, until `fresh` gives one that holds nothing.
    """

    cells: Cells
    rows: Rows
    reading: Reading

    def fresh(self) -> Half:
        """The same, with nothing kept."""
        return Half(cells=self.cells, rows=self.rows, reading=self.reading)

    @cached_property
    def start(self) -> Instants:
        """Where each begins."""
        return self.cells.columns.start[self.rows]

    @cached_property
    def end(self) -> Instants:
        """Where each ends, `NONE` for lifetime totals."""
        return self.cells.columns.end[self.rows]

    @cached_property
    def as_of(self) -> Instants:
        """When each was read."""
        return self.cells.as_of[self.rows]

    @cached_property
    def value(self) -> Plain:
        """The values, NaN where there is none."""
        return self.cells.columns.value[self.rows]

    @property
    def subject(self) -> Rows:
        """The codes of the subjects."""
        return self.cells.columns.subject[self.rows].astype(np.intp)

    @cached_property
    def members(self) -> Plain:
        """How many subjects are in each."""
        return self.cells.members[self.rows]

    @cached_property
    def without(self) -> Plain:
        """How many more subjects belong to each, but have no figure."""
        return self.cells.without[self.rows]

    @cached_property
    def left_out(self) -> Plain:
        """How many days are not in each, since the other side lacks them."""
        return self.cells.left_out[self.rows]

    @property
    def lasts(self) -> bool:
        """Whether they are totals since publication."""
        return self.reading.temporality == "lifetime"


def freshness(left: Half, right: Half) -> Plain:
    """For every row how the two are related by when they were read."""
    reads = left.as_of, right.as_of
    if left.lasts and not right.lasts:  # What came after its end, the date axis tells.
        reads = np.minimum(reads[0], right.end), np.minimum(reads[1], right.end)
    apart = reads[0] - reads[1]
    near = np.abs(apart) < HOUR
    older = np.where(apart < 0, LEFT_LESS, RIGHT_LESS)
    if may_fall(left.reading) or may_fall(right.reading):
        older = np.full(len(apart), APART)
    if left.lasts or right.lasts:
        return np.where(near, SAME, older).astype(np.uint8)
    doubt = _provisional(left) | _provisional(right)
    equal = near | (_closed(left) & _closed(right))
    return np.where(doubt, DOUBTFUL, np.where(equal, SAME, older)).astype(np.uint8)


def _closed(half: Half) -> Mask:
    return half.as_of >= half.end


def _provisional(half: Half) -> Mask:
    """Which may still change, though their windows are over."""
    settled = half.cells.columns.settled[half.rows]
    found: Mask = _closed(half) & (settled == SETTLED_CODE[Settled.NO])
    return found


def spans(left: Half, right: Half) -> Plain:
    """For every row whether both count the same stretch of time.

    `ADDED_UP` where both were put together to windows that are equal, whatever their
    zones; `SAME` where one has no window at all.
    """
    equal = (left.start == right.start) & (left.end == right.end)
    has_windows = (left.end != NONE) & (right.end != NONE)
    apart = SAME if left.lasts or right.lasts else APART
    return np.where(equal & has_windows, ADDED_UP, apart).astype(np.uint8)


def population(
    kinds: tuple[Kind, Kind], left: Half, right: Half, *, raised: bool
) -> Plain:
    """For every row how the two are related by which posts are in them."""
    count = len(left.rows)
    if not raised:
        return np.zeros(count, np.uint8)
    levels = kinds[0][0], kinds[1][0]
    if levels == ("post", "post"):
        same = np.full(count, left.lasts == right.lasts)
        same &= left.members == right.members
        same &= (left.without == 0) & (right.without == 0)
        return np.where(same, ADDED_UP, DOUBTFUL).astype(np.uint8)
    half, less = (left, LEFT_LESS) if levels[0] == "post" else (right, RIGHT_LESS)
    lacking = (
        DOUBTFUL
        if may_fall(left.reading)
        or may_fall(right.reading)
        or left.lasts != right.lasts
        else less
    )
    return np.where(half.without == 0, ADDED_UP, lacking).astype(np.uint8)
