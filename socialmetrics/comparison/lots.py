"""The observed figures of one reading, and which of them belong to which of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from socialmetrics.comparison.cells import read_at
from socialmetrics.comparison.coding import by_code
from socialmetrics.reading import Reading, Status
from socialmetrics.series.columns import (
    STATUS_CODE,
    Columns,
    Instants,
    Mask,
    Rows,
    Values,
)

Keys = NDArray[np.uint64]

NOBODY: Final = -1
_WHO: Final = ("subject", "breakdown")
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F],
    np.uint64,
)
"""Odd numbers with bits all over, by which keys are spread over 64 bits."""


@attrs.frozen(kw_only=True, eq=False)
class Lot:
    """The observed figures of one reading of one tool: rows of its columns.

    Everything else is worked out when it is asked for first, and kept.
    """

    side: int
    code: int
    columns: Columns
    moments: Instants
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def reading(self) -> Reading:
        """What all of its figures count."""
        return self.columns.readings[self.code]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that tell for whom and for when a figure is.

        Tools tell the moment of publication more or less exactly, and a post has one:
        lifetime totals are found by their subject alone.
        """
        is_timeless = self.reading.temporality == "lifetime"
        return _WHO if is_timeless else (*_WHO, "start", "end")

    @cached_property
    def value(self) -> Values:
        """The values."""
        return self.columns.value[self.rows]

    @cached_property
    def read(self) -> Instants:
        """Up to when each can know what happened."""
        return self.moments[self.rows]

    @cached_property
    def keys(self) -> Keys:
        """A number for whom and for when a figure is, alike for all sides.

        Two that differ have the same one by a chance of 1 to 10^19, so whoever finds
        something by it looks again (`is_same`).
        """
        found = np.zeros(len(self), np.uint64)
        for name, factor in zip(self.names, _FACTORS, strict=False):
            found += self.columns.array(name)[self.rows].astype(np.uint64) * factor
        return found

    @cached_property
    def order(self) -> Rows:
        """The figures by key, and those of one key by when they were read."""
        order = np.argsort(self.keys)
        found = self.keys[order]
        if (found[1:] == found[:-1]).any():
            return np.lexsort((self.read, self.keys))
        return order

    @cached_property
    def sorted(self) -> Keys:
        """The keys in that order."""
        return self.keys[self.order]

    @cached_property
    def is_unique(self) -> bool:
        """Whether no two figures are for the same."""
        return not (self.sorted[1:] == self.sorted[:-1]).any()


def lots(side: int, columns: Columns) -> Iterator[Lot]:
    """The observed figures of every reading. Subjects and breakdowns of all sides must
    have the same codes."""
    rows = np.flatnonzero(columns.status == STATUS_CODE[Status.OBSERVED])
    moments = read_at(columns)
    of_code = by_code(columns.reading[rows], len(columns.readings))
    for code, mine in enumerate(of_code):
        if len(mine):
            yield Lot(
                side=side,
                code=code,
                columns=columns,
                moments=moments,
                rows=rows[mine],
            )


def partners(one: Lot, other: Lot, *, later: bool = False) -> Rows:
    """For every figure of one lot the other's for the same, `NOBODY` without any.

    Of several it is the first that was read no earlier, else the last; with `later`
    the first that was read after it, and no other.
    """
    if not later and _are_laid_out_alike(one, other):
        return np.arange(len(one))
    wanted = one.sorted
    begin = np.searchsorted(other.sorted, wanted)
    there = np.minimum(begin, len(other) - 1)
    hit = other.sorted[there] == wanted
    if other.is_unique:
        read, place = other.read[other.order[there]], there
        hit &= ~(np.full(len(hit), later) & (read <= one.read[one.order]))
    else:
        place, found = _in_time(one, other, begin, later=later)
        hit &= found
    result = np.empty(len(one), np.intp)
    result[one.order] = np.where(hit, other.order[place], NOBODY)
    return result


def _are_laid_out_alike(one: Lot, other: Lot) -> bool:
    if len(one) != len(other):
        return False
    return np.array_equal(one.keys, other.keys) and np.array_equal(one.read, other.read)


def _in_time(one: Lot, other: Lot, begin: Rows, *, later: bool) -> tuple[Rows, Mask]:
    """Where the figure of the right time stands in the other's order, and if there is
    one; `begin` is where those of the same key begin."""
    end = np.searchsorted(other.sorted, one.sorted, "right")
    times = np.unique(np.concatenate([one.read, other.read]))
    block = np.searchsorted(other.sorted, other.sorted)
    known = block * len(times) + np.searchsorted(times, other.read[other.order])
    wanted = begin * len(times) + np.searchsorted(times, one.read[one.order])
    place = np.searchsorted(known, wanted, "right" if later else "left")
    found = place < end
    last = np.maximum(end - 1, 0)
    return np.where(found, place, last), found | (not later)


def is_same(one: Lot, rows: Rows, other: Lot, partner: Rows) -> Mask:
    """Whether these figures really are for the same as their partners."""
    mine, theirs = one.rows[rows], other.rows[partner]
    found: Mask = np.ones(len(rows), np.bool_)
    for name in one.names:
        found &= one.columns.array(name)[mine] == other.columns.array(name)[theirs]
    return found
