"""The raw figures behind a figure that was compared."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np

from socialmetrics import ontology
from socialmetrics.comparison.cells import WHOLE, keys, variant, variants
from socialmetrics.comparison.composition import is_derived, made, origin
from socialmetrics.comparison.pool import Pool
from socialmetrics.comparison.result import Where
from socialmetrics.comparison.table import Batch
from socialmetrics.reading import Reading
from socialmetrics.series.columns import NONE, Columns, Mask
from socialmetrics.series.select import last_of


def raw_figures(pool: Pool, batch: Batch, at: int, where: Where) -> Columns:
    """What was read of one side: the figure itself, or all that it is made of."""
    number = 0 if where == "left" else 1
    half = batch.left if where == "left" else batch.right
    cell, kind = int(half.rows[at]), batch.meeting.kinds[number]
    columns = pool.figures(batch.sides[number], kind)
    whole = half.cells.columns
    mine = columns.by_reading(partial(_is_behind, half.reading))
    mine &= columns.breakdown == whole.breakdown[cell]
    mine &= _of_subject(pool, columns, int(whole.subject[cell]), kind[0] == "post")
    span = int(whole.start[cell]), int(whole.end[cell])
    mine &= _inside(columns, span)
    days = batch.meeting.days
    if days is not None and half.left_out[at]:
        there = days[number].columns
        there = there.take(there.by_reading(partial(_is_behind, half.reading)))
        own = there.subject == whole.subject[cell]
        own &= there.breakdown == whole.breakdown[cell]
        mine &= _on_days(columns, there.take(np.flatnonzero(own)))
    return _latest(columns.take(mine))


def _latest(columns: Columns) -> Columns:
    """Of several readings of one figure the last, which is the one that is compared."""
    lasts = columns.by_reading(lambda reading: reading.temporality == "lifetime")
    label = np.where(lasts, WHOLE, columns.start)
    return columns.take(
        np.sort(last_of(columns, keys(columns, label, variants(columns))))
    )


def _is_behind(told: Reading, raw: Reading) -> bool:
    """Whether figures of the one can be what figures of the other are made of."""
    if is_derived(told) and not is_derived(raw):
        is_alike = (origin(told), told.scope) == (raw.vendor, raw.scope)
        return is_alike and raw.metric in _parts(told)
    return variant(told) == variant(raw)


def _parts(reading: Reading) -> Collection[str]:
    """The metrics that a derived figure is made of; all that may be, if nobody says."""
    found = made(reading)
    names = {*found.left, *found.right} if found else set[str]()
    return names - {reading.metric} or ontology.needed(reading.metric)


def _of_subject(pool: Pool, columns: Columns, subject: int, of_posts: bool) -> Mask:
    found: Mask = columns.subject == subject
    return found | (pool.owner[columns.subject] == subject) if of_posts else found


def _inside(columns: Columns, span: tuple[int, int]) -> Mask:
    start, end = span
    if end == NONE:
        found: Mask = columns.start == start
        return found
    whole = (columns.end == NONE) | (columns.end <= end)
    inside: Mask = (columns.start >= start) & (columns.start <= end) & whole
    return inside & ((columns.start < end) | np.bool_(start == end))


def _on_days(columns: Columns, days: Columns) -> Mask:
    """Which rows lie in one of those days."""
    pairs = np.unique(np.stack([days.start, days.end], axis=1), axis=0)
    found = np.zeros(len(columns), np.bool_)
    for start, end in pairs.tolist():
        found |= (columns.start >= start) & (columns.end <= end)
    return found
