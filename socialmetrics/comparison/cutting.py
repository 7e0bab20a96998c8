"""Two sides cut to the days that both have, so that sums are of the same window."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs
import numpy as np

from socialmetrics.comparison.cells import Cells
from socialmetrics.comparison.terms import numbered
from socialmetrics.series.columns import HAS_VALUE, Instants, joint


def cut(left: Cells, right: Cells, metrics: Collection[str]) -> tuple[Cells, Cells]:
    """The cells of days on which both sides have values of every metric that they
    share, subject by subject; only these metrics count, if there are any. Where they
    share no day at all, nothing is left out."""
    sides = left, right
    keys = numbered(sides)
    shared = _shared(sides) if not metrics else _shared(sides).intersection(metrics)
    lost = [_lost(sides, keys, metric) for metric in shared]
    gone = np.unique(np.concatenate([keys[0][:0], *lost]))
    counts = _counted(sides, keys, gone)
    return _without(left, keys[0], gone, counts), _without(right, keys[1], gone, counts)


def _shared(sides: Sequence[Cells]) -> set[str]:
    one, other = (
        {reading.metric for reading in each.columns.used_readings()} for each in sides
    )
    return one & other


def _lost(sides: Sequence[Cells], keys: Sequence[Instants], metric: str) -> Instants:
    """The keys of days that one of them lacks, of subjects that share some days."""
    every: list[Instants] = []
    valued: list[Instants] = []
    owners: list[Instants] = []
    for cells, key in zip(sides, keys, strict=True):
        columns = cells.columns
        mine = columns.by_reading(lambda reading: reading.metric == metric)
        every.append(key[mine])
        valued.append(np.unique(key[mine & HAS_VALUE[columns.status]]))
        owners.append(_owner(cells)[mine])
    both = np.intersect1d(valued[0], valued[1], assume_unique=True)
    key, owner = np.concatenate(every), np.concatenate(owners)
    shared = np.isin(key, both)
    return np.unique(key[~shared & np.isin(owner, owner[shared])])


def _owner(cells: Cells) -> Instants:
    """For every cell the number of its subject and breakdown, alike for both sides."""
    columns = cells.columns
    return joint(
        (columns.subject, len(columns.subjects)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _counted(
    sides: Sequence[Cells], keys: Sequence[Instants], gone: Instants
) -> tuple[Instants, Instants]:
    """The owners that lose days, and how many each."""
    owner = np.concatenate([_owner(cells) for cells in sides])
    key, first = np.unique(np.concatenate(keys), return_index=True)
    return np.unique(owner[first[np.isin(key, gone)]], return_counts=True)


def _without(
    cells: Cells, key: Instants, gone: Instants, counts: tuple[Instants, Instants]
) -> Cells:
    if not len(gone):
        return cells
    owners, days = counts
    owner = _owner(cells)
    place = np.clip(np.searchsorted(owners, owner), 0, len(owners) - 1)
    left_out = np.where(owners[place] == owner, days[place], 0).astype(np.int32)
    cells = attrs.evolve(cells, left_out=left_out)
    return cells.taken(np.flatnonzero(~np.isin(key, gone)))
