"""Two sides cut to the days that both have, so that sums are of the same window."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.partners import Partners
from socialmetrics.comparison.terms import numbered
from socialmetrics.series.columns import HAS_VALUE, Instants, Mask, Plain, Rows, joint


def cut(left: Cells, right: Cells, metrics: Collection[str]) -> tuple[Cells, Cells]:
    """The cells of days on which both sides have a value, subject by subject, and of
    every metric, scope and vendor by itself; only these metrics count, if there are
    any. Where two share no day at all, nothing is left out."""
    sides = left, right
    keys = numbered(sides)
    gone = [np.zeros(len(each), np.bool_) for each in keys]
    left_out = [np.zeros(len(each), np.int32) for each in keys]
    partners = Partners(cells=sides, keys=(_owner(left), _owner(right)))
    shared = _shared(sides) if not metrics else _shared(sides).intersection(metrics)
    pairs = [rows for metric in shared for rows in partners.pairs(metric)]
    before = -1
    while before < (before := sum(int(each.sum()) for each in gone)):
        # Days that one partner lacks are lost to all others too.
        for rows in pairs:
            lost, owners, counts = _lost(sides, keys, rows, gone)
            for at, mine in enumerate(rows):
                gone[at][mine] |= np.isin(keys[at][mine], lost)
                told = _counts(partners.keys[at][mine], owners, counts)
                left_out[at][mine] = np.maximum(left_out[at][mine], told)
    return (
        _without(left, gone[0], left_out[0]),
        _without(right, gone[1], left_out[1]),
    )


def _shared(sides: Sequence[Cells]) -> set[str]:
    one, other = (
        {reading.metric for reading in each.columns.used_readings()} for each in sides
    )
    return one & other


def _lost(
    sides: Sequence[Cells],
    keys: Sequence[Instants],
    rows: tuple[Rows, Rows],
    gone: Sequence[Mask],
) -> tuple[Instants, Instants, Rows]:
    """The keys of days that one of them lacks, of subjects that share some days; the
    owners that lose days, and how many each."""
    key = np.concatenate([keys[at][mine] for at, mine in enumerate(rows)])
    owner = np.concatenate(
        [_owner(cells)[mine] for cells, mine in zip(sides, rows, strict=True)]
    )
    valued = [
        np.unique(keys[at][mine][_valued(sides[at], mine) & ~gone[at][mine]])
        for at, mine in enumerate(rows)
    ]
    both = np.intersect1d(valued[0], valued[1], assume_unique=True)
    shared = np.isin(key, both)
    lost = ~shared & np.isin(owner, owner[shared])
    days, first = np.unique(key[lost], return_index=True)
    owners, counts = np.unique(owner[lost][first], return_counts=True)
    return days, owners, counts


def _valued(cells: Cells, rows: Rows) -> Mask:
    found: Mask = HAS_VALUE[cells.columns.status[rows]]
    return found


def _counts(owner: Instants, owners: Instants, counts: Rows) -> Rows:
    """How many days every one of these loses."""
    if not len(owners):
        return np.zeros(len(owner), np.intp)
    place = np.clip(np.searchsorted(owners, owner), 0, len(owners) - 1)
    return np.where(owners[place] == owner, counts[place], 0)


def _owner(cells: Cells) -> Instants:
    """For every cell the number of its subject and breakdown, alike for both sides."""
    columns = cells.columns
    return joint(
        (columns.subject, len(columns.subjects)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _without(cells: Cells, gone: Mask, left_out: Plain) -> Cells:
    if not gone.any() and not left_out.any():
        return cells
    cells = attrs.evolve(cells, left_out=left_out)
    return cells.taken(np.flatnonzero(~gone))
