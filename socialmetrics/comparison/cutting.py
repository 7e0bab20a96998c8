"""Two sides cut to the days that both have, so that sums are of the same window."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from socialmetrics.comparison.lifting import Cells, only
from socialmetrics.comparison.terms import numbered
from socialmetrics.series.columns import HAS_VALUE, Instants, joint


def cut(left: Cells, right: Cells) -> tuple[Cells, Cells]:
    """The cells of days on which both sides have values of every metric that they
    share, subject by subject. Where they share no day at all, nothing is left out."""
    sides = left, right
    keys = numbered(sides)
    metrics = _shared(sides)
    lost = np.unique(
        np.concatenate(
            [_lost(sides, keys, metric) for metric in metrics] or [keys[0][:0]]
        )
    )
    return _without(left, keys[0], lost), _without(right, keys[1], lost)


def _shared(sides: Sequence[Cells]) -> list[str]:
    one, other = (
        {reading.metric for reading in each.columns.used_readings()} for each in sides
    )
    return sorted(one & other)


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
    columns = cells.columns
    return joint(
        (columns.subject, len(columns.subjects)),
        (columns.breakdown, len(columns.breakdowns)),
    )


def _without(cells: Cells, key: Instants, lost: Instants) -> Cells:
    gone = np.isin(key, lost)
    if not gone.any():
        return cells
    owner = _owner(cells)
    label = cells.label - cells.label.min()
    days = joint((owner, int(owner.max()) + 1), (label, int(label.max()) + 1))
    _, first = np.unique(days[gone], return_index=True)
    owners, counts = np.unique(owner[gone][first], return_counts=True)
    place = np.clip(np.searchsorted(owners, owner), 0, len(owners) - 1)
    left_out = np.where(owners[place] == owner, counts[place], 0).astype(np.int32)
    return only(attrs.evolve(cells, left_out=left_out), ~gone)
