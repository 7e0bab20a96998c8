"""Figures of one shape, and what tells two of them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import attrs
import numpy as np

from socialmetrics.reading import Reading
from socialmetrics.series.columns import (
    NONE,
    Codes,
    Columns,
    Instants,
    Mask,
    Plain,
    Rows,
    joint,
    micros,
    moment,
    recode,
)
from socialmetrics.series.select import last_of

Refusals: TypeAlias = dict[str, tuple[str, str]]
"""By metric, why its figures cannot be brought to a shape, and what would help."""
WHOLE: Final = np.int64(0)
NOWHERE: Final = np.int64(np.iinfo(np.int64).min)
"""The label of a row that lies in no bucket."""
_FACTORS: Final = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9], np.uint64)
"""Odd numbers with bits all over, by which others are spread over 64 bits."""


@attrs.frozen(kw_only=True, eq=False)
class Cells:
    """Figures of one shape, one a row of `columns`.

    `label` numbers the buckets alike for whatever is laid beside them. `as_of` is when
    the oldest of what is in a cell was read (microseconds), `members` how many subjects
    are in it, `without` how many more have no figure, `left_out` how many days are not
    in it since one of the sides has no figure of them. `who` is a number for the
    subjects that are in it, alike where these are the same. `refused` tells of metrics
    that cannot be brought to this shape, and why.
    """

    columns: Columns
    label: Instants
    as_of: Instants
    members: Plain
    without: Plain
    left_out: Plain
    who: Instants
    refused: Refusals

    def taken(self, rows: Rows | Mask) -> Cells:
        """Those of the cells."""
        if rows.dtype == np.bool_ and rows.all():
            return self
        return Cells(
            columns=self.columns.take(rows),
            label=self.label[rows],
            as_of=self.as_of[rows],
            members=self.members[rows],
            without=self.without[rows],
            left_out=self.left_out[rows],
            who=self.who[rows],
            refused=self.refused,
        )


def plain(columns: Columns, label: Instants) -> Cells:
    """Figures as they are; of several of one key the last one that was read.

    Metrics with figures that begin together but do not end together are refused.
    """
    refused: Refusals = {}
    key = keys(columns, label, variants(columns))
    if not _is_distinct(key):
        clash = _clashing(columns, key)
        if len(clash):
            refused = overlapping(columns, clash)
            kept = ~columns.by_reading(lambda reading: reading.metric in refused)
            columns, label, key = columns.take(kept), label[kept], key[kept]
        rows = np.sort(last_of(columns, key))
        columns, label = columns.take(rows), label[rows]
    return Cells(
        columns=columns,
        label=label,
        as_of=read_at(columns),
        members=np.ones(len(columns), np.int32),
        without=np.zeros(len(columns), np.int32),
        left_out=np.zeros(len(columns), np.int32),
        who=columns.subject.astype(np.int64),
        refused=refused,
    )


def marked(who: Instants, when: Instants | int = 0) -> Instants:
    """A number for every pair, so that sums over different ones differ: by a chance of
    1 to 10^19 they do not."""
    found = who.astype(np.uint64) * _FACTORS[0] + np.asarray(when).astype(np.uint64)
    found = (found ^ (found >> np.uint64(29))) * _FACTORS[1]
    mixed: Instants = (found ^ (found >> np.uint64(32))).view(np.int64)
    return mixed


def _is_distinct(key: Instants) -> bool:
    if (key[1:] > key[:-1]).all():  # Nearly always.
        return True
    ordered = np.sort(key)
    return bool((ordered[1:] != ordered[:-1]).all())


def _clashing(columns: Columns, key: Instants) -> Rows:
    """Rows of equal keys that end at other instants than the one before."""
    order = np.lexsort((columns.end, key))
    order = order[columns.by_reading(lambda r: r.temporality == "period")[order]]
    one, other = order[:-1], order[1:]
    found: Rows = other[
        (key[one] == key[other]) & (columns.end[one] != columns.end[other])
    ]
    return found


def overlapping(columns: Columns, rows: Iterable[int]) -> Refusals:
    """Why the metrics of these rows are refused: each overlaps with another one."""
    found: Refusals = {}
    for row in rows:
        metric = columns.reading_of(row).metric
        if metric not in found:
            when = f"{moment(int(columns.start[row])):%Y-%m-%d %H:%M} UTC"
            why = f"{columns.subject_of(row)} has figures that overlap at {when}"
            found[metric] = why, "series.where(...) with one size of step at each tool"
    return found


def keys(columns: Columns, label: Instants, kind: Codes) -> Instants:
    """One number for every row of equal subject, kind, breakdown and bucket."""
    first = int(label.min(initial=0))
    return joint(
        (columns.subject, len(columns.subjects)),
        *_several(kind, int(kind.max(initial=0)) + 1),
        *_several(columns.breakdown, len(columns.breakdowns)),
        *_several(label - first, int(label.max(initial=0)) - first + 1),
    )


def _several(codes: Plain, count: int) -> Iterator[tuple[Plain, int]]:
    """What tells rows apart; nothing if all are alike."""
    if count > 1:
        yield codes, count


def variants(columns: Columns) -> Codes:
    """For every row the number of what it counts, whatever endpoint told it."""
    _, codes = recode(map(variant, columns.readings))
    return codes[columns.reading] if len(codes) else columns.reading


def variant(reading: Reading) -> tuple[str, ...]:
    """What readings have in common whose figures may stand for one another."""
    return (
        *(reading.vendor, reading.metric, reading.scope, reading.counting),
        *(reading.threshold, reading.composition),
    )


def read_at(columns: Columns) -> Instants:
    """For every row, up to when it can know what happened (microseconds)."""
    fetched = np.array([micros(each.fetched_at) for each in columns.sources], np.int64)
    if not len(columns):
        return columns.start
    lifetime = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    known = fetched[columns.source]
    ended = lifetime & (columns.end != NONE)
    return np.where(ended, np.minimum(columns.end, known), known)
