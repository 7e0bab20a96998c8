"""Metrics that are worked out of a side's figures, once these are in one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.cells import Cells, keys
from socialmetrics.comparison.pool import NOBODY
from socialmetrics.derivation import derive, is_derivable
from socialmetrics.errors import NotComparable
from socialmetrics.series import MetricSeries
from socialmetrics.series.build import join
from socialmetrics.series.columns import Columns, Instants, Plain, Rows

Labels: TypeAlias = Callable[[Columns], Instants]


def derivable(sides: Sequence[Columns], asked: Sequence[str]) -> tuple[str, ...]:
    """The derived metrics that one of them has, or that are asked for."""
    there = (r.metric for each in sides for r in each.used_readings())
    return tuple(filter(is_derivable, dict.fromkeys((*asked, *there))))


def with_derived(cells: Cells, labels: Labels, wanted: Sequence[str]) -> Cells:
    """The cells, and what can be worked out of them; why not what cannot.

    `labels` tells the buckets of further rows.
    """
    made = [each for each in _made(cells, wanted) if len(each)]
    if not made:
        return cells
    both = join([cells.columns, *made])
    count = len(cells.columns)
    label = np.concatenate([cells.label, labels(both.take(slice(count, None)))])
    parts = _parts(both, label, count)
    return Cells(
        columns=both,
        label=label,
        as_of=_spread(np.minimum, cells.as_of, parts),
        members=_spread(np.minimum, cells.members, parts),
        without=_spread(np.maximum, cells.without, parts),
        left_out=_spread(np.maximum, cells.left_out, parts),
        who=_shared(cells.who, parts),
        refused=cells.refused,
    )


def _made(cells: Cells, wanted: Sequence[str]) -> Iterator[Columns]:
    there = {reading.metric for reading in cells.columns.used_readings()}
    for metric in wanted:
        if metric not in there and there & ontology.needed(metric):
            try:
                yield derive(MetricSeries(cells.columns), metric).columns
            except NotComparable as err:
                told = str(err.args[0]).partition(" (rule: ")[0]
                cells.refused[metric] = told, err.instead


def _parts(both: Columns, label: Instants, count: int) -> tuple[Rows, Rows]:
    """For every derived row and part of it: which derived one, and which part.

    A part has the same subject, breakdown and bucket; every derived row has some.
    """
    place = keys(both, label, np.zeros(len(both), np.int32))
    words, group = np.unique(place, return_inverse=True)
    order = np.argsort(group[:count], kind="stable")
    first = np.searchsorted(group[:count][order], np.arange(len(words)), "left")
    size = np.bincount(group[:count], minlength=len(words))
    mine = group[count:]
    owner = np.repeat(np.arange(len(mine)), size[mine])
    begins = np.cumsum(size[mine]) - size[mine]
    offset = np.arange(len(owner)) - np.repeat(begins, size[mine])
    return owner, order[first[mine][owner] + offset]


def _spread(fold: np.ufunc, known: Plain, parts: tuple[Rows, Rows]) -> Plain:
    """A column for the derived rows too: the least, or the most, of their parts."""
    owner, part = parts
    _, heads = np.unique(owner, return_index=True)
    more: Plain = fold.reduceat(known[part], heads)
    return np.concatenate([known, more])


def _shared(who: Instants, parts: tuple[Rows, Rows]) -> Instants:
    """Who is in the derived rows too: nobody, where not all parts are of the same."""
    least, most = (_spread(fold, who, parts) for fold in (np.minimum, np.maximum))
    found: Instants = np.where(least == most, least, NOBODY)
    return found
